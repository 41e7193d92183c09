"""Topics' numbers as BERTopic gives them, without the seconds that its import and fit take."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def topic_numbers_by_size(
    documents: Sequence[str], vectors: NDArray[np.float32], labels: NDArray[np.int64]
) -> list[int]:
    """Return each topic's place when they are sorted by size the way BERTopic sorts them."""
    sizes = pd.DataFrame(Counter(labels.tolist()).items(), columns=["topic", "size"])
    order = sizes.sort_values("size", ascending=False)["topic"]
    place = {topic: i for i, topic in enumerate(order[order >= 0])}
    return [place[topic] for topic in range(len(place))]
