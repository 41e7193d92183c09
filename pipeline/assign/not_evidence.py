"""Take out words that a person ruled out as evidence of a theme: ``human/not_evidence.csv``."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from pipeline.assign.fitted import FittedThemes
from pipeline.assign.linear import Linear
from pipeline.errors import InputError

FILE_NAME = "not_evidence.csv"
COLUMNS = ("theme_id", "lemma")


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
    if not path.exists():
        return pd.DataFrame(columns=list(COLUMNS), dtype=object)
    try:
        frame = pd.read_csv(path, dtype=str, encoding="utf-8-sig", keep_default_na=False)
    except UnicodeDecodeError as err:
        raise InputError(f"{path} must be UTF-8 text. Save it as UTF-8.") from err
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as err:
        raise InputError(f"{path} cannot be read as CSV. Correct it or delete it.") from err
    frame.columns = [name.strip() for name in frame.columns]
    missing = [name for name in COLUMNS if name not in frame.columns]
    if missing:
        raise InputError(f"{path} lacks the columns {', '.join(missing)}. Add them.")
    return frame[list(COLUMNS)].map(str.strip).astype(object)


def without_rejected(fitted: FittedThemes, not_evidence: pd.DataFrame) -> FittedThemes:
    """Return the mapper with the weight of each ruled-out word set to 0 for its theme.

    The part of a compound is a word of its own: to rule it out in every compound, name the part.
    The sentence's vector still carries something of the word.

    Parameters
    ----------
    fitted : FittedThemes
    not_evidence : DataFrame with columns ``theme_id``, ``lemma``
        A word that no report uses changes nothing.

    Raises
    ------
    InputError
        When a theme is not in the taxonomy.
    """
    theme_at = {theme_id: j for j, theme_id in enumerate(fitted.theme_ids)}
    places: list[tuple[int, int]] = []
    rows = zip(not_evidence["theme_id"], not_evidence["lemma"], strict=True)
    for place, (theme_id, lemma) in enumerate(rows):
        if theme_id not in theme_at:
            raise InputError(
                f"{FILE_NAME}, row {place + 2}: theme_id must be one of the taxonomy's themes. "
                f"Got {theme_id!r}. Correct the row."
            )
        column = fitted.features.vocabulary.get(lemma.lower())
        if column is not None:
            places.append((column, theme_at[theme_id]))
    unseen = tuple(_without(text, places) for text in fitted.unseen)
    return replace(fitted, text=_without(fitted.text, places), unseen=unseen)


def _without(text: Linear, places: list[tuple[int, int]]) -> Linear:
    """Return the score with the weights at these columns and themes set to 0."""
    weights = text.weights.copy()
    for column, theme in places:
        weights[column, theme] = 0.0
    return Linear(weights, text.constant)
