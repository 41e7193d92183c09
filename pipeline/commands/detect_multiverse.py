"""``havainto detect STUDY --multiverse``: what of the list and topics stays in other worlds."""

from datetime import datetime
from pathlib import Path

from pipeline.commands.detect import Desk
from pipeline.detect.multiverse import (
    EXCHANGES,
    STAYS,
    Standing,
    newest_reports,
    standing_of_listed,
    standing_of_topic,
    worlds,
)
from pipeline.detect.worlds_file import (
    HeldWorlds,
    ListedInWorlds,
    members_sha256,
    write_worlds,
)
from pipeline.errors import ArtifactError
from pipeline.frames import each_row
from pipeline.speech import marked, say


def show_multiverse(path: Path) -> None:
    """Print, for each listed group and topic, the share of the worlds that have it.

    Parameters
    ----------
    path : Path
        The study; what was found of the list is kept for the report's method part.

    Raises
    ------
    ArtifactError
        When there are no topics to compare.
    """
    desk = Desk(path, with_texts=True)
    tables = desk.tables
    if tables["topics"].empty:
        raise ArtifactError(
            "A multiverse needs topics to compare. Got none. Add form exports: havainto init FILE "
            "--study {path}",
            path=path,
        )
    with desk.bar(say("other worlds")) as progress:
        made = worlds(tables, desk.again, desk.seed, progress)
    newest = newest_reports(tables["periods"], tables["reports"])
    counts = [len(world.topics) for world in made]
    desk.console.print(
        say(
            "{n} worlds: {n_seeds} seeds, {n_sizes} smallest topics, {n_weights} weights of the "
            "likenesses, {n_rules} rules of what moves together. Topics: {least} to {most}. * is "
            "found in at least {stays}% of them.",
            n=len(made),
            n_seeds=len({world.seed for world in made}),
            n_sizes=len({world.min_topic_reports for world in made}),
            n_weights=len({world.weights for world in made}),
            n_rules=len(EXCHANGES),
            least=min(counts),
            most=max(counts),
            stays=round(100 * STAYS),
        )
    )
    listed, kept = [], []
    for row in each_row(desk.listed):
        stands = standing_of_listed(row.report_ids, made, newest)
        kept.append(ListedInWorlds(members_sha256(row.report_ids), stands.found, stands.signal))
        name = f"{int(row.rank)}. {row.label}"
        listed.append((*_cells(name, stands), f"{stands.signal:.0%}"))
    desk.show(marked("group", "listed", "share now", "signal"), listed)
    main = tables["report_topics"][tables["report_topics"]["is_main"].astype(bool)]
    rows = [
        _cells(
            str(topic.label),
            standing_of_topic(
                main.loc[main["topic_id"] == topic.topic_id, "report_id"].tolist(), made, newest
            ),
        )
        for topic in each_row(tables["topics"])
    ]
    desk.show(marked("name", "found", "share now"), rows)
    day = datetime.now().astimezone().date().isoformat()
    held = HeldWorlds(day, len(made), min(counts), max(counts), tuple(kept))
    with desk.study.locked():
        write_worlds(desk.study.tables, held)
    desk.console.print(
        say("Kept for the method part of the report: havainto report {path}", path=path)
    )


def _cells(name: str, stands: Standing) -> tuple[str, str, str]:
    """Return the mark and name, the share of the worlds, and the range of the share now."""
    mark = "* " if stands.stays else "  "
    span = "" if stands.found == 0 else f"{stands.low:.0%}-{stands.high:.0%}"
    return f"{mark}{name}", f"{stands.found:.0%}", span
