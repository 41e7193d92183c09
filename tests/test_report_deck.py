"""The deck: native charts and tables, sources in the notes, any template, nothing overflowing."""

import io
import zipfile

import pytest
from deck_reader import charts, notes, opened, overflows, tables, titles
from pptx import Presentation
from pptx.util import Inches
from report_tables import Frames, deck, make_frames, small_study

from pipeline.errors import ConfigError

LONG = "Perheen tilanne on jatkunut pitkään samanlaisena eikä apua ole saatu mistään suunnasta. "


def varied(n: int, n_groups: int = 5, n_areas: int = 9) -> Frames:
    """Make reports over two periods with many areas, groups and lengths of text."""
    rows = [
        {
            "id": f"R-{i:04d}",
            "period": ("2024H1", "2024H2")[i % 2],
            "text": (LONG * (1 + i % 5))[: 60 + 37 * (i % 9)],
            "area": [f"Pitkänniminen kuntayhtymä {i % n_areas}"],
            "client_groups": [f"asiakasryhmä numero {i % n_groups} pitkällä nimellä"],
            "themes": [("asuminen", "toimeentulo", "palvelut")[i % 3]],
            "valence": ("negatiivinen", "neutraali", "positiivinen")[i % 3],
        }
        for i in range(n)
    ]
    return make_frames(rows)


@pytest.mark.parametrize(
    ("n", "n_groups", "n_areas"),
    [
        pytest.param(1, 1, 1, id="one report"),
        pytest.param(40, 5, 9, id="forty"),
        pytest.param(400, 14, 45, id="four hundred, many groups and areas"),
    ],
)
def test_nothing_overflows_at_any_size(n: int, n_groups: int, n_areas: int) -> None:
    made = deck(varied(n, n_groups, n_areas), max_quote_chars=900, n_quotes=6)
    assert overflows(made) == []


def test_the_check_for_overflow_can_fail() -> None:
    made = opened(deck(small_study()))
    box = made.slides[1].shapes.add_textbox(0, 0, Inches(2), Inches(0.3))
    box.text_frame.text = LONG
    buffer = io.BytesIO()
    made.save(buffer)
    assert len(overflows(buffer.getvalue())) == 1


def test_charts_are_native_and_hold_the_counted_shares() -> None:
    found = dict(charts(deck(varied(40))))
    chart = found["Raportit teemoittain"]
    values = {
        str(label).replace("\N{NO-BREAK SPACE}", " "): v
        for label, v in zip(chart.plots[0].categories, chart.plots[0].series[0].values, strict=True)
    }
    assert values == {
        "Asuminen: 7 (35 %)": 35.0,
        "Toimeentulo: 7 (35 %)": 35.0,
        "Palvelut: 6 (30 %)": 30.0,
    }  # fmt: skip
    assert chart.part.chart_workbook.xlsx_part is not None


def test_no_slide_holds_a_picture() -> None:
    names = zipfile.ZipFile(io.BytesIO(deck(small_study()))).namelist()
    assert not [name for name in names if name.startswith("ppt/media")]


def test_every_slide_with_numbers_names_its_reports_in_the_notes() -> None:
    made = opened(deck(small_study()))
    spoken = {slide.shapes.title.text: notes(slide) for slide in made.slides}
    assert "2015H2-0" in spoken["Raportit alueittain"]
    assert "2015H2-0" in spoken["Jakso lyhyesti"]
    assert "Lähteet" in spoken["Raportit alueittain"]


def test_a_long_list_of_sources_is_cut_with_a_pointer_to_the_tables() -> None:
    made = opened(deck(varied(400)))
    areas = next(s for s in made.slides if s.shapes.title.text.startswith("Raportit teemoittain"))
    assert "muuta (tables.xlsx)" in notes(areas)


def own_template(*, is_potx: bool) -> bytes:
    made = Presentation()
    made.slide_width, made.slide_height = Inches(11), Inches(8)
    slide = made.slides.add_slide(made.slide_layouts[5])
    slide.shapes.title.text = "Mallin oma dia"
    buffer = io.BytesIO()
    made.save(buffer)
    if not is_potx:
        return buffer.getvalue()
    out = io.BytesIO()
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "[Content_Types].xml":
                data = data.replace(b"presentation.main+xml", b"template.main+xml")
            new.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("is_potx", [False, True], ids=["pptx", "potx"])
def test_a_template_gives_its_size_and_layouts_and_loses_its_slides(is_potx: bool) -> None:
    made = deck(varied(40), own_template(is_potx=is_potx))
    assert opened(made).slide_width == Inches(11)
    assert "Mallin oma dia" not in titles(made)
    assert overflows(made) == []
    names = zipfile.ZipFile(io.BytesIO(made)).namelist()
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    "template",
    [pytest.param(b"", id="empty"), pytest.param(b"PK\x03\x04 no", id="broken zip")],
)
def test_a_template_that_is_no_presentation_is_refused(template: bytes) -> None:
    with pytest.raises(ConfigError, match=r"report\.template must be a PowerPoint file"):
        deck(small_study(), template)


def test_the_same_tables_give_the_same_bytes() -> None:
    assert deck(small_study()) == deck(small_study())


def test_a_text_with_control_signs_and_markup_is_shown_as_text() -> None:
    rows = [{"id": f"R-{i}", "period": "2024H2", "client_groups": ["<b>A & B</b>\x07"],
             "text": "Perhe <i>odottaa</i> & pelkää\x0bpäätöstä jo kolmatta kuukautta."}
            for i in range(3)]  # fmt: skip
    made = deck(make_frames(rows))
    assert any("<b>A & B</b>" in title for title in titles(made))
    texts = [s.text_frame.text for p in opened(made).slides for s in p.shapes if s.has_text_frame]
    assert any("Perhe <i>odottaa</i> & pelkää päätöstä" in text for text in texts)


def test_a_period_without_reports_is_a_deck_too() -> None:
    made = deck(make_frames([{"id": "R-1", "period": "2024H2", "quality": "junk"}]))
    assert titles(made)[1:] == ["Jakso lyhyesti", "Menetelmä ja alkuperä"]


def test_tables_have_a_head_on_each_slide_they_are_split_over() -> None:
    parts = [rows for title, rows in tables(deck(varied(400, 3, 45))) if "alueittain: n" in title]
    assert len(parts) > 1
    assert {rows[0][0] for rows in parts} == {"Alue"}
    assert sum(len(rows) - 1 for rows in parts) == 45
