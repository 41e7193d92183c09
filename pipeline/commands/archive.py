"""``havainto archive``: a package for a publication, and one for a data archive."""

from datetime import datetime
from pathlib import Path

from rich.console import Console

from pipeline.artifacts import Store
from pipeline.commands.settings import study_settings
from pipeline.errors import ArtifactError, InputError
from pipeline.exchange.archive.crate import Described, write_crate
from pipeline.exchange.archive.data_archive import check_confirmation, write_data
from pipeline.exchange.archive.publication import Finished, write_publication
from pipeline.exchange.archive.state import record_state, state_of
from pipeline.exchange.handover import read_people
from pipeline.needs import Supply
from pipeline.run import is_current
from pipeline.speech import amount, say
from pipeline.stages import STAGES
from pipeline.study import open_study, private_folder
from pipeline.taxonomy.needs import TAXONOMY

PUBLICATION, DATA = "julkaisu", "tietoarkisto"


def archive_study(path: Path, out: Path, *, with_texts: bool) -> None:
    """Write the packages of a study that is up to date, and record its state.

    Parameters
    ----------
    path : Path
        The study.
    out : Path
        A new or empty folder.
    with_texts : bool
        Whether to write the package with texts too.

    Raises
    ------
    ArtifactError
        When the study is not up to date.
    ConfigError
        When texts are asked for that nobody has confirmed to be anonymous.
    InputError
        When the folder holds files.
    """
    study = open_study(path)
    settings = study_settings(study)
    supply = Supply(Store(study), settings)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError("{out} holds files. Give a new folder for the archive.", out=out)
    if out.resolve().is_relative_to(study.root.resolve()):
        raise InputError("{out} lies inside the study. Give a folder outside it.", out=out)
    stale = [stage.name for stage in STAGES if not is_current(stage, supply)]
    if stale:
        raise ArtifactError(
            "The study is not up to date ({stages}), so what is archived would not be what it "
            "says. Run: havainto run {study}",
            stages=", ".join(stale),
            study=path,
        )
    taxonomy = supply.value(TAXONOMY)
    finished = Finished(
        store=supply.store,
        settings=settings,
        taxonomy=taxonomy,
        people=read_people(study.human, taxonomy),
        state=state_of(supply.store, settings, taxonomy),
    )
    if with_texts:
        check_confirmation(finished)
    private_folder(out)
    for name, write in ((PUBLICATION, write_publication), (DATA, write_data)):
        if name == DATA and not with_texts:
            continue
        folder = private_folder(out / name)
        files = write(finished, folder)
        write_crate(finished, _described(finished, name), folder)
        _print(
            say("{folder}: {files}", folder=folder, files=amount(len(files) + 1, "file", "files"))
        )
    at = datetime.now().astimezone().isoformat(timespec="seconds")
    record_state(study, finished.state, at=at, folder=out)
    _print(say("State of the study, to cite: sha256:{sha256}", sha256=finished.state.sha256))
    _print(
        say(
            "To see later whether the study is still in this state: havainto status {study}",
            study=path,
        )
    )


def _described(finished: Finished, kind: str) -> Described:
    """Return what a package says of itself."""
    texts = {
        PUBLICATION: "Menetelmä, luokitus, koodausprosessi ja lukumäärät ilman tekstejä.",
        DATA: "Anonyymeiksi vahvistetut raportit taustatietoineen.",
    }
    name = finished.store.study.root.resolve().name
    return Described(
        name=f"{name}: {kind}",
        description=texts[kind],
        creator=finished.settings.archive.creator,
        access=finished.settings.archive.licence,
        n_coders=len(finished.coder_names()),
    )


def _print(text: str) -> None:
    """Print plain text."""
    Console(highlight=False, soft_wrap=True, markup=False).print(text)
