"""What stages need besides tables and settings: what a need is, and who supplies it.

A need has two sides. Its *identity* is cheap and goes into the manifests, so that a changed
dictionary, model, taxonomy or list makes the stages that use it run again. Its *value* is loaded
only when a stage really runs. Each need is an object that stands beside the thing it loads, in its
room's module of this name; here are those of a study as such.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pipeline.artifacts import Store, sha256_file
from pipeline.study import HALF_MADE, Study, private_folder

if TYPE_CHECKING:
    from pipeline.config import Settings

T = TypeVar("T")
Identity = Mapping[str, Any]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Need(Generic[T]):
    """One outside thing.

    Attributes
    ----------
    name : str
        Keyword a step gets it by, and its name in the manifests.
    load : callable
        Returns the thing; its annotation says of which type.
    identity : callable or None
        Returns what makes the thing what it is: versions, hashes, names. None for what cannot
        change what is made.
    """

    name: str
    load: Callable[["Supply"], T]
    identity: Callable[["Supply"], Identity] | None


class Supply:
    """Gives the stages of one study what they need, each thing loaded at first use.

    Parameters
    ----------
    store : Store
    settings : Settings
    human : Path, optional
        Where what people made is read from: the study's ``human`` folder, or the copy of it that a
        run has frozen.

    Attributes
    ----------
    stage : str
        Stage that asks now; "" outside a run.
    progress : callable
        Called as ``progress(done, total)`` by a stage that works long.
    """

    def __init__(self, store: Store, settings: "Settings", human: Path | None = None) -> None:
        self.store = store
        self.settings = settings
        self.human = store.study.human if human is None else human
        self.stage = ""
        self.progress: Progress = tell_nobody
        self._kept: dict[str, Any] = {}

    @property
    def study(self) -> Study:
        """The study."""
        return self.store.study

    def value(self, need: Need[T]) -> T:
        """Return the thing."""
        return need.load(self)

    def identity(self, need: Need[Any]) -> Identity:
        """Return what makes the thing what it is."""
        return {} if need.identity is None else need.identity(self)

    def once(self, name: str, make: Callable[[], T]) -> T:
        """Return what was made under a name, making it at the first call.

        What has a ``close`` is closed with the supply.
        """
        if name not in self._kept:
            self._kept[name] = make()
        kept: T = self._kept[name]
        return kept

    def close(self) -> None:
        """Let go of open files."""
        for kept in self._kept.values():
            close = getattr(kept, "close", None)
            if close is not None:
                close()


def tell_nobody(done: int, total: int) -> None:
    """Tell nobody how far a stage is."""


def file_identity(path: Path) -> Identity:
    """Return the hash of a file that may not be there, by its name."""
    return {path.name: sha256_file(path) if path.exists() else "none"}


def human_file(name: str, file: str, read: Callable[[Path], T]) -> Need[T]:
    """Return the need of what a file of ``human/`` holds.

    Parameters
    ----------
    name : str
    file : str
        Name of the file, whose hash is the identity.
    read : callable
        Given the folder, returns what the file holds, or nothing of its kind without the file.
    """

    @wraps(read)  # keeps the annotation
    def load(supply: Supply) -> T:
        return read(supply.human)

    return Need(name, load, lambda supply: file_identity(supply.human / file))


def _load_files(supply: Supply) -> list[Path]:
    return supply.study.input_files()


def _identify_files(supply: Supply) -> Identity:
    return {
        path.name: sha256_file(path) if path.is_file() else "not a file"
        for path in supply.study.listed_inputs()
    }


def _load_secret(supply: Supply) -> bytes:
    return supply.study.secret()


def _identify_secret(supply: Supply) -> Identity:
    return {"fingerprint": hashlib.sha256(b"havainto" + supply.study.secret()).hexdigest()[:16]}


def _load_seed(supply: Supply) -> int:
    return supply.settings.study.seed


def _load_progress(supply: Supply) -> Progress:
    return supply.progress


def _load_scratch(supply: Supply) -> Path | None:
    """Return the folder of half-made things, which the end of a run clears."""
    return private_folder(supply.study.tables / HALF_MADE)


FILES = Need("files", _load_files, _identify_files)
SECRET = Need("secret", _load_secret, _identify_secret)
SEED = Need("seed", _load_seed, lambda supply: {"seed": supply.settings.study.seed})
PROGRESS = Need("progress", _load_progress, None)
SCRATCH = Need("scratch", _load_scratch, None)
