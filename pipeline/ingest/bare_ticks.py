"""Put columns of ticks together that bear only the name of their choice."""

from collections.abc import Mapping, Sequence

from pipeline.ingest.answers import Known
from pipeline.ingest.questions import Column, Question
from pipeline.ingest.vocabulary import GROUP_STEMS, VALENCE_STEMS, is_other_label, stem_value

_MAX_WORDS = 3


def gather_bare_ticks(
    questions: Sequence[Question], known: Known, bands: Mapping[int, str]
) -> tuple[list[Question], list[tuple[str, str]]]:
    """Make one question of neighbouring columns of ticks that are choices of the same kind.

    Columns under one heading belong together. Of others, a column that nothing tells goes with its
    neighbours; a run of columns with short names that nothing tells are taken for areas.

    Returns
    -------
    questions : list of Question
    unsure : list of (str, str)
        Header and field of columns that only their place tells.
    """
    kept = [question for question in questions if not _is_bare(question)]
    n_rows = questions[0].n_rows if questions else 0
    unsure: list[tuple[str, str]] = []
    bare = sorted((q.columns[0] for q in questions if _is_bare(q)), key=lambda c: c.index)
    for band, run in _runs(bare, bands):
        if band and len(run) > 1:
            kept.append(Question("", _as_choices(run), n_rows, band=band))
            continue
        told = _told(run, known)
        kinds = _filled(told)
        if len(run) > 1 and not any(kinds):
            short = all(len(column.header.split()) <= _MAX_WORDS for column in run)
            kinds = ["area" if short else ""] * len(run)
        for column, was, kind in zip(run, told, kinds, strict=True):
            sides = set(told) - {"", "other"}
            if not was and kind and (kind != "area" or sides != {"area"}):
                unsure += [(column.header, side) for side in sorted(sides | {kind})]
        for kind in dict.fromkeys(kinds):
            own = [c for c, its in zip(run, kinds, strict=True) if its == kind]
            if kind and (len(own) > 1 or kind != "area"):
                kept.append(Question("", _as_choices(own), n_rows, kind=kind))
            else:
                kept += [Question(c.header, (c,), n_rows) for c in own]
    return kept, unsure


def _as_choices(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Return columns as choices named by their headers."""
    return tuple(Column(c.index, c.header, c.header, c.cells, c.rows) for c in columns)


def _runs(columns: Sequence[Column], bands: Mapping[int, str]) -> list[tuple[str, list[Column]]]:
    """Cut columns into neighbours under the same heading."""
    runs: list[tuple[str, list[Column]]] = []
    for column in columns:
        band = bands.get(column.index, "")
        last = runs[-1][1][-1].index if runs else -2
        if runs and column.index == last + 1 and band == runs[-1][0]:
            runs[-1][1].append(column)
        else:
            runs.append((band, [column]))
    return runs


def _is_bare(question: Question) -> bool:
    """Tell whether a question is one column of ticks."""
    return not question.choices and question.is_ticks and not question.is_yes_no


def _told(run: Sequence[Column], known: Known) -> list[str]:
    """Return the field of each column of a run, "" where nothing tells.

    A label that only resembles a theme is one when a theme stands beside it.
    """
    sure = [_kind(column.header, known) for column in run]
    like = [kind or _resembled(c.header, known) for kind, c in zip(sure, run, strict=True)]
    return [
        kind
        if sure[i] or kind in (*like[max(i - 1, 0) : i], *like[i + 1 : i + 2]) or len(run) == 1
        else ""
        for i, kind in enumerate(like)
    ]


def _resembled(label: str, known: Known) -> str:
    """Return the field of themes for a label that words one otherwise."""
    return "themes_ticked" if known.themes.alike(label)[1] else ""


def _kind(label: str, known: Known) -> str:
    """Return the field a choice is of, "" when nothing tells; ``other`` joins its neighbour."""
    if is_other_label(label):
        return "other"
    if known.themes.exact(label):
        return "themes_ticked"
    if known.is_area(label):
        return "area"
    if stem_value(label, VALENCE_STEMS):
        return "valence"
    if stem_value(label, GROUP_STEMS):
        return "client_groups"
    return ""


def _filled(kinds: list[str]) -> list[str]:
    """Give columns that nothing tells the kind of the one before, or else of the one after."""
    filled = list(kinds)
    for i, kind in enumerate(filled):
        if not kind or kind == "other":
            before = filled[i - 1] if i else ""
            after = next((k for k in kinds[i + 1 :] if k and k != "other"), "")
            filled[i] = after if after == "area" and kind != "other" else before
            if not filled[i]:
                filled[i] = after
    return filled
