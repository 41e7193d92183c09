"""Read a file with one JSON object a line."""

import io
import json
from pathlib import Path

from pipeline.errors import InputError
from pipeline.files.encodings import decode
from pipeline.ingest.sheets import Cell, Fault, Row, Sheet
from pipeline.ingest.texts import undo_mojibake


def read_jsonl(path: Path, file: str, *, encoding: str | None = None) -> Sheet:
    """Read JSON lines; a line that is no JSON object is a fault and costs itself only.

    Parameters
    ----------
    path : Path
    file : str
        Name of the file in tables and messages.
    encoding : str, optional
        Found from the bytes when not given.

    Returns
    -------
    Sheet
        Its first row, numbered 0, holds every key in the order they are first met.

    Raises
    ------
    InputError
        When no line is a JSON object.
    """
    decoded = decode(path.read_bytes(), file, encoding)
    objects: list[tuple[int, dict[str, object]]] = []
    faults: list[Fault] = []
    n_lines = 0
    for number, line in enumerate(io.StringIO(decoded.text), start=1):
        if not line.strip("\x00 \t\r\n\ufeff"):
            continue
        n_lines += 1
        found, reason = _parse(line)
        if reason:
            faults.append(Fault(number, None, reason, True, [line.rstrip("\n")]))
        else:
            objects.append((number, found))
    if n_lines and not objects:
        raise InputError(
            "{file} has no line that is a JSON object. Give one report a line, as "
            '{{"observation": "..."}}.',
            file=file,
        )
    keys = list(dict.fromkeys(key for _, found in objects for key in found))
    rows = [Row(0, list(keys))] if keys else []
    rows += [Row(number, [_cell(found.get(key)) for key in keys]) for number, found in objects]
    return Sheet(file=file, layout=decoded.encoding, rows=rows, faults=faults, is_headed=True)


def _parse(line: str) -> tuple[dict[str, object], str]:
    """Return the object of a line, and why it is none ("" when it is one)."""
    try:
        found = json.loads(line)
    except json.JSONDecodeError as err:
        return {}, f"The line is not valid JSON from character {err.pos + 1}."
    except (RecursionError, ValueError):
        return {}, "The line is nested too deeply, or holds a number too long, to be read."
    if not isinstance(found, dict):
        return {}, "The line is not a JSON object."
    return found, ""


def _cell(value: object) -> Cell:
    """Return a JSON value as a cell; an object inside an object is kept as its JSON text."""
    if value is None or isinstance(value, int | float | bool | list):
        return value
    if isinstance(value, str):
        return undo_mojibake(value)
    return json.dumps(value, ensure_ascii=False)
