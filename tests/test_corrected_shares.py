"""Shares from a random sample are right on average, covered by their intervals, and recorded."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_tables import THEMES as REPORT_THEMES
from report_tables import frame, make_frames
from report_tables import page as make_page
from theme_study import small_taxonomy

from pipeline.assign.assign import AssignConfig
from pipeline.assign.random_sample import (
    add_draw,
    coded_sample,
    drawn_reports,
    in_random_order,
    read_random_draws,
)
from pipeline.assign.theme_shares import theme_shares
from pipeline.errors import InputError
from pipeline.figures.corrected_shares import codings_to_halve, corrected_shares

IDS = [f"P1-{i:03d}" for i in range(60)]


def population(n: int = 400, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return true themes and scores that lean too high for one theme and too low for another."""
    rng = np.random.default_rng(seed)
    truth = rng.random((n, 4)) < [0.3, 0.1, 0.05, 0.5]
    scores = np.where(truth, [0.9, 0.6, 0.7, 0.95], [0.25, 0.02, 0.05, 0.1])
    return truth, np.clip(scores + rng.normal(0, 0.05, scores.shape), 0, 1)


def drawn(truth, scores, n, seed, writers=None):
    sample = np.random.default_rng(seed).permutation(len(truth))[:n]
    return corrected_shares(truth[sample], scores, sample, writers)


def test_shares_are_right_on_average_though_the_machine_is_biased():
    truth, scores = population()
    found = np.array([drawn(truth, scores, 40, seed).share for seed in range(200)])
    np.testing.assert_allclose(found.mean(axis=0), truth.mean(axis=0), atol=0.01)
    assert abs(scores[:, 0].mean() - truth[:, 0].mean()) > 0.1


@pytest.mark.parametrize("n", [20, 80])
def test_intervals_cover_as_often_as_they_say_and_are_narrower_than_from_codings_alone(n):
    truth, scores = population()
    made = [drawn(truth, scores, n, seed) for seed in range(150)]
    covers = [(m.low <= truth.mean(axis=0)) & (truth.mean(axis=0) <= m.high) for m in made]
    assert 0.92 <= np.mean(covers) <= 1
    alone = drawn(truth, np.full(scores.shape, 0.2), n, 0)
    assert np.mean(made[0].high - made[0].low) < 0.75 * np.mean(alone.high - alone.low)


def test_a_machine_that_knows_nothing_is_given_little_weight():
    truth, scores = population()
    noise = np.random.default_rng(1).random(scores.shape)
    assert drawn(truth, noise, 80, 0).weight.max() < 0.35
    assert drawn(truth, scores, 80, 0).weight.min() > 0.6


def test_when_all_are_coded_the_share_is_known():
    truth, scores = population(50)
    found = corrected_shares(truth, scores, np.arange(50))
    np.testing.assert_allclose(found.share, truth.mean(axis=0))
    np.testing.assert_allclose(found.high - found.low, 0)
    assert found.n_to_halve == 0


def test_an_interval_leaves_out_what_the_coded_reports_rule_out():
    truth, scores = population(60)
    found = drawn(truth, scores, 50, 3)
    assert (found.low >= 0).all()
    assert (found.high <= 1).all()
    sample = np.random.default_rng(3).permutation(60)[:50]
    seen = truth[sample].sum(axis=0)
    assert (found.low >= seen / 60 - 1e-12).all()
    assert (found.high <= (seen + 10) / 60 + 1e-12).all()


def test_reporters_whose_reports_go_together_widen_intervals():
    rng = np.random.default_rng(2)
    writers = np.repeat(np.arange(20), 10)
    truth = (rng.random((20, 1)) < 0.4)[writers]
    scores = np.full(truth.shape, 0.4)
    apart = drawn(truth, scores, 100, 0)
    together = drawn(truth, scores, 100, 0, writers)
    unknown = drawn(truth, scores, 100, 0, np.full(200, -1))
    assert together.high - together.low > 1.5 * (apart.high - apart.low)
    assert unknown.high - unknown.low == apart.high - apart.low


@given(st.integers(3, 500), st.integers(0, 2000))
def test_so_many_more_codings_do_halve_an_interval(n, more):
    n_reports = n + more
    n_then = n + codings_to_halve(n, n_reports)

    def width(k: int) -> float:
        return float(np.sqrt(max(1 / k - 1 / n_reports, 0)))

    assert n_then <= n_reports
    assert width(n_then) <= width(n) / 2 + 1e-9
    if more:
        assert width(n_then - 1) > width(n) / 2 - 1e-9


@given(st.sets(st.sampled_from(IDS)), st.integers(0, 3))
def test_who_arrives_later_changes_nothing_in_the_order_of_those_there(present, seed):
    order = in_random_order(IDS, seed)
    assert in_random_order(present, seed) == [one for one in order if one in present]


def test_the_order_is_no_order_of_ids():
    assert in_random_order(IDS, 0) != sorted(IDS)
    assert in_random_order(IDS, 0) != in_random_order(IDS, 1)


def test_a_sample_ends_before_what_is_not_coded_and_never_holds_what_was_not_drawn():
    order = in_random_order(IDS, 0)
    draws = pd.DataFrame({"period": [""], "n": [20], "at": [""]})
    had = drawn_reports(dict.fromkeys(IDS, "2024H2"), draws, 0)
    assert had == set(order[:20])
    assert coded_sample(IDS, had, order, 0) == order[:20]
    assert coded_sample(IDS, had, set(order) - {order[7]}, 0) == order[:7]
    assert coded_sample(order[10:], had, order, 0) == order[10:20]


def test_a_draw_of_a_period_and_one_of_all_are_each_what_they_are():
    period_of = {one: "2024H1" if i < 30 else "2024H2" for i, one in enumerate(IDS)}
    draws = pd.DataFrame({"period": ["2024H2", ""], "n": [10, 5], "at": ["", ""]})
    new = in_random_order(IDS[30:], 0)[:10]
    assert drawn_reports(period_of, draws, 0) == {*new, *in_random_order(IDS, 0)[:5]}


def test_draws_are_written_down_once_and_without_a_report(tmp_path):
    for n in (40, 40, 30, 60):
        add_draw(tmp_path, "", n)
    add_draw(tmp_path, "2024H2", 10)
    held = read_random_draws(tmp_path)
    assert held[["period", "n"]].to_numpy().tolist() == [["", 40], ["", 60], ["2024H2", 10]]
    assert "P1" not in (tmp_path / "random_sample.csv").read_text()


@pytest.mark.parametrize("n", ["0", "monta", "-3", "2.5"])
def test_a_number_of_drawn_reports_that_is_none_is_refused(tmp_path, n):
    (tmp_path / "random_sample.csv").write_text(f"period,n,at\n,{n},\n")
    with pytest.raises(InputError, match="line 2: n must be a whole number"):
        read_random_draws(tmp_path)


def shares_of(codings_mode: str = "blind", n_drawn: int = 30, n_coded: int = 60) -> pd.DataFrame:
    taxonomy = small_taxonomy()
    reports = pd.DataFrame(
        {
            "report_id": IDS,
            "period": ["2024H1"] * 30 + ["2024H2"] * 30,
            "quality": "ok",
            "reporter_id": "",
        }
    )
    truth = {one: taxonomy.theme_ids[i % 3] for i, one in enumerate(IDS)}
    pairs = [(one, theme) for one in IDS for theme in taxonomy.theme_ids]
    report_themes = pd.DataFrame(pairs, columns=["report_id", "theme_id"])
    report_themes["unseen_score"] = [0.8 if truth[one] == theme else 0.2 for one, theme in pairs]
    order = in_random_order(IDS, 0)[:n_coded]
    codings = pd.DataFrame(
        {
            "report_id": order,
            "segment_id": "",
            "theme_id": [truth[one] for one in order],
            "coder": "A",
            "mode": codings_mode,
        }
    )
    return theme_shares(
        pd.DataFrame({"period": ["2024H1", "2024H2"]}),
        reports,
        report_themes,
        codings,
        AssignConfig(),
        taxonomy=taxonomy,
        random_draws=pd.DataFrame({"period": [""], "n": [n_drawn], "at": [""]}),
        seed=0,
    )


def test_a_period_has_shares_of_its_own_where_enough_of_it_was_drawn_and_coded():
    found = shares_of(n_drawn=40)
    new = found[found["period"] == "2024H2"]
    assert set(new["scope"]) == {"period"}
    assert set(new["n_reports"]) == {30}
    np.testing.assert_allclose(new["share"], 1 / 3, atol=0.02)


def test_with_few_of_the_period_shares_are_of_all_reports_so_far():
    found = shares_of(n_drawn=15)
    new = found[found["period"] == "2024H2"]
    assert set(zip(new["scope"], new["n_coded"], new["n_reports"], strict=True)) == {
        ("until", 15, 60)
    }


def test_drawn_reports_that_wait_are_counted():
    found = shares_of(n_drawn=40, n_coded=25)
    assert set(found.loc[found["scope"] == "until", "n_waiting"]) <= {15}
    assert found["n_waiting"].max() > 0


@pytest.mark.parametrize("mode", ["assisted", "bulk"])
def test_codings_made_with_the_machine_in_sight_correct_nothing(mode):
    assert shares_of(mode).empty


def test_codings_that_were_not_drawn_correct_nothing():
    assert shares_of(n_drawn=9).empty


def test_the_theme_table_shows_the_corrected_share_and_what_would_halve_its_interval():
    frames = make_frames([{"id": f"R{i}", "period": "2024H2"} for i in range(40)])
    rows = [
        {"period": "2024H2", "theme_id": theme, "scope": "period", "share": 0.14, "ci_low": 0.09,
         "ci_high": 0.22, "weight": 0.8, "n_coded": 12, "n_reports": 40, "n_to_halve": 13,
         "n_waiting": 3}
        for theme in REPORT_THEMES
    ]  # fmt: skip
    assert "Korjattu osuus" not in make_page(frames)
    page = make_page({**frames, "corrected_shares": frame("corrected_shares", rows)})
    text = page.replace("\u00a0", " ")
    assert "14 % (9–22 %)" in text
    assert "Välit puolittuvat, kun arvottuja koodataan 13 lisää." in text
    assert "Arvotuista odottaa koodausta 3." in text
