"""Figures of agreement are those of scikit-learn, on the reports that both sides have seen."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipeline.errors import InputError
from pipeline.evaluate import (
    ThemeSets,
    alpha_by_theme,
    alpha_of_sets,
    compare,
    disagreements,
    evaluate,
    score_matrix,
    sets_from_codings,
    sets_from_report_themes,
    sets_from_ticks,
)
from pipeline.figures.agreement import krippendorff_alpha, masi_distance
from pipeline.figures.measures import (
    bootstrap,
    difference,
    macro_f1,
    mean_jaccard,
    micro_f1,
    precision_at_1,
    ranking_precision,
    theme_table,
)

THEMES = ("asuminen", "koulu", "raha")
MATRICES = st.integers(1, 12).flatmap(
    lambda n: st.tuples(arrays(bool, (n, 3)), arrays(bool, (n, 3)))
)
GOLD = np.array([[1, 0, 1], [0, 1, 0], [1, 0, 0], [0, 0, 1]], bool)
GUESS = np.array([[1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 1]], bool)


def sets(name: str, **themes: str) -> ThemeSets:
    return ThemeSets(name, {report: frozenset(text.split()) for report, text in themes.items()})


@settings(deadline=None)  # the first example imports scikit-learn
@given(MATRICES)
def test_f1_agrees_with_scikit_learn(pair):
    from sklearn.metrics import f1_score

    gold, guess = pair
    expected = f1_score(gold, guess, average="micro", zero_division=1)
    assert micro_f1(gold, guess) == pytest.approx(expected)
    used = (gold | guess).any(axis=0)
    if used.any():
        peer = f1_score(gold, guess, average=None, zero_division=0)[used].mean()
        assert macro_f1(gold, guess) == pytest.approx(peer)


def test_ranking_figures_leave_out_reports_without_a_theme():
    gold = np.vstack([GOLD, np.zeros((1, 3), bool)])
    scores = np.array([[3, 2, 1], [3, 2, 1], [3, 2, 1], [1, 2, 3], [1, 2, 3]], float)
    assert precision_at_1(gold, scores) == 3 / 4
    assert ranking_precision(gold, scores) == pytest.approx((5 / 6 + 1 / 2 + 1 + 1) / 4)
    assert np.isnan(precision_at_1(gold[4:], scores[4:]))
    assert np.isnan(ranking_precision(gold[4:], scores[4:]))


def test_theme_table_has_each_themes_figures_within_their_intervals():
    gold, guess = np.tile(GOLD, (10, 1)), np.tile(GUESS, (10, 1))
    table = theme_table(gold, guess, THEMES, seed=1, n_bootstrap=300).set_index("theme_id")
    assert list(table.loc["koulu", ["precision", "recall"]]) == [0.5, 1.0]
    assert list(table.loc["raha", ["precision", "recall"]]) == [1.0, 0.5]
    assert table["n_gold"].tolist() == [20, 10, 20]
    for figure in ("precision", "recall", "f1"):
        assert (table[f"{figure}_low"] <= table[figure]).all()
        assert (table[figure] <= table[f"{figure}_high"]).all()
    assert table["precision_low"]["koulu"] < 0.5 < table["precision_high"]["koulu"]


def test_a_theme_that_nobody_has_has_no_figures():
    none = np.zeros((4, 1), bool)
    table = theme_table(none, none, ["raha"], seed=1, n_bootstrap=50)
    assert table.filter(regex="precision|recall|f1").isna().all(axis=None)


def test_the_interval_covers_the_truth_and_repeats_with_its_seed():
    rng = np.random.default_rng(0)
    gold = rng.random((200, 3)) < 0.3
    guess = gold ^ (rng.random(gold.shape) < 0.1)
    first = bootstrap(micro_f1, gold, guess, seed=4, n_bootstrap=200)
    assert first == bootstrap(micro_f1, gold, guess, seed=4, n_bootstrap=200)
    assert first.low < first.value < first.high
    gap = difference(gold, guess, gold, seed=4)
    assert gap.high < 0


def test_codings_become_one_source_a_coder_with_empty_sets_kept():
    rows = [("a", "raha", "Y"), ("a", "koulu", "Y"), ("b", "", "Y"), ("a", "raha", "X")]
    codings = pd.DataFrame(rows, columns=["report_id", "theme_id", "coder"])
    first, second = sets_from_codings(codings, THEMES)
    assert (first.name, second.name) == ("X", "Y")
    assert second.themes == {"a": {"raha", "koulu"}, "b": set()}


def test_a_coding_of_an_unknown_theme_is_refused_with_its_row():
    codings = pd.DataFrame({"report_id": ["a"], "theme_id": ["muu"], "coder": ["X"]})
    with pytest.raises(InputError, match=r"row 2.*'muu'"):
        sets_from_codings(codings, THEMES)


def test_ticks_count_only_on_good_forms_that_have_some():
    reports = pd.DataFrame(
        {
            "report_id": ["a", "b", "c"],
            "quality": ["ok", "ok", "junk"],
            "themes_ticked": [["raha"], [], ["raha"]],
        }
    )
    assert sets_from_ticks(reports).themes == {"a": {"raha"}}


@pytest.fixture
def report_themes() -> pd.DataFrame:
    rows = [
        ("a", "asuminen", 0.9, True),
        ("a", "koulu", 0.2, False),
        ("a", "raha", 0.6, True),
        ("b", "asuminen", 0.1, False),
        ("b", "koulu", 0.3, False),
        ("b", "raha", 0.2, False),
    ]
    return pd.DataFrame(rows, columns=["report_id", "theme_id", "score", "assigned"])


def test_suggestions_become_sets_and_scores_a_matrix(report_themes):
    assert sets_from_report_themes(report_themes).themes == {"a": {"asuminen", "raha"}, "b": set()}
    scores = score_matrix(report_themes, ["b", "a"], THEMES)
    np.testing.assert_array_equal(scores, [[0.1, 0.3, 0.2], [0.9, 0.2, 0.6]])


def test_sources_are_compared_pair_by_pair_on_shared_reports():
    x, y = sets("X", a="raha", b="koulu raha", c="raha"), sets("Y", a="raha", b="koulu", d="raha")
    table = compare([x, y, sets("Z", e="raha")], THEMES, seed=0)
    assert len(table) == 1
    row = table.iloc[0]
    assert (row["first"], row["second"], row["n_reports"]) == ("X", "Y", 2)
    assert row["micro_f1"] == pytest.approx(4 / 5)
    assert row["same_sets"] == 0.5
    assert row["overlap"] == 0.75
    assert (row["only_first"], row["only_second"]) == (1, 0)
    assert disagreements(x, y, THEMES).to_numpy().tolist() == [["b", "raha", "X"]]


def test_two_empty_sets_overlap_wholly():
    none = np.zeros((1, 3), bool)
    assert mean_jaccard(none, none) == 1.0
    assert micro_f1(none, none) == macro_f1(none, none) == 1.0


def test_evaluation_counts_shared_reports_and_ranks_only_with_scores(report_themes):
    gold = sets("tutkija", a="asuminen", b="koulu", c="raha")
    machine = sets_from_report_themes(report_themes)
    found = evaluate(gold, machine, THEMES, seed=0, report_themes=report_themes)
    assert found.n_reports == 2
    assert found.micro_f1.value == pytest.approx(0.5)
    assert found.precision_at_1 is not None
    assert found.precision_at_1.value == 1.0
    assert evaluate(gold, machine, THEMES, seed=0).ranking_precision is None


def test_sources_without_a_common_report_cannot_be_evaluated():
    with pytest.raises(InputError, match="no report in common"):
        evaluate(sets("X", a="raha"), sets("Y", b="raha"), THEMES, seed=0)


FOUR_CODERS = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
TWO_CODERS = ("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0")


@pytest.mark.parametrize(
    ("coders", "alpha"), [(FOUR_CODERS, 0.743), (TWO_CODERS, 0.095)], ids=["four", "two"]
)
def test_alpha_is_that_of_krippendorffs_own_examples(coders, alpha):
    units = [
        [value for value in unit if value != "."]
        for unit in zip(*(coder.split() for coder in coders), strict=True)
    ]
    found = krippendorff_alpha(units, seed=1)
    assert round(found.value, 3) == alpha
    assert found.low < found.value < found.high


def test_the_interval_of_alpha_does_not_depend_on_how_many_draws_are_held_at_once(monkeypatch):
    units = [(0, 1), (1, 1), (0, 0), (1, 0), (0, 0)] * 4
    expected = krippendorff_alpha(units, seed=1, n_bootstrap=250)
    monkeypatch.setattr("pipeline.figures.agreement._DRAWS_AT_ONCE", 40)
    assert krippendorff_alpha(units, seed=1, n_bootstrap=250) == expected


@pytest.mark.parametrize(
    ("a", "b", "distance"),
    [("", "", 0.0), ("a", "", 1.0), ("ab", "a", 1 - 1 / 3), ("ab", "bc", 1 - 1 / 9)],
)
def test_masi_weighs_overlap_by_its_kind(a, b, distance):
    assert masi_distance(frozenset(a), frozenset(b)) == pytest.approx(distance)


def test_alpha_is_1_for_coders_who_agree_0_for_dice_and_nan_with_nothing_to_tell():
    rng = np.random.default_rng(0)
    agree = [(value, value) for value in rng.integers(0, 2, 40).tolist()]
    dice = rng.integers(0, 2, (4000, 2)).tolist()
    assert krippendorff_alpha(agree, seed=0).value == 1
    assert abs(krippendorff_alpha(dice, seed=0, n_bootstrap=50).value) < 0.05
    assert np.isnan(krippendorff_alpha([(1, 1), (1, 1)], seed=0).value)
    assert np.isnan(krippendorff_alpha([(1,), ()], seed=0).value)


def test_alpha_of_a_theme_counts_reports_that_two_coders_read():
    a = sets("A", r1="raha", r2="koulu", r3="")
    b = sets("B", r1="raha", r2="", r4="koulu")
    table = alpha_by_theme([a, b], THEMES, seed=0).set_index("theme_id")
    assert table["n_reports"].tolist() == [2, 2, 2]
    assert table["alpha"]["raha"] == 1
    assert table["alpha"]["koulu"] < table["alpha"]["raha"]
    assert np.isnan(table["alpha"]["asuminen"])
    assert alpha_of_sets([a, a], seed=0).value == 1
