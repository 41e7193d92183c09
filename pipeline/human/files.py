"""Read the files a person may edit: as text, as a table, as TOML, with one form of complaint.

A complaint says what, in which file and line, what was expected, what was got and what to do next.
It never quotes a cell: when columns have slipped, any cell may hold a report's text or a name.
"""

import csv
import io
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from pipeline.errors import InputError
from pipeline.files.encodings import decode
from pipeline.spreadsheet import original_text

_SEPARATORS = (",", ";", "\t")
_FINNISH_TIME = re.compile(
    r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[ T]+(\d{1,2})[.:](\d{2})(?:[.:](\d{2}))?)?"
)


class Line(NamedTuple):
    """One record of a table.

    Attributes
    ----------
    number : int
        Where it starts in the file, from 1; the row's number in a spreadsheet program unless an
        earlier cell holds a line end.
    cells : dict of str to str
        By column, without spaces around them; ``""`` for an empty one.
    """

    number: int
    cells: dict[str, str]


def complaint(place: str, expected: str, got: str, then: str) -> InputError:
    """Return the error that all readers of ``human/`` raise.

    Parameters
    ----------
    place : str
        The file, and the line or paragraph in it.
    expected, got : str
        Clauses without a full stop; ``got`` never quotes a cell.
    then : str
        The next step, a sentence.

    Examples
    --------
    >>> print(complaint("codings.csv, line 3", "report_id must be there", "nothing", "Fill it in."))
    codings.csv, line 3: report_id must be there. Got nothing. Fill it in.
    """
    return InputError(
        "{place}: {expected}. Got {got}. {then}",
        place=place,
        expected=expected,
        got=got,
        then=then,
    )


def described(cell: str) -> str:
    """Say what a cell holds without quoting it.

    Examples
    --------
    >>> described(""), described("ehkä")
    ('nothing', 'another text of 4 characters')
    """
    n = len(cell)
    return f"another text of {n} character{'s' * (n != 1)}" if cell else "nothing"


def read_text(path: Path) -> str:
    """Read a text file, whatever program saved it; its line ends become newlines.

    Raises
    ------
    InputError
        When it is not text, or cannot be read.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError as err:
        raise InputError("{path} does not exist. Give the path of a file.", path=path) from err
    except OSError as err:
        raise complaint(
            str(path), "it must be a file that can be read", err.strerror or "an error",
            "Check its name and rights.",
        ) from err  # fmt: skip
    decoded = decode(data, path.name)
    if decoded.n_lost or "\0" in decoded.text:
        raise complaint(
            str(path), "it must be UTF-8 text", "bytes that stand for no letters",
            "Save it as UTF-8.",
        )  # fmt: skip
    return decoded.text.replace("\r\n", "\n").replace("\r", "\n")


def separator_of(text: str) -> str:
    """Return what stands between the columns, by the first line; Finnish Excel writes ``;``."""
    first = text.partition("\n")[0]
    if first.lower().startswith("sep=") and len(first) == len("sep=;"):
        return first[-1]
    return max(_SEPARATORS, key=first.count) if first else ","


def read_table(
    path: Path, required: Sequence[str], *, also: Mapping[str, str] | None = None
) -> list[Line]:
    """Read a CSV file with commas, semicolons or tabs; rows without any text are passed over.

    Parameters
    ----------
    path : Path
    required : sequence of str
        Columns that must be there.
    also : mapping of str to str, optional
        Other names of columns, such as those in the other language, to the name used here.

    Returns
    -------
    list of Line
        With every column the file has, and ``""`` where a row is short.

    Raises
    ------
    InputError
        When it is no such table, or lacks a column.
    """
    return parse_table(read_text(path), path, required, also=also)


def parse_table(
    text: str, path: Path, required: Sequence[str], *, also: Mapping[str, str] | None = None
) -> list[Line]:
    """Read the text of a CSV file; see :func:`read_table`."""
    rows = records(text)
    _, header = next(rows, (1, []))
    named = also or {}
    names = [named.get(name.strip().casefold(), name.strip()) for name in header]
    missing = [name for name in required if name not in names]
    if missing:
        raise complaint(
            f"{path}, line 1",
            f"the columns {', '.join(required)} must be there",
            f"a table that lacks the columns {', '.join(missing)}",
            "Put them back.",
        )
    lines = []
    for number, cells in rows:
        held = [original_text(cell.strip()) for cell in cells]
        if not any(held):
            continue
        if any(held[len(names) :]):
            raise complaint(
                f"{path}, line {number}",
                f"a row must have {len(names)} cells",
                f"{len(held)}",
                "Put quotation marks around a cell that holds the separator.",
            )
        held += [""] * (len(names) - len(held))
        lines.append(Line(number, dict(zip(names, held, strict=False))))
    return lines


def records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the records of a CSV text with the line each starts at, from 1."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text))
    started = 1
    for cells in reader:
        if started > 1 or not "".join(cells).lower().startswith("sep="):
            yield started, cells
        started = reader.line_num + 1


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises
    ------
    InputError
        When it is not TOML; it names the line.
    """
    try:
        return tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as err:
        found = re.search(r"at line (\d+)", str(err))
        place = f"{path}, line {found[1]}" if found else str(path)
        raise complaint(
            place, "it must be TOML", "what is not valid TOML", "Check its quotes and brackets."
        ) from err


def in_finnish(given: Mapping[str, Any], also: Mapping[str, str]) -> dict[str, Any]:
    """Return the keys in the file's own language, where they were given in the other one."""
    return {also.get(key, key): value for key, value in given.items()}


def read_paragraphs(path: Path, name: str, also: str = "") -> list[dict[str, Any]]:
    """Read a TOML file that holds nothing but ``[[name]]`` paragraphs.

    Parameters
    ----------
    path : Path
    name, also : str
        Name of the paragraphs, and that in the other language.

    Raises
    ------
    InputError
        When it is not TOML or holds something else.
    """
    content = read_toml(path)
    given: list[dict[str, Any]] = []
    unknown = sorted(set(content) - {name, also})
    for key in (name, also):
        part = content.get(key, [])
        if not isinstance(part, list) or not all(isinstance(entry, dict) for entry in part):
            unknown.append(key)
        else:
            given += part
    if unknown:
        raise complaint(
            str(path), f"it must hold [[{name}]] paragraphs only", f"{len(unknown)} other keys",
            f"Write [[{name}]] above each.",
        )  # fmt: skip
    return given


def checked(
    model: type[BaseModel], given: Mapping[str, Any], place: str, also: Mapping[str, str]
) -> Any:
    """Turn one paragraph into its model.

    Parameters
    ----------
    model : type of BaseModel
    given : mapping
    place : str
        The file and which paragraph of it.
    also : mapping of str to str
        Keys in the other language, to the model's own.

    Raises
    ------
    InputError
        It names the key.
    """
    try:
        return model.model_validate(in_finnish(given, also))
    except ValidationError as err:
        first = err.errors(include_url=False, include_input=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            known = [field.alias or name for name, field in model.model_fields.items()]
            # A key is a word; a line that only looks like one may be anything.
            where = f"{place}, {key}" if re.fullmatch(r"[\w-]{1,30}", key) else place
            raise complaint(
                where, f"the keys are {', '.join(known)}", "another key", "Remove or rename it."
            ) from err
        raise complaint(f"{place}, {key}", first["msg"], "something else", "Correct it.") from err


def iso_time(text: str) -> str:
    """Return a time as ISO 8601, also one that a Finnish spreadsheet program has rewritten.

    Returns
    -------
    str
        ``""`` when it is no time. A time that is ISO 8601 already is left as it is.

    Examples
    --------
    >>> iso_time("2026-11-24T08:00:00+02:00"), iso_time("24.11.2026 8.05"), iso_time("eilen")
    ('2026-11-24T08:00:00+02:00', '2026-11-24T08:05:00', '')
    """
    try:
        if found := _FINNISH_TIME.fullmatch(text.strip()):
            day, month, year, hour, minute, second = (int(part or 0) for part in found.groups())
            return datetime(year, month, day, hour, minute, second).isoformat()
        datetime.fromisoformat(text)
    except ValueError:
        return ""
    return text
