"""People's rulings over the machine's suggestions."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from report_tables import NO_CODINGS, ruled

from pipeline.report.decisions import (
    effective_labels,
    effective_links,
    effective_themes,
)
from pipeline.review.review import newest_decisions
from pipeline.review.standing_rulings import standing

TAXONOMY: Any = SimpleNamespace(theme_ids=("t1", "t2", "t9"), history=(), version="1.0.0")
PAIRS = pd.DataFrame(
    {
        "report_id": ["a", "a", "b", "b"],
        "theme_id": ["t1", "t2", "t1", "t2"],
        "score": [0.9, 0.2, 0.8, 0.1],
        "assigned": [True, False, True, False],
    }
)


def effective(decisions: pd.DataFrame) -> pd.DataFrame:
    held = standing(decisions, NO_CODINGS, TAXONOMY)
    return effective_themes(PAIRS, held.settled_themes, held.report_states)


def counted(decisions: pd.DataFrame) -> set[tuple[str, str]]:
    held = effective(decisions)
    held = held[held["counted"]]
    return set(zip(held["report_id"], held["theme_id"], strict=True))


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        pytest.param((), {("a", "t1"), ("b", "t1")}, id="no ruling leaves the suggestions"),
        pytest.param(
            (("report_themes", "a", "t1", "reject", ""),), {("b", "t1")}, id="a rejected one goes"
        ),
        pytest.param(
            (("report_themes", "a", "t2", "accept", ""),),
            {("a", "t1"), ("a", "t2"), ("b", "t1")},
            id="an accepted one comes though it was not suggested",
        ),
        pytest.param(
            (
                ("report_themes", "a", "t1", "reject", ""),
                ("report_themes", "a", "t1", "accept", ""),
            ),
            {("a", "t1"), ("b", "t1")},
            id="the newest wins",
        ),
        pytest.param(
            (("report_themes", "a", "t1", "change", "t2"),),
            {("a", "t2"), ("b", "t1")},
            id="a change moves the report to the other theme",
        ),
        pytest.param(
            (
                ("report_themes", "a", "t2", "reject", ""),
                ("report_themes", "a", "t1", "change", "t2"),
            ),
            {("b", "t1")},
            id="a change does not undo a ruling on the other theme",
        ),
        pytest.param(
            (("report_themes", "c", "t9", "accept", ""),),
            {("a", "t1"), ("b", "t1"), ("c", "t9")},
            id="a person may add what the machine never scored",
        ),
        pytest.param(
            (("topics", "a", "t1", "reject", ""),),
            {("a", "t1"), ("b", "t1")},
            id="rulings on other tables do not touch themes",
        ),
        pytest.param(
            (("reports", "a", "", "read", ""),),
            {("b", "t1")},
            id="a report that was read has the themes people gave it, none included",
        ),
        pytest.param(
            (("report_themes", "a", "t2", "accept", ""), ("reports", "a", "", "read", "")),
            {("a", "t2"), ("b", "t1")},
            id="and no others",
        ),
        pytest.param(
            (
                ("report_themes", "a", "t1", "reject", ""),
                ("batches", "B-000", "", "retract", "B-000"),
            ),
            {("a", "t1"), ("b", "t1")},
            id="a ruling taken back leaves the suggestion",
        ),
    ],
)
def test_ruling_overrides_suggestion(
    decisions: tuple[tuple[str, str, str, str, str], ...], expected: set[tuple[str, str]]
) -> None:
    assert counted(ruled(*decisions)) == expected


def test_suggestion_is_still_told_from_ruling() -> None:
    pairs = effective(ruled(("report_themes", "a", "t1", "reject", "")))
    row = pairs[(pairs["report_id"] == "a") & (pairs["theme_id"] == "t1")].iloc[0]
    assert (row["suggested"], row["ruling"], row["counted"]) == (True, "reject", False)


def test_changed_label_is_shown_and_the_machines_kept() -> None:
    topics = pd.DataFrame({"topic_id": ["T-1", "T-2"], "label": ["a, b", "c, d"]})
    rulings = newest_decisions(ruled(("topics", "T-1", "", "change", "Häädöt")), "topics")
    held = effective_labels(topics, "topic_id", rulings)
    assert held["label"].tolist() == ["Häädöt", "c, d"]
    assert held["label_suggested"].tolist() == ["a, b", "c, d"]
    assert held["ruling"].tolist() == ["accept", ""]


def test_rejected_and_empty_links_are_left_out() -> None:
    links = pd.DataFrame(
        {
            "topic_id": ["T-1", "T-1", "T-2"],
            "theme_id": ["t1", "t2", "t1"],
            "relation": ["exact", "none", "broad"],
        }
    )
    held = effective_links(links, ruled(("topic_themes", "T-2", "t1", "reject", "")))
    assert list(zip(held["topic_id"], held["theme_id"], strict=True)) == [("T-1", "t1")]
