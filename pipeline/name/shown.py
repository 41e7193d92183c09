"""Put a name together from its parts, in the reader's language.

``Lapset ja perheet · palvelujen saatavuus: vuoro, nelivuotias ja vahti`` is a label; the clause
that shows what is meant, ``Kaupunki lopetti ympärivuorokautisen päivähoidon``, is kept beside it,
for it is a quotation: who may not see quotations still has a name.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.cluster.plurals import plural_of
from pipeline.frames import each_row

_MIN_KIND = 7
"""Letters of a word that says what a compound ending with it is."""
Labels = Callable[[str], str]
"""Gives an id or value as the reader knows it."""


@dataclass(frozen=True)
class ShownName:
    """A group's name as a reader sees it.

    Attributes
    ----------
    label : str
        Who, which themes and words; a person's own name where there is one; what the reader's
        language says of a group without a good name.
    words : str
        Its words alone, for where there is no room.
    example : str
        A clause, verbatim; ``""`` without one that may be quoted, and beside a person's name.
    clauses : tuple of str
        Up to three clauses of a group that has no good name.
    suggestion : str
        What the user's own language model suggests; ``""`` for nothing.
    """

    label: str
    words: str
    example: str = ""
    clauses: tuple[str, ...] = ()
    suggestion: str = ""

    @property
    def columns(self) -> dict[str, object]:
        """What a table of groups holds of it."""
        return {
            "label": self.label,
            "words": self.words,
            "example": self.example,
            "clauses": list(self.clauses),
            "suggestion": self.suggestion,
        }


def composed(client_group: str, themes: Sequence[str], words: str) -> str:
    """Write a label.

    Examples
    --------
    >>> composed("Lapset ja perheet", ["asuminen", "toimeentulo"], "vuokra, häätö")
    'Lapset ja perheet · asuminen, toimeentulo: vuokra, häätö'
    >>> composed("", ["asuminen"], "vuokra, häätö")
    'Asuminen: vuokra, häätö'
    >>> composed("", [], "vuokra, häätö")
    'Vuokra, häätö'
    """
    lead = " · ".join(part for part in (client_group, ", ".join(themes)) if part)
    label = ": ".join(part for part in (lead, words) if part)
    return label[:1].upper() + label[1:]


def shown_names(
    names: pd.DataFrame,
    *,
    group_label: Labels,
    theme_label: Labels,
    joined: Callable[[str, str], str],
    unclear: Labels,
) -> dict[str, ShownName]:
    """Put the names of a table together.

    Parameters
    ----------
    names : DataFrame
        The table of that name.
    group_label, theme_label : callable
        Give a client group and a theme as they stand in a name.
    joined : callable
        Joins what stands before the last word of a name with it: *a, b* and *c*.
    unclear : callable
        Given words or ``""``, says that there is no good name.

    Returns
    -------
    dict of str to ShownName
        By topic or candidate.
    """
    found = {}
    for row in each_row(names):
        quoted = tuple(row.clauses)
        if row.is_given:
            shown = ShownName(row.words, row.words)
        elif not row.is_good:
            shown = ShownName(unclear(row.words), row.words, "", quoted, row.suggestion)
        else:
            who = group_label(row.client_group) if row.client_group else ""
            themes = [theme_label(one) for one in row.theme_ids]
            *before, last = _not_said(row.words.split(", "), (who, *themes))
            words = joined(", ".join(before), last) if before else last
            label = composed(who, themes, words)
            example = quoted[0] if quoted else ""
            shown = ShownName(label, row.words, example, (), row.suggestion)
        found[row.group_id] = shown
    return found


def _not_said(words: Sequence[str], before: Sequence[str]) -> Sequence[str]:
    """Leave out the words that client group or themes say already, but for a last one.

    Examples
    --------
    >>> _not_said(["koulu", "siirto"], ["Lapset ja perheet", "koulu ja opiskelu"])
    ['siirto']
    >>> _not_said(["kehitysvammainen", "loma"], ["Vammaiset"])
    ['loma']
    """
    said = {word for part in before for word in re.findall(r"\w+", part.lower())}
    kinds = tuple(word for word in said if len(word) >= _MIN_KIND)
    told = [
        one
        for one in words
        if one.lower() not in said and not (plural_of(one.lower()) or one).endswith(kinds)
    ]
    return told or words[-1:]


def group_ids(table: pd.DataFrame) -> list[str]:
    """Return the group that each row of ``topics``, ``candidates`` or ``signals`` is."""
    topics = table["topic_id"] if "topic_id" in table.columns else [None] * len(table)
    if "candidate_id" not in table.columns:
        return [str(topic) for topic in topics]
    return [
        str(topic if pd.isna(candidate) else candidate)
        for candidate, topic in zip(table["candidate_id"], topics, strict=True)
    ]


def with_names(table: pd.DataFrame, names: dict[str, ShownName]) -> pd.DataFrame:
    """Give the rows of ``topics``, ``candidates`` or ``signals`` their names.

    Parameters
    ----------
    table : DataFrame with column ``label``
    names : dict of str to ShownName
        A group that is not in it keeps its label.

    Returns
    -------
    DataFrame
        With ``label``, ``words``, ``example``, ``clauses`` and ``suggestion``.
    """
    shown = [
        names.get(group, ShownName(str(label), str(label)))
        for group, label in zip(group_ids(table), table["label"], strict=True)
    ]
    columns = {
        name: pd.Series([one.columns[name] for one in shown], index=table.index, dtype=object)
        for name in ShownName("", "").columns
    }
    return table.assign(**columns)
