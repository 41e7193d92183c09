"""The table of contents holds: order, names, tables, needs and the gate around raw data."""

import ast
import inspect
import typing
from dataclasses import fields
from pathlib import Path

import pandas as pd
import pytest

from pipeline import recipes, row_parts, run, step_run
from pipeline.config import Settings
from pipeline.engine import choose, dask_cluster, inline, pool, work
from pipeline.needs import FILES, SECRET
from pipeline.review.loose_ends import loose_ends
from pipeline.stages import STAGES
from pipeline.steps import Only, Step, only
from pipeline.tables import TABLES

NAMES = [stage.name for stage in STAGES]
SAFE_STAGES = NAMES[2:]


def test_the_stages_are_the_twelve_in_order():
    assert NAMES == [
        "ingest", "pseudonymise", "segment", "lemmatise", "embed",
        "cluster", "label", "review", "assign", "detect", "name", "report",
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
    main = next((f for f in functions if f.__name__ == stage.name), functions[0])
    assert main.__module__ == f"pipeline.{stage.name}.{stage.name}"
    assert all(f.__module__.startswith(f"pipeline.{stage.name}.") for f in functions)


@pytest.mark.parametrize("stage", STAGES, ids=NAMES)
def test_a_step_takes_what_the_table_of_contents_says(stage):
    for step in stage.steps:
        parameters = inspect.signature(step.function).parameters
        by_position = [n for n, p in parameters.items() if p.kind == p.POSITIONAL_OR_KEYWORD]
        by_keyword = {n for n, p in parameters.items() if p.kind == p.KEYWORD_ONLY}
        needed = {need.name for need in step.needs}
        first = ["files"] if FILES in step.needs else []
        given = by_position[len(first) : len(first) + len(step.reads)]
        for name, one in zip(given, step.reads, strict=True):
            if isinstance(one, Only):
                assert one.table == name
            else:
                assert one == (name if isinstance(one, str) else annotation(step.function, name))
        tables = [*first, *given] if not first else given
        rest = {*by_position, *by_keyword} - {*tables, "config", "fitted"}
        if step.context is None:
            assert rest == needed, step.function
        else:
            assert rest == {"context"}
            assert annotation(step.function, "context") is step.context
            assert {field.name for field in fields(step.context)} == needed


def test_a_step_is_given_no_column_but_those_it_names():
    step = next(s for stage in STAGES for s in stage.steps if s.function is loose_ends)
    given = step.given_lazily(lambda name, *columns: pd.DataFrame(columns=[name, *columns]))
    assert [list(frame.columns) for frame in given] == [
        ["reports", "report_id"], ["segments", "segment_id"], ["topics", "topic_id"],
    ]  # fmt: skip
    whole = [pd.DataFrame(columns=[c.name for c in TABLES[t].columns]) for t in step.tables]
    assert [list(frame.columns) for frame in step.given(whole)] == [
        ["report_id"], ["segment_id"], ["topic_id"],
    ]  # fmt: skip


def test_a_table_read_twice_counts_with_all_columns_that_were_named():
    twice = (only("reports", "report_id"), only("reports", "area"))
    assert Step(function=loose_ends, reads=twice).columns == {"reports": ("report_id", "area")}
    assert Step(function=loose_ends, reads=(*twice, "reports")).columns == {}


def test_a_projection_names_columns_that_the_table_has():
    with pytest.raises(KeyError, match="reports has no columns"):
        only("reports", "report_id", "name_of_client")


def annotation(function, name):
    """Return the type a function says a parameter has."""
    told = inspect.signature(function).parameters[name].annotation
    return eval(told, function.__globals__) if isinstance(told, str) else told


def type_of(need):
    """Return the type a need's loader says it returns."""
    return typing.get_type_hints(inspect.unwrap(need.load))["return"]


@pytest.mark.parametrize("stage", STAGES, ids=NAMES)
def test_a_need_is_of_the_type_the_step_asks_for(stage):
    for step in stage.steps:
        for need in step.needs:
            asked = (
                annotation(step.function, need.name)
                if step.context is None
                else typing.get_type_hints(step.context)[need.name]
            )
            assert fits(type_of(need), asked), (step.function, need.name)


def fits(given, asked):
    """Tell whether a type is the one asked for, or a narrower sequence or mapping."""
    if given == asked:
        return True
    origins = [typing.get_origin(kind) for kind in (given, asked)]
    arguments = [tuple(a for a in typing.get_args(kind) if a is not ...) for kind in (given, asked)]
    return None not in origins and issubclass(*origins) and arguments[0] == arguments[1]


def test_a_step_and_a_table_have_names_of_their_own():
    names = [step.name for stage in STAGES for step in stage.steps]
    assert len(set(names)) == len(names)
    fits = {step.name for stage in STAGES for step in stage.steps if step.over == "fit"}
    assert not fits & {*TABLES, *NAMES}


def test_a_step_names_only_settings_that_its_stage_has():
    for stage in STAGES:
        section = type(getattr(Settings(), stage.name))
        for step in stage.steps:
            assert set(step.settings or ()) <= set(section.model_fields), step.name
            assert step.settings is None or step.takes("config"), step.name


def test_a_name_stands_for_one_need():
    needs = {need for stage in STAGES for need in stage.needs}
    assert len({need.name for need in needs}) == len(needs)


def test_the_runner_names_no_stage_table_or_need():
    rooms = (run, recipes, row_parts, step_run, choose, dask_cluster, inline, pool, work)
    words = {n.value for room in rooms for n in ast.walk(ast.parse(inspect.getsource(room)))
             if isinstance(n, ast.Constant)}  # fmt: skip
    needs = {need.name for stage in STAGES for need in stage.needs}
    ways = {step.over for stage in STAGES for step in stage.steps}
    assert not (words - ways) & {*NAMES, *TABLES, *needs}


def test_only_ingest_and_pseudonymise_touch_raw_tables_and_inputs():
    for stage in STAGES:
        touches = any(TABLES[name].is_raw for name in (*stage.reads, *stage.makes))
        assert touches == (stage.name in ("ingest", "pseudonymise"))
        assert touches == stage.touches_raw
        assert (FILES in stage.needs) == stage.reads_inputs == (stage.name == "ingest")
        assert (SECRET in stage.needs) == (stage.name in ("ingest", "pseudonymise"))


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
