"""What a person presses becomes rows of the log, and can be taken back without end."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from workbench_study import PERIOD, QUEUE, Tab, copied, desk_of

from pipeline.review.decisions_file import as_frame, read_decisions
from pipeline.review.log import CsvLog
from pipeline.review.standing_rulings import standing
from pipeline.workbench.people import People


@pytest.fixture
def study(finished_study, tmp_path):
    return copied(finished_study, tmp_path / "study")


@pytest.fixture
def tab(study):
    return Tab(desk_of(study))


def plain_report(desk) -> str:
    """A report of the newest period whose suggestions are shown."""
    return next(r for r in desk.periods[PERIOD] if r not in desk.lots)


def themes_of(desk, report_id) -> set[str]:
    reading = desk.mine(report_id)
    return set(reading.themes) if reading else set()


def suggested(desk, report_id) -> set[str]:
    page = desk.page_of(desk.report_row(report_id))
    return {pair["theme_id"] for pair in page["pairs"] if pair["assigned"]}


def test_enter_takes_what_is_suggested_and_goes_to_the_next_report(tab) -> None:
    desk = tab.desk
    report_id = plain_report(desk)
    tab.open(report_id)
    tab.press("confirm")
    assert tab.page.status_code == 200
    assert tab.report_id not in ("", report_id)
    assert themes_of(desk, report_id) == suggested(desk, report_id) != set()
    rows = read_decisions(desk.study.human)
    assert rows["batch"].nunique() == 1
    assert set(rows["mode"]) == {"assisted"}
    said = [json.loads(one) for one in rows["shown"] if one]
    assert said
    assert all(one["run"] == desk.generation.suggestions for one in said)


def test_a_toggled_suggestion_is_rejected_and_another_theme_is_one_press_away(tab) -> None:
    desk = tab.desk
    report_id = plain_report(desk)
    first = sorted(suggested(desk, report_id))[0]
    other = next(t for t in desk.taxonomy.theme_ids if t not in suggested(desk, report_id))
    tab.open(report_id)
    tab.press(f"toggle:{first}")
    tab.press(f"toggle:{other}")
    tab.press("confirm")
    assert themes_of(desk, report_id) == (suggested(desk, report_id) - {first}) | {other}


def test_none_fits_leaves_a_read_report_without_themes(tab) -> None:
    desk = tab.desk
    report_id = plain_report(desk)
    tab.open(report_id)
    tab.press("none")
    reading = desk.mine(report_id)
    assert (reading.state, reading.themes) == ("read", set())
    settled = standing_of(desk).settled_themes
    assert not settled[settled["report_id"] == report_id]["counted"].any()


def test_an_unsure_report_comes_back_at_the_end_of_the_queue(tab) -> None:
    desk = tab.desk
    tab.get(f"/jono?jono={QUEUE.replace('=', '%3D')}")
    first = tab.report_id
    tab.press("unsure")
    seen = []
    for _ in range(30):
        if not tab.report_id or tab.report_id == first:
            break
        seen.append(tab.report_id)
        tab.press("confirm")
    assert tab.report_id == first
    assert set(seen) == set(desk.periods[PERIOD]) - {first}


def test_undo_and_redo_have_no_end_and_outlive_a_restart(tab, study) -> None:
    desk = tab.desk
    tab.get(f"/jono?jono={QUEUE.replace('=', '%3D')}")
    theme = desk.taxonomy.theme_ids[3]
    for _ in range(5):
        tab.press(f"toggle:{theme}")
        tab.press("confirm")
    after = {
        r: (desk.mine(r).state, themes_of(desk, r)) for r in desk.periods[PERIOD] if desk.mine(r)
    }
    n_batches = len(desk.people.batches)
    for _ in range(n_batches + 3):
        tab.post("/kumoa", jono=QUEUE)
    assert all(desk.mine(r) is None for r in desk.periods[PERIOD])
    again = Tab(desk_of(study))
    assert "disabled" in again.get("/").text.split("Ctrl+z", 1)[1][:20]
    for _ in range(n_batches + 3):
        again.post("/tee-uudelleen", jono=QUEUE)
    redone = again.desk
    assert {
        r: (mine.state, themes_of(redone, r))
        for r in redone.periods[PERIOD]
        if (mine := redone.mine(r))
    } == after


def test_a_new_ruling_ends_what_could_be_redone(tab) -> None:
    report_id = plain_report(tab.desk)
    tab.open(report_id)
    tab.press("confirm")
    tab.post("/kumoa")
    tab.open(report_id)
    tab.press("none")
    n_rows = len(tab.desk.people.rows)
    tab.post("/tee-uudelleen")
    assert len(tab.desk.people.rows) == n_rows


def test_a_stale_tab_is_told_with_both_versions_and_nothing_is_lost(tab) -> None:
    desk = tab.desk
    report_id = plain_report(desk)
    tab.open(report_id)
    stale = tab.hidden
    tab.press("none")
    n_rows = len(desk.people.rows)
    answer = tab.post("/ratkaise", do="confirm", **stale)
    assert answer.status_code == 409
    assert str(desk.words("conflict.seen")) in answer.text
    assert str(desk.words("conflict.now")) in answer.text
    assert len(desk.people.rows) == n_rows
    tab.open(report_id)
    assert tab.press("confirm").status_code == 200


def test_a_sentence_that_carries_a_theme_gives_it_to_the_report(tab) -> None:
    desk = tab.desk
    report_id = plain_report(desk)
    other = next(t for t in desk.taxonomy.theme_ids if t not in suggested(desk, report_id))
    tab.open(report_id)
    segment_id = desk.page_of(desk.report_row(report_id))["segments"][0][0]
    tab.press("sentence", lause=segment_id, teema=other)
    assert other in themes_of(desk, report_id)
    assert desk.people.head(("segment_themes", segment_id, other, "Maija"))["verdict"] == "accept"
    n_rows = len(desk.people.rows)
    tab.press("sentence", lause="R99/observation/001", teema=other)
    assert len(desk.people.rows) == n_rows


def test_many_reports_ruled_on_at_once_are_undone_as_one(tab) -> None:
    desk = tab.desk
    theme = desk.taxonomy.theme_ids[0]
    ids = desk.periods[PERIOD]
    tab.post("/joukko", id=ids, teema=theme, do="accept", paluu="/raportit")
    assert all(theme in themes_of(desk, r) for r in ids)
    assert {row["mode"] for row in desk.people.rows} == {"bulk"}
    tab.post("/kumoa")
    assert all(desk.mine(r) is None for r in ids)


def test_what_the_page_shows_is_what_stands_for_the_report_and_for_training(tab) -> None:
    desk = tab.desk
    tab.get(f"/jono?jono={QUEUE.replace('=', '%3D')}")
    for step in range(4):
        tab.press(f"toggle:{desk.taxonomy.theme_ids[step]}")
        tab.press("confirm")
    found = standing_of(desk)
    read = {r for r in desk.places if (mine := desk.mine(r)) and mine.state == "read"}
    codings = found.codings_standing
    for report_id in read:
        given = set(codings[codings["report_id"] == report_id]["theme_id"]) - {""}
        assert given == themes_of(desk, report_id)


def standing_of(desk):
    from pipeline.codings import read_codings

    decisions = as_frame(CsvLog(desk.study.human).since(0)[0])
    return standing(decisions, read_codings(desk.study.human), desk.taxonomy)


STEPS = st.lists(st.sampled_from(["rule", "undo", "redo"]), max_size=25)


@given(STEPS)
@settings(max_examples=60, deadline=None)
def test_undo_and_redo_follow_from_the_log_alone(steps) -> None:
    people = People()
    model: list[Any] = []
    gone: list[Any] = []
    n = 0

    def take(batch, **cells):
        row = dict.fromkeys(("theme_id", "new_value", "memo"), "") | {
            "decision_id": f"D-{batch}", "batch": batch, "at": f"2026-01-01T00:00:00.{n:06d}+00:00",
            "coder": "A", "target_table": "reports", "verdict": "read", "mode": "assisted",
        }  # fmt: skip
        people.take([row | cells])

    for step in steps:
        n += 1
        if step == "rule":
            take(f"B{n}", target_id=f"R{n}")
            model.append(f"R{n}")
            gone.clear()
        elif step == "undo" and model:
            batch = people.next_undo("A")[0]
            take(f"B{n}", target_table="batches", target_id=batch["batch"], verdict="retract",
                 new_value=batch["batch"])  # fmt: skip
            gone.append(model.pop())
        elif step == "redo" and gone:
            take(f"B{n}", target_id=people.next_redo("A")[0]["target_id"])
            model.append(gone.pop())
        standing_now = {row["target_id"] for row in people.heads("reports")}
        assert standing_now == set(model)
        assert bool(people.next_redo("A")) == bool(gone)
