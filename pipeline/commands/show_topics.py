"""``havainto topics``: the topics of a study, and what is inside one."""

from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from pipeline.artifacts import Store
from pipeline.cluster.edits_file import FILE_NAME, add_edits, as_toml
from pipeline.cluster.inside import Inside, look_inside
from pipeline.commands.named import named_table
from pipeline.commands.settings import study_settings
from pipeline.frames import each_row
from pipeline.speech import say
from pipeline.study import open_study
from pipeline.tables import TEXT_TABLES
from pipeline.texts import Texts

N_SHOWN = 3
_MAX_CHARS = 160
_FIRM = 0.5


def show_topics(path: Path) -> None:
    """Print every topic with its id, size, stability and label."""
    study = open_study(path)
    store = Store(study)
    topics = named_table("topics", store, study_settings(study))
    table = Table(box=None, pad_edge=False)
    table.add_column(say("topic"))
    table.add_column(say("reports"), justify="right")
    table.add_column(say("stability"), justify="right")
    table.add_column(say("name"), overflow="fold")
    for row in each_row(topics):
        table.add_row(row.topic_id, str(row.n_reports), f"{row.stability:.2f}", row.label)
    console = Console(highlight=False, soft_wrap=True)
    console.print(table)
    console.print(say("What is inside one: havainto topics {path} --inside TOPIC", path=path))


def show_inside(path: Path, topic_id: str, *, writes_edits: bool) -> None:
    """Print the sub-topics of a topic, and the edits that split it, or write those down."""
    study = open_study(path)
    settings = study_settings(study)
    store = Store(study)
    texts = Texts(*map(store.read, TEXT_TABLES))
    console = Console(highlight=False, soft_wrap=True)
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task(say("disturbed clusterings"), total=1)
        found = look_inside(
            topic_id,
            texts,
            store.read("report_topics"),
            settings.cluster,
            seed=settings.study.seed,
            progress=lambda done, total: progress.update(task, completed=done, total=total),
        )
    said = dict(zip(texts.segments["segment_id"], texts.segments["text"], strict=True))
    _print_parts(console, found, said)
    if len(found.sub_topics) < 2:
        console.print(say("The topic does not fall into parts."))
        return
    if writes_edits:
        with study.locked():
            add_edits(study.human, found.edits())
        console.print(
            say(
                "Written to {human}. Then: havainto run {path}",
                human=study.human / FILE_NAME,
                path=path,
            )
        )
        return
    console.print(
        say(
            "To split the topic, put this into {human}, or give --write-edit:\n",
            human=study.human / FILE_NAME,
        )
    )
    console.print(as_toml(found.edits()), markup=False)


def _print_parts(console: Console, found: Inside, texts: dict[str, str]) -> None:
    """Print each sub-topic with its words and its firmest reports."""
    for number, part in enumerate(found.sub_topics, 1):
        doubt = "" if part.stability >= _FIRM else say(", loose: read before you split")
        console.print(
            say(
                "{number}. {label}: {n_report_ids} reports, stability {stability:.2f}{doubt}",
                number=number,
                label=part.label,
                n_report_ids=len(part.report_ids),
                stability=part.stability,
                doubt=doubt,
            ),
            markup=False,
        )
        console.print(f"   {', '.join(part.terms)}", markup=False)
        for report_id, segment_id in list(zip(part.report_ids, part.segment_ids, strict=True))[
            :N_SHOWN
        ]:
            console.print(f"   {report_id}: {_shortened(texts[segment_id])}", markup=False)
    if found.others:
        console.print(
            say("In none of them: {others}", others=", ".join(found.others)), markup=False
        )


def _shortened(text: str) -> str:
    """Return a sentence, cut after a word when it is long.

    Examples
    --------
    >>> _shortened("sana " * 40)[-10:]
    'sana sana…'
    """
    return text if len(text) <= _MAX_CHARS else text[:_MAX_CHARS].rsplit(" ", 1)[0] + "…"
