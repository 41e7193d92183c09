"""The parts of ingest on plain values: letters, cells, headers, periods, quality, duplicates."""

import datetime as dt
import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.files.encodings import decode
from pipeline.ingest.cells import as_date, as_list, as_text, tick
from pipeline.ingest.delimited import find_separator
from pipeline.ingest.duplicates import find_duplicates
from pipeline.ingest.forms import CONTRACT_FORM, ColumnMap, FormMap, overlay
from pipeline.ingest.headers import plan_columns
from pipeline.ingest.ids import content_id, normalise
from pipeline.ingest.periods import lay_out, period_of, standard_period, stray_days
from pipeline.ingest.quality import JUNK_ANSWERS, quality_of
from pipeline.ingest.sheets import Cell, Row, Sheet, column_letter
from pipeline.ingest.texts import clean_text, fold, slug, undo_mojibake

FINNISH = st.text(
    alphabet="aäöÅeikst .,\n\r\t\x00\x0b\u00ad\u200b\ufeff\u0308_x0D5F\ud800", max_size=40
)
WORDS = (
    *("asiakas", "perhe", "vuokra", "jono", "palvelu", "lapsi", "koulu"),
    *("työ", "raha", "aika", "tuki", "apu", "koti", "matka"),
)


# Letters.


@given(FINNISH)
def test_clean_text_is_nfc_and_has_no_unseen_characters(text: str) -> None:
    clean, _ = clean_text(text)
    assert unicodedata.is_normalized("NFC", clean)
    assert all(c == "\n" or c == "\t" or unicodedata.category(c) not in ("Cc", "Cs") for c in clean)
    assert not set(clean) & set("\r\u00ad\u200b\ufeff")
    assert clean == clean.strip()


@given(FINNISH)
def test_clean_text_keeps_every_visible_letter(text: str) -> None:
    visible = [c for c in "aöeikst" if "_x" not in text]
    clean, _ = clean_text(text.replace("\u0308", ""))
    assert [clean.count(c) for c in visible] == [text.count(c) for c in visible]


@pytest.mark.parametrize(
    ("text", "expected", "n_removed"),
    [
        pytest.param("a\r\nb\rc\u2028d", "a\nb\nc\nd", 0, id="line ends"),
        pytest.param("ha\u0308ta\u0308", "hätä", 0, id="decomposed letters"),
        pytest.param("hen\u00adkilö\u200btunnus", "henkilötunnus", 2, id="hidden inside a word"),
        pytest.param("a_x000D_\nb_x005F_c", "a\nb_c", 0, id="excel escapes"),
        pytest.param("a_x0041_", "a_x0041_", 0, id="escape of a plain letter stays"),
        pytest.param("\ud83d hei", "\ufffd hei", 1, id="half a surrogate pair"),
        pytest.param("👩‍👧 äiti", "👩‍👧 äiti", 0, id="joined emoji stays whole"),
    ],
)
def test_clean_text(text: str, expected: str, n_removed: int) -> None:
    assert clean_text(text) == (expected, n_removed)


@given(st.text(alphabet="aäöåÄÖ –”€é", min_size=1))
def test_mojibake_is_undone_and_sound_text_is_left(text: str) -> None:
    assert undo_mojibake(text) == text
    broken = "".join(
        bytes([b]).decode("latin-1" if b in b"\x81\x8d\x8f\x90\x9d" else "cp1252")
        for b in text.encode()
    )
    assert undo_mojibake(broken) == text


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "mac_roman", "cp850", "utf-16-le"])
@pytest.mark.parametrize("text", ["Äiti jäi yksin", "pvm;havainto\n1.9.2024;Isä ja äiti, Åbo\n"])
def test_encoding_is_found_from_a_line_of_finnish(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding), "a.csv").text == text


def test_labels_are_compared_without_case_number_and_closing_marks() -> None:
    assert len({fold(t) for t in ("2) Mitä  Näit?", "mitä näit", "MITÄ NÄIT *:")}) == 1
    assert slug("  Lapset, nuoret & perheet ") == "lapset-nuoret-perheet"


# Cells.


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (dt.datetime(2024, 9, 1, 23, 59), "2024-09-01"),
        (dt.date(2024, 9, 1), "2024-09-01"),
        (45536, "2024-09-01"),
        (45536.75, "2024-09-01"),
        ("45536", "2024-09-01"),
        ("1.9.2024", "2024-09-01"),
        ("01.09.2024", "2024-09-01"),
        ("1. 9. 2024", "2024-09-01"),
        ("1.9.24", "2024-09-01"),
        ("su 1.9.2024", "2024-09-01"),
        ("1.9.2024 klo 12.30", "2024-09-01"),
        ("01.09.2024 12:30:05", "2024-09-01"),
        ("2024-09-01", "2024-09-01"),
        ("2024-09-01T12:30:00Z", "2024-09-01"),
        ("1/9/2024", "2024-09-01"),
        ("1. syyskuuta 2024", "2024-09-01"),
        ("29.2.2024", "2024-02-29"),
    ],
)
def test_a_day_is_read(cell: Cell, expected: str) -> None:
    assert as_date(cell) == dt.date.fromisoformat(expected)


@pytest.mark.parametrize(
    "cell",
    ["31.2.2024", "29.2.2023", "32.1.2024", "1.13.2024", "1.9.", "syksy 2024", "", None, 3, True,
     "2024", "1.9.2024-3.9.2024", "00.00.0000", dt.time(12), ["1.9.2024"]],
)  # fmt: skip
def test_what_is_no_day_of_the_calendar_is_none(cell: Cell) -> None:
    assert as_date(cell) is None


def test_order_of_day_and_month_is_a_setting_but_points_are_finnish() -> None:
    assert as_date("9/10/2024", "day-first") == dt.date(2024, 10, 9)
    assert as_date("9/10/2024", "month-first") == dt.date(2024, 9, 10)
    assert as_date("9.10.2024", "month-first") == dt.date(2024, 10, 9)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [(17.0, "17"), (17.5, "17.5"), (True, "1"), (None, ""), ("  a ", "a"), (["a", 1], "a; 1")],
)
def test_a_cell_as_text(cell: Cell, expected: str) -> None:
    assert as_text(cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"), [(1, True), ("X", True), (0.0, False), (None, False), ("ehkä", None)]
)
def test_a_tick_is_told_from_text(cell: Cell, expected: bool | None) -> None:
    assert tick(cell) is expected


@given(st.lists(st.text(alphabet="aäb ", min_size=1).map(str.strip).filter(bool), unique=True))
def test_choices_joined_with_a_separator_come_back(choices: list[str]) -> None:
    assert as_list(";".join(choices), ";") == choices
    assert as_list("[broken; b", ";") == ["[broken", "b"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(["a;b\n", "x, y, z;1\n"], ";", id="commas in text"),
        pytest.param(["a,b\n", '"x;y;z",1\n'], ",", id="semicolons in quotes"),
        pytest.param(["a\tb\n", "x, y\tz\n"], "\t", id="tab"),
        pytest.param(["observation\n", "foo, bar\n"], ";", id="one column"),
        pytest.param(["Raportti, syksy\n", "a;b;c\n", "1;2;3\n", "4;5;6\n"], ";", id="title"),
        pytest.param([], ";", id="nothing"),
    ],
)
def test_separator_is_found(lines: list[str], expected: str) -> None:
    assert find_separator(lines) == expected


# Headers.


def sheet(*rows: list[Cell]) -> Sheet:
    return Sheet(file="a.xlsx", layout="", rows=[Row(i, row) for i, row in enumerate(rows, 1)])


def test_a_question_spans_the_blank_headers_to_its_right() -> None:
    form = FormMap(columns=ColumnMap(observation="O", client_groups="Q", area="P"))
    rows = sheet(["Q", "", "P", "", "O"], ["a", "b", "c", "d", ""], [1, 0, 0, 1, "teksti"])
    plan = plan_columns(rows, form, is_mapped=True)
    assert [(s.index, s.choice) for s in plan.sources["client_groups"]] == [(0, "a"), (1, "b")]
    assert [(s.index, s.choice) for s in plan.sources["area"]] == [(2, "c"), (3, "d")]
    assert plan.first_row == 2


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(["", 1, "teksti"], id="ticks"),
        pytest.param(["1.9.2024", "", "teksti"], id="an answer under every header"),
        pytest.param(["", "", "teksti"], id="an answer with one cell"),
    ],
)
def test_the_first_answer_is_not_taken_for_a_row_of_choices(answer: list[Cell]) -> None:
    plan = plan_columns(
        sheet(["date", "area", "observation"], answer), CONTRACT_FORM, is_mapped=False
    )
    assert plan.first_row == 1


def test_a_long_answer_under_a_blank_header_is_not_taken_for_a_choice() -> None:
    answer: list[Cell] = ["", "", "Pitkä vastaus. " * 10, "loput"]
    rows = sheet(["date", "area", "observation", ""], answer)
    assert plan_columns(rows, CONTRACT_FORM, is_mapped=False).first_row == 1
    short: list[Cell] = ["", "", "valinta", "toinen"]
    rows = sheet(["date", "area", "observation", ""], short)
    assert plan_columns(rows, CONTRACT_FORM, is_mapped=False).first_row == 2


def test_what_a_study_sets_itself_is_put_over_a_named_form() -> None:
    form = FormMap(sheet="Taul1", columns=ColumnMap(observation="O", area="A"))
    own = FormMap(columns=ColumnMap(area="B"))
    both = overlay(form, own)
    assert (both.sheet, both.columns.observation, both.columns.area) == ("Taul1", ("O",), ("B",))


@pytest.mark.parametrize(
    ("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")]
)
def test_columns_have_the_letters_of_a_spreadsheet(index: int, letters: str) -> None:
    assert column_letter(index) == letters


# Ids and periods.


@given(st.text(alphabet="aä |"), st.text(alphabet="aä |"))
def test_ids_tell_where_one_part_ends(left: str, right: str) -> None:
    assert content_id(b"s", left + right, "") != content_id(b"s", left, right) or not right


def test_case_and_spaces_do_not_change_an_id() -> None:
    assert normalise("Vuokra\n nousi ") == normalise("vuokra NOUSI")


@given(st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31)))
@pytest.mark.parametrize("kind", ["half-year", "quarter", "year"])
def test_a_day_lies_in_its_period(
    kind: Literal["half-year", "quarter", "year"], day: dt.date
) -> None:
    period = standard_period(period_of(day, kind, {}))
    assert period is not None
    assert period.start <= day <= period.end


def test_periods_are_laid_out_without_gaps_or_overlaps() -> None:
    periods = lay_out({"2022Q4": [], "2024Q1": []}, "quarter", {})
    assert [p.label for p in periods] == [
        "2022Q4",
        "2023Q1",
        "2023Q2",
        "2023Q3",
        "2023Q4",
        "2024Q1",
    ]


def test_a_label_of_another_kind_spans_its_days_or_is_not_there() -> None:
    days = {"kevät": [dt.date(2024, 3, 5), dt.date(2024, 2, 1)], "syksy": []}
    assert lay_out(days, "half-year", {}) == [("kevät", dt.date(2024, 2, 1), dt.date(2024, 3, 5))]


def test_a_true_pause_in_the_work_is_not_astray() -> None:
    early = [dt.date(2010, 3, n) for n in range(1, 21)]
    late = [dt.date(2024, 3, n) for n in range(1, 21)]
    assert stray_days([*early, *late], 5) == set()
    assert stray_days([dt.date(2010, 1, 1), dt.date(2024, 1, 1)], 5) == set()


# Quality and duplicates.


@pytest.mark.parametrize("answer", [*JUNK_ANSWERS, "---", "?", "En tiedä!!", "aaaaaaaa", "12345"])
def test_junk_answers_are_junk(answer: str) -> None:
    assert quality_of(answer, "", set(JUNK_ANSWERS), 5) == "junk"


@pytest.mark.parametrize(
    "answer", ["Vuokrat nousivat.", "Ei ole asuntoja", "En tiedä minne ohjata"]
)
def test_short_answers_that_say_something_are_ok(answer: str) -> None:
    assert quality_of(answer, "", set(JUNK_ANSWERS), 5) == "ok"


@given(
    st.lists(st.lists(st.sampled_from(WORDS), min_size=5, max_size=9).map(" ".join), max_size=12)
)
def test_every_exact_repeat_points_to_the_first_one(texts: list[str]) -> None:
    found = find_duplicates(texts, 1.0)
    assert {i: match.earlier for i, match in found.items()} == {
        i: texts.index(text) for i, text in enumerate(texts) if texts.index(text) != i
    }


@pytest.mark.parametrize("n_changed", [1, 2, 3])
def test_a_report_with_a_few_words_changed_is_found_among_others(n_changed: int) -> None:
    texts = [" ".join(f"sana{i}x{j}" for j in range(40)) for i in range(300)]
    words = texts[7].split()
    for place in range(n_changed):
        words[place * 9] = "muutettu"
    found = find_duplicates([*texts, " ".join(words)], 0.9)
    assert {i: match.earlier for i, match in found.items()} == {300: 7}


def test_reports_that_share_an_opening_phrase_are_not_duplicates() -> None:
    texts = [
        "Asiakas kertoi tapaamisella, että hänellä on huolia. " + " ".join(WORDS[i:] + WORDS[:i])
        for i in range(0, len(WORDS), 5)
    ]
    assert find_duplicates(texts, 0.9) == {}


def test_a_number_or_a_list_beyond_measure_is_no_date_and_no_list():
    assert as_date(10**400) is None
    assert as_date(float("inf")) is None
    assert as_list("[" * 30_000, ";") == ["[" * 30_000]
