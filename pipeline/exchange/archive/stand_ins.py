"""Names of coders that tell nobody who they are."""

import re
from collections.abc import Iterable


class CoderNames:
    """Stand-ins of coders, given in the order of their names.

    Parameters
    ----------
    names : iterable of str
    """

    def __init__(self, names: Iterable[str]) -> None:
        ordered = sorted(set(names))
        self._names = {name: f"Koodaaja {number}" for number, name in enumerate(ordered, 1)}

    def __getitem__(self, name: str) -> str:
        """Return the stand-in of a coder."""
        return self._names[name]

    def in_text(self, text: str) -> str:
        """Return a text with every coder's name replaced, longer names first."""
        for name in sorted(self._names, key=len, reverse=True):
            pattern = rf"(?<!\w){re.escape(name)}(?!\w)"
            text = re.sub(pattern, self._names[name], text)
        return text

    def __len__(self) -> int:
        """Return how many coders there are."""
        return len(self._names)
