"""`havainto report --template`: the county's own masters, colours and size in its deck."""

import io
import zipfile
from pathlib import Path

import pytest
from deck_reader import charts, notes, opened, overflows, titles
from offline import havainto
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE, PP_PLACEHOLDER
from pptx.util import Inches, Length

from pipeline.study import Study

BAND = Inches(0.6)
SIZES = {"4:3": (Inches(10), Inches(7.5)), "16:9": (Inches(13.333), Inches(7.5))}


def county_template(size: tuple[Length, Length], *, is_potx: bool) -> bytes:
    """Make a template with a coloured band, titles to the right of it, and a slide of its own."""
    made = Presentation()
    assert made.slide_width
    assert made.slide_height
    wide, tall = size[0] / made.slide_width, size[1] / made.slide_height
    made.slide_width, made.slide_height = size
    for layout in (made.slide_master, *made.slide_layouts):
        for one in layout.placeholders:
            if one._element.spPr.xfrm is None:
                continue
            one.left, one.width = int(one.left * wide), int(one.width * wide)
            one.top, one.height = int(one.top * tall), int(one.height * tall)
            if one.placeholder_format.type in (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE):
                one.left, one.width = one.left + BAND, one.width - BAND
    slide = made.slides.add_slide(made.slide_layouts[5])
    slide.shapes.title.text = "Hyvinvointialueen oma dia"
    band = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, 0, 0, BAND, size[1])
    band.fill.solid()
    band.fill.fore_color.rgb = RGBColor(0x6A, 0x1B, 0x9A)
    made.slide_master.shapes._spTree.append(band._element)
    buffer = io.BytesIO()
    made.save(buffer)
    return _as_potx(buffer.getvalue()) if is_potx else buffer.getvalue()


def _as_potx(deck: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(deck)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "[Content_Types].xml":
                data = data.replace(b"presentation.main+xml", b"template.main+xml")
            new.writestr(name, data)
    return out.getvalue()


@pytest.fixture
def finished(finished_copy: Study) -> Study:
    return finished_copy


@pytest.mark.slow
@pytest.mark.parametrize(("name", "size"), [("county.pptx", "4:3"), ("county.potx", "16:9")])
def test_a_template_named_on_the_command_line_gives_the_deck_its_looks(
    finished: Study, tmp_path: Path, name: str, size: str
) -> None:
    plain = titles((finished.report / "deck.pptx").read_bytes())
    template = tmp_path / name
    template.write_bytes(county_template(SIZES[size], is_potx=name.endswith("potx")))
    havainto("report", finished.root, "--template", template)
    made = (finished.report / "deck.pptx").read_bytes()
    deck = opened(made)
    assert (deck.slide_width, deck.slide_height) == SIZES[size]
    assert "Rectangle" in " ".join(shape.name for shape in deck.slide_master.shapes)
    assert "Hyvinvointialueen oma dia" not in titles(made)
    assert titles(made)[0] == plain[0]
    assert len(list(charts(made))) >= 4
    assert not any("P1" in notes(slide) for slide in deck.slides)
    assert overflows(made) == []
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= BAND or slide is deck.slides[0]


@pytest.mark.slow
def test_a_template_that_is_no_presentation_is_named_in_one_line(
    finished: Study, tmp_path: Path
) -> None:
    template = tmp_path / "county.pptx"
    template.write_bytes(b"no presentation")
    told = havainto("report", finished.root, "--template", template, check=1)
    assert "report.template must be a PowerPoint file" in told
    assert len(told.strip().splitlines()) == 1
