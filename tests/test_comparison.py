"""Coders, machine and ticks are compared on the coded reports, and every disagreement is listed."""

from types import SimpleNamespace
from typing import cast

import numpy as np
import pandas as pd
import pytest

from pipeline.codings import COLUMNS
from pipeline.comparison import compare_codings
from pipeline.taxonomy.model import Change, Taxonomy

THEMES = ("asuminen", "koulu", "raha")
TAXONOMY = SimpleNamespace(
    theme_ids=THEMES,
    history=(
        Change(
            version="2", date="2026-01-01", action="merge", from_ids=("talous",), to_ids=("raha",)
        ),
    ),
)


def coded(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        [(r, "", t, coder, "", "1", "") for r, t, coder in rows], columns=list(COLUMNS)
    )


@pytest.fixture
def reports() -> pd.DataFrame:
    ticked = {"a": ["raha"], "b": [], "c": ["koulu"], "d": ["raha"]}
    return pd.DataFrame(
        {"report_id": list(ticked), "quality": "ok", "themes_ticked": list(ticked.values())}
    )


@pytest.fixture
def report_themes() -> pd.DataFrame:
    scores = {"a": (0.9, 0.2, 0.6), "b": (0.1, 0.7, 0.2), "c": (0.3, 0.8, 0.1), "d": (0.1,) * 3}
    words = [
        {"segment_id": "x", "term": "vuokra", "contribution": 0.5},
        {"segment_id": "x", "term": "koira", "contribution": -0.9},
        {"segment_id": "x", "term": "", "contribution": 0.8},
        {"segment_id": "", "term": "[rasti]", "contribution": 2.0},
        {"segment_id": "y", "term": "häätö", "contribution": 0.7},
    ]
    rows = [
        (report, theme, score, score > 0.5, words if score > 0.5 else [])
        for report, own in scores.items()
        for theme, score in zip(THEMES, own, strict=True)
    ]
    columns = ["report_id", "theme_id", "score", "assigned", "evidence"]
    return pd.DataFrame(rows, columns=columns)


def compared(codings, reports, report_themes, learnt=()):
    taxonomy = cast(Taxonomy, TAXONOMY)
    return compare_codings(codings, taxonomy, reports, report_themes, learnt=learnt, seed=1)


def test_nothing_is_compared_when_nothing_of_the_study_is_coded(reports, report_themes):
    assert compared(coded(), reports, report_themes) is None
    assert compared(coded(("muu", "raha", "A")), reports, report_themes) is None


def test_machine_and_ticks_are_compared_on_coded_reports_alone(reports, report_themes):
    codings = coded(("a", "asuminen", "A"), ("b", "", "A"), ("muu", "raha", "A"))
    found = compared(codings, reports, report_themes, learnt={"b", "d"})
    assert found.report_ids == {"a", "b"}
    assert found.n_learnt == 1
    assert set(found.machine.themes) == {"a", "b"}
    assert found.ticks.themes == {"a": {"raha"}}
    pairs = found.pairs.set_index(["first", "second"])["n_reports"]
    assert pairs.to_dict() == {("kone", "rastit"): 1, ("kone", "A"): 2, ("rastit", "A"): 1}
    assert [one.names for one in found.agreements] == [("A", "kone"), ("A", "rastit")]


def test_two_coders_are_compared_with_each_other(reports, report_themes):
    rows = [("a", "asuminen", "A"), ("a", "asuminen", "B"), ("b", "koulu", "A"), ("b", "", "B")]
    found = compared(coded(*rows), reports, report_themes)
    (one,) = found.agreements
    assert one.names == ("A", "B")
    alphas = one.by_theme.set_index("theme_id")["alpha"]
    assert alphas["asuminen"] == 1
    assert alphas["koulu"] == 0
    assert np.isnan(alphas["raha"])


def test_a_merged_theme_counts_as_what_it_became(reports, report_themes):
    found = compared(coded(("a", "talous", "A")), reports, report_themes)
    assert found.coders[0].themes == {"a": {"raha"}}


def test_disagreements_say_who_and_why_the_worst_first(reports, report_themes):
    codings = coded(("a", "raha", "A"), ("c", "koulu", "A"), ("b", "raha", "A"), ("b", "raha", "B"))
    dissent = compared(codings, reports, report_themes).dissent
    rows = [tuple(row) for row in dissent.itertuples(index=False, name=None)]
    assert rows == [
        ("a", "asuminen", ["kone"], ["A", "rastit"], 0.9, ["häätö", "vuokra"], []),
        ("b", "raha", ["A", "B"], ["kone"], 0.2, [], ["koulu"]),
        ("b", "koulu", ["kone"], ["A", "B"], 0.7, ["häätö", "vuokra"], []),
    ]


def test_a_report_on_which_all_agree_is_no_disagreement(reports, report_themes):
    found = compared(coded(("c", "koulu", "A")), reports, report_themes)
    assert found.dissent.empty
