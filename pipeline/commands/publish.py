"""``havainto report --publish``: keep a period's report as it is now."""

from pathlib import Path

from rich.console import Console

from pipeline.artifacts import Store
from pipeline.commands.settings import study_settings
from pipeline.needs import Supply
from pipeline.report.catalogue import load_catalogue
from pipeline.report.page.side_by_side import write_side_by_side
from pipeline.report.published import changed_files, publish, read_published
from pipeline.speech import say
from pipeline.study import Study, open_study
from pipeline.taxonomy.needs import TAXONOMY


def publish_report(path: Path, period: str | None) -> None:
    """Copy the finished report to ``published/`` and tell where it is."""
    study = open_study(path)
    settings = study_settings(study)
    store = Store(study)
    taxonomy = Supply(store, settings).value(TAXONOMY)
    language = settings.report.language
    with study.locked():
        wanted = period or settings.report.period
        made, is_new = publish(study, store, wanted, taxonomy.version)
        index = write_side_by_side(study, load_catalogue(language), language)
    console = Console(highlight=False, soft_wrap=True)
    folder, at = made.folder(study), made.at[:10]
    told = (
        say("Published: {folder}", folder=folder)
        if is_new
        else say("Published on {at}, the same since: {folder}", at=at, folder=folder)
    )
    console.print(told, markup=False)
    console.print(say("Side by side with the current report: {index}", index=index), markup=False)


def show_published(study: Study, console: Console) -> None:
    """Print the reports published, and the files of them that are not as they were."""
    found = read_published(study)
    if found:
        console.print(say("\n[bold]Published reports[/bold]"))
    for one in found:
        changed = changed_files(one, study)
        if one.withdrawn:
            at = one.withdrawn[:10]
            state = say("deleted on {at}, since a report in it was erased", at=at)
        elif changed:
            state = say("no longer as published: {files}", files=", ".join(changed))
        else:
            state = say("as published")
        where = one.folder(study).relative_to(study.root)
        console.print(f"  {where}, {one.at[:10]}: {state}", markup=False, soft_wrap=True)
