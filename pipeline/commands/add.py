"""``havainto init FILE --study EXISTING``: one more file, matched with the study's forms."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import tomlkit
import typer
from rich.console import Console

from pipeline.commands.settings import study_settings
from pipeline.config import load_settings
from pipeline.errors import InputError
from pipeline.ingest.form_match import Change, Match, known_labels, match_form
from pipeline.ingest.forms import FileForm, FormMap
from pipeline.ingest.ingest import IngestConfig, form_of, ingest, resolve_form
from pipeline.ingest.preview import DRY_RUN_SECRET, Preview, inspect_file
from pipeline.speech import retold, say
from pipeline.study import Study, check_input, open_study
from pipeline.taxonomy.read import find_taxonomy, load_taxonomy

_MARKS = {"same": "=", "reworded": "~", "renamed": "~", "alike": "?", "new": "+", "gone": "-"}
_COUNTED = ("area", "client_groups", "valence", "themes_ticked")


def add_file(
    file: Path,
    root: Path,
    *,
    source: str | None = None,
    accepts: bool = False,
    joins: Mapping[str, str] | None = None,
    sheet: str | None = None,
) -> None:
    """Add a file to a study: match its form, show what it holds, and ask.

    Parameters
    ----------
    file, root : Path
    source : str, optional
        Name of a source of its own, for notes that are no answers to the form.
    accepts : bool, default=False
        Take new and alike choices as they are shown, without asking.
    joins : mapping of str to str, optional
        New label to the old one it is.
    sheet : str, optional
        Sheet of a workbook.

    Raises
    ------
    InputError
        When the file cannot be read, has a name that is taken, or a change was not said yes to;
        then the study is as it was.
    """
    check_input(file)
    study = open_study(root)
    if (study.inputs / file.name).exists():
        raise InputError(
            "{file} is already among the study's inputs. To take it out: havainto init {file}"
            " --study {root} --undo",
            file=file.name,
            root=root,
        )
    settings = study_settings(study)
    config = resolve_form(settings.ingest, study.root)
    taxonomy = load_taxonomy(find_taxonomy(settings.study.taxonomy))
    forms = _forms_of(config)
    labels = [label for own in known_labels(forms).values() for label in own]
    preview = inspect_file(file, taxonomy, sheet, labels)
    match = match_form([] if source else forms, preview.guess.form, joins or {})
    content = match.form.model_dump(exclude_unset=True) | (
        {"data_source": source} if source else {}
    )
    form = FileForm.model_validate(content)
    tried = config.model_copy(update={"forms": {**config.forms, file.name: form}})
    made = ingest([file], tried, secret=DRY_RUN_SECRET, taxonomy=taxonomy)
    console = Console(highlight=False, soft_wrap=True)
    _show(preview, match, made[0], console)
    _ask(file, match, accepts=accepts)
    _write(study, file, form)
    _print(console, "{file} was added. Next: havainto run {root}", file=file.name, root=root)
    _print(
        console, "To take it out: havainto init {file} --study {root} --undo",
        file=file.name, root=root,
    )  # fmt: skip


def undo_file(file: Path, root: Path) -> None:
    """Take a file and its form out of a study.

    Raises
    ------
    InputError
        When the study has no such file, or no other one.
    """
    study = open_study(root)
    target = study.inputs / file.name
    if not target.exists():
        raise InputError("{file} is not among the inputs of {root}.", file=file.name, root=root)
    if len(study.listed_inputs()) < 2:
        raise InputError(
            "{file} is the only file of {root}. Delete the folder to begin anew.",
            file=file.name,
            root=root,
        )

    def drop(document: tomlkit.TOMLDocument) -> None:
        ingest_table = document.get("ingest")
        if ingest_table is not None and file.name in ingest_table.get("forms", {}):
            del ingest_table["forms"][file.name]
            if not ingest_table["forms"]:
                del ingest_table["forms"]

    _edit_settings(study, drop)
    target.unlink()
    console = Console(highlight=False, soft_wrap=True)
    _print(console, "{file} was taken out of {root}.", file=file.name, root=root)


def _forms_of(config: IngestConfig) -> list[FormMap]:
    """Return the forms of a study; its own first."""
    base, is_mapped = form_of(config)
    return [*([base] if is_mapped else []), *config.forms.values()]


def _ask(file: Path, match: Match, *, accepts: bool) -> None:
    """Ask whether the file is to be added, when something about it is new or not sure."""
    if accepts or not match.asks:
        return
    shown = "; ".join(f"{_MARKS[c.kind]} {c.new}" for c in match.asks)
    if sys.stdin.isatty() and typer.confirm(say("Add it so?")):
        return
    raise InputError(
        "{file} was not added: {n} choices are new or not surely an old one ({choices}). Say that"
        ' one is an old one with --join "NEW=OLD", or take all as they are with --yes.',
        file=file.name,
        n=len(match.asks),
        choices=shown,
    )


def _write(study: Study, file: Path, form: FileForm) -> None:
    """Copy the file into the study and write its form; both or neither."""
    target = study.add_input(file)

    def put(document: tomlkit.TOMLDocument) -> None:
        table = document.setdefault("ingest", tomlkit.table())
        forms = table.setdefault("forms", tomlkit.table(is_super_table=True))
        forms[file.name] = json.loads(json.dumps(form.model_dump(exclude_unset=True)))

    try:
        _edit_settings(study, put)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _edit_settings(study: Study, edit: Callable[[tomlkit.TOMLDocument], None]) -> None:
    """Change study.toml aside, read it back, and put it in place."""
    path = study.settings_file
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    document = tomlkit.parse(text)
    edit(document)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(tomlkit.dumps(document), encoding="utf-8")
        load_settings(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _print(console: Console, template: str, **values: object) -> None:
    """Print a sentence in the language of the one who reads it."""
    console.print(say(template, **values), markup=False)


def _show(preview: Preview, match: Match, reports: pd.DataFrame, console: Console) -> None:
    """Print how the form stands to the old ones, and what the file holds."""
    _print(console, "{file} ({layout})", file=preview.file, layout=retold(preview.layout))
    _print(console, "\nQuestions (= same, ~ reworded, + new, - gone):")
    for change in match.questions:
        console.print(f"  {_MARKS[change.kind]} {change.field}: {_pair(change)}", markup=False)
    changed = [change for change in match.choices if change.kind != "same"]
    if changed:
        _print(console, "\nChoices (~ an old one, ? alike, + new, - gone or not chosen):")
    for change in changed:
        console.print(f"  {_MARKS[change.kind]} {change.field}: {_pair(change)}", markup=False)
    ok = reports[reports["quality"] == "ok"]
    _print(console, "\n{n} reports, {ok} of them usable.", n=len(reports), ok=len(ok))
    _print_counts(console, "period", Counter(ok["period"]))
    for field in _COUNTED:
        cells = [[x] if x else [] for x in ok[field]] if field == "valence" else list(ok[field])
        _print_counts(console, field, Counter(value for values in cells for value in values))
    n_typed = sum(bool(text) for text in ok["themes_other"])
    if n_typed:
        _print(console, "  typed under the other theme: {n}", n=n_typed)
    for doubt in preview.guess.doubts:
        _print(console, "To be checked: {doubt}.", doubt=retold(doubt.text))


def _print_counts(console: Console, field: str, counts: Counter[str]) -> None:
    """Print how many reports have each value."""
    if counts:
        shown = ", ".join(f"{value or '-'} {n}" for value, n in counts.most_common())
        console.print(f"  {say(field)}: {shown}", markup=False)


def _pair(change: Change) -> str:
    """Return new and old wording."""
    if change.kind == "same" or not change.old:
        return change.new
    return f"{change.new} <- {change.old}" if change.new else change.old
