"""What decides a step's results: its recipe, which stands in the manifest of all that it makes.

A step is current when what it made is finished and was made by the recipe it has now. Inputs are
named by their content, so a table made anew with the same rows makes nothing after it run again.
"""

from typing import Any

from pydantic import BaseModel

from pipeline.artifacts import Manifest, code_sha256
from pipeline.errors import ArtifactError
from pipeline.needs import Supply
from pipeline.steps import Stage, Step

CHANGES_NOTHING = {"changes_nothing": True}
"""Marks a setting, as ``json_schema_extra``, that decides how fast a step is and nothing else."""


def recipe(stage: Stage, step: Step, supply: Supply) -> Manifest | None:
    """Return all that decides what a step makes.

    Parameters
    ----------
    stage : Stage
    step : Step
        One of the stage's.
    supply : Supply

    Returns
    -------
    dict or None
        None while what it takes as ``fitted`` has to be made anew: its content is not known then.

    Raises
    ------
    ArtifactError
        When a table it reads has not been made.
    """
    made = {
        "stage": stage.name,
        "step": step.name,
        "config": config_of(stage, step, supply),
        "inputs": inputs_of(stage, step, supply),
        "code": code_sha256(),
        "resources": {
            need.name: dict(supply.identity(need))
            for need in step.needs
            if need.identity is not None
        },
    }
    fit = stage.fit_before(step)
    if fit is None:
        return made
    if not step_is_current(stage, fit, supply):
        return None
    output = (supply.store.manifest(fit.name) or {})["output"]
    if step.looks_at is None:
        return made | {"fitted": {fit.name: output["sha256"]}}
    return made | {"fitted": {fit.name: {name: output["parts"][name] for name in step.looks_at}}}


def inputs_of(stage: Stage, step: Step, supply: Supply) -> dict[str, dict[str, Any]]:
    """Return the rows and the hash of each table that a step reads, or of the columns it names.

    Raises
    ------
    ArtifactError
        When one has not been made.
    """
    inputs: dict[str, dict[str, Any]] = {}
    named = step.columns
    for name in step.tables:
        manifest = supply.store.manifest(name)
        if manifest is None:
            raise ArtifactError(
                "Stage {stage} needs table {name}, which has not been made. Run: "
                "havainto run {study}",
                stage=stage.name,
                name=name,
                study=supply.study.root,
            )
        output = manifest["output"]
        inputs[name] = {"rows": output["rows"]}
        if name in named:
            held = output.get("columns", {})
            inputs[name]["columns"] = {column: held.get(column) for column in named[name]}
        else:
            inputs[name]["sha256"] = output["sha256"]
    return inputs


def section_of(stage: Stage, step: Step, supply: Supply) -> BaseModel:
    """Return the settings a step is given: those of its stage that it names."""
    section: BaseModel = getattr(supply.settings, stage.name)
    if step.settings is None:
        return section
    unknown = set(step.settings) - set(type(section).model_fields)
    if unknown:
        raise KeyError(f"{step.name} names settings that {stage.name} has not: {sorted(unknown)}")
    given = section.model_copy()
    for name in type(section).model_fields:
        if name not in step.settings:
            del given.__dict__[name]  # reading it is an error
    return given


def config_of(stage: Stage, step: Step, supply: Supply) -> dict[str, Any]:
    """Return the settings that decide what a step makes, as JSON values."""
    if not step.takes("config"):
        return {}
    section: BaseModel = getattr(supply.settings, stage.name)
    values = section.model_dump(mode="json")
    return {
        name: values[name]
        for name, field in type(section).model_fields.items()
        if (step.settings is None or name in step.settings)
        and field.json_schema_extra != CHANGES_NOTHING
    }


def is_current(stage: Stage, supply: Supply) -> bool:
    """Tell whether all that a stage makes is finished and made from what there is now."""
    if stage.file_steps and supply.store.manifest(stage.name) is None:
        return False
    return all(step_is_current(stage, step, supply) for step in stage.steps if step.over != "fit")


def step_is_current(stage: Stage, step: Step, supply: Supply) -> bool:
    """Tell whether what a step makes is finished and made from what there is now."""
    wanted = recipe(stage, step, supply)
    if wanted is None:
        return False
    store = supply.store
    for name in stage.outputs_of(step) or (step.name,):
        manifest = store.manifest(name)
        if manifest is None or any(manifest.get(key) != wanted[key] for key in wanted):
            return False
        if step.over == "files":
            is_there = all((supply.study.report / file).exists() for file in manifest["output"])
        elif step.over == "fit":
            path = store.fitted_path(name)
            is_there = path.exists() and path.stat().st_size == manifest["output"]["bytes"]
        else:
            is_there = store.is_whole(name) or is_purged(name, supply)
        if not is_there:
            return False
    return True


def is_purged(name: str, supply: Supply) -> bool:
    """Tell whether a table lay in ``raw/`` and all of it was deleted since."""
    return supply.store.path(name).parent == supply.study.raw and not supply.study.has_raw
