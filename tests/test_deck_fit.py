"""Text is measured before it is laid on a slide: nothing is wider or taller than its box."""

import pytest
from PIL import ImageFont

from pipeline.report.deck.fit import (
    LINE_HEIGHT,
    Block,
    block_height,
    flow,
    n_lines,
    shortened,
)
from pipeline.report.text_width import text_width

LOREM = "Perheen asunto on ollut kylmä koko talven eikä vuokranantaja vastaa puheluihin. " * 6


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Lasten ja nuorten palvelujen saatavuus heikkeni", id="words"),
        pytest.param("ÄÖÅ äöå – ”lainaus” 12,5 %", id="Finnish letters and signs"),
        pytest.param("WWWMMM@@", id="wide letters"),
        pytest.param("illinillilli", id="narrow letters"),
    ],
)
def test_a_text_is_never_wider_than_measured_in_a_real_face(text: str) -> None:
    face = ImageFont.load_default(20)
    assert text_width(text, 20) >= 0.97 * face.getlength(text)


def test_a_long_word_is_broken_over_lines_and_counted() -> None:
    assert n_lines("palveluohjaus" * 8, 12, 100) >= 6


@pytest.mark.parametrize("max_lines", [1, 2, 3])
def test_a_shortened_text_keeps_to_its_lines_and_ends_in_an_ellipsis(max_lines: int) -> None:
    cut = shortened(LOREM, 12, 200, max_lines)
    assert n_lines(cut, 12, 200) <= max_lines
    assert cut.endswith("…")
    assert LOREM.startswith(cut[:-1])


def test_a_text_that_fits_is_left_alone() -> None:
    assert shortened("Asuminen", 12, 200, 1) == "Asuminen"


@pytest.mark.parametrize("n", [1, 7, 60])
def test_every_page_of_a_flow_is_lower_than_its_box(n: int) -> None:
    blocks = [Block(LOREM[: 20 + 31 * (i % 11)], tail="R-1", size=13) for i in range(n)]
    pages = flow(blocks, 250, 300)
    for page in pages:
        gaps = sum(block.before for block in page[1:])
        assert gaps + sum(block_height(block, 250) for block in page) <= 300
    assert [b.text for page in pages for b in page] == [b.text for b in blocks]


def test_a_paragraph_taller_than_a_box_is_cut() -> None:
    ((block,),) = flow([Block(LOREM * 9, tail="R-1", size=14)], 200, 150)
    assert block_height(block, 200) <= 150
    assert block.text.endswith("…")
    assert block.tail == "R-1"


def test_a_heading_goes_with_what_follows_it() -> None:
    line = 14 * LINE_HEIGHT
    blocks = [Block("a", before=0), Block("Otsikko", before=0, keeps=True), Block("b", before=0)]
    assert [[b.text for b in page] for page in flow(blocks, 200, 2.5 * line)] == [
        ["a"],
        ["Otsikko", "b"],
    ]
