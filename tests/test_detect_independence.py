"""A column of writers is used only when it tells writers apart."""

import csv
from typing import Literal

import numpy as np
import pandas as pd
import pytest
from offline import havainto
from small_export import COLUMNS, rows
from typer.testing import CliRunner

from pipeline.artifacts import Store
from pipeline.cli import app
from pipeline.commands.chance_lines import reach_line, writers_line
from pipeline.config import load_settings
from pipeline.detect.detect import DetectConfig, find_signals
from pipeline.detect.exchange import block_reports
from pipeline.detect.histories import GroupTables, count_reports, read_histories
from pipeline.detect.independence import independence, judge, least_p
from pipeline.detect.reach import reachable_p
from pipeline.frames import empty
from pipeline.run import Plan, Silence, run

from test_detect_self_test import PERIODS, candidates, silent  # isort: skip

RISING = ["1-0", "2-0", "2-1", "3-0", "3-1", "3-2", "3-3"]


def reports_of(make_reports, sizes, writer, column="reporter_id"):
    return make_reports(
        *(
            {"report_id": f"{i}-{j}", "period": period, column: writer(i, j)}
            for i, (period, size) in enumerate(zip(PERIODS["period"], sizes, strict=True))
            for j in range(size)
        )
    )


def signals_of(reports, exchange="reporter"):
    config = DetectConfig(n_shuffles=100, exchange=exchange)
    groups = GroupTables.without_topics(candidates(RISING))
    rest = (groups, empty("report_themes"), config)
    return find_signals(PERIODS, reports, *rest, seed=1, progress=silent)


@pytest.mark.parametrize("sizes", [(20, 20, 20, 20), (19, 23, 20, 26)], ids=["equal", "uneven"])
@pytest.mark.parametrize("column", ["reporter_id", "unit"])
@pytest.mark.parametrize(
    ("writer", "reason"),
    [
        pytest.param(lambda i, j: "K-anonymous", "few-writers", id="one value"),
        pytest.param(lambda i, j: f"K-{j % 2}", "few-writers", id="two values"),
        pytest.param(lambda i, j: "K-a" if j % 8 else f"K-{i}{j}", "one-writer", id="a clerk"),
        pytest.param(lambda i, j: f"K-{j % 4}", "few-blocks", id="four units write all"),
    ],
)
def test_a_column_that_tells_nobody_apart_changes_nothing(
    make_reports, sizes, column, writer, reason
):
    reports = reports_of(make_reports, sizes, writer, column)
    exchange: Literal["unit", "reporter"] = "unit" if column == "unit" else "reporter"
    alone = reports.assign(**{column: ""})
    assert signals_of(reports, exchange).equals(signals_of(alone, exchange))
    found = count_reports(PERIODS, reports, exchange).independence
    assert (found.used, found.verdicts[0].reason) == ("report", reason)
    assert "each report moves alone" in writers_line(found)
    assert f"{column} is not used" in writers_line(found)


def test_blocks_that_fill_the_newest_period_in_one_way_are_not_used():
    periods = np.array([*np.repeat([0, 1, 2], 21), *[3] * 4])
    names = [f"w{i // 3}" for i in range(63)] + ["v"] * 4
    verdict = judge(periods, names, "reporter")
    assert (verdict.reason, verdict.least_p) == ("coarse", 1.0)


def test_writers_who_send_a_few_each_are_used(make_reports):
    reports = reports_of(make_reports, (20,) * 4, lambda i, j: f"K-{(i * 7 + j // 2) % 12}")
    found = count_reports(PERIODS, reports, "reporter").independence
    assert found.used == "reporter"
    assert writers_line(found) == "Chance: the reports of one reporter in one period move together"
    assert not found.blocks.is_free


def test_units_that_tell_nothing_give_way_to_reporters(make_reports):
    reports = reports_of(make_reports, (20,) * 4, lambda i, j: f"K-{(i * 7 + j // 2) % 12}")
    found = count_reports(PERIODS, reports.assign(unit="Y-1"), "unit").independence
    assert found.used == "reporter"
    assert [one.reason for one in found.verdicts] == ["few-writers", "used"]


def test_the_smallest_p_counts_the_ways_to_fill_the_newest_period(make_reports):
    periods = np.repeat([0, 1, 2], 4)
    blocks = block_reports(periods, [f"{i // 2}" for i in range(12)])
    assert least_p(blocks) == pytest.approx(1 / 15)
    reports = reports_of(make_reports, (0, 0, 2, 3), lambda i, j: "")
    found = independence(np.array([2, 2, 3, 3, 3]), reports, "reporter")
    assert found.verdicts[0].reason == "unknown"
    assert least_p(found.blocks) == pytest.approx(0.1)


@pytest.mark.parametrize(("sizes", "can"), [((0, 0, 3, 3), True), ((0, 0, 1, 6), False)])
def test_a_list_that_no_history_could_enter_is_told(make_reports, sizes, can):
    reports = reports_of(make_reports, sizes, lambda i, j: "")
    some = GroupTables.without_topics(candidates([f"3-{j}" for j in range(3)]))
    least = reachable_p(read_histories(PERIODS, reports, some))
    assert least is not None
    assert (least <= 0.1) == can
    assert (reach_line(least, 0.1) == "") == can


def test_nothing_is_reachable_without_candidates(make_reports):
    reports = reports_of(make_reports, (5,) * 4, lambda i, j: "")
    nothing = GroupTables.without_topics(empty("candidates"))
    assert reachable_p(read_histories(PERIODS, reports, nothing)) is None
    assert reach_line(None, 0.1) == ""


def test_a_form_that_says_anonymous_for_all_lists_the_same_and_status_says_why(
    finished_study, finished_copy
):
    named = [{**row, "reporter_id": "anonymous"} for row in rows()]
    export = finished_copy.inputs / "raportit.csv"
    with export.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, [*COLUMNS, "reporter_id"], delimiter=";")
        writer.writeheader()
        writer.writerows(named)
    settings = load_settings(finished_copy.settings_file, ())
    run(finished_copy, settings, Plan(last="detect"), Silence())
    assert Store(finished_copy).read("reports")["reporter_id"].nunique() == 1
    with_column, without = (
        Store(study).read("signals") for study in (finished_copy, finished_study)
    )
    assert len(without)
    assert with_column.equals(without)
    said = CliRunner().invoke(app, ["status", str(finished_copy.root)]).output
    words = " ".join(said.split())
    assert "each report moves alone. reporter_id is not used: it names 1 writer" in words


def test_members_are_told_oldest_first_whatever_the_order_of_the_table(make_reports):
    newest_first = reports_of(make_reports, [2, 2, 2, 2], lambda i, j: "")[::-1]
    counted = count_reports(PERIODS, newest_first)
    rows = counted.rows(frozenset({"3-0", "0-1", "1-0"}))
    assert [counted.report_ids[row] for row in rows] == ["0-1", "1-0", "3-0"]


def test_a_near_copy_in_a_topic_does_not_make_a_second_history_of_the_same_reports(make_reports):
    reports = make_reports(
        *({"report_id": f"r{i}", "period": period} for i, period in enumerate(PERIODS["period"])),
        {"report_id": "copy", "period": PERIODS["period"][0], "duplicate_of": "r0"},
    )
    ids = reports["report_id"].tolist()
    topics = pd.DataFrame({"topic_id": ["T-1"], "label": ["Vuokra"]})
    main = pd.DataFrame({"report_id": ids, "topic_id": "T-1", "is_main": True})
    groups = GroupTables(topics, main, candidates(ids[:-1]))
    found = read_histories(PERIODS, reports, groups)
    assert [(one.label, one.topic_id) for one in found.subjects] == [("Vuokra", "T-1")]
    assert list(found.separations) == [0]


@pytest.mark.parametrize(
    ("writers", "said"),
    [
        pytest.param(["anonymous"] * 40, "each report moves alone", id="one value"),
        pytest.param(
            [f"K-{i % 12}" for i in range(40)],
            "the reports of one reporter in one period move together",
            id="twelve writers",
        ),
        pytest.param(["K-1"] * 34 + ["K-2", "K-3", "K-4"] * 2, "one writer sent 85%", id="a clerk"),
        pytest.param([""] * 40, "reporter_id is not used: it is empty", id="not asked"),
    ],
)
def test_init_says_what_chance_will_rest_on(tmp_path, writers, said):
    path = tmp_path / "vienti.csv"
    rows = [
        f"{1 + i % 27}.{2 if i < 20 else 9}.2024;{writer};"
        f"Perhe numero {i} odottaa asuntoa ja jonottaa kaupungilla apua, koska vuokra nousi taas."
        for i, writer in enumerate(writers)
    ]
    path.write_text("date;reporter_id;observation\n" + "\n".join(rows) + "\n", encoding="utf-8")
    told = havainto("init", path, "--study", tmp_path / "s")
    assert said in told
    assert "Chance: " in told
