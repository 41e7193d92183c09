"""Know a theme by a label that words it otherwise than the taxonomy does."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.ingest.texts import fold

_STEM_CHARS = 5
_MIN_WORD_CHARS = 4
_ALL = 0.999
_NEAR = 0.5
_EMPTY_WORDS = frozenset(
    {"sekä", "muut", "muu", "liitt", "koske", "asiat", "tilan", "with", "other", "och", "tarpe"}
)


@dataclass(frozen=True)
class ThemeLabels:
    """The labels of a taxonomy's themes, whole and by the stems of their words.

    Attributes
    ----------
    whole : dict of str to str
        Folded label to theme id.
    stems : dict of str to frozenset of str
        Theme id to the stems of its labels.
    """

    whole: Mapping[str, str]
    stems: Mapping[str, frozenset[str]]

    def exact(self, label: str) -> str | None:
        """Return the theme that has this very label, None when none has."""
        return self.whole.get(fold(label))

    def alike(self, label: str) -> tuple[str | None, bool]:
        """Return the theme a label words otherwise, and whether that is sure.

        It is sure when every word of the label is among those of one theme and of no other;
        when at least half are, the theme is the one to ask about.
        """
        own = stems_of([label])
        if not own:
            return None, False
        shares = {theme: len(own & stems) / len(own) for theme, stems in self.stems.items()}
        best = max(shares.values(), default=0.0)
        leaders = [theme for theme, share in shares.items() if share == best]
        if best >= _ALL and len(leaders) == 1:
            return leaders[0], True
        return (leaders[0], False) if best >= _NEAR and leaders else (None, False)


def theme_labels(labels: Iterable[tuple[str, Sequence[str]]]) -> ThemeLabels:
    """Gather the labels of themes.

    Parameters
    ----------
    labels : iterable of (str, sequence of str)
        Theme id and its labels.

    Examples
    --------
    >>> known = theme_labels([("asuminen", ["Asuminen ja asuinolot"]), ("koulu", ["Koulunkäynti"])])
    >>> known.alike("Asuminen"), known.alike("Asuminen ja koti"), known.alike("Avaruus")
    (('asuminen', True), ('asuminen', False), (None, False))
    """
    kept = [(theme_id, [label for label in own if label]) for theme_id, own in labels]
    return ThemeLabels(
        whole={fold(label): theme_id for theme_id, own in kept for label in (*own, theme_id)},
        stems={theme_id: stems_of(own) for theme_id, own in kept},
    )


def stems_of(labels: Iterable[str]) -> frozenset[str]:
    """Return the beginnings of the words of labels, short and empty words left out."""
    words = (word for label in labels for word in re.findall(r"\w+", fold(label)))
    stems = {word[:_STEM_CHARS] for word in words if len(word) >= _MIN_WORD_CHARS}
    return frozenset(stems - _EMPTY_WORDS)
