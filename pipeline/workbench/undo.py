"""Take back and make again: any number of steps, after a restart too."""

from pipeline.workbench import files, rule
from pipeline.workbench.desk import Desk
from pipeline.workbench.rule import Row


def undo(desk: Desk) -> list[Row]:
    """Take the coder's newest standing batch back; return its rows, none when nothing is left.

    A batch that changed a file of ``human/`` is taken back only when the file is still as the
    batch left it; otherwise it stays, and no rows are returned.
    """
    desk.catch_up()
    return _step(desk, desk.people.next_undo(desk.coder), forward=False)


def redo(desk: Desk) -> list[Row]:
    """Make the batch again that the coder took back last; return its rows."""
    desk.catch_up()
    return _step(desk, desk.people.next_redo(desk.coder), forward=True)


def take_back(desk: Desk, rows: list[Row]) -> list[Row]:
    """Take one batch back, whichever it is."""
    return _step(desk, rows, forward=False)


def _step(desk: Desk, held: list[Row], *, forward: bool) -> list[Row]:
    """Go one step back or forward."""
    if not held:
        return []
    rows = [dict(row) for row in held]
    for row in rows:
        if row["target_table"] == "files":
            value = row["new_value"]
            if not files.put_back(desk.study.human, row["target_id"], value, forward=forward):
                return []
    rulings = rule.anew(rows) if forward else [rule.retract(rows[0]["batch"])]
    desk.write(desk.pen(rows[0]["mode"]), rulings)
    return rows
