"""Turn another program's codings into what the record lacks: added, changed, dropped."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from pipeline.codings import COLUMNS as CODING_COLUMNS
from pipeline.errors import InputError
from pipeline.exchange.code_matches import CodeMatch, match_codes
from pipeline.exchange.coded_places import Placed
from pipeline.exchange.from_study import MACHINE
from pipeline.exchange.project import Project
from pipeline.frames import each_row
from pipeline.review.decisions_file import COLUMNS, IMPORT, Row
from pipeline.review.from_codings import import_rows
from pipeline.taxonomy.model import Taxonomy

Key = tuple[str, str, str, str]
"""Report, segment, theme and coder."""


@dataclass(frozen=True)
class Change:
    """What taking a file in would do.

    Attributes
    ----------
    added, changed, dropped : dict of (report_id, segment_id, theme_id, coder) to str
        Codings with their memos: not here yet; here with another memo; here and not in the file,
        of the coders and reports that the file has.
    n_same : int
        Codings that stand here already.
    unmatched : dict of str to int
        Codings by the name of a code that is no theme here; they are not taken in.
    renamed : tuple of (str, str)
        Names of codes that were renamed there, and their themes.
    """

    added: dict[Key, str] = field(default_factory=dict)
    changed: dict[Key, str] = field(default_factory=dict)
    dropped: dict[Key, str] = field(default_factory=dict)
    n_same: int = 0
    unmatched: dict[str, int] = field(default_factory=dict)
    renamed: tuple[tuple[str, str], ...] = ()


def compare_project(
    project: Project,
    placed: Placed,
    taxonomy: Taxonomy,
    standing_codings: pd.DataFrame,
    coder: str = "",
) -> Change:
    """Compare a project's codings with those that stand.

    Parameters
    ----------
    project : Project
    placed : Placed
    taxonomy : Taxonomy
    standing_codings : DataFrame
        Table ``codings_standing``.
    coder : str, default=""
        Who coded, for a file that does not say or whose coders go by another name here.

    Raises
    ------
    InputError
        When the file does not say who coded and ``coder`` is empty.
    """
    matches = {
        match.code.guid: match for match in _matches(project, placed, taxonomy, standing_codings)
    }
    names = {user.guid: user.name for user in project.users}
    only = project.users[0].name if len(project.users) == 1 else ""
    unmatched: Counter[str] = Counter()
    theirs: dict[Key, str] = {}
    for one in placed.coded:
        who = names.get(one.user, "") or only
        if who == MACHINE:
            continue
        match = matches.get(one.code)
        if match is None or match.theme_id is None:
            unmatched[match.code.name if match else one.code] += 1
            continue
        if not (coder or who):
            raise InputError(
                "The file does not say who coded {report}. Give the coder's name: --coder NAME",
                report=one.report_id,
            )
        key = (one.report_id, one.segment_id, match.theme_id, coder or who)
        theirs[key] = "\n".join(dict.fromkeys(filter(None, (theirs.get(key, ""), one.memo))))
    renamed = tuple(
        (match.code.name, match.theme_id)
        for match in matches.values()
        if match.how in ("definition", "coverage") and match.theme_id is not None
    )
    return _compared(theirs, placed.reports, standing_codings, dict(unmatched), renamed)


def _matches(
    project: Project, placed: Placed, taxonomy: Taxonomy, standing_codings: pd.DataFrame
) -> tuple[CodeMatch, ...]:
    """Match the file's codes with themes."""
    places: dict[str, set[tuple[str, str]]] = {}
    for one in placed.coded:
        places.setdefault(one.code, set()).add((one.report_id, one.segment_id))
    handed_out: dict[str, set[tuple[str, str]]] = {}
    for row in each_row(standing_codings):
        if row.theme_id and row.report_id in placed.reports:
            handed_out.setdefault(row.theme_id, set()).add((row.report_id, row.segment_id))
    return match_codes(
        project.codes,
        taxonomy,
        {code: frozenset(held) for code, held in places.items()},
        {theme: frozenset(held) for theme, held in handed_out.items()},
    )


def compare_codings(
    codings: pd.DataFrame, reports: frozenset[str], standing_codings: pd.DataFrame
) -> Change:
    """Compare codings of a table with those that stand.

    Parameters
    ----------
    codings : DataFrame
        Columns of ``codings.csv``.
    reports : frozenset of str
        Reports of the study.
    standing_codings : DataFrame
        Table ``codings_standing``.
    """
    theirs = {
        (row.report_id, row.segment_id, row.theme_id, row.coder): row.memo
        for row in each_row(codings)
        if row.report_id in reports
    }
    within = frozenset(key[0] for key in theirs)
    return _compared(theirs, within, standing_codings, {}, ())


def _compared(
    theirs: Mapping[Key, str],
    reports: frozenset[str],
    standing_codings: pd.DataFrame,
    unmatched: dict[str, int],
    renamed: tuple[tuple[str, str], ...],
) -> Change:
    """Set two sets of codings beside each other."""
    ours = {
        (row.report_id, row.segment_id, row.theme_id, row.coder): row.memo
        for row in each_row(standing_codings)
    }
    coders = {key[3] for key in theirs}
    added = {key: memo for key, memo in theirs.items() if key not in ours}
    changed = {
        key: memo
        for key, memo in theirs.items()
        if key in ours and memo and memo.strip() != ours[key].strip()
    }
    return Change(
        added=added,
        changed=changed,
        dropped={
            key: memo
            for key, memo in ours.items()
            if key not in theirs and key[0] in reports and key[3] in coders and key[2]
        },
        n_same=sum(key in ours for key in theirs) - len(changed),
        unmatched=unmatched,
        renamed=renamed,
    )


def rows_of(change: Change, taxonomy: Taxonomy, *, mirrors: bool) -> list[Row]:
    """Return what to append to the log, as one batch.

    Parameters
    ----------
    change : Change
    taxonomy : Taxonomy
    mirrors : bool
        Whether a coding that the file lacks is taken back; otherwise what is missing there is no
        rejection.
    """
    taken = {**change.added, **change.changed}
    codings = pd.DataFrame(
        [
            (report, segment, theme, coder, "", taxonomy.version, memo)
            for (report, segment, theme, coder), memo in taken.items()
        ],
        columns=list(CODING_COLUMNS),
        dtype=object,
    )
    rows = import_rows(codings)
    if mirrors:
        rows += [_taken_back(key, taxonomy.version) for key in change.dropped]
    return rows


def _taken_back(key: Key, version: str) -> Row:
    """Return the row that takes a coding back."""
    report, segment, theme, coder = key
    return dict.fromkeys(COLUMNS, "") | {
        "coder": coder,
        "target_table": "segment_themes" if segment else "report_themes",
        "target_id": segment or report,
        "theme_id": theme,
        "verdict": "reject",
        "taxonomy_version": version,
        "mode": IMPORT,
    }
