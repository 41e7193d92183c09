"""Number groups by their size."""

import numpy as np
from numpy.typing import NDArray


def numbered_by_size(labels: NDArray[np.int64], min_cluster_size: int) -> NDArray[np.int64]:
    """Renumber clusters, largest 0, ties by first report; small ones are noise (-1)."""
    values, first, sizes = np.unique(labels, return_index=True, return_counts=True)
    order = [i for i in np.lexsort((first, -sizes)) if values[i] >= 0]
    numbers = {values[i]: n for n, i in enumerate(order) if sizes[i] >= min_cluster_size}
    return np.array([numbers.get(label, -1) for label in labels], dtype=np.int64)
