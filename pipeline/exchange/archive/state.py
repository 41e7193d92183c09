"""One hash over all that a study's results rest on, so that a publication can cite it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.artifacts import Store, sha256_file
from pipeline.config import Settings
from pipeline.errors import ArtifactError
from pipeline.human.files import read_text
from pipeline.review.decisions_file import FILE_NAME as LOG
from pipeline.review.decisions_file import read_decisions
from pipeline.spreadsheet import write_private
from pipeline.study import Study
from pipeline.tables import TABLES
from pipeline.taxonomy.model import Taxonomy

FILE_NAME = "archived.json"
PARTS = ("inputs", "settings", "taxonomy", "log", "human", "outputs")
_NOT_SCIENCE = ("archive", "run", "workbench")
"""Sections of the settings that shape no result."""


@dataclass(frozen=True)
class State:
    """What a study was at one time.

    Attributes
    ----------
    inputs : dict of str to str
        SHA-256 of each input file.
    settings, taxonomy : str
        SHA-256 of the resolved settings, and version and SHA-256 of the taxonomy.
    log : str
        Number of rulings and the SHA-256 of their ids.
    human : dict of str to str
        SHA-256 of the other files people made.
    outputs : dict of str to str
        SHA-256 of each table and of each file of the report.
    """

    inputs: Mapping[str, str]
    settings: str
    taxonomy: str
    log: str
    human: Mapping[str, str]
    outputs: Mapping[str, str]

    @property
    def sha256(self) -> str:
        """One hash over all of it."""
        return _hash(asdict(self))

    def differs_in(self, parts: Mapping[str, str]) -> list[str]:
        """Return the names of the parts that are not as recorded."""
        mine = self.parts()
        return [name for name in PARTS if mine[name] != parts.get(name)]

    def parts(self) -> dict[str, str]:
        """Return one hash a part."""
        return {name: _hash(value) for name, value in asdict(self).items()}


def _hash(value: object) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def state_of(store: Store, settings: Settings, taxonomy: Taxonomy) -> State:
    """Return what a study is now.

    Raises
    ------
    ArtifactError
        When a table or the report has not been made.
    """
    study = store.study
    outputs = {}
    for name in TABLES:
        manifest = store.manifest(name)
        if manifest is not None:
            outputs[name] = manifest["output"]["sha256"]
    report = store.manifest("report")
    if report is None:
        raise ArtifactError(
            "The study has no report yet. Run: havainto run {study}", study=study.root
        )
    outputs |= {name: entry["sha256"] for name, entry in sorted(report["output"].items())}
    held = settings.model_dump(mode="json")
    decisions = read_decisions(study.human)
    ids = _hash(sorted(decisions["decision_id"]))
    return State(
        inputs={path.name: sha256_file(path) for path in study.listed_inputs()},
        settings=_hash({k: v for k, v in held.items() if k not in _NOT_SCIENCE}),
        taxonomy=f"{taxonomy.version} {taxonomy.sha256}",
        log=f"{len(decisions)} {ids}",
        human=_human(study),
        outputs=outputs,
    )


def _human(study: Study) -> dict[str, str]:
    """Return hashes of what people made besides the log."""
    return {
        path.name: sha256_file(path)
        for path in sorted(study.human.glob("*"))
        if path.is_file() and not path.name.startswith(".") and path.name != LOG
    }


def record_state(study: Study, state: State, *, at: str, folder: Path) -> None:
    """Remember that the study was archived in this state."""
    entry = {"at": at, "folder": folder.name, "sha256": state.sha256, "parts": state.parts()}
    entries = [*archived_states(study), entry]
    text = json.dumps(entries, ensure_ascii=False, indent=2)
    write_private(study.root / FILE_NAME, f"{text}\n".encode())


def archived_states(study: Study) -> list[dict[str, object]]:
    """Return what was archived of a study, oldest first.

    Raises
    ------
    ArtifactError
        When the record is damaged.
    """
    path = study.root / FILE_NAME
    if not path.exists():
        return []
    try:
        entries = json.loads(read_text(path))
        is_whole = isinstance(entries, list) and all(
            isinstance(e, dict) and {"at", "sha256", "parts"} <= e.keys() for e in entries
        )
    except ValueError:
        is_whole = False
    if not is_whole:
        raise ArtifactError(
            "{path} is damaged. Delete it; the archived packages hold the same hashes.", path=path
        )
    return list(entries)
