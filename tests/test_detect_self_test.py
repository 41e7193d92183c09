"""The list is tested against shuffles of its own periods, other seeds and earlier periods."""

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.detect.backtest import Sighting, backtest
from pipeline.detect.calibrate import ListRules
from pipeline.detect.histories import GroupTables, read_histories
from pipeline.detect.list_recipe import as_of
from pipeline.detect.self_test import false_alarms, least_q_values, recurrence
from pipeline.figures.corrections import q_values

RULES = ListRules(8, 0.34, 1, 3)
PERIODS = pd.DataFrame(
    {
        "period": ["2022H1", "2022H2", "2023H1", "2023H2"],
        "start": [dt.date(y, m, 1) for y in (2022, 2023) for m in (1, 7)],
        "end": [dt.date(2022, 6, 30)] * 4,
        "n_reports": [20] * 4,
    }
)


def silent(done, total):
    pass


@pytest.fixture
def reports(make_reports):
    return make_reports(
        *(
            {"report_id": f"{i}-{j}", "period": period}
            for i, period in enumerate(PERIODS["period"])
            for j in range(20)
        )
    )


def candidates(*groups):
    rows = [
        {"candidate_id": f"C-{n}", "report_ids": list(ids), "separation": 0.5, "topic_id": None}
        for n, ids in enumerate(groups)
    ]
    terms: list[Any] = [[] for _ in rows]
    return pd.DataFrame(rows).assign(label="x", terms=terms)


def histories(reports, *groups, periods=PERIODS):
    return read_histories(periods, reports, GroupTables.without_topics(candidates(*groups)))


def random_groups(reports, n_groups):
    rng = np.random.default_rng(5)
    ids = reports["report_id"].to_numpy()
    return [rng.choice(ids, rng.integers(4, 10), replace=False) for _ in range(n_groups)]


def test_shuffled_periods_alarm_about_as_often_as_promised(reports):
    found = histories(reports, *random_groups(reports, 40))
    alarms = false_alarms(
        found, RULES, 0.2, n_shuffles=300, rng=np.random.default_rng(1), progress=silent
    )
    assert alarms
    assert alarms.low <= 0.2
    assert 0.05 <= alarms.rate <= alarms.high
    assert alarms.n_alarms == round(alarms.rate * 300)
    assert 0 < alarms.mean_listed <= 8


def test_a_self_test_counts_its_shuffles_and_repeats_itself(reports):
    found = histories(reports, *random_groups(reports, 12))
    seen = []
    one, two = (
        false_alarms(
            found,
            RULES,
            0.2,
            n_shuffles=20,
            rng=np.random.default_rng(1),
            progress=lambda done, total: seen.append((done, total)),
        )
        for _ in range(2)
    )
    assert one == two
    assert seen[:20] == [(n, 20) for n in range(1, 21)]


def test_nothing_is_tested_within_one_period(reports):
    found = histories(reports, ["0-1", "0-2", "0-3", "0-4"], periods=PERIODS[:1])
    rng = np.random.default_rng(1)
    assert false_alarms(found, RULES, 0.1, n_shuffles=9, rng=rng, progress=silent) is None


def test_each_shuffle_is_judged_as_the_real_list_would_be_by_the_others():
    rng = np.random.default_rng(2)
    lists = [np.sort(rng.exponential(size=rng.integers(0, 9)))[::-1] for _ in range(30)]
    for number, least in enumerate(least_q_values(lists)):
        others = lists[:number] + lists[number + 1 :]
        assert least == pytest.approx(q_values(lists[number], others).min(initial=1))


def test_recurrence_counts_lists_and_needs_half_of_the_reports():
    today = [frozenset("abcd"), frozenset("wxyz")]
    others = [[frozenset("abc"), frozenset("abcde")], [frozenset("wa")], []]
    assert recurrence(today, others) == [1, 0]


def text_tables(reports):
    ids = reports["report_id"].tolist()
    segments = pd.DataFrame({"segment_id": [f"{r}/observation/001" for r in ids], "report_id": ids})
    return {
        "periods": PERIODS,
        "reports": reports,
        "segments": segments,
        "tokens": pd.DataFrame({"segment_id": segments["segment_id"]}),
        "embeddings": pd.DataFrame({"segment_id": segments["segment_id"]}),
        "report_embeddings": pd.DataFrame({"report_id": ids}),
        "report_themes": pd.DataFrame({"report_id": ids}),
    }


def test_the_tables_of_an_earlier_period_hold_nothing_later(reports):
    then = as_of(text_tables(reports), 2)
    assert then["periods"]["period"].tolist() == ["2022H1", "2022H2"]
    assert {name: len(frame) for name, frame in then.items() if name != "periods"} == dict.fromkeys(
        ("reports", "segments", "tokens", "embeddings", "report_embeddings", "report_themes"), 40
    )
    assert then["segments"]["report_id"].str[0].isin(["0", "1"]).all()


class Lists:
    """Makes given lists in turn, and remembers what it was given."""

    def __init__(self, *lists):
        self.lists = list(lists)
        self.periods = []

    def signals(self, tables, seed, progress):
        self.periods.append(tables["periods"]["period"].iloc[-1])
        progress(1, 1)
        return self.lists.pop(0)


def listed(*groups, strength="watch"):
    rows = [{"rank": n, "strength": strength, "report_ids": ids} for n, ids in enumerate(groups, 1)]
    return pd.DataFrame(rows)


def test_a_backtest_finds_todays_group_in_earlier_lists_from_the_second_period(reports):
    today = listed(["1-1", "2-1", "2-2", "3-1", "3-2"])
    earlier: Any = Lists(
        listed(["0-1", "0-2", "1-1", "1-9"]),
        listed(["0-5", "0-6", "1-5"], ["1-1", "2-1", "2-2", "2-9"]),
    )
    seen = []
    periods, sightings = backtest(
        text_tables(reports), today, earlier, seed=0, progress=lambda *step: seen.append(step)
    )
    assert periods == earlier.periods == ["2022H2", "2023H1"]
    assert sightings == [[None, Sighting(2, "watch", 4)]]
    assert seen[-1] == (2000, 2000)
