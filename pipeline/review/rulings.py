"""Read a filled-in review spreadsheet, with suggestions or blind, into rows of the log."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.errors import InputError
from pipeline.human.files import Line
from pipeline.review import blind_sheet, sheet
from pipeline.review.cells import NONE_FITS, ThemeNames, missing_columns, read_sheets
from pipeline.review.decisions_file import BLIND, SHEET, Row
from pipeline.review.sheet import CHANGE, NONE, READ, RULINGS, STATES, UNSURE, shown_json
from pipeline.taxonomy.model import Taxonomy

_TARGETS = {word: target for target, word in sheet.TARGET_WORDS.items()}
Given = dict[tuple[str, str], list[str]]
"""Themes that a coder gives a report now, by report and coder."""


class _Reader:
    """Read the lines of one sheet.

    Parameters
    ----------
    coder : str
        Who ruled, where the line does not say it.
    taxonomy : Taxonomy
    known : mapping of str to set of str
        Ids that exist, by target table.
    given : dict
        Themes that stand, by report and coder.
    """

    def __init__(
        self, coder: str, taxonomy: Taxonomy, known: Mapping[str, set[str]], given: Given
    ) -> None:
        self.coder = coder
        self.version = taxonomy.version
        self.names = ThemeNames(taxonomy)
        self.known = known
        self.given = given
        self.rows: list[Row] = []
        self.problems: list[str] = []

    def row(self, line: Line, target: str, verdict: str, **changes: str) -> Row:
        """Return a row for the log."""
        made = {
            "coder": line.cells.get("koodaaja", "") or self.coder,
            "target_table": target,
            "target_id": line.cells["tunnus"],
            "theme_id": "",
            "verdict": verdict,
            "new_value": "",
            "memo": line.cells.get("muistio", ""),
            "taxonomy_version": self.version,
            "mode": SHEET,
        }
        return made | changes

    def problem(self, line: Line, words: str) -> None:
        """Remember why a line cannot be taken, without its text."""
        self.problems.append(f"row {line.number}: {words}")

    def themes(self, line: Line, column: str) -> list[str] | None:
        """Return the themes of a cell; None, and a problem, when one is not known."""
        found = self.names.read(line.cells.get(column, ""))
        if found is None:
            self.problem(
                line,
                f"{column} must hold ids or names of the taxonomy's themes, with ; between them.",
            )
        return found

    def has_coder(self, line: Line) -> bool:
        """Tell whether it is known who ruled."""
        is_known = bool(line.cells.get("koodaaja") or self.coder)
        if not is_known:
            self.problem(line, "koodaaja must be filled in, or give --coder NAME.")
        return is_known


def read_rulings(
    path: Path,
    coder: str,
    taxonomy: Taxonomy,
    known: Mapping[str, set[str]],
    given: Given | None = None,
) -> tuple[list[Row], list[str]]:
    """Read the rulings of a filled-in spreadsheet.

    Parameters
    ----------
    path : Path
    coder : str
        Who ruled, where the column ``koodaaja`` is empty.
    taxonomy : Taxonomy
    known : mapping of str to set of str
        Ids that exist, by target table.
    given : dict of (str, str) to list of str, optional
        Themes that stand, by report and coder: "ei mikään" takes them back.

    Returns
    -------
    rulings : list of dict
        Rows for the log, in the order of the sheet. A report whose line says *luettu* is read: the
        suggestions not ruled on are accepted, the theme shown in brackets is rejected. So is a
        report with every suggestion shown ruled on.
    problems : list of str
        One sentence a row that cannot be taken, without cell text.

    Raises
    ------
    InputError
        When the file is no review spreadsheet.
    """
    sheets = read_sheets(path)
    reader = _Reader(coder, taxonomy, known, given or {})
    if blind_sheet.SHEET in sheets:
        _check(path, sheets[blind_sheet.SHEET], blind_sheet.NEEDED)
        for line in sheets[blind_sheet.SHEET]:
            _read_blind(reader, line)
    elif sheet.SHEET in sheets:
        _check(path, sheets[sheet.SHEET], sheet.FIRST_HEADER)
        _read_suggestions(reader, sheets[sheet.SHEET])
    else:
        raise InputError(
            "{path} is no review spreadsheet with a sheet {sheet}. "
            "Use one made by: havainto review STUDY --export FILE.xlsx",
            path=path,
            sheet=sheet.SHEET,
        )
    return reader.rows, reader.problems


def _check(path: Path, lines: list[Line], needed: tuple[str, ...]) -> None:
    """Check that a sheet has its columns."""
    if missing := missing_columns(lines, needed):
        raise InputError(
            "{path} lacks the columns {columns}. Export it again.",
            path=path,
            columns=", ".join(missing),
        )


def _read_suggestions(reader: _Reader, lines: Sequence[Line]) -> None:
    """Read the sheet with suggestions: reports with their themes together, then the rest."""
    of_report: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        target = _TARGETS.get(line.cells["kohde"].casefold(), "")
        word = line.cells["ratkaisu"].casefold()
        if not target:
            if word:
                reader.problem(line, f"kohde must be one of {', '.join(_TARGETS)}.")
        elif target in ("reports", "report_themes"):
            of_report[line.cells["tunnus"]].append(line)
        elif word and reader.has_coder(line):
            _read_other(reader, line, target, word)
    for report_id, group in of_report.items():
        _read_report(reader, report_id, group)


def _read_other(reader: _Reader, line: Line, target: str, word: str) -> None:
    """Read the ruling on a topic or a signal."""
    if word not in RULINGS:
        reader.problem(line, f"ratkaisu must be one of {', '.join(RULINGS)}, or empty.")
    elif line.cells["tunnus"] not in reader.known[target]:
        reader.problem(line, "tunnus is not in this study's tables. Export the suggestions again.")
    elif word == CHANGE and (target != "topics" or not line.cells["uusi nimi"]):
        reader.problem(line, "muuta is for the name of an aihe, and needs uusi nimi.")
    else:
        new_name = line.cells["uusi nimi"]
        reader.rows.append(reader.row(line, target, RULINGS[word], new_value=new_name))


def _read_report(reader: _Reader, report_id: str, group: Sequence[Line]) -> None:
    """Read what a sheet says of one report."""
    lines = {True: [], False: []}  # type: dict[bool, list[Line]]
    for line in group:
        lines[_TARGETS[line.cells["kohde"].casefold()] == "reports"].append(line)
    ruled = [line for line in group if line.cells["ratkaisu"] or line.cells.get("muu teema")]
    memos = [line for line in lines[True] if line.cells["muistio"]]
    if not ruled and not memos:
        return
    if report_id not in reader.known["report_themes"]:
        reader.problem((ruled or memos)[0], "tunnus is not in this study's tables. Export again.")
        return
    themes = _read_pairs(reader, lines[False])
    state = ""
    for line in lines[True]:
        state = _read_state(reader, line, themes) or state
    if not state and lines[False] and all(line.cells["ratkaisu"] for line in lines[False]):
        reader.rows.append(reader.row(lines[False][0], "reports", "read", memo=""))


def _read_pairs(reader: _Reader, lines: Sequence[Line]) -> dict[str, tuple[Line, str]]:
    """Read the rulings on the suggestions of one report; return each shown, with its word."""
    shown: dict[str, tuple[Line, str]] = {}
    for line in lines:
        word, theme = line.cells["ratkaisu"].casefold(), line.cells["teema_tunnus"]
        added = reader.themes(line, "muu teema")
        if added is None or not (word or added or line.cells.get("ehdotus")):
            continue
        if theme not in reader.names.labels:
            reader.problem(line, "teema_tunnus is not in the study's taxonomy.")
            continue
        if word and word not in (sheet.ACCEPT, sheet.REJECT):
            wrong = "muuta is for the name of an aihe; write the theme into muu teema."
            words = f"ratkaisu must be one of {', '.join(RULINGS)}, or empty."
            reader.problem(line, wrong if word == CHANGE else words)
            continue
        shown[theme] = line, word
        if (word or added) and not reader.has_coder(line):
            continue
        if word:
            reader.rows.append(_pair(reader, line, theme, RULINGS[word]))
        reader.rows += [_added(reader, line, one) for one in added if one != theme or not word]
    return shown


def _pair(reader: _Reader, line: Line, theme: str, verdict: str, **changes: str) -> Row:
    """Return a ruling on a pair that the sheet showed."""
    shown = {"theme_id": theme, "shown": shown_json(line)}
    return reader.row(line, "report_themes", verdict, **(shown | changes))


def _added(reader: _Reader, line: Line, theme: str) -> Row:
    """Return a theme that the sheet did not show for the report."""
    return reader.row(line, "report_themes", "accept", theme_id=theme, memo="")


def _read_state(reader: _Reader, line: Line, pairs: Mapping[str, tuple[Line, str]]) -> str:
    """Read the line of a report; return the word that states how it was left."""
    word = line.cells["ratkaisu"].casefold()
    word = NONE if word in NONE_FITS else word
    added = reader.themes(line, "muu teema")
    if added is None or not (word or added or line.cells["muistio"]):
        return word
    if word and word not in STATES:
        reader.problem(line, f"ratkaisu of a raportti must be one of {', '.join(STATES)}.")
    elif word == NONE and (added or any(said == sheet.ACCEPT for _, said in pairs.values())):
        reader.problem(line, "ei mikään cannot stand beside an accepted theme.")
    elif reader.has_coder(line):
        reader.rows += [_added(reader, line, theme) for theme in added]
        reader.rows += _confirmed(reader, line, word, pairs, set(added))
        if word:
            reader.rows.append(reader.row(line, "reports", STATES[word]))
        elif line.cells["muistio"]:
            reader.rows.append(reader.row(line, "reports", "memo", new_value="havainto"))
    return word


def _confirmed(
    reader: _Reader,
    line: Line,
    word: str,
    pairs: Mapping[str, tuple[Line, str]],
    added: set[str],
) -> list[Row]:
    """Return the rulings that reading a report makes on pairs without one of their own."""
    if word not in (READ, NONE):
        return []
    coder = line.cells.get("koodaaja", "") or reader.coder
    rows = []
    for theme, (pair, said) in pairs.items():
        if said or theme in added:
            continue
        is_suggested = not pair.cells.get("ehdotus", "").startswith("(")
        verdict = "accept" if word == READ and is_suggested else "reject"
        rows.append(_pair(reader, pair, theme, verdict, memo="", coder=coder))
    return rows + (_taken_back(reader, line, set(pairs)) if word == NONE else [])


def _taken_back(reader: _Reader, line: Line, seen: set[str]) -> list[Row]:
    """Return rejections of what the coder gave the report before and the sheet does not show."""
    coder = line.cells.get("koodaaja", "") or reader.coder
    before = reader.given.get((line.cells["tunnus"], coder), [])
    return [
        reader.row(line, "report_themes", "reject", theme_id=theme, memo="")
        for theme in before
        if theme not in seen
    ]


def _read_blind(reader: _Reader, line: Line) -> None:
    """Read a line of the blind sheet: the themes are all there is to say of the report."""
    word = line.cells["ratkaisu"].casefold()
    word = NONE if word in NONE_FITS else word
    themes = reader.themes(line, "teemat")
    if themes is None or not (word or themes or line.cells.get("muistio")):
        return
    if line.cells["tunnus"] not in reader.known["report_themes"]:
        reader.problem(line, "tunnus is not in this study's tables. Export the sheet again.")
    elif word and word not in STATES:
        reader.problem(line, f"ratkaisu must be one of {', '.join(STATES)}, or empty.")
    elif word == NONE and themes:
        reader.problem(line, "ei mikään cannot stand beside a theme.")
    elif word == READ and not themes:
        reader.problem(line, "luettu needs teemat; write ei mikään when none fits.")
    elif reader.has_coder(line):
        coder = line.cells.get("koodaaja", "") or reader.coder
        before = reader.given.get((line.cells["tunnus"], coder), [])
        rulings = {theme: "reject" for theme in before if word != UNSURE} | dict.fromkeys(
            themes, "accept"
        )
        for theme, verdict in rulings.items():
            made = reader.row(line, "report_themes", verdict, theme_id=theme, memo="", mode=BLIND)
            reader.rows.append(made)
        verdict = STATES.get(word, "read" if themes else "memo")
        kind = "havainto" if verdict == "memo" else ""
        reader.rows.append(reader.row(line, "reports", verdict, mode=BLIND, new_value=kind))
