"""The demo corpus is whole: the export, the answer key and the checksums agree."""

import csv
import datetime as dt
import hashlib
import importlib.util
import itertools
import sys
import zipfile
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import openpyxl
import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "corpora" / "jarvimaa"
PERIODS = ("2022H1", "2022H2", "2023H1", "2023H2", "2024H1", "2024H2")
N_REPORTS = 240

Row = dict[str, Any]


def load_script() -> ModuleType:
    path = ROOT / "benchmarks" / "make_demo_corpus.py"
    spec = importlib.util.spec_from_file_location("make_demo_corpus", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


demo = load_script()


def read_key(name: str) -> list[Row]:
    with (CORPUS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cells(path: Path) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(path)
    rows = [tuple(row) for row in book["Vastaukset"].iter_rows(values_only=True)]
    book.close()
    return rows


def parse_day(cell: str | dt.datetime) -> dt.date:
    if isinstance(cell, dt.datetime):
        return cell.date()
    day, month, year = cell.split(".")
    return dt.date(int(year), int(month), int(day))


def read_export(path: Path) -> list[Row]:
    """Read the export by position alone: the test must not lean on the ingest stage."""
    rows = cells(path)
    questions, choices = rows[demo.QUESTION_ROW], rows[demo.CHOICE_ROW]
    at = {question: i for i, question in enumerate(questions) if question}
    group_of = {label: group for group, label in demo.CLIENT_GROUPS.items()}
    theme_of = {label: theme_id for theme_id, label in demo.THEMES.items()}
    answers = []
    for row in rows[demo.FIRST_REPORT_ROW :]:
        ticked = [choices[i] for i, cell in enumerate(row) if choices[i] and cell == 1]
        answers.append(
            {
                "report_id": row[at[demo.ID_HEADER]],
                "date_cell": row[at[demo.DATE_HEADER]],
                "day": parse_day(row[at[demo.DATE_HEADER]]),
                "area": row[at[demo.AREA_HEADER]].split("; "),
                "client_groups": [group_of[label] for label in ticked if label in group_of],
                "valence": row[at[demo.VALENCE_HEADER]].lower(),
                "themes_ticked": [theme_of[label] for label in ticked if label in theme_of],
                "observation": row[at[demo.OBSERVATION_HEADER]],
                "proposal": row[at[demo.PROPOSAL_HEADER]] or "",
            }
        )
    return answers


@pytest.fixture(scope="module")
def answers() -> list[Row]:
    return read_export(CORPUS / demo.EXPORT)


@pytest.fixture(scope="module")
def by_id(answers: list[Row]) -> dict[str, Row]:
    return {answer["report_id"]: answer for answer in answers}


@pytest.fixture(scope="module")
def reports(answers: list[Row]) -> list[Any]:
    """Put export and key together again, as they were in the source."""
    themes, topics, pii = (read_key(f"gold_{name}.csv") for name in ("themes", "topics", "pii"))
    topic_of = {row["report_id"]: row["topic"] for row in topics}
    whole = []
    for answer in answers:
        fields = {k: v for k, v in answer.items() if k not in ("day", "date_cell")}
        report_id = answer["report_id"]
        whole.append(
            demo.DemoReport(
                **fields,
                date=answer["day"].isoformat(),
                period=PERIODS[int(report_id[1]) - 1],
                gold_themes=[r["theme_id"] for r in themes if r["report_id"] == report_id],
                gold_topic=topic_of.get(report_id, ""),
                gold_pii=[r["text"] for r in pii if r["report_id"] == report_id],
            )
        )
    return whole


def test_export_holds_each_report_once_in_order_of_date(answers: list[Row]) -> None:
    assert len(answers) == N_REPORTS
    assert len({answer["report_id"] for answer in answers}) == N_REPORTS
    days = [answer["day"] for answer in answers]
    assert days == sorted(days)


def test_half_year_of_the_date_is_the_period_the_report_was_written_for(
    answers: list[Row],
) -> None:
    expected = {a["report_id"]: PERIODS[int(a["report_id"][1]) - 1] for a in answers}
    assert {a["report_id"]: demo.half_year(a["day"]) for a in answers} == expected
    assert Counter(expected.values()) == dict.fromkeys(PERIODS, 40)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param(dt.date(2024, 6, 30), "2024H1", id="last day of the first half"),
        pytest.param(dt.date(2024, 7, 1), "2024H2", id="first day of the second half"),
    ],
)
def test_half_year_changes_at_midsummer(day: dt.date, expected: str) -> None:
    assert demo.half_year(day) == expected


def test_dates_are_partly_spreadsheet_dates_and_partly_text_without_leading_zeros(
    answers: list[Row],
) -> None:
    texts = [a for a in answers if isinstance(a["date_cell"], str)]
    assert len(texts) == N_REPORTS // demo.TEXT_DATE_STEP
    days = [a["day"] for a in texts]
    assert [a["date_cell"] for a in texts] == [f"{d.day}.{d.month}.{d.year}" for d in days]
    # Some can be read month first too, so that reading them wrongly shows.
    assert any(d.day <= 12 and d.day != d.month for d in days)


def test_export_has_title_rows_and_then_the_columns_of_the_form() -> None:
    rows = cells(CORPUS / demo.EXPORT)
    assert rows[3][0] == f"Vastauksia yhteensä: {N_REPORTS}"
    assert not any(rows[demo.QUESTION_ROW - 1])
    n_groups, n_themes = len(demo.CLIENT_GROUPS), len(demo.THEMES)
    assert list(rows[demo.QUESTION_ROW]) == [
        demo.ID_HEADER,
        demo.DATE_HEADER,
        demo.AREA_HEADER,
        demo.CLIENT_GROUPS_HEADER,
        *[None] * (n_groups - 1),
        demo.VALENCE_HEADER,
        demo.THEMES_HEADER,
        *[None] * (n_themes - 1),
        demo.OBSERVATION_HEADER,
        demo.PROPOSAL_HEADER,
    ]
    labels = [label for label in rows[demo.CHOICE_ROW] if label]
    assert labels == [*demo.CLIENT_GROUPS.values(), *demo.THEMES.values()]
    assert n_themes == 18


def test_every_choice_is_answered_with_0_or_1() -> None:
    rows = cells(CORPUS / demo.EXPORT)
    columns = [i for i, label in enumerate(rows[demo.CHOICE_ROW]) if label]
    ticks = {(type(row[i]), row[i]) for row in rows[demo.FIRST_REPORT_ROW :] for i in columns}
    assert ticks == {(int, 0), (int, 1)}


@pytest.mark.parametrize("engine", ["openpyxl", "calamine"])
def test_texts_come_back_as_they_were_written(engine: Literal["openpyxl", "calamine"]) -> None:
    frame = pd.read_excel(
        CORPUS / demo.EXPORT, header=None, skiprows=demo.FIRST_REPORT_ROW, engine=engine
    )
    texts = frame.iloc[:, [0, -2, -1]].fillna("")
    found = {
        report_id: hashlib.sha256(f"{observation}\x1f{proposal}".encode()).hexdigest()
        for report_id, observation, proposal in texts.itertuples(index=False)
    }
    assert found == {row["report_id"]: row["sha256"] for row in read_key("checksums.csv")}


def test_the_answer_key_is_not_in_the_export() -> None:
    rows = cells(CORPUS / demo.EXPORT)
    values = {str(cell) for row in rows for cell in row if cell is not None}
    assert not values & {*PERIODS, *demo.TOPIC_KINDS, *demo.THEMES, demo.CODER}


def test_every_report_has_one_to_four_judgements_with_known_themes(
    by_id: dict[str, Row],
) -> None:
    rows = read_key("gold_themes.csv")
    pairs = [(row["report_id"], row["theme_id"]) for row in rows]
    assert len(set(pairs)) == len(pairs)
    n_themes = Counter(report_id for report_id, _ in pairs)
    assert set(n_themes) == set(by_id)
    assert set(n_themes.values()) == {1, 2, 3, 4}
    assert {theme_id for _, theme_id in pairs} == set(demo.THEMES)
    assert {(r["segment_id"], r["coder"]) for r in rows} == {("", demo.CODER)}
    assert {dt.datetime.fromisoformat(r["at"]).tzinfo is None for r in rows} == {False}


@pytest.mark.parametrize(
    ("topic", "kind", "counts"),
    [
        ("nikotiinipussit", "emerging", (0, 0, 1, 1, 3, 5)),
        ("ikaihmisten-haadot", "emerging", (0, 0, 0, 2, 3, 4)),
        ("lapsi-tulkkina", "emerging", (0, 1, 1, 2, 3, 4)),
        ("pankkitunnukset", "emerging", (0, 0, 1, 2, 2, 4)),
        ("korona-jalki", "fading", (6, 4, 3, 1, 1, 0)),
        ("ludeasuntola", "one-off", (0, 0, 3, 0, 0, 0)),
        ("kesasulku", "seasonal", (3, 0, 3, 0, 3, 0)),
    ],
)
def test_planted_topic_has_the_history_of_its_kind(
    by_id: dict[str, Row], topic: str, kind: str, counts: tuple[int, ...]
) -> None:
    rows = [row for row in read_key("gold_topics.csv") if row["topic"] == topic]
    assert {row["kind"] for row in rows} == {kind}
    found = Counter(demo.half_year(by_id[row["report_id"]]["day"]) for row in rows)
    assert tuple(found[period] for period in PERIODS) == counts


def test_pii_offsets_give_the_text_and_do_not_overlap(by_id: dict[str, Row]) -> None:
    rows = read_key("gold_pii.csv")
    spans = [(r["report_id"], r["field"], int(r["start"]), int(r["end"])) for r in rows]
    found = [by_id[report_id][field][start:end] for report_id, field, start, end in spans]
    assert found == [row["text"] for row in rows]
    for before, after in itertools.pairwise(spans):
        assert before[:2] < after[:2] or before[3] <= after[2]


def test_pii_kinds_are_as_many_as_were_planted() -> None:
    assert Counter(row["kind"] for row in read_key("gold_pii.csv")) == {
        "nimi": 7,
        "hetu": 5,
        "puhelin": 4,
        "sahkoposti": 3,
        "osoite": 3,
    }


def test_export_and_key_together_give_every_file_again(reports: list[Any], tmp_path: Path) -> None:
    demo.write_corpus(reports, tmp_path)
    for name in ("gold_themes.csv", "gold_topics.csv", "gold_pii.csv", "checksums.csv"):
        assert (tmp_path / name).read_bytes() == (CORPUS / name).read_bytes(), name
    assert cells(tmp_path / demo.EXPORT) == cells(CORPUS / demo.EXPORT)


def test_the_same_reports_give_the_same_bytes(reports: list[Any], tmp_path: Path) -> None:
    demo.write_export(reports, tmp_path / "first.xlsx")
    demo.write_export(reports, tmp_path / "second.xlsx")
    assert (tmp_path / "first.xlsx").read_bytes() == (tmp_path / "second.xlsx").read_bytes()


def test_no_clock_is_read_into_the_export(reports: list[Any], tmp_path: Path) -> None:
    demo.write_export(reports, tmp_path / "now.xlsx")
    with (
        zipfile.ZipFile(tmp_path / "now.xlsx") as now,
        zipfile.ZipFile(CORPUS / demo.EXPORT) as then,
    ):
        assert now.read("docProps/core.xml") == then.read("docProps/core.xml")
        assert {member.date_time[:3] for member in now.infolist()} == {(1980, 1, 1)}


def replace(report: Any, **changes: Any) -> Any:
    return demo.DemoReport(**{**vars(report), **changes})


def test_a_repeated_string_gets_a_row_for_each_place(reports: list[Any]) -> None:
    text = "Myllytie 6 A 12 on tyhjä. Myllytie 6 A 12!"
    report = replace(reports[0], observation=text, proposal="", gold_pii=["Myllytie 6 A 12"] * 2)
    spans = [(row[2], row[3]) for row in demo.planted_pii([report])]
    assert spans == [(0, 15), (26, 41)]


@pytest.mark.parametrize(
    ("observation", "pii", "message"),
    [
        pytest.param("Ei mitään.", "Eila Kuusvaara", "not in the text", id="not in the text"),
        pytest.param("Soita Tepolle.", "Tepolle", "has no kind", id="not classified"),
    ],
)
def test_personal_data_that_cannot_be_placed_stops_the_run_without_showing_it(
    reports: list[Any], observation: str, pii: str, message: str
) -> None:
    report = replace(reports[0], observation=observation, gold_pii=[pii])
    with pytest.raises(SystemExit, match=message) as caught:
        list(demo.planted_pii([report]))
    assert pii not in str(caught.value)


def test_a_date_outside_its_period_stops_the_run(reports: list[Any]) -> None:
    with pytest.raises(SystemExit, match="P1-001"):
        demo.check_periods([replace(reports[0], date="2022-07-01")])
