"""``havainto taxonomy``."""

from datetime import datetime
from pathlib import Path

from rich.console import Console

from pipeline.artifacts import Store
from pipeline.codings import read_codings
from pipeline.commands.old_codings import old_coding_lines
from pipeline.commands.settings import study_settings
from pipeline.errors import ConfigError
from pipeline.needs import Supply
from pipeline.review.decisions_file import read_decisions
from pipeline.review.from_codings import themes_given
from pipeline.speech import retold, say
from pipeline.study import Study, open_study
from pipeline.taxonomy.changes import (
    Difference,
    check_history,
    differences,
    record,
    retire,
    unrecorded,
    used_themes,
)
from pipeline.taxonomy.excel import from_excel, to_excel
from pipeline.taxonomy.losses import losses
from pipeline.taxonomy.model import Taxonomy
from pipeline.taxonomy.needs import taxonomy_folder
from pipeline.taxonomy.old_codings import list_old_codings
from pipeline.taxonomy.qdc import from_qdc, write_qdc
from pipeline.taxonomy.read import load_taxonomy
from pipeline.taxonomy.save import save_taxonomy
from pipeline.taxonomy.skos import read_skos, write_json_ld, write_turtle
from pipeline.taxonomy.versions import keep_version

FOLDER = "taxonomy"
QDC = ".qdc"
WRITERS = {".xlsx": to_excel, ".ttl": write_turtle, ".jsonld": write_json_ld, QDC: write_qdc}
KINDS = ".xlsx, .ttl, .jsonld or .qdc"


def check_taxonomy(path: Path) -> None:
    """Read the study's taxonomy, which checks it, and print what it holds.

    Codings made under another version are listed, with what they count as now.
    """
    study = open_study(path)
    taxonomy = _taxonomy(study)
    n_terms = sum(map(len, taxonomy.terms.values()))
    n_examples = sum(map(len, taxonomy.examples.values()))
    _say(
        say(
            "{taxonomy} {version}: {n_themes} themes, {n_terms} terms, {n_examples} "
            "examples. No errors.",
            taxonomy=taxonomy.name,
            version=taxonomy.version,
            n_themes=len(taxonomy.themes),
            n_terms=n_terms,
            n_examples=n_examples,
        )
    )
    given = themes_given(read_decisions(study.human), read_codings(study.human))
    for line in old_coding_lines(list_old_codings(given, taxonomy)):
        _say(line)


def export_taxonomy(path: Path, file: Path) -> None:
    """Write the study's taxonomy as a workbook, as SKOS, or as a REFI-QDA codebook."""
    taxonomy = _taxonomy(open_study(path))
    write = WRITERS.get(file.suffix.lower())
    if write is None:
        raise ConfigError(
            "--export must be a {kinds} file. Got {file}.", kinds=KINDS, file=file.name
        )
    write(taxonomy, file)
    _say(
        say(
            "Wrote {taxonomy} {version}: {file}",
            taxonomy=taxonomy.name,
            version=taxonomy.version,
            file=file,
        )
    )


def import_taxonomy(path: Path, file: Path, *, retires: bool = False, loses: bool = False) -> None:
    """Make a workbook, SKOS file or codebook the study's own taxonomy, keeping the old version.

    Parameters
    ----------
    path : Path
        The study.
    file : Path
    retires : bool, default=False
        Whether coded themes that are no more and were not recorded are retired, so that their
        codings count as nothing; otherwise they are refused.
    loses : bool, default=False
        Whether a file from another tool may take away themes, terms, examples or labels.

    Raises
    ------
    ConfigError
        When the file is no taxonomy; its content has changed and its version has not; its history
        does not go on from the old one; or themes with codings or decisions are gone and the
        history does not say what became of them.
    """
    study = open_study(path)
    today = datetime.now().astimezone().date().isoformat()
    old = _taxonomy(study)
    new, is_recorded, notes = _read(file, old, today)
    if notes:
        _say(say("{file}: what was assumed or left out", file=file.name))
        for note in notes:
            about, mark, ids = note.partition(": ")
            _say(f"  {retold(about)}{mark}{retold(ids)}")
    if (new.name, new.version) == (old.name, old.version) and new.sha256 != old.sha256:
        raise ConfigError(
            "{file} has other content than {old} {version} under the same version. Raise "
            "the version, and say in the history what changed.",
            file=file.name,
            old=old.name,
            version=old.version,
        )
    check_history(old, new, file.name)
    lost = unrecorded(old, new)
    gone = lost if is_recorded else tuple(sorted({*old.theme_ids} - {*new.theme_ids}))
    if not retires:
        _refuse_lost(study, gone, file)
    if not (loses or retires or is_recorded) and file.suffix.lower() != ".xlsx":
        _refuse_losses(old, new, file)
    new = retire(new, lost, today)
    folder = study.root / FOLDER
    with study.locked():
        kept = [
            keep_version(version, folder) for version in _versions(old, folder) if version != new
        ]
        save_taxonomy(new, folder)
    _say(
        say(
            "Wrote {folder}: {new} {version}, {n_themes} themes.",
            folder=folder,
            new=new.name,
            version=new.version,
            n_themes=len(new.themes),
        )
    )
    for version in kept:
        _say(say("Kept the version before it: {version}", version=version))
    for difference in differences(old, new):
        _say(f"  {_sentence(difference)}")
    if study_settings(study).study.taxonomy != FOLDER:
        _say(
            say(
                'To use it, put this into {settings_file}:\n[study]\ntaxonomy = "{folder}"',
                settings_file=study.settings_file,
                folder=FOLDER,
            )
        )


def _read(file: Path, old: Taxonomy, today: str) -> tuple[Taxonomy, bool, tuple[str, ...]]:
    """Return the taxonomy of a file, whether a person recorded its changes, and the reader's notes.

    A taxonomy without a history goes on from the old one, or begins its own when it is another.
    """
    suffix = file.suffix.lower()
    notes: tuple[str, ...] = ()
    if suffix == QDC:
        new = from_qdc(file, old, date=today)
        if not set(new.theme_ids) & set(old.theme_ids):
            notes = (f"no code is a theme of {old.name}, so it is taken as another taxonomy",)
        return new, False, notes
    if suffix == ".xlsx":
        new = from_excel(file)
    elif suffix in (".ttl", ".jsonld"):
        new, notes = read_skos(file)
    else:
        raise ConfigError(
            "--import must be a {kinds} file. Got {file}.", kinds=KINDS, file=file.name
        )
    return (new, True, notes) if new.history else (record(old, new, today), False, notes)


def _refuse_losses(old: Taxonomy, new: Taxonomy, file: Path) -> None:
    """Refuse a file from another tool that would take something away unasked."""
    lost = losses(old, new)
    if lost:
        raise ConfigError(
            "{file} would lose of {old} {version}: {lost}. If that is meant, import it "
            "with --yes; the version before it is kept.",
            file=file.name,
            old=old.name,
            version=old.version,
            lost="; ".join(lost),
        )


def _refuse_lost(study: Study, gone: tuple[str, ...], file: Path) -> None:
    """Refuse a version without themes that people have coded or ruled on."""
    codings, decisions = read_codings(study.human), read_decisions(study.human)
    used = used_themes(gone, [*codings["theme_id"], *decisions["theme_id"]])
    if used:
        listed = ", ".join(f"{theme_id} ({n})" for theme_id, n in used.items())
        raise ConfigError(
            "{file} lacks themes that codings or decisions refer to, and does not record "
            "what became of them: {listed}. Record a merge, rename, split or retire in "
            "its history, or import with --retire-missing, which leaves those codings "
            "unused.",
            file=file.name,
            listed=listed,
        )


def _versions(old: Taxonomy, folder: Path) -> list[Taxonomy]:
    """Return the version in use and, where it is another, the one that is to be written over."""
    if not (folder / "meta.toml").exists():
        return [old]
    own = load_taxonomy(folder)
    return [old] if own.sha256 == old.sha256 else [old, own]


def _sentence(one: Difference) -> str:
    """Say one difference in words."""
    match one.what:
        case "added":
            return say("{theme}: new, {after!r}", theme=one.theme_id, after=one.after)
        case "gone":
            return (
                say("{theme}: gone, now {after}", theme=one.theme_id, after=one.after)
                if one.after
                else say("{theme}: gone, no successor", theme=one.theme_id)
            )
        case "renamed":
            return say(
                "{theme}: renamed, {before!r} to {after!r}",
                theme=one.theme_id,
                before=one.before,
                after=one.after,
            )
        case "moved":
            return say(
                "{theme}: moved, {before} -> {after}",
                theme=one.theme_id,
                before=one.before or say("top level"),
                after=one.after or say("top level"),
            )
        case "redefined":
            return say("{theme}: definition or notes changed", theme=one.theme_id)
        case _:
            return say(
                "{theme}: {what}, {before} taken out, {after} put in",
                theme=one.theme_id,
                what=say(one.what),
                before=one.before,
                after=one.after,
            )


def _taxonomy(study: Study) -> Taxonomy:
    """Return the taxonomy that the study's settings name."""
    return load_taxonomy(taxonomy_folder(Supply(Store(study), study_settings(study))))


def _say(text: str) -> None:
    """Print plain text."""
    Console(highlight=False, soft_wrap=True, markup=False).print(text)
