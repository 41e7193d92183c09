"""A study: one folder with settings, inputs, what people made, and what the stages made."""

import contextlib
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ArtifactError, InputError
from pipeline.file_names import readable_name
from pipeline.permissions import note_synced, protect

INPUT_SUFFIXES = (".csv", ".jsonl", ".ods", ".xlsx")
HALF_MADE = ".parts"
"""Folder in ``tables/`` of what a run is making; the end of a whole run clears it."""
_PASSED_OVER = (".", "~$")
_OWNER_ONLY_DIR = 0o700
_OWNER_ONLY_FILE = 0o600
_SECRET_BYTES = 32


@dataclass(frozen=True)
class Study:
    """The folder of one study and where each thing lies in it.

    Attributes
    ----------
    root : Path
        The folder. ``study.toml``, ``inputs/``, ``human/`` and ``models/`` are the source;
        ``raw/``, ``tables/``, ``report/`` and ``cache/`` are made from them and may be deleted.
    """

    root: Path

    @property
    def settings_file(self) -> Path:
        """Settings of the study."""
        return self.root / "study.toml"

    @property
    def inputs(self) -> Path:
        """Form exports, as they came."""
        return self.root / "inputs"

    @property
    def human(self) -> Path:
        """What people made: decisions, codings, lists. No stage writes over it."""
        return self.root / "human"

    @property
    def models(self) -> Path:
        """What was fitted on the study's own codings."""
        return self.root / "models"

    @property
    def raw(self) -> Path:
        """Tables with personal data, readable by their owner only."""
        return self.root / "raw"

    @property
    def tables(self) -> Path:
        """Safe tables and all manifests."""
        return self.root / "tables"

    @property
    def report(self) -> Path:
        """The finished report's files."""
        return self.root / "report"

    @property
    def cache(self) -> Path:
        """Vectors of themes by text hash, and the workbench's indexes; for their owner only."""
        return self.root / "cache"

    @property
    def secret_file(self) -> Path:
        """The random key of ids and stand-ins, readable by its owner only."""
        return self.root / "secret.key"

    def listed_inputs(self) -> list[Path]:
        """Return the files in ``inputs/``, by name, but for hidden ones and Office lock files."""
        return [p for p in sorted(self.inputs.glob("*")) if not p.name.startswith(_PASSED_OVER)]

    def input_files(self) -> list[Path]:
        """Return the form exports in ``inputs/``, by name.

        Raises
        ------
        InputError
            When there is none, or one is of a kind that is not read.
        """
        files = self.listed_inputs()
        for path in files:
            if not path.is_file() or path.suffix.lower() not in INPUT_SUFFIXES:
                raise InputError(
                    "{path} in {inputs} must be one of {input_suffixes}. Export it again "
                    "in one of them, or move it away.",
                    path=path.name,
                    inputs=self.inputs,
                    input_suffixes=", ".join(INPUT_SUFFIXES),
                )
        if not files:
            raise InputError(
                "{inputs} holds no form export. Run: havainto run {root} --input FILE",
                inputs=self.inputs,
                root=self.root,
            )
        return files

    def add_input(self, file: Path) -> Path:
        """Copy a form export into ``inputs/`` and return the copy.

        Raises
        ------
        InputError
            When the file is missing, hidden, of a kind that is not read, or another file with the
            same name and other content is already there.
        """
        check_input(file)
        target = self.inputs / readable_name(file.name)
        if target.exists() and target.resolve() != file.resolve():
            if target.read_bytes() == file.read_bytes():
                return target
            raise InputError(
                "{target} already exists with other content. Rename the new file to add "
                "it, or delete the old one to replace it.",
                target=target,
            )
        if not target.exists():
            part = target.with_name(f".{target.name}.part")
            shutil.copyfile(file, part)
            protect(part, _OWNER_ONLY_FILE)
            part.replace(target)
        return target

    def close_to_others(self) -> None:
        """Give the folders and the key that only the owner may read their modes back.

        A copy, a backup or a chmod in between may have opened them.
        """
        for folder in (self.raw, self.root / "cache", self.models, self.human):
            if folder.is_dir():
                private_folder(folder)
        if self.secret_file.is_file():
            protect(self.secret_file, _OWNER_ONLY_FILE)

    def secret(self) -> bytes:
        """Return the study's random key, made at the first call.

        Raises
        ------
        ArtifactError
            When it is damaged, or lost after tables were made with it.
        """
        if not self.secret_file.exists():
            if any(self.tables.glob("*.json")):
                raise ArtifactError(
                    "{secret_file} is gone, and with a new key the ids made by it "
                    "change. Put it back, or delete {tables} to begin anew.",
                    secret_file=self.secret_file,
                    tables=self.tables,
                )
            part = self.secret_file.with_name(".secret.key.part")
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY_FILE)
            with os.fdopen(descriptor, "w", encoding="ascii") as stream:
                stream.write(secrets.token_hex(_SECRET_BYTES) + "\n")
            part.replace(self.secret_file)
        text = self.secret_file.read_text(encoding="ascii", errors="replace").strip()
        try:
            secret = bytes.fromhex(text)
        except ValueError:
            secret = b""
        if len(secret) != _SECRET_BYTES:
            raise ArtifactError(
                "{secret_file} must hold {n_digits} hexadecimal digits. Put the study's own "
                "key back; with another key all ids made by it change.",
                secret_file=self.secret_file,
                n_digits=2 * _SECRET_BYTES,
            )
        return secret

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep a second run out of the folder while the first one works."""
        with (self.root / ".lock").open("w") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as err:
                raise ArtifactError(
                    "Another run is working in {root}. Wait until it has ended.", root=self.root
                ) from err
            yield

    def remove_unfinished(self) -> None:
        """Delete what a killed run left half-written; only for the one who holds the lock."""
        for folder in (self.root, self.inputs, self.raw, self.tables, self.report):
            for part in folder.glob(".*.part"):
                part.unlink(missing_ok=True)

    @property
    def has_raw(self) -> bool:
        """Tell whether ``raw/`` holds a table; a run killed after a purge may leave it empty."""
        return any(self.raw.glob("*.parquet"))

    def purge_raw(self) -> bool:
        """Delete ``raw/``; return whether there was anything to delete."""
        if not self.raw.exists():
            return False
        with self.locked():
            shutil.rmtree(self.raw)
        return True


def check_input(file: Path) -> None:
    """Check that a file can be an input of a study.

    Raises
    ------
    InputError
        When it is missing, hidden, or of a kind that is not read.
    """
    if not file.is_file():
        raise InputError("{file} is not a file. Give the path of a form export.", file=file)
    if file.name.startswith(_PASSED_OVER):
        raise InputError("{file} is a hidden file, which is never read. Rename it.", file=file.name)
    if file.suffix.lower() not in INPUT_SUFFIXES:
        raise InputError(
            "{file} must be one of {input_suffixes}. Got {suffix!r}.",
            file=file.name,
            input_suffixes=", ".join(INPUT_SUFFIXES),
            suffix=file.suffix,
        )


def create_study(root: Path, inputs: Sequence[Path] = ()) -> Study:
    """Make a study's folders where they are missing and copy form exports into it.

    Parameters
    ----------
    root : Path
        Folder of the study; made when it does not exist.
    inputs : sequence of Path
        Form exports to copy into ``inputs/``.

    Returns
    -------
    Study

    Raises
    ------
    InputError
        When an input cannot be taken, or ``root`` is a file or lies inside another study.

    Notes
    -----
    New folders are readable by their owner only. Whoever opens ``root``, ``tables`` or ``report``
    to others decides so, and it is left so; ``inputs``, ``human``, ``raw`` and ``cache`` are closed
    again.
    """
    if root.exists() and not root.is_dir():
        raise InputError("{root} is a file. Give a folder for the study.", root=root)
    for parent in root.resolve().parents:
        if Study(parent).secret_file.is_file():
            raise InputError(
                "{root} lies inside the study {parent}. Give another folder.",
                root=root,
                parent=parent,
            )
    study = Study(root)
    root.mkdir(parents=True, exist_ok=True, mode=_OWNER_ONLY_DIR)
    for folder in (study.models, study.tables, study.report):
        folder.mkdir(exist_ok=True, mode=_OWNER_ONLY_DIR)
    for folder in (study.inputs, study.human):
        private_folder(folder)
    note_synced(root)
    for path in study.listed_inputs():  # a name that is not UTF-8 could stand in no table
        if readable_name(path.name) != path.name:
            path.replace(path.with_name(readable_name(path.name)))
    for file in inputs:
        study.add_input(file)
    return study


def open_study(root: Path) -> Study:
    """Return the study in a folder.

    Raises
    ------
    InputError
        When the folder is no study.
    """
    study = Study(root)
    if not study.inputs.is_dir() and not study.settings_file.is_file():
        raise InputError(
            "{root} is not a study: it has neither study.toml nor inputs/. Run: havainto "
            "init FILE --study {root}",
            root=root,
        )
    return create_study(root)


def private_folder(path: Path) -> Path:
    """Make a folder that only its owner can read, and return it."""
    path.mkdir(parents=True, exist_ok=True, mode=_OWNER_ONLY_DIR)
    protect(path, _OWNER_ONLY_DIR)
    return path
