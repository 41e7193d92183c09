"""Which reports are learnt from: all but a few of the newest periods."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.assign.coded import UNCODED
from pipeline.assign.learning_pool import draw_pool
from pipeline.teaching import MAX_NEW_SHARE, teaching_ids


def reports(**sizes: int) -> pd.DataFrame:
    """Return reports of periods, in this order; ``undated`` has none."""
    periods = [
        "" if name == "undated" else name for name, size in sizes.items() for _ in range(size)
    ]
    return pd.DataFrame({"report_id": [f"R-{i}" for i in range(len(periods))], "period": periods})


@pytest.mark.parametrize(
    ("sizes", "left_out"),
    [
        pytest.param({"a": 240, "b": 40}, set(), id="a usual half-year"),
        pytest.param({"a": 3000, "b": 40}, {"b"}, id="few among many"),
        pytest.param({"a": 3000, "b": 40, "c": 10}, {"b", "c"}, id="two new periods"),
        pytest.param({"a": 3000, "b": 60, "c": 10}, {"c"}, id="together too many"),
        pytest.param({"a": 3000, "b": 1, "c": 900}, set(), id="an old one may be small"),
        pytest.param({"a": 98, "b": 2}, set(), id="a fiftieth teaches"),
        pytest.param({"undated": 2, "a": 500, "b": 3}, {"b"}, id="undated ones first"),
        pytest.param({"a": 500, "b": 3, "undated": 2}, {"b"}, id="undated ones last"),
        pytest.param({"undated": 3}, set(), id="nothing dated"),
        pytest.param({"a": 40, "undated": 5000}, set(), id="forms beside many notes"),
        pytest.param({"a": 1}, set(), id="one report"),
        pytest.param({}, set(), id="no report"),
    ],
)
def test_the_newest_periods_teach_once_they_are_a_fiftieth(sizes, left_out):
    table = reports(**sizes)
    assert teaching_ids(table) == set(table.loc[~table["period"].isin(left_out), "report_id"])


@given(st.lists(st.integers(1, 400), max_size=6))
def test_most_reports_teach_and_the_new_ones_stand_last(sizes):
    table = reports(**{f"p{i}": size for i, size in enumerate(sizes)})
    is_new = ~table["report_id"].isin(teaching_ids(table)).to_numpy()
    assert is_new.sum() <= MAX_NEW_SHARE * len(table)
    assert not is_new[: len(table) - int(is_new.sum())].any()


def labels_of(n: int, coded: list[int]) -> np.ndarray:
    labels = np.full((n, 3), UNCODED, dtype=np.int8)
    labels[coded] = 0
    return labels


@pytest.mark.parametrize("max_reports", [1000, 50])
def test_new_reports_change_the_pool_only_once_they_are_coded(max_reports):
    old, new = np.ones(300, dtype=bool), np.zeros(4, dtype=bool)
    before = draw_pool(labels_of(300, [7, 8]), old, max_reports, seed=3)
    both = np.concatenate([old, new])
    np.testing.assert_array_equal(
        draw_pool(labels_of(304, [7, 8]), both, max_reports, seed=3), before
    )
    after = draw_pool(labels_of(304, [7, 8, 302]), both, max_reports, seed=3)
    assert {7, 8, 302} <= set(after.tolist())
    assert len(after) == min(max_reports, 301)
    assert not {300, 301, 303} & set(after.tolist())
