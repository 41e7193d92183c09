"""Counting distinct reports, their intervals and their differences from before."""

import numpy as np
import pandas as pd
import pytest

from pipeline.report.catalogue import load_catalogue
from pipeline.report.counts import compare, count, effect_of_writers, memberships


def members(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["value", "report_id", "period"])


@pytest.mark.parametrize(
    ("n", "size", "text"),
    [
        pytest.param(31, 40, "77,5 %", id="half stays"),
        pytest.param(4, 40, "10 %", id="whole has no decimal"),
        pytest.param(5, 40, "12,5 %", id="published eighth"),
        pytest.param(1, 3, "33,3 %", id="third"),
        pytest.param(2, 3, "66,7 %", id="two thirds round up"),
        pytest.param(1, 16, "6,3 %", id="6.25 rounds half up"),
        pytest.param(3, 16, "18,8 %", id="18.75 rounds half up"),
        pytest.param(1, 2000, "0,1 %", id="0.05 rounds half up"),
        pytest.param(41, 41, "100 %", id="all"),
        pytest.param(0, 40, "0 %", id="none"),
        pytest.param(0, 0, "–", id="no reports"),
    ],
)
def test_percent_has_one_decimal_only_where_it_is_not_whole(n: int, size: int, text: str) -> None:
    assert load_catalogue("fi").percent(n, size) == text.replace(" ", "\N{NO-BREAK SPACE}")


def test_numbers_are_grouped_and_signs_stay_on_their_line() -> None:
    assert load_catalogue("fi").whole(1234567) == "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567"
    assert load_catalogue("fi").interval(0.0, 0.125) == "0–13\N{NO-BREAK SPACE}%"


def test_a_report_with_two_values_counts_under_both_and_once_under_each() -> None:
    reports = pd.DataFrame(
        {"report_id": ["a", "b"], "period": "P1", "area": [["x", "y", "x"], ["x"]]}
    )
    counts = count(memberships(reports, "area"), {"P1": 2})
    assert dict(zip(counts["value"], counts["n"], strict=True)) == {"x": 2, "y": 1}


def test_a_value_said_twice_is_one_row_and_a_row_said_twice_is_one_report() -> None:
    reports = pd.DataFrame({"report_id": ["a"], "period": "P1", "area": [["x", "y", "x"]]})
    found = memberships(reports, "area")
    assert list(found["value"]) == ["x", "y"]
    twice = pd.concat([found, found])
    assert count(twice, {"P1": 1})["n"].tolist() == [1, 1]


def test_a_report_without_a_value_is_counted_as_such() -> None:
    reports = pd.DataFrame({"report_id": ["a", "b"], "period": "P1", "valence": ["", "neutraali"]})
    found = memberships(reports, "valence")
    assert list(found["value"]) == ["", "neutraali"]


def test_every_value_has_a_row_in_every_period() -> None:
    counts = count(members(("x", "a", "P1")), {"P1": 1, "P2": 3}, ("x", "y"))
    rows = set(
        zip(counts["value"], counts["period"], counts["n"], counts["n_reports"], strict=True)
    )
    assert rows == {("x", "P1", 1, 1), ("x", "P2", 0, 3), ("y", "P1", 0, 1), ("y", "P2", 0, 3)}


def test_a_period_without_reports_has_no_share_and_the_widest_interval() -> None:
    row = count(members(), {"P1": 0}, ("x",)).iloc[0]
    assert np.isnan(row["share"])
    assert (row["ci_low"], row["ci_high"]) == (0.0, 1.0)


def test_the_past_is_pooled_and_the_largest_comes_first() -> None:
    found = members(
        *(("x", f"old-{i}", "P1") for i in range(3)),
        *(("x", f"mid-{i}", "P2") for i in range(2)),
        ("x", "new-0", "P3"),
        *(("y", f"new-{i}", "P3") for i in range(2)),
    )
    table = compare(count(found, {"P1": 10, "P2": 10, "P3": 4}), "P3").set_index("value")
    assert list(table.index) == ["y", "x"]
    assert list(table.loc["x", ["n", "n_before", "n_reports_before"]]) == [1, 5, 20]
    assert table.loc["x", "share_before"] == 0.25


def test_three_of_forty_against_none_of_two_hundred_differs() -> None:
    found = members(*(("x", f"new-{i}", "P2") for i in range(3)))
    table = compare(count(found, {"P1": 200, "P2": 40}), "P2")
    assert table["p_adjusted"].iloc[0] == pytest.approx(0.0043, abs=2e-4)


def test_a_change_made_by_few_reporters_counts_as_the_reports_they_are_worth() -> None:
    found = members(*(("x", f"new-{i}", "P2") for i in range(6)))
    counts = count(found, {"P1": 200, "P2": 40})
    p_values = [compare(counts, "P2", effect)["p_adjusted"].iloc[0] for effect in (1.0, 2.0, 6.0)]
    assert p_values == sorted(p_values)
    assert p_values[0] < 0.001 < p_values[1] < 0.05 < p_values[2]


def test_the_same_difference_among_many_rows_does_not() -> None:
    found = members(*(("x", f"new-{i}", "P2") for i in range(3)))
    others = tuple(f"y{i}" for i in range(17))
    table = compare(count(found, {"P1": 200, "P2": 40}, others), "P2").set_index("value")
    assert table["p_adjusted"]["x"] > 0.05


def test_nothing_is_said_of_change_without_a_past() -> None:
    table = compare(count(members(("x", "a", "P1")), {"P1": 1}), "P1")
    assert table["p_adjusted"].isna().all()
    assert table["share_before"].isna().all()


def test_a_table_without_rows_has_no_effect_of_writers() -> None:
    reports = pd.DataFrame({"report_id": ["a"], "period": ["2024H2"], "reporter_id": ["W1"]})
    assert effect_of_writers(members(), reports) == 1.0
