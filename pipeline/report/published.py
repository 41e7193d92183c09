"""Keep a period's report as it was published, with the hashes of what it rests on.

``published/<period>/<n>/`` holds the files of ``report/`` as they were, and ``published.json``: it
says when, with which hashes, tables, settings and taxonomy, and of which reports. Nothing that the
pipeline makes later touches it; a second publication of a period is a folder of its own.
:mod:`pipeline.report.page.side_by_side` opens any of them beside the current report.
"""

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipeline.artifacts import Store, sha256_file
from pipeline.errors import ArtifactError, ConfigError
from pipeline.human.durable import write_durably
from pipeline.study import Study, private_folder

FOLDER = "published"
FILE_NAME = "published.json"
_READ_ONLY = 0o400


@dataclass(frozen=True, kw_only=True)
class Published:
    """One publication of one period.

    Attributes
    ----------
    period : str
    number : int
        From 1, of the period.
    at : str
        When, ISO 8601 with offset.
    files, tables : dict of str to str
        SHA-256 of each file of the report, and of each table it was made from.
    taxonomy : str
        Version of the taxonomy.
    settings : str
        SHA-256 of the settings as JSON.
    report_ids : tuple of str
        The reports it could speak of: those of the period and of the ones before.
    withdrawn : str
        When its files were deleted since one of its reports was erased; ``""`` while they are kept.
    """

    period: str
    number: int
    at: str
    files: dict[str, str]
    tables: dict[str, str]
    taxonomy: str
    settings: str
    report_ids: tuple[str, ...]
    withdrawn: str = ""

    @property
    def day(self) -> date:
        """The day it was published."""
        return datetime.fromisoformat(self.at).date()

    def folder(self, study: Study) -> Path:
        """Return where its files are."""
        return study.root / FOLDER / self.period / str(self.number)


def read_published(study: Study) -> list[Published]:
    """Return the publications of a study, oldest period first.

    Raises
    ------
    ArtifactError
        When a ``published.json`` cannot be read.
    """
    found = []
    for path in sorted((study.root / FOLDER).glob(f"*/*/{FILE_NAME}")):
        try:
            held: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            found.append(Published(**{**held, "report_ids": tuple(held["report_ids"])}))
        except (OSError, ValueError, TypeError, KeyError) as err:
            raise ArtifactError(
                "{path} is not what havainto report --publish wrote. Take the file from a back-up, "
                "or delete its folder.",
                path=path,
            ) from err
    return sorted(found, key=lambda one: (one.period, one.number))


def changed_files(one: Published, study: Study) -> list[str]:
    """Return the files of a publication that are gone or not as they were published."""
    folder = one.folder(study)
    if one.withdrawn:
        return []
    return [
        name
        for name, digest in one.files.items()
        if not (folder / name).is_file() or sha256_file(folder / name) != digest
    ]


def publish(
    study: Study, store: Store, period: str | None, taxonomy: str
) -> tuple[Published, bool]:
    """Keep the report that stands in ``report/``.

    Parameters
    ----------
    study : Study
        Its lock is held by the caller.
    store : Store
    period : str or None
        Period reported on; the newest one when None.
    taxonomy : str
        Version of the taxonomy.

    Returns
    -------
    publication, is_new : Published, bool
        The newest publication of the period, and whether it was made now: the same files are not
        published twice.

    Raises
    ------
    ConfigError
        When the study has no period.
    ArtifactError
        When the report is not finished, or its files are not those the run made.
    """
    manifest = store.manifest("report")
    if manifest is None:
        raise ArtifactError("{root} has no finished report to publish.", root=study.root)
    files = {name: str(one["sha256"]) for name, one in manifest["output"].items()}
    strange = [name for name, sha in files.items() if not _is_file(study.report / name, sha)]
    if strange:
        raise ArtifactError(
            "{names} in {folder} changed since the run made the report. Move your own version "
            "elsewhere and run: havainto report {root}",
            names=", ".join(strange),
            folder=study.report,
            root=study.root,
        )
    names = [str(name) for name in store.read("periods")["period"]]
    if not names:
        raise ConfigError("A report without a period cannot be published.")
    period = period or names[-1]
    earlier = [one for one in read_published(study) if one.period == period]
    if earlier and earlier[-1].files == files and not earlier[-1].withdrawn:
        return earlier[-1], False
    made = Published(
        period=period,
        number=len(earlier) + 1,
        at=datetime.now().astimezone().isoformat(timespec="seconds"),
        files=files,
        tables={name: str(one["sha256"]) for name, one in manifest["inputs"].items()},
        taxonomy=taxonomy,
        settings=_sha256_of(manifest["config"]),
        report_ids=_known_by(store, names[: names.index(period) + 1]),
    )
    _keep(made, study)
    return made, True


def _sha256_of(value: object) -> str:
    """Return the hash of a value as JSON."""
    content = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content.encode("utf-8")).hexdigest()


def _is_file(path: Path, sha256: str) -> bool:
    """Tell whether a file is there with a hash."""
    return path.is_file() and sha256_file(path) == sha256


def _known_by(store: Store, periods: Sequence[str]) -> tuple[str, ...]:
    """Return the reports of some periods."""
    reports = store.read("reports")
    return tuple(sorted(reports.loc[reports["period"].isin(periods), "report_id"]))


def _keep(made: Published, study: Study) -> None:
    """Copy the files aside and put the folder in place, whole."""
    folder = made.folder(study)
    private_folder(study.root / FOLDER)
    private_folder(folder.parent)
    aside = folder.with_name(f".{made.number}.part")
    shutil.rmtree(aside, ignore_errors=True)
    private_folder(aside)
    for name in made.files:
        shutil.copyfile(study.report / name, aside / name)
        (aside / name).chmod(_READ_ONLY)
    _write_note(made, aside)
    aside.replace(folder)


def _write_note(made: Published, folder: Path) -> None:
    """Write what a publication is."""
    content = json.dumps(asdict(made), ensure_ascii=False, indent=1) + "\n"
    write_durably(folder / FILE_NAME, content.encode("utf-8"))


def withdraw(study: Study, report_id: str) -> list[Published]:
    """Delete the files of the publications that could speak of an erased report.

    What remains says that there was one, when, and with which hashes; the report's id is taken out
    of it too.

    Returns
    -------
    list of Published
        Those withdrawn.
    """
    withdrawn = []
    for one in read_published(study):
        if report_id not in one.report_ids:
            continue
        folder = one.folder(study)
        for name in one.files:
            (folder / name).unlink(missing_ok=True)
        at = one.withdrawn or datetime.now().astimezone().isoformat(timespec="seconds")
        kept = tuple(other for other in one.report_ids if other != report_id)
        gone = Published(**{**asdict(one), "report_ids": kept, "withdrawn": at})
        _write_note(gone, folder)
        withdrawn.append(gone)
    return withdrawn
