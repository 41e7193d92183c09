"""Look up what a choice label of a form stands for."""

from collections.abc import Mapping

from pipeline.ingest.texts import fold


class Choices:
    """The labels of a form's choices, folded, with the values they stand for."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = {fold(label): value for label, value in values.items()}

    def __contains__(self, label: object) -> bool:
        """Tell whether a label is one of the form's."""
        return isinstance(label, str) and fold(label) in self._values

    def __bool__(self) -> bool:
        """Tell whether the form lists its choices at all."""
        return bool(self._values)

    def get(self, label: str) -> str | None:
        """Return what a label stands for, None when the form does not list it."""
        return self._values.get(fold(label))

    def joined(self, values: Mapping[str, str]) -> "Choices":
        """Return the same choices and some more; what stands here wins."""
        both = Choices(values)
        both._values |= self._values
        return both

    def values(self) -> list[str]:
        """Return what the labels stand for, in their order."""
        return list(self._values.values())
