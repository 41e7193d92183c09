"""Describe an archive as an RO-Crate: what was made from what, by which program.

RO-Crate (Soiland-Reyes et al., Data Science 5, 2022, doi:10.3233/DS-210053) is written by the
library of its makers, which is an optional extra.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipeline.artifacts import sha256_file
from pipeline.errors import ResourceError
from pipeline.exchange.archive.publication import Finished
from pipeline.stages import STAGES

METADATA = "ro-crate-metadata.json"


@dataclass(frozen=True)
class Described:
    """What the crate says of itself.

    Attributes
    ----------
    name, description : str
    creator, access : str
        Whose it is, and the conditions of access; ``""`` when not said.
    n_coders : int
    """

    name: str
    description: str
    creator: str
    access: str
    n_coders: int


def write_crate(finished: Finished, described: Described, folder: Path) -> Path:
    """Write ``ro-crate-metadata.json`` over the files of a folder.

    Parameters
    ----------
    finished : Finished
    described : Described
    folder : Path
        Holds the files already.

    Returns
    -------
    Path

    Raises
    ------
    ResourceError
        When the library is not installed.
    """
    crate = _new_crate()
    crate.name, crate.description = described.name, described.description
    root = crate.root_dataset
    root["conditionsOfAccess"] = described.access or "Ota yhteyttä aineiston tekijään."
    root["identifier"] = f"sha256:{finished.state.sha256}"
    if described.creator:
        root["creator"] = _add(crate, "#creator", "Organization", name=described.creator)
    program = _add(
        crate,
        "#havainto",
        "SoftwareApplication",
        name="Havainto",
        softwareVersion=version("havainto"),
    )
    coders = [
        _add(crate, f"#coder-{n}", "Person", name=f"Koodaaja {n}")
        for n in range(1, described.n_coders + 1)
    ]
    if coders:
        root["contributor"] = coders
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        crate.add_file(
            path,
            dest_path=name,
            properties={
                "sha256": sha256_file(path),
                "contentSize": str(path.stat().st_size),
                "encodingFormat": _FORMATS.get(path.suffix, "text/plain"),
            },
        )
    root["mentions"] = list(_actions(crate, finished, program))
    crate.metadata.write(folder)
    return folder / METADATA


_FORMATS = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".md": "text/markdown",
    ".qdc": "application/xml",
    ".ttl": "text/turtle",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _new_crate() -> Any:
    """Return an empty crate."""
    try:
        from rocrate.rocrate import ROCrate
    except ImportError as err:
        raise ResourceError(
            'The archive needs the package rocrate. Install it: pip install "havainto[archive]"'
        ) from err
    return ROCrate()


def _add(crate: Any, place: str, kind: str, /, **properties: object) -> Any:
    """Add a thing that is no file."""
    from rocrate.model import ContextEntity

    return crate.add(ContextEntity(crate, place, properties={"@type": kind, **properties}))


def _files(folder: Path) -> list[Path]:
    """Return the files of a folder, in order."""
    return sorted(p for p in folder.rglob("*") if p.is_file() and p.name != METADATA)


def _actions(crate: Any, finished: Finished, program: Any) -> Iterable[Any]:
    """Yield one action a stage: its tables in, its tables out, by hash."""
    made: dict[str, Any] = {}

    def table(name: str) -> Any:
        if name not in made:
            manifest = finished.store.manifest(name)
            digest = manifest["output"]["sha256"] if manifest is not None else "not made"
            made[name] = _add(
                crate,
                f"#table-{name}",
                "CreativeWork",
                name=name,
                identifier=f"sha256:{digest}",
                description="Table of the study, not in this package.",
            )
        return made[name]

    for stage in STAGES:
        ended = _ended(finished, stage.makes)
        yield _add(
            crate,
            f"#stage-{stage.name}",
            "CreateAction",
            name=stage.name,
            instrument=program,
            object=[table(name) for name in stage.reads],
            result=[table(name) for name in stage.makes],
            **({"endTime": ended} if ended else {}),
        )


def _ended(finished: Finished, tables: Sequence[str]) -> str:
    """Return when a stage last ended."""
    manifests = [finished.store.manifest(name) for name in tables or ("report",)]
    return max((m["made_at"] for m in manifests if m is not None), default="")
