"""One settings file a study, turned into frozen models once, at the start."""

import json
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, ValidationError
from pydantic.fields import FieldInfo

from pipeline.assign.assign import AssignConfig
from pipeline.cluster.cluster import ClusterConfig
from pipeline.detect.settings import DetectConfig
from pipeline.embed.embed import EmbedConfig
from pipeline.engine.settings import RunConfig
from pipeline.errors import ConfigError
from pipeline.exchange.archive.settings import ArchiveConfig
from pipeline.ingest.ingest import IngestConfig
from pipeline.label.label import LabelConfig
from pipeline.lemmatise.lemmatise import LemmatiseConfig
from pipeline.name.name import NameConfig
from pipeline.pseudonymise.pseudonymise import PseudonymiseConfig
from pipeline.report.settings import ReportConfig
from pipeline.review.review import ReviewConfig
from pipeline.segment.segment import SegmentConfig
from pipeline.speech import Said
from pipeline.workbench.settings import WorkbenchConfig


class StudyConfig(BaseModel, frozen=True, extra="forbid"):
    """Settings that several stages share."""

    seed: int = Field(
        default=0, ge=0, lt=2**32, description="Seed of everything random; same seed, same result."
    )
    taxonomy: str = Field(
        default="sosiaalinen-raportointi",
        min_length=1,
        description="Theme taxonomy: a name that ships with Havainto, or a folder in the study.",
    )


class Settings(BaseModel, frozen=True, extra="forbid"):
    """Every setting of a study, one section a stage."""

    study: StudyConfig = StudyConfig()
    run: RunConfig = RunConfig()
    ingest: IngestConfig = IngestConfig()
    pseudonymise: PseudonymiseConfig = PseudonymiseConfig()
    segment: SegmentConfig = SegmentConfig()
    lemmatise: LemmatiseConfig = LemmatiseConfig()
    embed: EmbedConfig = EmbedConfig()
    cluster: ClusterConfig = ClusterConfig()
    label: LabelConfig = LabelConfig()
    assign: AssignConfig = AssignConfig()
    detect: DetectConfig = DetectConfig()
    name: NameConfig = NameConfig()
    review: ReviewConfig = ReviewConfig()
    report: ReportConfig = ReportConfig()
    workbench: WorkbenchConfig = WorkbenchConfig()
    archive: ArchiveConfig = ArchiveConfig()

    def on_one_thread(self) -> "Settings":
        """Return the same for one of several processes, which share the cores between them."""
        embed = self.embed.model_copy(update={"n_threads": 1})
        return self.model_copy(update={"embed": embed})


def load_settings(file: Path | None, overrides: Sequence[str] = ()) -> Settings:
    """Read a settings file and apply ``SECTION.KEY=VALUE`` overrides.

    Parameters
    ----------
    file : Path or None
        A TOML file; None for the defaults alone.
    overrides : sequence of str
        Each ``section.key=value``; the value is read as TOML and, where that fails, as plain text.

    Returns
    -------
    Settings

    Raises
    ------
    ConfigError
        When the file is no TOML, a key is unknown (the known ones are listed), or a value is of
        the wrong type or out of range.
    """
    data: dict[str, Any] = {}
    where = "--set"
    if file is not None:
        where = str(file)
        data = _read_toml(file)
    for override in overrides:
        _apply(data, override)
    try:
        return Settings.model_validate(data)
    except ValidationError as err:
        raise ConfigError("{where}: {err}", where=where, err=_explain(err)) from err


def each_setting() -> Iterator[tuple[str, FieldInfo]]:
    """Yield every setting as ``("section.key", field)``, in order."""
    for section, field in Settings.model_fields.items():
        model = field.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            for key, inner in model.model_fields.items():
                yield f"{section}.{key}", inner


def _read_toml(file: Path) -> dict[str, Any]:
    """Read a TOML file, or say where it is broken."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as err:
        raise ConfigError(
            "{file} does not exist. Give the path of a settings file.", file=file
        ) from err
    except UnicodeDecodeError as err:
        raise ConfigError("{file} must be UTF-8 text. Save it as UTF-8.", file=file) from err
    except tomllib.TOMLDecodeError as err:
        raise ConfigError("{file} is not valid TOML: {err}.", file=file, err=err) from err


def _apply(data: dict[str, Any], override: str) -> None:
    """Set one ``section.key=value`` in the nested settings."""
    name, equals, text = override.partition("=")
    *sections, key = name.strip().split(".")
    if not equals or not sections or not key:
        raise ConfigError(
            "--set must be SECTION.KEY=VALUE, such as segment.min_chars=12. Got {override!r}.",
            override=override,
        )
    try:
        value: Any = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        value = text
    place = data
    for section in sections:
        place = place.setdefault(section, {})
        if not isinstance(place, dict):
            raise ConfigError(
                "--set {name}: {section} is a value and has no keys.", name=name, section=section
            )
    place[key] = value


def _explain(err: ValidationError) -> Said:
    """Turn the first validation error into one sentence."""
    first = err.errors(include_url=False)[0]
    place = [str(part) for part in first["loc"]]
    name = ".".join(place)
    if first["type"] == "extra_forbidden":
        return Said(
            "{name} is not a setting. Known: {known}. See: havainto config",
            {"name": name, "known": ", ".join(_known(place))},
        )
    message = first["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    got = json.dumps(first["input"], ensure_ascii=False, default=str)
    values = {"name": name, "message": message, "got": got}
    if first["msg"].startswith("Input should be "):
        return Said("{name} must be {message}. Got {got}.", values)
    return Said("{name}: {message}. Got {got}.", values)


def _known(place: Sequence[str]) -> list[str]:
    """Return the keys known where an unknown one was given."""
    model: Any = Settings
    for part in place[:-1]:
        field = model.model_fields.get(part) if hasattr(model, "model_fields") else None
        if field is None:
            return []
        model = field.annotation
    return sorted(model.model_fields) if hasattr(model, "model_fields") else []
