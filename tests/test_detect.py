"""Every topic and candidate gets an honest history; the list holds what rises."""

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.detect.detect import DetectConfig, find_signals
from pipeline.detect.histories import GroupTables
from pipeline.detect.status import Window, statuses
from pipeline.detect.trend import plain_test, seasonal_test
from pipeline.frames import empty, to_arrow

CONFIG = DetectConfig(n_shuffles=50)
HALF_YEARS = [dt.date(year, month, 1) for year in range(2020, 2031) for month in (1, 7)]


def silent(done, total):
    pass


def half_years(n_periods, sizes):
    labels = [f"{start.year}H{1 + start.month // 7}" for start in HALF_YEARS[:n_periods]]
    columns = {"period": labels, "start": HALF_YEARS[:n_periods], "n_reports": sizes}
    return pd.DataFrame({**columns, "end": HALF_YEARS[1 : n_periods + 1]})


@pytest.fixture
def make_world(make_reports):
    """Return a maker of reports and periods: ``sizes[i]`` reports ``i-j`` in period i."""

    def make(sizes, **changes):
        periods = half_years(len(sizes), sizes)
        rows = [
            {"report_id": f"{i}-{j}", "period": label, **changes.get(f"r{i}_{j}", {})}
            for i, label in enumerate(periods["period"])
            for j in range(sizes[i])
        ]
        return periods, make_reports(*rows)

    return make


def candidates(*member_sets, topic_ids=None):
    rows = [
        {
            "candidate_id": f"C-{n}",
            "report_ids": list(members),
            "separation": 0.5,
            "topic_id": topic_ids[n] if topic_ids else None,
            "label": f"ryhmä {n}",
            "terms": [],
        }
        for n, members in enumerate(member_sets)
    ]
    return pd.DataFrame(rows) if rows else empty("candidates")


def topics(*member_sets):
    rows = [
        {
            "topic_id": f"T-{n}",
            "topic_no": n,
            "label": f"aihe {n}",
            "terms": [],
            "n_reports": len(members),
            "stability": 0.5,
        }
        for n, members in enumerate(member_sets)
    ]
    pairs = [
        {"report_id": member, "topic_id": f"T-{n}", "weight": 1.0, "is_main": True}
        for n, members in enumerate(member_sets)
        for member in members
    ]
    if not rows:
        return empty("topics"), empty("report_topics")
    return pd.DataFrame(rows), pd.DataFrame(pairs)


def with_topics(member_sets, found):
    topic_table, pairs = topics(*member_sets)
    return GroupTables(topic_table, pairs, found)


def run(world, of_topics=(), of_candidates=None, themes=None, config=CONFIG):
    periods, reports = world
    found = empty("candidates") if of_candidates is None else of_candidates
    groups = with_topics(of_topics, found)
    given = empty("report_themes") if themes is None else themes
    signals = find_signals(periods, reports, groups, given, config, seed=0, progress=silent)
    to_arrow("signals", signals)
    return signals


RISING = ["2-0", "3-0", "4-0", "4-1", "5-0", "5-1", "5-2", "5-3"]
EVEN = ["0-5", "1-5", "2-5", "3-5", "4-5", "5-5"]


def test_a_rise_is_ranked_first_with_p_q_and_an_interval(make_world):
    signals = run(make_world([20] * 6), of_candidates=candidates(EVEN, RISING))
    first = signals.iloc[0]
    assert (first["rank"], first["candidate_id"], first["status"]) == (1, "C-1", "emerging")
    assert first["strength"] == "signal"
    assert first["counts"] == [0, 0, 1, 1, 2, 4]
    assert first["p_value"] < 0.05
    assert first["ci_low"] < 4 / 20 < first["ci_high"]


def test_counts_are_aligned_to_periods_and_sum_to_the_members(make_world):
    signals = run(make_world([20] * 6), [EVEN, RISING], candidates(RISING[:6], EVEN[1:]))
    assert len(signals) == 4
    for report_ids, counts in zip(signals["report_ids"], signals["counts"], strict=True):
        tally = [sum(int(r.split("-")[0]) == period for r in report_ids) for period in range(6)]
        assert counts == tally


def test_members_stand_oldest_first(make_world):
    signals = run(make_world([20] * 6), of_candidates=candidates(RISING[::-1]))
    assert signals["report_ids"][0] == RISING


def test_a_candidate_that_is_a_topic_shares_its_row_and_its_rank(make_world):
    found = candidates(RISING, topic_ids=["T-0"])
    signals = run(make_world([20] * 6), [RISING], found)
    assert signals[["rank", "candidate_id", "topic_id"]].values.tolist() == [[1, None, "T-0"]]


def test_a_candidate_within_a_topic_has_its_own_row(make_world):
    found = candidates(RISING[:6], topic_ids=["T-0"])
    signals = run(make_world([20] * 6), [RISING], found)
    rows = signals[["candidate_id", "topic_id"]].values.tolist()
    assert sorted(rows, key=str) == [["C-0", "T-0"], [None, "T-0"]]


def test_a_topic_that_is_no_candidate_has_a_status_and_no_rank(make_world):
    signals = run(make_world([20] * 6), [RISING])
    row = signals.iloc[0]
    assert (row["rank"], row["q_value"], row["strength"]) == (None, None, "candidate")
    assert row["status"] == "emerging"


def test_only_main_reports_make_a_topic(make_world):
    world = make_world([20] * 6)
    topic_table, pairs = topics(RISING)
    pairs.loc[0, "is_main"] = False
    groups = GroupTables(topic_table, pairs, empty("candidates"))
    given: Any = (*world, groups, empty("report_themes"), CONFIG)
    signals = find_signals(*given, seed=0, progress=silent)
    assert signals["report_ids"][0] == RISING[1:]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"period": ""}, id="unknown period"),
        pytest.param({"duplicate_of": "5-1"}, id="near-copy"),
        pytest.param({"quality": "junk"}, id="junk"),
    ],
)
def test_a_report_that_does_not_count_is_in_no_count(make_world, change):
    signals = run(make_world([20] * 6, r5_0=change), of_candidates=candidates(RISING))
    assert "5-0" not in signals["report_ids"][0]
    assert signals["counts"][0] == [0, 0, 1, 1, 2, 3]


def test_rates_are_compared_and_not_counts(make_world):
    members = ["0-0", "1-0", "1-1", "1-2", "1-3", "1-4", "1-5"]
    grown = run(make_world([10, 60]), [members])
    steady = run(make_world([10, 10]), [members])
    assert grown["p_value"][0] > 0.4 > 0.05 > steady["p_value"][0]


def test_copies_do_not_make_a_period_larger(make_world):
    members = ["0-0", "1-0", "1-1", "1-2", "1-3", "1-4", "1-5"]
    copies = {f"r1_{j}": {"duplicate_of": "1-9"} for j in range(10, 60)}
    with_copies = run(make_world([10, 60], **copies), [members])
    assert with_copies["p_value"][0] == run(make_world([10, 10]), [members])["p_value"][0]


def test_a_first_run_with_one_period_says_that_it_cannot_tell(make_world):
    signals = run(make_world([30]), [["0-0", "0-1", "0-2", "0-3"]], candidates(["0-4", "0-5"]))
    assert set(signals["status"]) == {"too-few"}
    assert signals[["rank", "p_value", "q_value", "p_max"]].isna().all(axis=None)
    assert (signals["ci_high"] > signals["ci_low"]).all()


def test_reports_without_any_period_say_that_they_cannot_tell(make_reports):
    reports = make_reports(*({"report_id": f"r{i}", "period": ""} for i in range(6)))
    members = reports["report_id"].tolist()
    signals = run((half_years(0, []), reports), [members], candidates(members[:4]))
    assert set(signals["status"]) == {"too-few"}
    assert signals["counts"].tolist() == [[], []]
    assert signals[["ci_low", "ci_high"]].values.tolist() == [[0, 1], [0, 1]]


@pytest.mark.parametrize("n_periods", [2, 3, 5, 20])
def test_any_number_of_periods_gives_a_list(make_world, n_periods):
    last = n_periods - 1
    members = [f"{last}-{j}" for j in range(6)] + [f"{last - 1}-0"]
    signals = run(make_world([12] * n_periods), of_candidates=candidates(members))
    assert signals["rank"].tolist() == [1]
    assert signals["p_value"][0] < 0.1


def test_gaps_and_an_empty_newest_period_are_no_obstacle(make_world):
    members = ["0-0", "3-0", "3-1", "3-2", "3-3", "3-4"]
    signals = run(make_world([15, 0, 0, 15, 0]), of_candidates=candidates(members))
    assert signals["counts"][0] == [1, 0, 0, 5, 0]
    assert signals["rank"][0] == 1
    assert (signals["ci_low"][0], signals["ci_high"][0]) == (0, 1)


def test_no_groups_give_an_empty_table(make_world):
    assert len(run(make_world([5, 5]))) == 0
    assert len(run((half_years(0, []), empty("reports")))) == 0


def test_wide_areas_are_left_out_and_others_counted_once(make_world):
    changes = {
        "r5_0": {"area": ["Vuolinna", "Kokemäki"], "client_groups": ["vammaiset"]},
        "r5_1": {"area": ["Järvimaan hyvinvointialue"], "client_groups": ["ikaantyneet"]},
        "r5_2": {"area": ["Koko maakunta", "valtakunnallinen"]},
    }
    signals = run(make_world([20] * 6, **changes), of_candidates=candidates(RISING))
    assert (signals["n_areas"][0], signals["n_client_groups"][0]) == (2, 3)


def test_a_theme_of_half_the_members_is_a_theme_of_the_signal(make_world):
    pairs = [(member, "asuminen", True) for member in RISING[:4]]
    pairs += [(member, "toimeentulo", True) for member in RISING[:3]]
    pairs += [(member, "yksinaisyys", False) for member in RISING]
    themes = pd.DataFrame(pairs, columns=["report_id", "theme_id", "assigned"])
    evidence: list[Any] = [[] for _ in pairs]
    themes = themes.assign(score=0.5, evidence=evidence)
    signals = run(make_world([20] * 6), of_candidates=candidates(RISING), themes=themes)
    assert signals["theme_ids"][0] == ["asuminen"]


def test_a_weak_rise_is_to_be_watched_and_a_weaker_one_is_a_candidate(make_world):
    strict = DetectConfig(n_shuffles=50, signal_q=1e-9, watch_q=1.0)
    stricter = DetectConfig(n_shuffles=50, signal_q=1e-9, watch_q=1e-9)
    world = make_world([20] * 6)
    weak = candidates(["0-0", "2-0", "4-0", "4-1", "5-0", "5-1"])
    assert run(world, of_candidates=weak, config=strict)["strength"][0] == "watch"
    assert run(world, of_candidates=weak, config=stricter)["strength"][0] == "candidate"


def test_same_seed_same_table_and_members_make_the_id(make_world):
    world = make_world([20] * 6)
    first = run(world, of_candidates=candidates(EVEN, RISING))
    again = run(world, of_candidates=candidates(RISING[::-1], EVEN))
    assert first["signal_id"].tolist() == again["signal_id"].tolist()
    pd.testing.assert_frame_equal(first, run(world, of_candidates=candidates(EVEN, RISING)))


def test_progress_reaches_its_total(make_world):
    seen = []
    tables = (with_topics((), candidates(RISING)), empty("report_themes"))
    given: Any = (*make_world([20] * 6), *tables, CONFIG)
    find_signals(*given, seed=0, progress=lambda *step: seen.append(step))
    assert seen[-1] == (50, 50)


@pytest.mark.parametrize(
    ("counts", "status"),
    [
        pytest.param([0, 0, 1, 1, 3, 5], "emerging", id="from nothing"),
        pytest.param([0, 1, 1, 2, 3, 4], "emerging", id="from one"),
        pytest.param([3, 4, 5, 7, 9, 12], "growing", id="from some"),
        pytest.param([6, 4, 3, 1, 1, 0], "fading", id="towards none"),
        pytest.param([3, 2, 3, 3, 2, 3], "steady", id="no change"),
        pytest.param([1, 0, 2, 0, 1, 2], "steady", id="a rise chance would make"),
        pytest.param([0, 0, 3, 0, 0, 0], "one-off", id="one burst"),
        pytest.param([0, 0, 5, 1, 0, 0], "one-off", id="a burst and one more"),
        pytest.param([2, 2, 9, 2, 2, 2], "steady", id="a peak of half"),
        pytest.param([0, 0, 1, 1, 0, 3], "unclear", id="four times as much, perhaps by chance"),
        pytest.param([2, 1, 1, 0, 0, 1], "unclear", id="a quarter, perhaps by chance"),
        pytest.param([0, 1, 0, 4, 0, 9], "emerging", id="a rise in one season"),
        pytest.param([0, 0, 0, 0, 0, 4], "emerging", id="a burst now"),
        pytest.param([3, 0, 3, 0, 3, 0], "seasonal", id="the first halves"),
        pytest.param([0, 3, 0, 4, 0, 3], "seasonal", id="the second halves, now too"),
        pytest.param([0, 0, 0, 1, 0, 1], "too-few", id="two reports"),
        pytest.param([0, 0, 0, 0, 0, 0], "too-few", id="none"),
    ],
)
def test_a_status_is_the_shape_of_the_history(counts, status):
    sizes = [40] * 6
    window = Window(np.array(sizes), plain_test(sizes), seasonal_test(sizes, HALF_YEARS[:6]))
    assert statuses(np.array([counts]), window, alpha=0.05, min_reports=3) == [status]


def test_a_burst_is_weighed_against_all_the_periods_it_might_have_been_in():
    sizes = [40] * 6  # three of four in one given period: p = .016; in any of the six: .097
    window = Window(np.array(sizes), plain_test(sizes), None)
    assert statuses(np.array([[0, 0, 3, 1, 0, 0]]), window, alpha=0.05, min_reports=3) == [
        "unclear"
    ]
    assert statuses(np.array([[0, 0, 3, 1, 0, 0]]), window, alpha=0.1, min_reports=3) == ["one-off"]


def test_one_period_makes_no_season_even_where_it_is_nearly_all_of_it():
    sizes = [4, 86, 132, 87, 4, 87]  # four of four: p = .03 in the season, .07 as a burst
    window = Window(np.array(sizes), plain_test(sizes), seasonal_test(sizes, HALF_YEARS[:6]))
    once, twice = np.array([[0, 0, 4, 0, 0, 0]]), np.array([[1, 0, 3, 0, 0, 0]])
    assert statuses(once, window, alpha=0.05, min_reports=3) == ["unclear"]
    assert statuses(twice, window, alpha=0.05, min_reports=3) == ["seasonal"]


def test_nothing_is_said_of_groups_no_history_of_which_could_pass():
    sizes = [40, 40]
    window = Window(np.array(sizes), plain_test(sizes), None)
    named = statuses(np.array([[0, 4], [0, 5]]), window, alpha=0.05, min_reports=3)
    assert named == ["too-few", "emerging"]


def test_a_signal_is_never_steady_or_too_little_known(make_world):
    strict = DetectConfig(n_shuffles=50, alpha=1e-9)  # no test of its own passes this level
    new = [f"5-{i}" for i in range(8)]
    old = [*(f"{n}-{i}" for n in range(3) for i in range(10, 12)),
           *(f"{n}-{i}" for n in (4, 5) for i in range(10, 18))]  # fmt: skip
    tables = (with_topics((), candidates(new, old)), empty("report_themes"))
    given: Any = (*make_world([20] * 6), *tables, strict)
    found = find_signals(*given, seed=0, progress=silent)
    listed = found[found["strength"] == "signal"].set_index("candidate_id")
    assert listed["status"].to_dict() == {"C-0": "emerging", "C-1": "growing"}


def test_no_listed_group_is_steady_and_a_range_of_q_is_told(make_world):
    rng = np.random.default_rng(4)
    groups = [
        [f"{p}-{j}" for p in range(6) for j in rng.choice(20, 2, replace=False)] for _ in range(8)
    ]
    groups = [[*group, "5-0", "5-1"] for group in groups]
    tables = (with_topics((), candidates(*groups)), empty("report_themes"))
    loose = DetectConfig(n_shuffles=50, max_overlap=0.9, watch_q=0.999999)
    given: Any = (*make_world([20] * 6), *tables, loose)
    found = find_signals(*given, seed=0, progress=silent)
    listed = found[found["rank"].notna()]
    assert len(listed)
    assert "steady" not in set(listed["status"])
    watched = listed[listed["strength"] == "watch"]
    assert set(watched["status"]) <= {"perhaps-growing", "growing", "emerging"}
    assert (listed["q_low"] <= listed["q_value"]).all()
    assert (listed["q_value"] <= listed["q_high"]).all()
    assert (listed["p_max"] >= listed["q_value"]).all()
    assert (listed["p_max"] > listed["q_value"]).any()
    assert found.loc[found["rank"].isna(), ["q_low", "q_high"]].isna().all(axis=None)
    none = DetectConfig(n_shuffles=50, max_overlap=0.9, watch_q=1e-9, signal_q=1e-9)
    given = (*make_world([20] * 6), *tables, none)
    again = find_signals(*given, seed=0, progress=silent)
    assert "steady" not in set(again.loc[again["rank"].notna(), "status"])


def test_only_a_listed_group_is_not_called_steady(make_world):
    rng = np.random.default_rng(4)
    groups = [
        [f"{p}-{j}" for p in range(6) for j in rng.choice(20, 3, replace=False)] for _ in range(8)
    ]
    tables = (with_topics((), candidates(*groups)), empty("report_themes"))
    given: Any = (*make_world([20] * 6), *tables, DetectConfig(n_shuffles=50, n_listed=1))
    found = find_signals(*given, seed=0, progress=silent)
    assert set(found.loc[found["rank"].isna(), "status"]) == {"steady"}
