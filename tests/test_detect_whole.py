"""From form exports to histories: what is no new report is in no count, whatever the periods."""

from datetime import date

import pytest
from small_export import QUICK, rows, small_study, write_export
from typer.testing import CliRunner

from pipeline.artifacts import Store
from pipeline.cli import app
from pipeline.config import load_settings
from pipeline.frames import each_row
from pipeline.run import Plan, Silence, run

OWN = f"""{QUICK}
[ingest]
period = "own"
[ingest.period_starts]
"kevät 2023" = 2023-01-15
"syksy 2023" = 2023-08-01
"talvi 2024" = 2024-02-10
"syksy 2024" = 2024-06-20
"""


def made(folder, reports, settings=""):
    study = small_study(folder)
    write_export(study.inputs / "raportit.csv", reports)
    if settings:
        study.settings_file.write_text(settings, encoding="utf-8")
    run(study, load_settings(study.settings_file, ()), Plan(last="detect"), Silence())
    return study


def dated(reports, days):
    """Give reports days in turn."""
    return [
        {**row, "date": days[i % len(days)].strftime("%d.%m.%Y")} for i, row in enumerate(reports)
    ]


@pytest.fixture(scope="module")
def uneven(tmp_path_factory):
    """Periods of a study's own; none in one of them, a copy and a report without a date."""
    days = [date(2023, 2, 1), date(2023, 9, 1), date(2024, 12, 1), date(2024, 12, 5)]
    reports = dated(rows(), days)
    copy = {**reports[2], "report_id": "Z-KOPIO", "area": "Muualla", "client_groups": "muut"}
    undated = {**reports[3], "report_id": "PVM", "date": ""}
    undated["observation"] = "Aivan toisenlainen havainto bussien aikatauluista ja pysäkeistä."
    folder = tmp_path_factory.mktemp("whole") / "uneven"
    return made(folder, [*reports, copy, undated], OWN)


def test_periods_are_the_studys_own_with_the_empty_one_between(uneven):
    periods = Store(uneven).read("periods")
    assert periods["period"].tolist() == ["kevät 2023", "syksy 2023", "talvi 2024", "syksy 2024"]
    assert periods["n_reports"].tolist()[2] == 0


def test_counts_are_those_of_the_members_that_are_no_copies_and_have_a_date(uneven):
    store = Store(uneven)
    reports = store.read("reports").set_index("report_id")
    assert reports.loc["Z-KOPIO", "duplicate_of"] != ""
    assert reports.loc["PVM", "period"] == ""
    periods = store.read("periods")["period"].tolist()
    signals = store.read("signals")
    assert len(signals)
    for row in each_row(signals):
        members = reports.loc[row.report_ids]
        assert not {"Z-KOPIO", "PVM"} & set(row.report_ids)
        assert row.counts == [(members["period"] == period).sum() for period in periods]
        named = {area for areas in members["area"] for area in areas}
        assert row.n_areas == len(named) <= 3
        assert row.n_client_groups == len(
            {g for groups in members["client_groups"] for g in groups}
        )
        assert 0 <= row.ci_low <= row.ci_high <= 1


def test_uneven_periods_get_p_values_and_a_list(uneven):
    signals = Store(uneven).read("signals")
    assert signals["p_value"].between(0, 1).all()
    listed = signals[signals["rank"].notna()]
    assert all(row.counts[-1] >= 1 for row in each_row(listed))


@pytest.fixture(scope="module")
def first_run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "first"
    return made(folder, dated(rows(), [date(2024, 9, 1), date(2024, 11, 1)]))


def test_a_first_run_has_topics_and_claims_no_change(first_run):
    store = Store(first_run)
    assert len(store.read("topics"))
    signals = store.read("signals")
    assert set(signals["status"]) == {"too-few"}
    assert signals["rank"].isna().all()
    assert signals["p_value"].isna().all()
    assert all(row.counts == [len(row.report_ids)] for row in each_row(signals))


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ([], "A rise needs two periods with reports to compare. Got 1."),
        (["self-test"], "at least two periods"),
        (["backtest"], "at least three periods"),
    ],
)
def test_a_first_run_says_what_it_cannot_say(first_run, options, says):
    done = CliRunner().invoke(app, ["detect", *options, str(first_run.root)])
    assert says in done.output + str(done.exception)
