"""The section of regions: what rises in each, and where a listed signal was first seen."""

import io
import zipfile
from collections.abc import Iterator

import pandas as pd
import pytest
from deck_reader import tables
from report_reader import page_text, spoken
from report_tables import deck, facts, frame, page, ruled, small_study, write

Frames = dict[str, pd.DataFrame]


def rise(region: str, rank: int, ids: list[str], strength: str, label: str) -> dict[str, object]:
    return {
        "region": region,
        "rank": rank,
        "signal_id": f"S-{region}-{rank}",
        "strength": strength,
        "label": label,
        "report_ids": ids,
        "counts": [0, 1, len(ids) - 1],
        "n_reports": [4, 9, 17],
        "p_value": 0.01,
        "q_value": 0.07,
        "p_max": 0.1,
        "candidate_id": "C-1",
        "topic_id": None,
    }


@pytest.fixture(scope="module")
def frames() -> Frames:
    """Return a study of three regions: a rise, one too small for a slide, one of chance."""
    held = small_study(3, 6)
    ids = held["reports"]["report_id"].tolist()
    newest, before = ids[12:18], ids[6:12]
    rows = [
        rise("Kainuu", 1, [before[0], *newest[:4]], "signal", "Öinen soittelu"),
        rise("Kainuu", 2, [*before[:3]], "candidate", "Ei mitään"),
        rise("Lappi", 1, [before[1], *newest[4:]], "watch", "Kuljetuksen puute"),
        rise("Satakunta", 1, [*before[:3]], "candidate", "Ei mitään"),
    ]
    held["region_signals"] = frame("region_signals", rows)
    seen = [("Lappi", 2, "2015H2", True), ("Kainuu", 1, "2016H1", False)]
    held["signal_regions"] = frame(
        "signal_regions",
        [
            dict(zip(("region", "n_reports", "first_period", "is_first"), one, strict=True))
            | {"signal_id": "S-1"}
            for one in seen
        ],
    )
    return held


def test_only_what_stands_out_from_chance_is_told_region_by_region(frames: Frames) -> None:
    told, _ = facts(frames)
    assert "regions" in told.sections
    rises = [(part.name, one.label, one.n_now.n, one.n.n) for part in told.signals.by_region.parts
             for one in part.rises]  # fmt: skip
    assert rises == [("Kainuu", "Öinen soittelu", 4, 5), ("Lappi", "Kuljetuksen puute", 2, 3)]
    assert spoken(told.signals.by_region.headline) == "Nousu näkyy 2 alueella"
    text = page_text(page(frames).encode())
    assert "Alueelta on tältä jaksolta 17 raporttia." in text
    assert "Tutkittiin, eikä mikään erottunut sattumasta: Satakunta." in text
    assert "Ei mitään" not in text


def test_a_signal_says_where_it_was_first_seen(frames: Frames) -> None:
    told, _ = facts(frames)
    assert told.signals.cards[0].seen == (
        "Ensin nähty: Lappi (syksy 2015). Alueita 2, jaksoja 1/3."
    )
    assert told.signals.cards[0].seen in page_text(page(frames).encode())


def test_a_slide_tells_no_small_number_of_a_region(frames: Frames) -> None:
    (rows,) = [
        rows for title, rows in tables(deck(frames)) if spoken(title) == "Nousu näkyy 2 alueella"
    ]
    cells = [[spoken(cell) for cell in row] for row in rows[1:]]
    assert [row[:2] + row[3:] for row in cells] == [
        ["Kainuu", "Öinen soittelu", "4", "5"],
        ["Lappi", "Kuljetuksen puute", "<3", "3"],
    ]


@pytest.mark.parametrize("language", ["en", "sv"])
def test_other_languages_tell_it_too(frames: Frames, language: str) -> None:
    told, _ = facts(frames, language=language)
    assert told.signals.by_region.parts
    assert "2" in told.signals.by_region.headline


def test_without_regions_there_is_no_section_and_no_line() -> None:
    held = small_study(3)
    told, _ = facts(held)
    assert "regions" not in told.sections
    assert told.signals.cards[0].seen == ""
    assert 'id="regions"' not in page(held)


def test_a_rejected_group_rises_in_no_region(frames: Frames) -> None:
    signals = frames["signals"].assign(candidate_id="C-1")
    ruling = ruled(("signals", "S-1", "", "reject", ""))
    told, _ = facts(frames | {"signals": signals, "decisions": ruling})
    assert told.signals.by_region.parts == ()
    assert told.signals.by_region.headline.startswith("Millään alueella mikään ei nouse")


def test_units_director_and_public_are_told_no_region(frames: Frames) -> None:
    written = write(frames, audiences=("internal", "units", "director", "public"))
    inside = {"report.html", "deck.pptx", "tables.xlsx"}
    for name, content in written.items():
        text = "\n".join(texts(name, content))
        assert ("Öinen soittelu" in text) == (name in inside), name


def texts(name: str, content: bytes) -> Iterator[str]:
    """Yield what a file holds: the parts of a zipped one."""
    if name.endswith((".pptx", ".docx", ".xlsx")):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            yield from (parts.read(one).decode("utf-8", "ignore") for one in parts.namelist())
    else:
        yield content.decode("utf-8")
