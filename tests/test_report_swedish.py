"""The report in Swedish: page, deck, workbook and methods, with its days, numbers and plurals."""

import datetime as dt

import pytest
from deck_reader import opened
from report_reader import page_text
from report_tables import small_study, write

from pipeline.report.catalogue import load_catalogue

NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture(scope="module")
def report():
    frames = small_study()
    languages = ["sv"] * 2 + ["unknown"] + ["fi"] * (len(frames["reports"]) - 3)
    frames["reports"] = frames["reports"].assign(language=languages)
    return write(frames, language="sv", min_quote_chars=10)


def test_the_page_says_it_is_in_swedish_and_speaks_it(report):
    page = report["report.html"].decode()
    assert '<html lang="sv">' in page
    text = page_text(report["report.html"])
    for words in ("Social rapportering", "Perioden i korthet", "Svaga signaler", "hösten 2015"):
        assert words in text
    for finnish in ("Jakso lyhyesti", "Heikot signaalit", "syksy 2015", "raporttia"):
        assert finnish not in text


def test_the_page_tells_how_many_reports_are_in_each_language(report):
    text = page_text(report["report.html"]).replace(NBSP, " ")
    assert "svenska 2" in text
    assert "språket kändes inte igen 1" in text


def test_the_deck_and_the_methods_are_in_swedish(report):
    assert opened(report["deck.pptx"]).core_properties.language == "sv"
    methods = report["methods.md"].decode()
    assert methods.startswith("# Metod\n")
    assert "perioderna är utbytbara" in methods


@pytest.mark.parametrize(
    ("n", "said"), [(0, "0 rapporter"), (1, "1 rapport"), (12345, "12 345 rapporter")]
)
def test_numbers_take_the_swedish_form(n, said):
    assert load_catalogue("sv").amount("reports", n).replace(NBSP, " ") == said


def test_days_and_lists_are_written_as_in_finland_in_swedish():
    words = load_catalogue("sv")
    assert words.day(dt.date(2024, 7, 1)) == "1 juli 2024"
    assert words.enumerated(["a", "b", "c"]) == "a, b och c"
    assert words.moment("2025-01-15T09:05:00+02:00").startswith("15 jan. 2025 kl. ")
    assert words.percent(31, 40).replace(NBSP, " ") == "77,5 %"
