"""Each form of the report is a step: written anew only when what it says has changed."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.artifacts import Store
from pipeline.config import load_settings
from pipeline.fitted_files import load_fitted, only_fields
from pipeline.needs import Supply
from pipeline.recipes import is_current
from pipeline.report.facts.report_facts import ReportFacts, fields_but
from pipeline.report.report import ReportContext, ReportTables, gather_report
from pipeline.run import Plan, Silence, run
from pipeline.stages import STAGES, TOLD_FROM
from pipeline.step_run import StepRun
from pipeline.study import Study

REPORT = STAGES[-1]


def go(study: Study, *overrides: str) -> str:
    """Run a study and return the state of its report."""
    outcomes = run(study, load_settings(study.settings_file, overrides), Plan(), Silence())
    return outcomes[-1].state


def written(study: Study) -> dict[str, int]:
    """Return when each file of the report was written."""
    return {path.name: path.stat().st_mtime_ns for path in study.report.iterdir()}


def made(study: Study, *steps: str) -> list[str]:
    """Return the manifests of some steps as they stand."""
    return [Store(study).manifest_path(step).read_text(encoding="utf-8") for step in steps]


def test_what_is_kept_of_the_facts_is_what_was_gathered(finished_copy: Study) -> None:
    store = Store(finished_copy)
    supply = Supply(store, load_settings(finished_copy.settings_file))
    tables = ReportTables(*map(store.read, REPORT.steps[0].tables))
    needs: tuple[Any, ...] = TOLD_FROM
    context = ReportContext(**{need.name: supply.value(need) for need in needs})
    told = gather_report(tables, supply.settings.report, context=context)
    kept = load_fitted(store.fitted_path("gather_report"), ReportFacts)
    supply.close()
    for name in fields_but("findings", "held_identity"):  # the run has written findings since
        one, other = getattr(kept, name), getattr(told, name)
        assert one == other or repr(one) == repr(other), name  # no share is equal to itself
    assert kept.findings.parts == told.findings.parts


def test_a_form_is_given_the_facts_it_names_and_no_others(finished_study: Study) -> None:
    kept = load_fitted(Store(finished_study).fitted_path("gather_report"), ReportFacts)
    some = only_fields(kept, ("front",))
    assert some.front == kept.front
    with pytest.raises(AttributeError):
        _ = some.signals


def test_another_audience_adds_its_files_and_touches_no_other(finished_copy: Study) -> None:
    before, facts = written(finished_copy), made(finished_copy, "gather_report")
    assert go(finished_copy, 'report.audiences=["internal", "units"]') == "ran"
    after = written(finished_copy)
    assert after.keys() - before.keys() == {"units.html", "units.docx"}
    assert {name: after[name] for name in before} == before
    assert made(finished_copy, "gather_report") == facts
    assert set(json.loads(made(finished_copy, "report")[0])["output"]) == set(after)
    assert go(finished_copy) == "ran"
    assert written(finished_copy) == before


def test_an_edited_finding_leaves_the_methods_and_the_workbook_as_they_are(
    finished_copy: Study,
) -> None:
    before = written(finished_copy)
    path = finished_copy.human / "findings.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n- Oma havainto, jonka ihminen kirjoitti.\n", encoding="utf-8")
    assert go(finished_copy) == "ran"
    after = written(finished_copy)
    anew = {name for name in before if after[name] != before[name]}
    assert "report.html" in anew
    assert not anew & {"methods.md", "tables.xlsx"}


def test_a_run_killed_between_two_forms_writes_the_rest(
    finished_copy: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = StepRun._put_files
    done: list[str] = []

    def die_at_the_third(self: StepRun, *given: object) -> None:
        if len(done) == 2:
            raise KeyboardInterrupt
        put(self, *given)  # type: ignore[arg-type]
        done.append("one")

    settings = load_settings(finished_copy.settings_file, ['report.title="Toinen nimi"'])
    with monkeypatch.context() as patch:
        patch.setattr(StepRun, "_put_files", die_at_the_third)
        with pytest.raises(KeyboardInterrupt):
            run(finished_copy, settings, Plan(), Silence())
    store = Store(finished_copy)
    assert store.manifest("report") is None
    page, deck = written(finished_copy)["report.html"], written(finished_copy)["deck.pptx"]
    assert go(finished_copy, 'report.title="Toinen nimi"') == "ran"
    after = written(finished_copy)
    assert (after["report.html"], after["deck.pptx"]) == (page, deck)
    supply = Supply(store, settings)
    assert is_current(REPORT, supply)
    supply.close()


def test_areas_that_are_wide_change_no_calibration(finished_copy: Study) -> None:
    calibrated, signals = made(finished_copy, "calibrate", "signals")
    go(finished_copy, 'detect.wide_areas=["koko "]')
    assert made(finished_copy, "calibrate") == [calibrated]
    assert made(finished_copy, "signals") != [signals]


def test_every_form_names_facts_that_there_are() -> None:
    with pytest.raises(KeyError):
        fields_but("nothing")
    assert Path("report.html").name not in fields_but()
