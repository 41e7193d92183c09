"""The table of contents holds: order, names, tables, needs and the gate around raw data."""

import ast
import inspect
from dataclasses import fields
from pathlib import Path
from typing import get_type_hints

import pytest

from pipeline.needs import NEEDS
from pipeline.stages import STAGES
from pipeline.tables import TABLES

NAMES = [stage.name for stage in STAGES]
SAFE_STAGES = NAMES[2:]


def test_the_stages_are_the_ten_in_order():
    assert NAMES == [
        "ingest", "pseudonymise", "segment", "lemmatise", "embed",
        "cluster", "review", "assign", "detect", "report",
    ]  # fmt: skip


def test_each_stage_reads_only_what_an_earlier_one_makes():
    made: set[str] = set()
    for stage in STAGES:
        assert set(stage.reads) <= made, stage.name
        made |= set(stage.makes)
    assert made == set(TABLES)


@pytest.mark.parametrize("stage", STAGES, ids=NAMES)
def test_a_stage_lives_in_the_module_of_its_name(stage):
    functions = [step.function for step in stage.steps]
    main = next(f for f in functions if f.__name__ == stage.name)
    assert main.__module__ == f"pipeline.{stage.name}.{stage.name}"
    assert all(f.__module__.startswith(f"pipeline.{stage.name}.") for f in functions)


@pytest.mark.parametrize("stage", STAGES, ids=NAMES)
def test_a_step_takes_what_the_table_of_contents_says(stage):
    for step in stage.steps:
        parameters = inspect.signature(step.function).parameters
        by_position = [n for n, p in parameters.items() if p.kind == p.POSITIONAL_OR_KEYWORD]
        by_keyword = {n for n, p in parameters.items() if p.kind == p.KEYWORD_ONLY}
        if step.over == "files":
            assert by_position == ["tables", "config", "context"]
            for name, bundle, wanted in (
                ("tables", step.tables, step.reads),
                ("context", step.context, step.needs),
            ):
                assert get_type_hints(step.function)[name] is bundle
                assert tuple(field.name for field in fields(bundle)) == wanted
            continue
        files = ["files"] if "files" in step.needs else []
        assert by_position == [*files, *step.reads, "config"], step.function
        fitted = {"fitted"} & by_keyword
        assert by_keyword - fitted == set(step.needs) - set(files), step.function


def test_every_need_is_known():
    wanted = {need for stage in STAGES for need in stage.needs}
    assert wanted - {"progress"} == set(NEEDS)


def test_only_ingest_and_pseudonymise_touch_raw_tables_and_inputs():
    for stage in STAGES:
        touches = any(TABLES[name].is_raw for name in (*stage.reads, *stage.makes))
        assert touches == (stage.name in ("ingest", "pseudonymise"))
        assert ("files" in stage.needs) == (stage.name == "ingest")
        assert ("secret" in stage.needs) == (stage.name in ("ingest", "pseudonymise"))


@pytest.mark.parametrize("name", SAFE_STAGES)
def test_the_code_of_a_safe_stage_opens_no_raw_data_and_no_answer_key(name):
    for path in Path(inspect.getfile(STAGES[NAMES.index(name)].steps[0].function)).parent.glob(
        "*.py"
    ):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        words = {
            n.value
            for n in ast.walk(tree)
            if isinstance(n, ast.Constant) and isinstance(n.value, str) and " " not in n.value
        }
        names = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
        assert not {w for w in words if w.startswith(("raw_", "raw/", "gold"))}, path
        assert "raw" not in names, path


def test_nothing_in_the_package_names_the_answer_key():
    package = Path(inspect.getfile(STAGES[0].steps[0].function)).parents[1]
    for path in package.rglob("*.py"):
        assert "gold_" not in path.read_text(encoding="utf-8"), path
