"""What the form is not: notes counted apart, words typed beside the choices, ticks that help."""

import pandas as pd
import pytest
from report_tables import facts, frame, small_study

from pipeline.frames import to_arrow


def with_notes(n_notes: int):
    """Return a study of eight reports and some notes of the newest period."""
    frames = small_study(2, 4)
    reports = frames["reports"]
    newest = frames["periods"]["period"].iloc[-1]
    notes = reports.iloc[[0] * n_notes].reset_index(drop=True)
    ids = [f"N-{i}" for i in range(n_notes)]
    notes = notes.assign(report_id=ids, period="", apart_period=newest, data_source="jalkautuva")
    frames["reports"] = pd.concat([reports, notes], ignore_index=True)
    pairs = frames["report_themes"]
    own = pairs[pairs["report_id"] == reports["report_id"].iloc[0]]
    more = [own.assign(report_id=i) for i in ids]
    frames["report_themes"] = pd.concat([pairs, *more], ignore_index=True)
    return frames


def test_notes_are_counted_over_their_own_number_and_never_swell_the_forms():
    plain, _ = facts(small_study(2, 4))
    told, _ = facts(with_notes(5))
    rows = [(one.n, one.source) for one in told.activities]
    assert rows[0] == (5, "jalkautuva")
    assert "5" in told.activities[1].name
    assert told.methods.n_now == plain.methods.n_now == 4
    assert "activities" in told.sections
    assert "activities" not in plain.sections


def test_a_theme_of_few_notes_is_not_told():
    told, _ = facts(with_notes(2))
    assert [one.n for one in told.activities] == [2]


@pytest.mark.parametrize(
    ("row", "part"),
    [
        ({"is_asked": True, "is_used": True}, "seuraavat tekstejä"),
        ({"is_asked": True, "is_used": False}, "eivät seuraa"),
        ({"is_asked": False, "is_used": True}, "liian vähän"),
    ],
)
def test_the_report_says_whether_the_ticks_help(row, part):
    frames = small_study(2, 4)
    known = {"theme_id": "asuminen", "n_ticked": 3, "quality": 1.0, "sensitivity": 0.9}
    known |= {"first_sensitivity": 0.7, "specificity": 0.99, "p_value": 0.005}
    frames["tick_reliability"] = frame("tick_reliability", [known | row])
    told, _ = facts(frames)
    assert [part in note for note in told.ticked.notes] == [True]
    assert told.methods.tick_notes == told.ticked.notes
    to_arrow("tick_reliability", frames["tick_reliability"])
