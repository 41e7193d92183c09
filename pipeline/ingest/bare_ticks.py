"""Put columns of ticks together that bear only the name of their choice."""

from collections.abc import Sequence

from pipeline.ingest.answers import Known
from pipeline.ingest.questions import Column, Question
from pipeline.ingest.vocabulary import GROUP_STEMS, VALENCE_STEMS, is_other_label, stem_value

_MAX_WORDS = 3


def gather_bare_ticks(questions: Sequence[Question], known: Known) -> list[Question]:
    """Make one question of neighbouring columns of ticks that are choices of the same kind.

    A column that nothing tells belongs to its neighbours when they are of one kind on both sides;
    a run of columns with short names that nothing tells are taken for areas.
    """
    kept = [question for question in questions if not _is_bare(question)]
    runs: list[list[Column]] = []
    for column in sorted((q.columns[0] for q in questions if _is_bare(q)), key=lambda c: c.index):
        if runs and column.index == runs[-1][-1].index + 1:
            runs[-1].append(column)
        else:
            runs.append([column])
    n_rows = questions[0].n_rows if questions else 0
    for run in runs:
        kinds = _filled([_kind(column.header, known) for column in run])
        if len(run) > 1 and not any(kinds):
            short = all(len(column.header.split()) <= _MAX_WORDS for column in run)
            kinds = ["area" if short else ""] * len(run)
        for kind in dict.fromkeys(kinds):
            own = [c for c, its in zip(run, kinds, strict=True) if its == kind]
            if kind and (len(own) > 1 or kind != "area"):
                columns = tuple(Column(c.index, c.header, c.header, c.cells, c.rows) for c in own)
                kept.append(Question("", columns, n_rows))
            else:
                kept += [Question(c.header, (c,), n_rows) for c in own]
    return kept


def _is_bare(question: Question) -> bool:
    """Tell whether a question is one column of ticks."""
    return not question.choices and question.is_ticks and not question.is_yes_no


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
    return "themes_ticked" if known.themes.alike(label)[1] else ""


def _filled(kinds: list[str]) -> list[str]:
    """Give columns that nothing tells the kind that stands on both sides of them."""
    filled = list(kinds)
    for i, kind in enumerate(filled):
        if kind == "other":
            filled[i] = filled[i - 1] if i else ""
        elif not kind and i:
            after = next((k for k in kinds[i + 1 :] if k), "")
            if after == filled[i - 1] or filled[i - 1] == "area":
                filled[i] = filled[i - 1]
    return filled
