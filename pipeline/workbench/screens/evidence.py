"""Say that a word is no evidence of a theme: ``human/not_evidence.csv``."""

import csv
import io

from starlette.responses import Response

from pipeline.assign.not_evidence import COLUMNS, FILE_NAME, read_not_evidence
from pipeline.spreadsheet import safe_cell, write_private
from pipeline.workbench import files
from pipeline.workbench.desk import Desk
from pipeline.workbench.pages import own_path, render, to
from pipeline.workbench.rule import Ruling
from pipeline.workbench.visit import Visit


def act(visit: Visit) -> Response:
    """Rule a word out for a theme; the next run no longer counts it."""
    desk = visit.desk
    theme, lemma = visit.sent("teema"), visit.sent("sana", 100)
    back = own_path(visit.sent("paluu"))
    if theme not in desk.theme_ids or not lemma or lemma.startswith("["):
        return to(back)
    path = desk.study.human / FILE_NAME
    rulings = files.change(
        desk.study.human,
        FILE_NAME,
        visit.sent("nahty") or files.digest(path),
        lambda: _write(desk, theme, lemma),
        [Ruling(table="evidence", target=lemma, theme=theme, verdict="reject")],
    )
    if rulings is None:
        return render(
            desk,
            "told.html.j2",
            desk.words("conflict.title"),
            409,
            text=desk.words("told.file_changed", file=FILE_NAME),
        )
    desk.write(desk.pen("assisted"), rulings)
    return to(back)


def ruled_out(desk: Desk) -> set[tuple[str, str]]:
    """Return the words ruled out, each with its theme."""
    held = read_not_evidence(desk.study.human)
    return set(zip(held["theme_id"], held["lemma"], strict=True))


def _write(desk: Desk, theme: str, lemma: str) -> None:
    """Write the file with one word more."""
    rows = [*read_not_evidence(desk.study.human).itertuples(index=False, name=None)]
    if (theme, lemma) not in rows:
        rows.append((theme, lemma))
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([safe_cell(str(cell)) for cell in row] for row in rows)
    write_private(desk.study.human / FILE_NAME, stream.getvalue().encode("utf-8"))
