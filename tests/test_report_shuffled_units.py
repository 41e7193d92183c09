"""The report says when the reports of one writer moved together."""

import dataclasses
from types import SimpleNamespace

import pytest
from report_tables import PROVENANCE, small_study, write

from pipeline.report.catalogue import load_catalogue
from pipeline.report.facts.shuffled_units import exchange, has_bound_reports

SAID = load_catalogue("fi")("signals.bound")


def page_and_methods(*reporters):
    frames = small_study()
    ids = frames["reports"]["reporter_id"].tolist()
    frames["reports"]["reporter_id"] = [*reporters, *ids[len(reporters) :]]
    files = write(frames)
    return files["report.html"].decode(), files["methods.md"].decode(), frames


@pytest.mark.parametrize(
    ("reporters", "is_said"),
    [
        pytest.param(("K-1", "K-1"), True, id="two of one writer"),
        pytest.param(("K-1", "K-2"), False, id="two writers"),
        pytest.param(("", ""), False, id="unknown writers"),
    ],
)
def test_the_page_says_so_when_it_is_so(reporters, is_said):
    frames = small_study()
    others = [f"K-{i + 10}" for i in range(len(frames["reports"]) - 2)]
    page, _, _ = page_and_methods(*reporters, *others)
    assert (SAID in page) is is_said


@pytest.mark.parametrize("setting", ["report", "reporter", "unit"])
def test_the_setting_of_the_run_decides(setting):
    run = dataclasses.replace(PROVENANCE, settings={"detect": {"exchange": setting}})
    frames = small_study()
    frames["reports"]["reporter_id"] = "K-1"
    material = SimpleNamespace(
        tables=SimpleNamespace(periods=frames["periods"], reports=frames["reports"])
    )
    assert exchange(run) == setting
    assert has_bound_reports(material, run) is (setting != "report")


def test_the_methods_name_the_rule_and_its_source():
    _, methods, _ = page_and_methods()
    assert "Saman raportoijan saman jakson raportit siirtyivät sekoituksissa yhdessä" in methods
    assert methods.count("Winkler") == 2
