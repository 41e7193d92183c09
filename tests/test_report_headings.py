"""Headings say what is true: ties are told as ties, and each number what it counts."""

from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from deck_reader import titles
from report_reader import deck_text
from report_tables import facts, write
from test_audiences import with_signal
from test_report_untold import UNTOLD, bare

from pipeline.report.audiences import TextTable
from pipeline.report.catalogue import load_catalogue
from pipeline.report.deck.canvas import Canvas, _title_size
from pipeline.report.deck.findings import finding_blocks
from pipeline.report.deck.fit import Block, block_height, flow
from pipeline.report.deck.sources import Sources
from pipeline.report.deck.template import open_template
from pipeline.report.deck.voices import voice_slides
from pipeline.report.facts.brief import _tied
from pipeline.report.facts.director import director_parts
from pipeline.report.facts.headlines import told_of_most
from pipeline.report.facts.name_parts import NameParts, unquoted
from pipeline.report.facts.topic_map import _free_place
from pipeline.report.facts.values import Quotation, count_of, joined
from pipeline.report.facts.voices import ClientVoices, VoiceTheme
from pipeline.report.text_width import text_width
from pipeline.report.word.word import _CELL_INSET, _TABLE_SIZE, _widths
from pipeline.report.wording import EN_DASH

FINNISH = load_catalogue("fi")


def spaced(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["Asuminen"], "Asuminen: 6 raporttia 40:stä, edellisellä jaksolla 2"),
        (
            ["Asuminen", "Toimeentulo"],
            "Asuminen ja Toimeentulo yhtä yleisiä, kummassakin 6 raporttia 40:stä",
        ),
        (["A", "B", "C", "D", "E"], "5 yhtä yleistä, kussakin 6 raporttia 40:stä"),
    ],
    ids=["one", "two", "five"],
)
def test_a_heading_names_none_of_many_as_the_largest(names: list[str], said: str) -> None:
    assert spaced(told_of_most(names, 6, 40, 2, FINNISH)) == said


@pytest.mark.parametrize("language", ["fi", "en", "sv"])
def test_ties_are_told_in_every_language(language: str) -> None:
    words = load_catalogue(language)
    for names in (["A"], ["A", "B"], ["A", "B", "C"]):
        assert "6" in told_of_most(names, 6, 40, None, words)


def test_the_brief_says_how_many_as_large_it_leaves_out() -> None:
    tied = FINNISH.plain(joined([*_tied([9, 5, 3, 3, 3, 1], FINNISH)], "; "))
    assert spaced(tied) == "2 muuta yhtä yleistä"
    assert not [*_tied([9, 5, 3, 2], FINNISH)]
    assert not [*_tied([9, 5], FINNISH)]


def test_a_clause_that_a_quotation_says_is_not_said_twice() -> None:
    held = NameParts(
        "purkki", "tyhjiä purkkeja löytyi", ("tyhjiä purkkeja löytyi", "muuta sanottu")
    )
    quote = Quotation("R-1", "R-1/observation/001", "Kadulta  Tyhjiä purkkeja löytyi, hän kertoi.")
    assert unquoted(held, [quote]) == replace(held, example="", clauses=("muuta sanottu",))
    assert unquoted(held, []) == held


def test_one_period_is_no_failed_search_for_signals() -> None:
    frames = with_signal()
    alone = frames | {
        "periods": frames["periods"].tail(1).reset_index(drop=True),
        "reports": frames["reports"].assign(period=frames["periods"]["period"].iloc[-1]),
        "signals": frames["signals"].head(0),
    }
    made, words = facts(alone)
    assert made.headlines.signals == words("headlines.one_period")
    figure = next(one for one in made.figures if one.anchor == "signals")
    assert figure.n == EN_DASH


def test_signals_of_one_strength_are_counted_once() -> None:
    made, words = facts(with_signal())
    (card,) = made.signals.cards
    told = [words.plain(line) for line in made.brief.lines if "nousee esiin" in words.plain(line)]
    assert [spaced(one) for one in told] == [
        f"Tällä jaksolla nousee esiin 1 heikko signaali ({words('strength.' + card.strength)})."
    ]


def test_what_no_report_tells_is_not_called_small() -> None:
    made = write(bare(*UNTOLD), audiences=("internal",))
    slides = deck_text(made["deck.pptx"])
    assert "Teemat alueittain" not in slides
    assert "Teemat asiakasryhmittäin" not in slides


def test_the_director_s_short_parts_stand_beside_each_other() -> None:
    made, words = facts(with_signal())
    found = titles(write(with_signal(), audiences=("director",))["director.pptx"])
    held = director_parts(made, words)
    told = [part for part in (held.new, held.asked, held.works, held.others) if part.findings]
    assert len(told) > 2
    heads = {held.new.title, held.asked.title, held.works.title, held.others.title}
    assert len([one for one in found if set(one.split(" · ")) & heads]) < len(told)


def test_the_head_of_a_word_table_is_not_broken_where_there_is_room() -> None:
    rows = (("Asuminen ja asuinolot", "16", "40 %", "25–57 %", "40 %"),)
    held = TextTable(("Teema", "n", "%", "95 %:n väli", "Aiemmin"), rows)
    width = _widths(held, 450.0)[3]
    assert width >= text_width("95 %:n väli", _TABLE_SIZE, is_bold=True) + _CELL_INSET
    assert sum(_widths(held, 120.0)) == pytest.approx(120.0)


def test_a_title_on_two_lines_is_never_in_the_largest_type() -> None:
    sizes = (28.0, 24.0, 20.0, 18.0)
    assert _title_size("Lyhyt", sizes, 600, 60) == 28.0
    wide = "Taloudellinen tilanne ja toimeentulo: 10 raporttia 40:stä, edellisellä jaksolla 9"
    assert _title_size(wide, sizes, 600, 60) <= 20.0


def test_a_quotation_stays_on_the_slide_of_the_finding_it_shows() -> None:
    made, words = facts(with_signal())
    canvas = SimpleNamespace(words=words)
    period = made.findings.period
    assert period is not None
    quoted = [one for held in period.lists for one in held.findings
              if one.quote is not None and not one.is_quotation]  # fmt: skip
    assert quoted
    for one in quoted:
        line, quote = finding_blocks(cast(Canvas, canvas), one)
        tall = block_height(line, 300) + 1
        assert flow([Block("Alku"), line, quote], 300, tall + 30)[-1][0] == line


def test_the_number_of_the_period_before_does_not_stand_alone_on_a_line() -> None:
    for language in ("fi", "sv"):
        words = load_catalogue(language)
        assert told_of_most(["A"], 6, 40, 17, words).split(" ")[-1] != "17"


def test_a_number_on_the_map_hides_no_report_where_there_is_room() -> None:
    rng = np.random.default_rng(1)
    dots = 300 + 25 * rng.normal(size=(14, 2))
    place = np.array(_free_place(np.median(dots, axis=0).tolist(), dots))
    assert np.hypot(*(dots - place).T).min() >= 11.9
    alone = np.array([[50.0, 50.0]])
    assert _free_place([300.0, 300.0], alone) == (300.0, 300.0)


def test_clients_voices_without_a_quotation_are_themes_with_their_numbers() -> None:
    deck = open_template(None)
    said = count_of(["R-1", "R-2"], "Asiakkaan ääni")
    voices = ClientVoices(said, "5 %", (VoiceTheme("Asuminen", said, ()),))
    voice_slides(Canvas(deck, FINNISH, Sources(FINNISH)), voices, "Asiakkaan ääni: 2 raporttia")
    texts = [
        shape.text_frame.text for shape in list(deck.slides)[-1].shapes if shape.has_text_frame
    ]
    assert any("Asuminen" in text and "2" in text for text in texts)
