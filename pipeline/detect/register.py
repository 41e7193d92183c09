"""Keep the register of signals: what was listed when, beside what the analyst makes of it.

``human/register.csv`` belongs to the analyst. A merge adds new signals at the end, renews what the
machine knows of those on the list, and leaves every other cell as it stands: the name, the three
sides of a sign, the verdict, the next review, the memo, and any column the analyst added.

References
----------
Hiltunen (2008), The future sign and its three dimensions, doi:10.1016/j.futures.2007.08.021, for
the signal (merkki), the issue (ilmiö) and the interpretation (tulkinta).
"""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.detect.self_test import likeness
from pipeline.frames import each_row
from pipeline.human.files import read_table
from pipeline.spreadsheet import safe_cell, write_private

FILE_NAME = "register.csv"

_MACHINE = (
    *("viimeisin_jakso", "sijoitus", "vahvuus", "kehitys", "lukumäärät", "tilanne"),
    *("historia", "raportit"),
)
COLUMNS = (
    *("tunnus", "nimi", "ensimmäinen_jakso", *_MACHINE[:6]),
    *("merkki", "ilmiö", "tulkinta", "ratkaisu", "seuraava_katselmus", "muistio"),
    *_MACHINE[6:],
)

OWN_NAME = "koneen_nimi"
"""Column of what the machine called a signal when its row began; a name that differs is a person's.
A register of before the column was has none."""

_IN_ENGLISH = {
    "id": "tunnus",
    "name": "nimi",
    "first_period": "ensimmäinen_jakso",
    "last_period": "viimeisin_jakso",
    "rank": "sijoitus",
    "strength": "vahvuus",
    "status": "kehitys",
    "counts": "lukumäärät",
    "state": "tilanne",
    "signal": "merkki",
    "issue": "ilmiö",
    "interpretation": "tulkinta",
    "verdict": "ratkaisu",
    "next_review": "seuraava_katselmus",
    "memo": "muistio",
    "history": "historia",
    "reports": "raportit",
    "machine_name": OWN_NAME,
}
_STRENGTHS = {"signal": "signaali", "watch": "seurattava", "candidate": "ehdokas"}
_STATUSES = {
    "emerging": "uusi ja nouseva",
    "growing": "kasvava",
    "steady": "tasainen",
    "perhaps-growing": "mahdollisesti kasvava",
    "unclear": "epävarma muutos",
    "fading": "hiipuva",
    "one-off": "kertaluonteinen",
    "seasonal": "kausittainen",
    "too-few": "liian vähän",
}
NEW, CONTINUES, DISMISSED = "uusi", "jatkuu", "hylätty"
RETURNED, UNLISTED = "palannut", "ei listalla"
_SAME_JACCARD = 0.3

Row = dict[str, str]


def read_register(folder: Path) -> list[Row]:
    """Read the register of a study, in its own order of columns.

    Parameters
    ----------
    folder : Path
        The study's ``human`` folder.

    Returns
    -------
    list of dict of str to str
        Empty when there is no register yet. A row has every column of :data:`COLUMNS` and those
        the analyst added; the period report reads it, so the columns keep their names and forms:
        ``tilanne`` is uusi, jatkuu, hylätty, palannut or ei listalla; ``historia`` is a list such
        as "2024H1: 2. seurattava; 2024H2: 1. signaali"; ``lukumäärät`` and ``raportit`` are
        separated by spaces, ``lukumäärät`` in the order of the periods of the last merge.

    Raises
    ------
    InputError
        When the file cannot be read or lacks a column.
    """
    path = folder / FILE_NAME
    if not path.exists():
        return []
    return [dict(line.cells) for line in read_table(path, COLUMNS, also=_IN_ENGLISH)]


def write_register(folder: Path, rows: Sequence[Row]) -> None:
    """Put a merged register in place of the old one, in one move."""
    names = list(
        dict.fromkeys([*(rows[0] if rows else ()), *COLUMNS, *(k for r in rows for k in r)])
    )
    stream = io.StringIO()
    writer = csv.DictWriter(stream, names, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows({name: safe_cell(text) for name, text in row.items()} for row in rows)
    write_private(folder / FILE_NAME, stream.getvalue().encode("utf-8-sig"))


def merge_register(rows: Sequence[Row], signals: pd.DataFrame, period: str) -> list[Row]:
    """Bring the register up to date with a list.

    Parameters
    ----------
    rows : sequence of dict
        As :func:`read_register` returns them.
    signals : DataFrame
        Table ``signals``.
    period : str
        The newest period.

    Returns
    -------
    list of dict
        The rows of before, in order, then the new signals: listed groups with evidence, not mere
        candidates. A listed group is the signal of the register with its id, or else the one that
        shares three tenths of the joint reports. Merging the same list again changes nothing.
    """
    ranked = list(each_row(signals[signals["rank"].notna()].sort_values("rank")))
    found = matches(rows, ranked)
    merged = [
        _renewed(row, ranked[found[number]], period) if number in found else _unlisted(row, period)
        for number, row in enumerate(rows)
    ]
    known = set(found.values())
    fresh = [
        signal
        for number, signal in enumerate(ranked)
        if number not in known and signal.strength != "candidate"
    ]
    return [*merged, *(_first(signal, period) for signal in fresh)]


def given_name(row: Row) -> str:
    """Return the name a person gave a signal; ``""`` while it has the machine's.

    Examples
    --------
    >>> given_name({"nimi": "Pankkitilin saaminen", "koneen_nimi": "pankki, tili"})
    'Pankkitilin saaminen'
    >>> given_name({"nimi": "pankki, tili", "koneen_nimi": "pankki, tili"})
    ''
    """
    is_own = row.get(OWN_NAME) and row["nimi"] != row[OWN_NAME]
    return row["nimi"].strip() if is_own else ""


def matches(rows: Sequence[Row], ranked: Sequence[Any]) -> dict[int, int]:
    """Match rows of the register with places of the list, the most alike first.

    Parameters
    ----------
    rows : sequence of dict
        As :func:`read_register` returns them.
    ranked : sequence of named tuples
        Rows of ``signals`` in the order of the list, with ``signal_id`` and ``report_ids``.

    Returns
    -------
    dict of int to int
        Place, from 0, of each row of the register that is still on the list. A signal is the same
        when its id is, or when it shares three tenths of the joint reports.
    """
    alike = []
    for number, row in enumerate(rows):
        reports = frozenset(row["raportit"].split())
        for place, signal in enumerate(ranked):
            is_same = row["tunnus"] == signal.signal_id
            score = 1.0 if is_same else likeness(reports, frozenset(signal.report_ids))
            if score >= _SAME_JACCARD:
                alike.append((-score, number, place))
    found: dict[int, int] = {}
    for _, number, place in sorted(alike):
        if number not in found and place not in found.values():
            found[number] = place
    return found


def _renewed(row: Row, signal: Any, period: str) -> Row:
    """Renew what the machine knows of a signal on the list; a dismissed one has returned."""
    is_later = period > row["viimeisin_jakso"] or row["tilanne"] == UNLISTED
    if not row["ratkaisu"].strip().lower().startswith("hyl"):
        state = CONTINUES if period > row["ensimmäinen_jakso"] else NEW
    elif is_later or row["tilanne"] == RETURNED:
        state = RETURNED
    else:
        state = DISMISSED
    return {**row, **_machine(signal, period, row["historia"]), "tilanne": state}


def _unlisted(row: Row, period: str) -> Row:
    """Note that a signal is not on the list any more."""
    is_seen = row["viimeisin_jakso"] == period and row["tilanne"] == UNLISTED
    return dict(row) if is_seen else {**row, "tilanne": UNLISTED, "sijoitus": ""}


def _first(signal: Any, period: str) -> Row:
    """Return the row of a signal that is listed for the first time."""
    blank = dict.fromkeys(COLUMNS, "")
    named = {"tunnus": signal.signal_id, "nimi": signal.label, "ensimmäinen_jakso": period}
    return {
        **blank,
        **named,
        **_machine(signal, period, ""),
        "tilanne": NEW,
        OWN_NAME: signal.label,
    }


def _machine(signal: Any, period: str, history: str) -> Row:
    """Return what the machine knows of a listed group."""
    strength = _STRENGTHS[signal.strength]
    entry = f"{period}: {int(signal.rank)}. {strength}"
    entries = [e for e in history.split("; ") if e and not e.startswith(f"{period}:")]
    return {
        "viimeisin_jakso": period,
        "sijoitus": str(int(signal.rank)),
        "vahvuus": strength,
        "kehitys": _STATUSES[signal.status],
        "lukumäärät": " ".join(map(str, signal.counts)),
        "historia": "; ".join([*entries, entry]),
        "raportit": " ".join(signal.report_ids),
    }
