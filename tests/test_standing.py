"""What stands of a log: the same in any order, doubled or split, and as people would count it."""

import csv
import random
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from offline import havainto

from pipeline.codings import COLUMNS as CODING_COLUMNS
from pipeline.codings import read_codings
from pipeline.review.agreement_now import agreement_now
from pipeline.review.decisions_file import FIRST_COLUMNS, as_frame, read_decisions
from pipeline.review.from_codings import import_rows
from pipeline.review.log import CsvLog
from pipeline.review.standing_rulings import standing
from pipeline.taxonomy.model import Change
from pipeline.taxonomy.read import find_taxonomy, load_taxonomy

TAXONOMY: Any = SimpleNamespace(
    theme_ids=("a", "b", "c"),
    version="1.2.0",
    history=(
        Change(version="1.0.0", date="2026-01-01", action="create", to_ids=("a", "b", "old")),
        Change(version="1.1.0", date="2026-02-01", action="merge", from_ids=("old",),
               to_ids=("a",)),
        Change(version="1.2.0", date="2026-03-01", action="retire", from_ids=("gone",)),
        Change(version="1.2.0", date="2026-03-01", action="revise", from_ids=("b",),
               to_ids=("b",)),
    ),
)  # fmt: skip
GOLD = Path(__file__).parent.parent / "corpora" / "jarvimaa" / "gold_themes.csv"
NO_CODINGS = pd.DataFrame(columns=list(CODING_COLUMNS), dtype=object)


def row(number, verdict, theme="a", report="R1", coder="Aino", **changes):
    table = "reports" if verdict in ("read", "unsure") else "report_themes"
    made = {
        "decision_id": f"D-{number:03}",
        "batch": f"B-{number:03}",
        "at": f"2026-05-01T10:00:00.{number:06}+00:00",
        "coder": coder,
        "target_table": table,
        "target_id": report,
        "theme_id": theme if table == "report_themes" else "",
        "verdict": verdict,
        "new_value": "",
        "memo": "",
        "taxonomy_version": "1.2.0",
        "mode": "blind",
        "shown": "",
        "basis": "",
    }
    return made | changes


def undo(number, batch):
    named = {"target_table": "batches", "target_id": batch, "new_value": batch, "theme_id": ""}
    return row(number, "retract", **named)


def stand(*rows, codings=NO_CODINGS):
    return standing(as_frame(rows), codings, TAXONOMY)


def counted(held):
    settled = held.settled_themes
    yes = settled[settled["counted"]]
    return set(zip(yes["report_id"], yes["theme_id"], strict=True))


def sources(held):
    settled = held.settled_themes
    return dict(zip(settled["theme_id"], settled["source"], strict=True))


def state(held):
    return dict(zip(held.report_states["coder"], held.report_states["state"], strict=True))


def as_plain(held):
    tables = (held.report_states, held.codings_standing, held.settled_themes, held.outdated)
    return [table.to_dict("records") for table in tables]


ROWS = st.lists(
    st.builds(
        lambda verdict, theme, report, coder, at, batch, mode, version: row(
            at, verdict, theme, report, coder, batch=f"B-{batch}", mode=mode,
            taxonomy_version=version, **(
                {"target_table": "batches", "target_id": f"B-{batch % 4}",
                 "new_value": f"B-{batch % 4}"} if verdict == "retract" else {}
            ),
        ),
        st.sampled_from(["accept", "reject", "change", "read", "unsure", "memo", "retract"]),
        st.sampled_from(["a", "b", "old", "gone", "never"]),
        st.sampled_from(["R1", "R2"]),
        st.sampled_from(["Aino", "Veikko"]),
        st.integers(0, 30),
        st.integers(0, 9),
        st.sampled_from(["blind", "assisted", "adjudication"]),
        st.sampled_from(["1.0.0", "1.2.0"]),
    ),
    max_size=14,
).map(lambda rows: [r | {"decision_id": f"D-{i}"} for i, r in enumerate(rows)])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(ROWS, st.randoms(use_true_random=False), st.integers(0, 14))
def test_any_order_doubling_or_split_of_the_log_gives_the_same(rows, rng, place):
    once = as_plain(stand(*rows))
    shuffled = [*rows]
    rng.shuffle(shuffled)
    assert as_plain(stand(*shuffled)) == once
    assert as_plain(stand(*rows, *rows[place:])) == once
    assert as_plain(stand(*rows[place:], *rows[:place])) == once


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_undoing_a_batch_gives_what_stood_before_it_and_redoing_what_stood_after(rows):
    before = as_plain(stand(*rows))
    batch = [
        row(100, "reject", report="R1", batch="B-new"),
        row(101, "read", report="R1", batch="B-new", mode="assisted"),
    ]
    after = as_plain(stand(*rows, *batch))
    undone = [*rows, *batch, undo(110, "B-new")]
    assert as_plain(stand(*undone)) == before
    assert as_plain(stand(*undone, undo(120, "B-110"))) == after


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_a_theme_counts_only_for_a_coder_who_gave_it_and_no_raw_id_is_left(rows):
    held = stand(*rows)
    assert set(held.settled_themes["theme_id"]) <= {"a", "b"}
    assert set(held.codings_standing["theme_id"]) <= {"a", "b", ""}
    for settled in held.settled_themes.to_dict("records"):
        assert not set(settled["coders_for"]) & set(settled["coders_against"])
        if settled["counted"] and settled["source"] != "adjudicated":
            assert settled["coders_for"]


def test_the_same_coders_later_word_wins_and_another_coders_stands_beside_it():
    held = stand(
        row(1, "accept"), row(2, "reject"), row(3, "accept"),
        row(4, "reject", coder="Veikko"), row(5, "accept", theme="b", coder="Veikko"),
    )  # fmt: skip
    assert counted(held) == {("R1", "a"), ("R1", "b")}
    assert sources(held) == {"a": "disputed", "b": "one reader"}


def test_a_report_that_was_read_has_exactly_the_themes_people_gave_it():
    held = stand(row(1, "accept"), row(2, "read"), row(3, "read", report="R2"))
    assert counted(held) == {("R1", "a")}
    codings = held.codings_standing
    assert list(zip(codings["report_id"], codings["theme_id"], strict=True)) == [
        ("R1", "a"), ("R2", ""),
    ]  # fmt: skip
    assert held.report_states["is_read"].tolist() == [True, True]


def test_readers_agree_dispute_and_are_overruled():
    two = [row(1, "accept"), row(2, "read"), row(3, "accept", coder="V"), row(4, "read", coder="V")]
    assert sources(stand(*two)) == {"a": "agreed"}
    third = [row(5, "read", coder="X"), row(6, "accept", theme="b", coder="X")]
    held = stand(*two, *third)
    assert sources(held) == {"a": "disputed", "b": "disputed"}
    assert counted(held) == {("R1", "a")}
    lead = [
        row(7, "accept", theme="c", coder="Lea", mode="adjudication"),
        row(8, "read", coder="Lea", mode="adjudication"),
    ]
    held = stand(*two, *third, *lead)
    assert counted(held) == {("R1", "c")}
    assert set(sources(held).values()) == {"adjudicated"}


def test_states_follow_what_a_coder_did_last():
    drafted = [row(1, "accept")]
    assert state(stand(row(0, "memo"))) == {"Aino": "open"}
    assert state(stand(*drafted)) == {"Aino": "drafted"}
    assert state(stand(*drafted, row(2, "read"))) == {"Aino": "read"}
    assert state(stand(*drafted, row(2, "read"), row(3, "unsure"))) == {"Aino": "unsure"}
    assert stand(*drafted).codings_standing.empty


def test_merged_themes_count_as_what_they_became_and_lost_ones_are_listed():
    old = {"taxonomy_version": "1.0.0"}
    held = stand(row(1, "accept", theme="old", **old), row(2, "accept", theme="gone", **old),
                 row(3, "accept", theme="never", **old), row(4, "read", **old))  # fmt: skip
    assert counted(held) == {("R1", "a")}
    assert sorted(held.outdated["reason"]) == ["retired", "unknown"]
    assert state(held) == {"Aino": "stale"}
    only_lost = stand(row(1, "accept", theme="gone", **old), row(2, "read", **old))
    assert not only_lost.report_states["is_read"].any()
    later = stand(row(1, "accept", theme="old", **old), row(2, "reject", theme="a"))
    assert not counted(later)


def test_a_redefined_theme_makes_its_readings_stale_and_they_still_count():
    held = stand(row(1, "accept", theme="b", taxonomy_version="1.0.0"), row(2, "read"))
    assert (state(held), counted(held)) == ({"Aino": "stale"}, {("R1", "b")})


def test_a_sentence_carries_its_theme_to_its_report_also_when_the_id_has_a_slash():
    sentence = {"target_table": "segment_themes", "target_id": "päiväkoti/7/observation/002"}
    read = row(2, "read", report="päiväkoti/7")
    held = stand(row(1, "accept", **sentence), read)
    assert counted(held) == {("päiväkoti/7", "a")}
    assert held.codings_standing["segment_id"].tolist() == [sentence["target_id"]]
    assert not counted(stand(row(1, "accept", **sentence), row(3, "reject", report="päiväkoti/7")))


def test_an_old_log_gives_the_counts_it_gave(tmp_path):
    rng = random.Random(3)
    rows = [
        row(n, rng.choice(["accept", "reject"]), rng.choice("abc"), f"R{rng.randrange(9)}",
            at=f"2026-05-01T10:00:{n // 10:02}+00:00")
        for n in range(200)
    ]  # fmt: skip
    lines = [",".join(FIRST_COLUMNS), *(",".join(r[c] for c in FIRST_COLUMNS) for r in rows)]
    (tmp_path / "decisions.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    by_hand = {(r["target_id"], r["theme_id"]): r["verdict"] for r in rows}
    held = standing(read_decisions(tmp_path), NO_CODINGS, TAXONOMY)
    assert counted(held) == {pair for pair, verdict in by_hand.items() if verdict == "accept"}


def test_the_careful_coder_twice_is_settled_as_counted_by_hand(tmp_path):
    """The demo's codings by two invented coders, a tenth of the second one's changed at random."""
    gold = read_codings(GOLD)
    taxonomy = load_taxonomy(find_taxonomy("sosiaalinen-raportointi"))
    given: dict[str, set[str]] = {}
    for report, theme in zip(gold["report_id"], gold["theme_id"], strict=True):
        given.setdefault(report, set()).update({theme} - {""})
    rng, other = random.Random(5), {report: set(themes) for report, themes in given.items()}
    changed = sorted(rng.sample(sorted(other), len(other) // 10))
    for report in changed:
        other[report] ^= {rng.choice(taxonomy.theme_ids)}
    codes = tmp_path / "koodit.csv"
    with codes.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("report_id", "theme_id", "coder"))
        for coder, sets in (("Aino", given), ("Veikko", other)):
            for report, themes in sets.items():
                writer.writerows((report, theme, coder) for theme in sorted(themes) or [""])
    log = CsvLog(tmp_path)
    log.append(import_rows(read_codings(codes)))
    held = standing(read_decisions(tmp_path), NO_CODINGS, taxonomy)
    found = agreement_now(held.codings_standing, taxonomy, seed=0)
    assert found is not None
    assert found.n_reports == len(given)
    assert 0.8 < found.of_sets.value < 1
    assert sorted(found.disputed["report_id"]) == changed
    assert found.disputed["distance"].is_monotonic_decreasing
    union = {(report, theme) for report in given for theme in given[report] | other[report]}
    assert counted(held) == union  # of two readers one is half
    lead = [
        {"target_table": "report_themes", "target_id": report, "theme_id": theme, "coder": "Lea",
         "verdict": "accept" if theme in given[report] else "reject", "mode": "adjudication"}
        for report in changed
        for theme in sorted(given[report] | other[report])
    ]  # fmt: skip
    lead += [
        {"target_table": "reports", "target_id": report, "verdict": "read", "coder": "Lea",
         "mode": "adjudication"}
        for report in changed
    ]  # fmt: skip
    log.append(lead)
    held = standing(read_decisions(tmp_path), NO_CODINGS, taxonomy)
    assert counted(held) == {(report, theme) for report in given for theme in given[report]}
    settled = agreement_now(held.codings_standing, taxonomy, seed=0)
    assert settled is not None
    assert settled.disputed.empty


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param("Pirjo Haapasalo jonottaa asuntoa", id="a sentence"),
        pytest.param("131052-308T", id="an identity code"),
        pytest.param("pirjo@example.fi", id="an e-mail"),
        pytest.param("040 123 4567", id="a phone"),
        pytest.param("x" * 200, id="very long"),
    ],
)
def test_status_does_not_repeat_a_cell_of_a_shifted_column(finished_copy, cell):
    (finished_copy.human / "codings.csv").write_text(
        f'report_id,theme_id,coder\nR01,"{cell}",Eero\n"{cell}",asuminen,Eero\n', encoding="utf-8"
    )
    said = havainto("status", finished_copy.root)
    assert cell not in said
    assert said.count("(a text, not an id)") == 2
