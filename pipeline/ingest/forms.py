"""Say which column of a form export is which column of ``raw_reports``."""

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, ValidationError, field_serializer

from pipeline.errors import ConfigError
from pipeline.resources import shipped

TEXT_FIELDS = ("observation", "proposal")
LIST_FIELDS = ("area", "client_groups", "themes_ticked")
CHOICE_FIELDS = (*LIST_FIELDS, "valence")
FIELDS = (
    *("report_id", "period", "date", "area", "client_groups", "valence", "themes_ticked"),
    *("observation", "proposal", "reporter_id", "unit", "data_source"),
)
DEFAULT_LIST_SEPARATOR = ";"


def _as_tuple(value: object) -> object:
    """Let one header stand for a list of one."""
    return (value,) if isinstance(value, str) else value


Headers = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]


def _headers(meaning: str) -> Any:
    """Return the setting for one column of ``raw_reports``."""
    return Field(default=(), description=f"Column, or columns, of the export with {meaning}.")


class ColumnMap(BaseModel, frozen=True, extra="forbid"):
    """Headers in the export for each column of ``raw_reports``; empty for what is not there."""

    report_id: Headers = _headers("the answer's own number, unique over all exports")
    period: Headers = _headers("the period's label, when it is not derived from the date")
    date: Headers = _headers("the day of the observation or of sending the form")
    area: Headers = _headers("municipalities")
    client_groups: Headers = _headers("client groups")
    valence: Headers = _headers("negative, positive or neutral")
    themes_ticked: Headers = _headers("the themes the reporter ticked")
    observation: Headers = _headers("what was seen; several are joined with an empty line")
    proposal: Headers = _headers("proposed solutions; several are joined with an empty line")
    reporter_id: Headers = _headers("who wrote the report")
    unit: Headers = _headers("the working unit")
    data_source: Headers = _headers("the kind of source")


class Separators(BaseModel, frozen=True, extra="forbid"):
    """What parts the choices in one cell."""

    area: str = Field(DEFAULT_LIST_SEPARATOR, min_length=1, description="Between areas.")
    client_groups: str = Field(DEFAULT_LIST_SEPARATOR, min_length=1, description="Between groups.")
    themes_ticked: str = Field(DEFAULT_LIST_SEPARATOR, min_length=1, description="Between themes.")


class ChoiceValues(BaseModel, frozen=True, extra="forbid"):
    """The form's choice labels and the value each stands for."""

    area: dict[str, str] = Field({}, description="Label on the form to name of the area.")
    client_groups: dict[str, str] = Field({}, description="Label on the form to client group id.")
    valence: dict[str, str] = Field(
        {}, description="Label on the form to negatiivinen, positiivinen or neutraali."
    )
    themes_ticked: dict[str, str] = Field({}, description="Label on the form to theme id.")


class OfferedChoices(BaseModel, frozen=True, extra="forbid"):
    """What a form offered under one question."""

    choices: tuple[str, ...] = Field(
        (), description="Labels of the choices, without the one for anything else."
    )
    answers: Literal["one", "several"] | None = Field(
        None, description="Whether one or several may be chosen; found from the answers if unset."
    )
    other: str = Field("", description="Label of the choice for whatever is not offered.")
    other_text: Headers = _headers("what was typed under that choice")


class Offered(BaseModel, frozen=True, extra="forbid"):
    """What a form offered, for each question with choices."""

    area: OfferedChoices = Field(OfferedChoices(), description="Areas.")
    client_groups: OfferedChoices = Field(OfferedChoices(), description="Client groups.")
    themes_ticked: OfferedChoices = Field(OfferedChoices(), description="Themes.")
    valence: OfferedChoices = Field(OfferedChoices(), description="Valences.")


class FormMap(BaseModel, frozen=True, extra="forbid"):
    """Column map of a form export."""

    sheet: str | None = Field(
        None, description="Name of the sheet; without it the first sheet with cells."
    )
    header_row: int | None = Field(
        None, ge=1, description="Row of the column names, from 1; without it, it is looked for."
    )
    n_header_rows: Literal[1, 2] | None = Field(
        None, description="2 when choices stand in a row under the questions; found when left out."
    )
    encoding: str | None = Field(
        None, description="Encoding of a .csv or .jsonl file; without it found from the file."
    )
    separator: str | None = Field(
        None,
        min_length=1,
        max_length=1,
        description="Separator of a .csv file; without it found from the file.",
    )
    date_order: Literal["day-first", "month-first"] = Field(
        "day-first", description="How 9/10/2024 is read; ISO dates are read as they are."
    )
    columns: ColumnMap = Field(
        ColumnMap(), description="Headers of the export; without any, named as in raw_reports."
    )
    separators: Separators = Field(Separators(), description="What parts choices in one cell.")
    values: ChoiceValues = Field(ChoiceValues(), description="What the choice labels stand for.")
    offered: Offered = Field(Offered(), description="Which choices the form has.")

    @field_serializer("values", "offered", when_used="json")
    def _unnamed(self, value: BaseModel) -> dict[str, str]:
        """Stand for the choices by their digest: what is recorded of a run holds none of them."""
        text = json.dumps(value.model_dump(), ensure_ascii=False, sort_keys=True)
        return {"sha256": hashlib.sha256(text.encode()).hexdigest()}


class FileForm(FormMap, frozen=True, extra="forbid"):
    """Column map of one file whose form differs from the study's."""

    data_source: str | None = Field(
        None, min_length=1, description="Kind of source; without it that of the study."
    )


CONTRACT_FORM = FormMap(columns=ColumnMap(**{field: field for field in FIELDS}))
"""The map of a file whose columns are named as in ``raw_reports``."""


def load_form(name: str, folder: Path = Path()) -> FormMap:
    """Read the column map of a form.

    Parameters
    ----------
    name : str
        Name of a form that ships with Havainto, or path of a .toml file.
    folder : Path
        Folder a relative path starts from.

    Returns
    -------
    FormMap

    Raises
    ------
    ConfigError
        When there is no such form, or its file is not a column map.

    Examples
    --------
    >>> load_form("jarvimaa").columns.observation
    ('Kuvaa havaintosi',)
    """
    path = _find(name, folder)
    try:
        return FormMap.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise ConfigError(
            "{path} must be a TOML file in UTF-8: {err}.", path=path.name, err=err
        ) from err
    except ValidationError as err:
        first = err.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ConfigError(
            "{path}: {where}: {first}. Columns are: {fields}.",
            path=path.name,
            where=where,
            first=first["msg"],
            fields=", ".join(FIELDS),
        ) from err


def _find(name: str, folder: Path) -> Path:
    """Return the file of a form."""
    if name.endswith(".toml"):
        if (path := folder / name).is_file():
            return path
        raise ConfigError(
            "ingest.form names {name}, which is not a file. Check the path.", name=name
        )
    forms = sorted(path.stem for path in shipped("configs", "forms").glob("*.toml"))
    if name in forms:
        return shipped("configs", "forms", f"{name}.toml")
    raise ConfigError(
        "ingest.form must be one of {forms}, or the path of a .toml file. Got {name!r}.",
        forms=", ".join(forms),
        name=name,
    )


def overlay(form: FormMap, own: FormMap) -> FormMap:
    """Return ``form`` with whatever ``own`` sets itself put over it."""
    changes: dict[str, Any] = {}
    for field in own.model_fields_set & set(FormMap.model_fields):
        value = getattr(own, field)
        if isinstance(value, BaseModel):
            inner = {key: getattr(value, key) for key in value.model_fields_set}
            value = getattr(form, field).model_copy(update=inner)
        changes[field] = value
    return form.model_copy(update=changes)
