"""Take out words that a person ruled out as evidence of a theme: ``human/not_evidence.csv``."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from pipeline.assign.fitted import FittedThemes
from pipeline.assign.linear import Linear
from pipeline.human.files import read_table

FILE_NAME = "not_evidence.csv"
COLUMNS = ("theme_id", "lemma")
_IN_FINNISH = {"teema": "theme_id", "teema_id": "theme_id", "sana": "lemma", "perusmuoto": "lemma"}


def read_not_evidence(folder: Path) -> pd.DataFrame:
    """Read the words that are no evidence, one row a word and theme.

    Parameters
    ----------
    folder : Path
        Folder that may hold ``not_evidence.csv``.

    Returns
    -------
    DataFrame with columns ``theme_id``, ``lemma``
        All text; no rows when there is no file.

    Raises
    ------
    InputError
        When the file cannot be read, or lacks a column.
    """
    path = folder / FILE_NAME
    lines = read_table(path, COLUMNS, also=_IN_FINNISH) if path.exists() else []
    rows = [[line.cells[name] for name in COLUMNS] for line in lines]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def without_rejected(fitted: FittedThemes, not_evidence: pd.DataFrame) -> FittedThemes:
    """Return the mapper with the weight of each ruled-out word set to 0 for its theme.

    The part of a compound is a word of its own: to rule it out in every compound, name the part.
    The sentence's vector still carries something of the word.

    Parameters
    ----------
    fitted : FittedThemes
    not_evidence : DataFrame with columns ``theme_id``, ``lemma``
        A word that no report uses, or a theme that is not there, changes nothing; the theme is
        listed among the loose ends.
    """
    theme_at = {theme_id: j for j, theme_id in enumerate(fitted.theme_ids)}
    places: list[tuple[int, int]] = []
    rows = zip(not_evidence["theme_id"], not_evidence["lemma"], strict=True)
    for theme_id, lemma in rows:
        column = fitted.features.vocabulary.get(lemma.lower())
        if column is not None and theme_id in theme_at:
            places.append((column, theme_at[theme_id]))
    unseen = tuple(_without(text, places) for text in fitted.unseen)
    return replace(fitted, text=_without(fitted.text, places), unseen=unseen)


def _without(text: Linear, places: list[tuple[int, int]]) -> Linear:
    """Return the score with the weights at these columns and themes set to 0."""
    weights = text.weights.copy()
    for column, theme in places:
        weights[column, theme] = 0.0
    return Linear(weights, text.constant)
