"""The report in English: every word of the catalogue, and no Finnish but the reports' own."""

import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

import pytest
from deck_reader import notes, opened, tables
from report_reader import page_text, sheet_rows, spoken
from report_tables import small_study, write

from pipeline.report.catalogue import load_catalogue

MESSAGES = files("pipeline.report") / "messages"
FINNISH, ENGLISH, SWEDISH = (
    tomllib.loads((MESSAGES / f"{language}.toml").read_text("utf-8"))
    for language in ("fi", "en", "sv")
)
ACTIVITIES = ({"name": "Encounters", "n": 2017, "source": "Outreach"},)


def flat(table: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return the messages by their full key."""
    found: dict[str, Any] = {}
    for name, value in table.items():
        found |= (
            flat(value, f"{prefix}{name}.")
            if isinstance(value, dict)
            else {f"{prefix}{name}": value}
        )
    return found


def forms(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


KEYS = sorted(flat(FINNISH).keys() | flat(ENGLISH).keys() | flat(SWEDISH).keys())


@pytest.mark.parametrize("other_language", [ENGLISH, SWEDISH], ids=["en", "sv"])
@pytest.mark.parametrize("key", KEYS)
def test_a_message_is_in_every_language_with_the_same_values_and_marks(
    key: str, other_language: dict[str, Any]
) -> None:
    finnish, english = forms(flat(FINNISH)[key]), forms(flat(other_language)[key])
    assert len(finnish) == len(english)
    for one, other in zip(finnish, english, strict=True):
        assert one.strip()
        assert other.strip()
        assert fields(one) == fields(other)
        assert sorted(re.findall(r"</?\w+", one)) == sorted(re.findall(r"</?\w+", other))


def test_every_unit_has_a_form_for_one_and_for_many() -> None:
    for table in (FINNISH, ENGLISH, SWEDISH):
        assert {len(forms) for forms in table["units"].values()} == {2}


@pytest.mark.parametrize(
    ("language", "n", "text"),
    [
        ("en", 0, "0 reports"),
        ("en", 1, "1 report"),
        ("en", 12345, "12,345 reports"),
        ("fi", 0, "0 raporttia"),
        ("fi", 1, "1 raportti"),
        ("fi", 12345, "12 345 raporttia"),
    ],
)
def test_a_number_takes_the_right_form_of_its_unit(language: str, n: int, text: str) -> None:
    assert spoken(load_catalogue(language).amount("reports", n)) == text


@pytest.fixture(scope="module")
def report() -> Mapping[str, bytes]:
    frames = small_study(3, 6)
    reports = frames["reports"]
    is_last = reports["report_id"] == "2016H1-5"
    frames["reports"] = reports.assign(valence=reports["valence"].mask(is_last, "positiivinen"))
    return write(frames, language="en", activities=ACTIVITIES, min_quote_chars=10)


def fixed_parts(table: dict[str, Any]) -> Iterator[str]:
    """Yield what the messages say between their values, where it is words."""
    for key, value in flat(table).items():
        if key.startswith("wording."):
            continue
        for form in forms(value):
            for part, _, _, _ in string.Formatter().parse(form):
                text = spoken(" ".join(re.sub(r"<[^>]+>|&\w+;", " ", part).split()))
                if len(text) > 5:
                    yield text


def finnish_in(text: str) -> list[str]:
    """Return the Finnish messages that a text holds, save those that are English too."""
    shared = set(fixed_parts(ENGLISH))
    return [part for part in fixed_parts(FINNISH) if part not in shared and part in text]


def deck_text(deck: bytes) -> str:
    slides = opened(deck).slides
    shapes = [s.text_frame.text for p in slides for s in p.shapes if s.has_text_frame]
    cells = [cell for _, rows in tables(deck) for row in rows for cell in row]
    return spoken(" ".join([*shapes, *cells, *(notes(slide) for slide in slides)]))


def test_the_check_for_finnish_can_fail() -> None:
    assert finnish_in(page_text(write(small_study())["report.html"]))


def test_no_finnish_message_is_left_in_any_file(report) -> None:
    page = report["report.html"].decode("utf-8")
    readme = " ".join(
        str(v) for row in sheet_rows(report["tables.xlsx"], "README") for v in row.values()
    )
    assert finnish_in(page_text(report["report.html"])) == []
    assert finnish_in(page.split('id="report-data">')[1]) == []
    assert (
        finnish_in(
            " ".join(re.findall(r'(?:aria-label|title|data-tip|placeholder)="([^"]*)"', page))
        )
        == []
    )
    assert finnish_in(deck_text(report["deck.pptx"])) == []
    assert finnish_in(spoken(readme)) == []
    assert finnish_in(report["methods.md"].decode("utf-8")) == []


@pytest.mark.parametrize("name", ["report.html", "methods.md"])
def test_no_word_with_finnish_letters_is_written_into_a_template(report, name: str) -> None:
    text = page_text(report[name])
    assert re.findall(r"\w*[äöÄÖ]\w*", text) == []


def test_the_page_and_the_deck_say_what_language_they_are_in(report) -> None:
    page = report["report.html"].decode("utf-8")
    assert '<html lang="en">' in page
    assert '<blockquote lang="fi">' in page
    assert opened(report["deck.pptx"]).core_properties.language == "en"


def test_numbers_and_days_are_written_the_english_way(report) -> None:
    text = page_text(report["report.html"])
    assert "83.3%" in text
    assert re.findall(r"\d,\d(?!\d\d)", text) == []
    assert re.findall(r"\d %", text) == []
    assert "1 Jan – 31 Dec 2024" in text
    assert "2,017" in text


def test_a_theme_without_an_english_name_keeps_its_finnish_one(report) -> None:
    labels = {row["label"] for row in sheet_rows(report["tables.xlsx"], "themes_in_force")}
    assert labels == {"Housing"}
    named = {
        r["label"] for r in sheet_rows(report["tables.xlsx"], "counts") if r["kind"] == "theme"
    }
    assert named == {"Housing", "Income", "Palvelut"}


def test_a_title_is_the_languages_own_unless_given() -> None:
    assert (
        "<h1>Social reporting</h1>" in write(small_study(), language="en")["report.html"].decode()
    )
    given = write(small_study(), language="en", title="Autumn report")
    assert "<h1>Autumn report</h1>" in given["report.html"].decode()
    assert opened(given["deck.pptx"]).core_properties.title == "Autumn report"
