"""Read what people coded: ``human/codings.csv``, or any file of the same form."""

import io
from pathlib import Path

import pandas as pd

from pipeline.errors import InputError
from pipeline.ingest.zip_guard import look_into

FILE_NAME = "codings.csv"
COLUMNS = ("report_id", "segment_id", "theme_id", "coder", "at", "taxonomy_version", "memo")
_REQUIRED = ("report_id", "theme_id")


def read_codings(path: Path) -> pd.DataFrame:
    """Read codings: one row a judgement of one coder.

    Parameters
    ----------
    path : Path
        A ``.csv`` file with commas or semicolons, an ``.xlsx`` file, or a folder that may hold
        ``codings.csv``.

    Returns
    -------
    DataFrame
        Columns ``report_id``, ``segment_id`` (empty: the whole report), ``theme_id`` (empty: read,
        none fits), ``coder``, ``at``, ``taxonomy_version``, ``memo``; all text. A row with neither
        theme nor coder was not filled in and is left out. No rows when the folder holds no codings.

    Raises
    ------
    InputError
        When the file cannot be read, would unpack to far more than it is, or lacks ``report_id``
        or ``theme_id``.
    """
    if path.is_dir():
        path = path / FILE_NAME
        if not path.exists():
            return pd.DataFrame(columns=list(COLUMNS), dtype=object)
    frame = _read(path)
    missing = sorted(set(_REQUIRED) - set(frame.columns))
    if missing:
        raise InputError(
            f"{path} lacks the columns {', '.join(missing)}. Expected: {', '.join(COLUMNS)}."
        )
    for name in COLUMNS:
        if name not in frame.columns:
            frame[name] = ""
    frame = frame[list(COLUMNS)].astype(object)
    frame = frame[(frame["theme_id"] != "") | (frame["coder"] != "")]
    blank = frame.index[frame["report_id"] == ""]
    if len(blank):
        raise InputError(f"{path}, row {blank[0] + 2}: report_id is empty.")
    return frame.drop_duplicates().reset_index(drop=True)


def _read(path: Path) -> pd.DataFrame:
    """Read a table of text cells."""
    try:
        if path.suffix.lower() == ".xlsx":
            look_into(path, path.name)
            frame = pd.read_excel(path, dtype=str, engine="calamine", keep_default_na=False)
        else:
            text = path.read_text(encoding="utf-8-sig")
            # Finnish Excel separates columns with semicolons.
            separator = ";" if ";" in text.partition("\n")[0] else ","
            frame = pd.read_csv(io.StringIO(text), dtype=str, sep=separator, keep_default_na=False)
    except FileNotFoundError as err:
        raise InputError(f"{path} does not exist. Give the path of a codings file.") from err
    except UnicodeDecodeError as err:
        raise InputError(f"{path} must be UTF-8 text. Save it as UTF-8.") from err
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as err:
        raise InputError(f"{path} cannot be read as a table of codings.") from err
    frame.columns = [str(name).strip() for name in frame.columns]
    return frame.map(str.strip)
