"""Hold the themes a county codes its reports into, which stand in plain files.

A taxonomy is a folder of five small files that people edit and one that is generated::

    themes.csv     theme_id, parent_id, label_fi, label_en, definition, includes, excludes; and,
                   where wanted, label_sv (any language), label_short and label_short_sv (a few
                   words, for names), and is_codable (no for a mere heading)
    terms.csv      theme_id, lang, text       other words for the theme
    examples.csv   theme_id, lang, text       sentences that belong to the theme
    history.csv    version, date, action, from_ids, to_ids    how the themes came to be
    meta.toml      name, version, base_uri, title_fi, title_en, licence
    themes.ttl     the same as SKOS, made by :func:`pipeline.taxonomy.skos.write_turtle`

Themes keep the order of their file. Terms and examples have no order of their own, so they are
kept sorted by language and text: the same taxonomy is equal whichever file it came from.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import NamedTuple

from pipeline.taxonomy.rows import META_KEYS

ACTIONS = ("create", "add", "revise", "rename", "merge", "split", "move", "retire", "illustrate")


class Phrase(NamedTuple):
    """A term or an example sentence, with its language as a two or three letter code."""

    lang: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Theme:
    """One codable unit; texts are Finnish unless named otherwise, and ``""`` where there is none.

    Attributes
    ----------
    parent_id : str or None
        The broader theme; ``None`` for a theme at the top.
    definition, includes, excludes : str
        What the theme is, what is coded to it, and which neighbour takes the rest.
    labels : tuple of Phrase
        Labels in languages other than Finnish and English, one each, sorted.
    short_labels : tuple of Phrase
        A few words that stand for the label within a name, at most one a language, sorted.
    is_codable : bool
        False for a mere heading above other themes, which is never suggested.
    """

    theme_id: str
    parent_id: str | None = None
    label_fi: str
    label_en: str = ""
    definition: str
    includes: str = ""
    excludes: str = ""
    labels: tuple[Phrase, ...] = ()
    short_labels: tuple[Phrase, ...] = ()
    is_codable: bool = True

    def label(self, language: str) -> str:
        """Return the label in a language, or the Finnish one.

        Examples
        --------
        >>> theme = Theme(theme_id="koti", label_fi="Koti", definition="Missä asutaan.",
        ...     labels=(Phrase("sv", "Hem"),))
        >>> theme.label("sv"), theme.label("en")
        ('Hem', 'Koti')
        """
        named = {**dict(self.labels), "fi": self.label_fi, "en": self.label_en}
        return named.get(language) or self.label_fi

    def short_label(self, language: str) -> str:
        """Return the short label in a language, or the whole one.

        Examples
        --------
        >>> theme = Theme(theme_id="koti", label_fi="Koti ja arki", definition="Missä asutaan.",
        ...     short_labels=(Phrase("fi", "koti"),))
        >>> theme.short_label("fi"), theme.short_label("en")
        ('koti', 'Koti ja arki')
        """
        return dict(self.short_labels).get(language) or self.label(language)


@dataclass(frozen=True, kw_only=True)
class Change:
    """One line of a history: ISO date and one of ``ACTIONS`` (illustrate: phrases, no meaning)."""

    version: str
    date: str
    action: str
    from_ids: tuple[str, ...] = ()
    to_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Taxonomy:
    """An agreed, versioned tree of themes.

    Attributes
    ----------
    base_uri : str
        The scheme's own URI; a theme's URI is this and its id.
    themes : tuple of Theme
        In the order of the file, which is the order of every table and chart.
    terms, examples : mapping of theme_id to tuple of Phrase
        Every theme has a key, with an empty tuple where there are none.
    history : tuple of Change
        Oldest first; the newest ends at ``version``.
    """

    name: str
    version: str
    base_uri: str
    title_fi: str
    title_en: str
    licence: str
    themes: tuple[Theme, ...]
    terms: Mapping[str, tuple[Phrase, ...]]
    examples: Mapping[str, tuple[Phrase, ...]]
    history: tuple[Change, ...] = ()

    @cached_property
    def theme_ids(self) -> tuple[str, ...]:
        """The ids, in the order of the themes."""
        return tuple(theme.theme_id for theme in self.themes)

    @cached_property
    def sha256(self) -> str:
        """Hex digest of the content: equal taxonomies share it, whatever file they came from.

        Short labels are no part of it: a theme called something shorter is the same theme, and a
        model learnt without them still fits.
        """
        whole = asdict(self)
        for theme in whole["themes"]:
            del theme["short_labels"]
        for theme in whole["themes"]:  # what most taxonomies lack leaves their digest as it was
            for column, default in (("labels", ()), ("is_codable", True)):
                if theme[column] == default:
                    del theme[column]
        content = json.dumps(whole, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(content.encode("utf-8")).hexdigest()

    @property
    def meta(self) -> dict[str, str]:
        """The six values of ``meta.toml``."""
        return {key: str(getattr(self, key)) for key in META_KEYS}
