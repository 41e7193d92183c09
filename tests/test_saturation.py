"""What is still to be found is bounded, and reports of one reporter widen intervals."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_tables import THEMES, make_frames
from report_tables import page as make_page

from pipeline.figures.effective_size import design_effect
from pipeline.figures.intervals import effective_intervals, exact_intervals
from pipeline.figures.saturation import saturation
from pipeline.report.counts import count, effect_of_writers, memberships

KINDS = st.lists(st.sets(st.sampled_from("abcdefgh")), max_size=20)


@given(KINDS)
def test_the_curve_never_falls_and_ends_at_what_was_seen(kinds):
    found = saturation(kinds)
    assert (np.diff(found.curve) >= 0).all()
    assert found.n_seen == len(set().union(*kinds))
    assert 0 <= found.unseen <= found.most_unseen + 1e-9
    late = kinds[len(kinds) - found.n_since_new :]
    before = set().union(*kinds[: len(kinds) - found.n_since_new])
    assert all(set(own) <= before for own in late)


def test_the_bound_holds_what_is_unseen_as_often_as_it_says():
    chances = 0.4 / np.arange(1, 31)
    holds = []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        kinds = [{str(k) for k in np.flatnonzero(rng.random(30) < chances)} for _ in range(40)]
        found = saturation(kinds)
        holds.append(30 - found.n_seen <= found.most_unseen)
    assert 0.9 <= np.mean(holds) <= 0.99


def test_singletons_leave_more_to_be_found_than_pairs():
    alone = saturation([{str(i)} for i in range(10)])
    twice = saturation([{str(i // 2)} for i in range(20)])
    assert alone.unseen > 10 > twice.unseen == 0


@pytest.mark.parametrize("seed", range(3))
def test_separate_reports_have_no_design_effect_and_repeated_ones_their_number(seed):
    rng = np.random.default_rng(seed)
    has = rng.random((60, 12)) < 0.3
    periods = np.repeat([0, 1], 30)
    assert design_effect(has, periods, np.full(60, -1)) == 1
    thrice = design_effect(
        np.repeat(has, 3, axis=0), np.repeat(periods, 3), np.repeat(np.arange(60), 3)
    )
    assert thrice == pytest.approx(3, rel=0.05)


def test_too_few_reporters_with_several_reports_tell_nothing():
    has = np.repeat(np.eye(6, dtype=bool), 2, axis=0)
    writers = np.repeat(np.arange(6), 2)
    assert design_effect(has, np.zeros(12, int), writers) == 1


def test_an_effect_widens_intervals_and_none_leaves_them():
    n, size = np.array([0, 5, 40]), np.array([40, 40, 40])
    plain, wide = exact_intervals(n, size), effective_intervals(n, size, 2.5)
    np.testing.assert_array_equal(effective_intervals(n, size, 1.0), plain)
    np.testing.assert_allclose(effective_intervals(n, size, 1 + 1e-9), plain, atol=1e-6)
    assert (wide[0] <= plain[0]).all()
    assert (wide[1] >= plain[1]).all()
    assert (wide[1] - wide[0] > plain[1] - plain[0] + 0.05).all()


def test_the_shares_of_a_table_heed_who_wrote():
    rows = [(f"R{i}", "2024H2", f"K{i // 4}", ["a" if i // 4 % 2 else "b"]) for i in range(48)]
    reports = pd.DataFrame(rows, columns=["report_id", "period", "reporter_id", "area"])
    members = memberships(reports, "area")
    effect = effect_of_writers(members, reports)
    assert effect == pytest.approx(4, rel=0.15)
    assert effect_of_writers(members, reports.assign(reporter_id="")) == 1
    wide = count(members, {"2024H2": 48}, effect=effect)
    plain = count(members, {"2024H2": 48})
    assert (wide["ci_high"] - wide["ci_low"] > 1.5 * (plain["ci_high"] - plain["ci_low"])).all()


def test_the_page_says_what_may_be_unseen_and_what_reporters_do_to_intervals():
    rows = [
        {"id": f"R{i:02d}", "period": "2024H2", "reporter_id": f"K{i // 4}",
         "themes": ["asuminen" if i // 4 % 2 else "palvelut"]}
        for i in range(40)
    ]  # fmt: skip
    page = make_page(make_frames(rows)).replace("\u00a0", " ")
    assert "Niissä on 2 teemaa" in page
    assert "enintään noin 0." in page
    assert "jakson 40 raporttia vastaa noin" in page
    assert "näkemättä jääneitä ei voi arvioida" in page  # topics are what recurs
    alone = make_page(make_frames([{**row, "reporter_id": ""} for row in rows]))
    whole = make_page(make_frames([row | {"themes": [*THEMES]} for row in rows]))
    assert "Luokituksen kaikki teemat on jo nähty." in whole
    assert "enintään noin" not in whole
    assert "vastaa noin" not in alone
