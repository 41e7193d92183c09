"""Reports of one writer in one period move together when the periods are shuffled."""

from collections import Counter
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.detect.calibrate import Ranker
from pipeline.detect.detect import DetectConfig, find_signals
from pipeline.detect.exchange import Blocks, block_reports, writers
from pipeline.detect.histories import GroupTables, read_histories
from pipeline.detect.rises import chances
from pipeline.detect.self_test import false_alarms
from pipeline.detect.status import Window
from pipeline.detect.trend import plain_test
from pipeline.frames import empty

from test_detect_self_test import PERIODS, RULES, candidates, silent  # isort: skip

written = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["", "a", "b", "c"])), min_size=1)


@settings(max_examples=60, deadline=None)
@given(written, st.integers(0, 2**32 - 1))
def test_a_shuffle_keeps_blocks_whole_and_periods_as_large(rows, seed):
    periods = np.array([period for period, _ in rows])
    blocks = block_reports(periods, [name for _, name in rows])
    shuffled = blocks.shuffled(np.random.default_rng(seed))
    assert Counter(shuffled.tolist()) == Counter(periods.tolist())
    for block in range(blocks.of_report.max() + 1):
        assert len(set(shuffled[blocks.of_report == block].tolist())) == 1


@given(written)
def test_a_block_is_one_writer_in_one_period(rows):
    periods = np.array([period for period, _ in rows])
    of_report = block_reports(periods, [name for _, name in rows]).of_report
    for one, first in zip(rows, of_report, strict=True):
        together = {other for other, second in zip(rows, of_report, strict=True) if first == second}
        assert together == {one}
    n_alone = sum(not name for _, name in rows)
    n_named = len({row for row in rows if row[1]})
    assert len(set(of_report.tolist())) == n_alone + n_named


def test_without_writers_a_shuffle_is_the_plain_one():
    periods = np.repeat(np.arange(4), 5)
    free = block_reports(periods, [""] * 20)
    plain = np.random.default_rng(3).permutation(periods)
    np.testing.assert_array_equal(free.shuffled(np.random.default_rng(3)), plain)


def test_blocks_are_laid_out_as_random_orders_that_fit_the_periods():
    periods = np.array([0, 0, 0, 0, 1, 1, 1])
    names = ["a", "a", "a", "", "b", "b", ""]
    blocks = block_reports(periods, names)
    sizes = blocks.sizes.tolist()
    expected: Counter[frozenset[int]] = Counter()
    for order in permutations(range(len(sizes))):
        ends = np.cumsum([sizes[block] for block in order]).tolist()
        if 4 in ends:
            expected[frozenset(order[: ends.index(4) + 1])] += 1
    rng = np.random.default_rng(0)
    seen: Counter[frozenset[int]] = Counter()
    for _ in range(4000):
        drawn = blocks.shuffled(rng)
        seen[frozenset(blocks.of_report[drawn == 0].tolist())] += 1
    assert set(seen) == set(expected)
    for layout, n in expected.items():
        assert seen[layout] / 4000 == pytest.approx(n / expected.total(), abs=0.035)


def test_a_block_that_fits_nowhere_else_stays():
    blocks = Blocks(np.array([0, 0, 0, 1, 1]), np.array([0, 0, 0, 1, 1]))
    rng = np.random.default_rng(0)
    assert all(blocks.shuffled(rng).tolist() == [0, 0, 0, 1, 1] for _ in range(9))


@pytest.mark.parametrize(
    ("exchange", "names"),
    [
        pytest.param("report", ["", "", "", ""], id="each alone"),
        pytest.param("reporter", ["reporter K", "", "reporter K", ""], id="by reporter"),
        pytest.param("unit", ["unit Y", "unit K", "reporter K", ""], id="by unit, then reporter"),
    ],
)
def test_writers_are_named_as_the_setting_says(make_reports, exchange, names):
    reports = make_reports(
        {"reporter_id": "K", "unit": "Y"},
        {"reporter_id": "", "unit": "K"},
        {"reporter_id": "K", "unit": ""},
        {},
    )
    assert writers(reports, exchange) == names


BURST = [f"3-{j}" for j in range(5)]
SPREAD = ["1-7", "2-7", "2-8", "3-7", "3-8", "3-9", "3-10"]


@pytest.fixture
def reports(make_reports):
    """Four periods of 20 reports; one person writes 3-0 to 3-4, and pairs write some others."""
    rows = []
    for i, period in enumerate(PERIODS["period"]):
        for j in range(20):
            who = "K-burst" if i == 3 and j < 5 else f"K-{j // 2}" if j >= 14 else ""
            rows.append({"report_id": f"{i}-{j}", "period": period, "reporter_id": who})
    return make_reports(*rows)


def listed(reports, exchange):
    config = DetectConfig(n_shuffles=200, exchange=exchange)
    groups = GroupTables.without_topics(candidates(BURST, SPREAD))
    rest = (groups, empty("report_themes"), config)
    signals = find_signals(PERIODS, reports, *rest, seed=1, progress=silent)
    return signals.set_index(signals["report_ids"].map(lambda ids: "3-0" in ids)).loc


def test_five_reports_of_one_writer_are_no_signal_and_of_five_writers_they_are(reports):
    alone, together = listed(reports, "report")[True], listed(reports, "reporter")[True]
    assert (alone["strength"], alone["status"]) == ("signal", "emerging")
    assert (together["strength"], together["status"]) == ("watch", "perhaps-growing")
    assert alone["p_value"] < 0.03 < 0.1 < together["p_value"]


def test_the_list_is_calibrated_on_shuffles_of_blocks(reports, monkeypatch):
    ranked = []
    rank = Ranker.rank

    def watched(self, periods):
        ranked.append(periods)
        return rank(self, periods)

    monkeypatch.setattr(Ranker, "rank", watched)
    listed(reports, "reporter")
    rows = reports["report_id"].isin(BURST).to_numpy()
    assert len(ranked) > 200
    assert all(len(set(periods[rows].tolist())) == 1 for periods in ranked)


def test_a_rise_over_many_writers_stays_a_signal(reports):
    assert listed(reports, "reporter")[False]["strength"] == "signal"


def test_a_p_by_shuffles_is_near_the_exact_one_when_blocks_say_nothing():
    rng = np.random.default_rng(4)
    periods = np.repeat(np.arange(4), 30)
    pairs = [f"w{i // 2}" if i % 10 < 2 else "" for i in range(120)]
    window = Window(np.array([30] * 4), plain_test([30] * 4), None)
    rows = [sorted(rng.choice(120, 9, replace=False).tolist()) for _ in range(12)]
    exact = chances(rows, block_reports(periods, [""] * 120), window, 1, 0)
    shuffled = chances(rows, block_reports(periods, pairs), window, 1500, 0)
    np.testing.assert_allclose(shuffled.rise, exact.rise, atol=0.08)
    np.testing.assert_allclose(shuffled.fall, exact.fall, atol=0.08)


def test_a_p_by_shuffles_is_never_nought():
    window = Window(np.array([12, 12]), plain_test([12, 12]), None)
    blocks = block_reports(np.repeat([0, 1], 12), ["", *["a"] * 2, *[""] * 21])
    found = chances([list(range(12, 24)), list(range(12))], blocks, window, 9, 0)
    assert found.rise[0] == found.fall[1] == 0.1


def test_the_self_test_shuffles_blocks_too(reports):
    groups = GroupTables.without_topics(candidates(BURST, SPREAD))
    found = read_histories(PERIODS, reports, groups, "reporter")
    lists = []

    class Watched:
        def rank(self, periods):
            lists.append(periods)
            return np.zeros(0, dtype=np.int64), np.ones(1)

    object.__setattr__(found, "ranker", lambda rules: Watched())
    false_alarms(found, RULES, 0.1, n_shuffles=20, rng=np.random.default_rng(0), progress=silent)
    rows = [found.counted.row_of[report_id] for report_id in BURST]
    assert all(len(set(periods[rows].tolist())) == 1 for periods in lists)
