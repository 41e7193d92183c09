"""A report of an earlier period shows it as known then, and says that it is a look back."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest
from deck_reader import opened
from report_reader import sheet_rows
from report_tables import Frames, facts, frame, make_frames, sheets_of, write

from pipeline.detect.detect import DetectConfig, find_signals
from pipeline.detect.histories import GroupTables
from pipeline.detect.register import COLUMNS
from pipeline.tables import TABLES

PERIODS = ("2023H1", "2023H2", "2024H1", "2024H2")
N_OF_TOPIC = {"T-a": (0, 1, 5, 9), "T-b": (3, 3, 2, 3), "T-late": (0, 0, 0, 4)}
N_EACH = 14


def study(n_periods: int) -> Frames:
    """Make the study as it stood after some periods; its signals are those found then."""
    rows, topic_of = [], {}
    for number, period in enumerate(PERIODS[:n_periods]):
        topics = [t for t, sizes in N_OF_TOPIC.items() for _ in range(sizes[number])]
        for i in range(N_EACH):
            report_id = f"{period}-{i:02}"
            text = f"Perhe {i} kertoi tilanteestaan pitkään jaksolla {number}."
            rows.append({"id": report_id, "period": period, "text": text})
            if i < len(topics):
                topic_of[report_id] = topics[i]
    frames = make_frames(rows)
    sizes = pd.Series(topic_of).value_counts().to_dict()
    frames["topics"] = frame(
        "topics",
        ({"topic_id": t, "topic_no": i, "label": f"aihe {t}", "terms": ["perhe"],
          "n_reports": sizes[t], "stability": 0.8} for i, t in enumerate(N_OF_TOPIC) if t in sizes),
    )  # fmt: skip
    frames["report_topics"] = frame(
        "report_topics",
        ({"report_id": i, "topic_id": t, "weight": 0.5, "is_main": True}
         for i, t in topic_of.items()),
    )  # fmt: skip
    held = {t: [i for i, one in topic_of.items() if one == t] for t in ("T-a", "T-b")}
    frames["candidates"] = frame(
        "candidates",
        ({"candidate_id": f"C-{t}", "report_ids": ids, "separation": 0.3, "topic_id": t,
          "label": f"ehdokas {t}", "terms": ["perhe"]} for t, ids in held.items() if len(ids) > 1),
    )  # fmt: skip
    frames["signals"] = find_signals(
        frames["periods"],
        frames["reports"],
        GroupTables.among(frames),
        frames["report_themes"],
        DetectConfig(),
        seed=0,
        progress=lambda *_: None,
    )
    return frames


@pytest.fixture(scope="module")
def now() -> Frames:
    return study(4)


@pytest.mark.parametrize("n_periods", [1, 2, 3])
def test_an_earlier_period_is_told_as_it_was_told_then(now: Frames, n_periods: int) -> None:
    then, _ = facts(study(n_periods), min_quote_chars=10)
    back, _ = facts(now, period=PERIODS[n_periods - 1], min_quote_chars=10)
    for name in ("brief", "signals", "signal_map", "topics", "key_themes", "groups", "voices",
                 "figures", "quality", "area_table", "valences", "heat", "pairs", "reading",
                 "uncertain", "confirmations", "srqr"):  # fmt: skip
        one, other = getattr(back, name), getattr(then, name)
        assert one == other or repr(one) == repr(other), name  # no share is equal to itself
    assert back.front.look_back
    assert not then.front.look_back
    then_sheets = sheets_of(study(n_periods), min_quote_chars=10)
    back_sheets = sheets_of(now, period=PERIODS[n_periods - 1], min_quote_chars=10)
    assert back_sheets["signals"].equals(then_sheets["signals"])


def test_the_list_is_another_one_than_todays(now: Frames) -> None:
    today, _ = facts(now)
    back, _ = facts(now, period="2024H1")
    assert today.signals.report_ids - back.signals.report_ids
    assert len(today.topics.cards) == 3
    assert len(back.topics.cards) == 2


def texts_of(files: Mapping[str, bytes]) -> str:
    parts = [files["report.html"].decode("utf-8"), files["methods.md"].decode("utf-8")]
    for name in ("deck.pptx", "tables.xlsx"):
        with zipfile.ZipFile(io.BytesIO(files[name])) as package:
            parts += [package.read(one).decode("utf-8", "ignore") for one in package.namelist()]
    return " ".join(parts)


def test_no_later_report_is_in_any_file(now: Frames) -> None:
    said = texts_of(write(now, period="2024H1"))
    assert "2024H1-03" in said
    assert "2024H2-" not in said
    assert "2024H2-03" in texts_of(write(now))


@pytest.mark.parametrize(
    ("language", "begins"),
    [
        pytest.param("fi", "Katsaus taaksepäin: ", id="fi"),
        pytest.param("en", "A look back: ", id="en"),
    ],
)
def test_each_file_says_that_it_is_a_look_back(now: Frames, language: str, begins: str) -> None:
    files = write(now, period="2024H1", language=language)
    assert f'<p class="lookback">{begins}' in files["report.html"].decode("utf-8")
    assert begins in files["methods.md"].decode("utf-8")
    cover = opened(files["deck.pptx"]).slides[0]
    assert any(begins in shape.text_frame.text for shape in cover.shapes if shape.has_text_frame)
    readme = sheet_rows(files["tables.xlsx"], "README")
    assert any(begins in str(cell) for row in readme for cell in row.values())
    assert begins not in texts_of(write(now, language=language))


def test_what_is_watched_for_is_counted_and_tested_up_to_then(now: Frames) -> None:
    ids = [f"{p}-{i:02}" for p, n in zip(PERIODS, (0, 1, 1, 9), strict=True) for i in range(n)]
    row = {"watch": "Perheet", "status": "growing", "report_ids": ids, "counts": [0, 1, 1, 9],
           "p_value": 0.0001, "ci_low": 0.1, "ci_high": 0.9}  # fmt: skip
    watching = now | {"watch_histories": frame("watch_histories", [row])}
    (watched,) = facts(watching, period="2024H1")[0].watches
    assert watched.n_all.n == 2
    assert watched.history.drawn.counts == (0, 1, 1)
    assert watched.p_value != "alle 0,001"


def registered(**cells: Any) -> dict[str, str]:
    return dict.fromkeys(COLUMNS, "") | {"tilanne": "jatkuu", **cells}


def test_the_register_shows_no_signal_first_seen_later(now: Frames) -> None:
    rows = [
        registered(nimi="Vanha", ensimmäinen_jakso="2023H2", viimeisin_jakso="2024H2"),
        registered(nimi="Uusi", ensimmäinen_jakso="2024H2", viimeisin_jakso="2024H2"),
    ]
    told, _ = facts(now, rows, period="2024H1")
    assert [(row.name, row.last) for row in told.register.rows] == [("Vanha", "–")]
    assert len(facts(now, rows)[0].register.rows) == 2


def test_every_table_with_reports_is_cut() -> None:
    for name, sheet in sheets_of(study(2), period="2023H1").items():
        if name in TABLES and "report_id" in sheet.columns:
            assert not sheet["report_id"].str.startswith("2023H2").any(), name
