"""The deck: native charts and tables, sources in the notes, any template, nothing overflowing."""

import io
import zipfile
from dataclasses import replace
from functools import cache

import pytest
from deck_reader import drawn, notes, opened, overflows, slide_of, tables, titles
from pptx import Presentation
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches
from report_tables import Frames, deck, frame, make_frames, small_study

from pipeline.errors import ConfigError
from pipeline.frames import each_row
from pipeline.report.deck import topic_map
from pipeline.report.deck.fit import Box
from pipeline.report.deck.grids import GridCell, column_widths, draw_grid, grid, side_by_side
from pipeline.report.text_width import text_width

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


@cache
def varied_deck(n: int, n_groups: int = 5, n_areas: int = 9, language: str = "fi") -> bytes:
    """Write the deck of varied reports, once for all tests that read it."""
    return deck(varied(n, n_groups, n_areas), language=language)


@cache
def small_deck() -> bytes:
    """Write the deck of the small study, once for all tests that read it."""
    return deck(small_study())


@pytest.mark.parametrize(
    ("n", "n_groups", "n_areas"),
    [
        pytest.param(1, 1, 1, id="one report"),
        pytest.param(40, 5, 9, id="forty"),
        pytest.param(400, 14, 45, id="four hundred, many groups and areas"),
    ],
)
@pytest.mark.parametrize("language", ["fi", "en"])
def test_nothing_overflows_at_any_size(n: int, n_groups: int, n_areas: int, language: str) -> None:
    frames = varied(n, n_groups, n_areas)
    made = deck(frames, max_quote_chars=900, n_quotes=6, language=language)
    assert overflows(made) == []


def test_the_check_for_overflow_can_fail() -> None:
    made = opened(small_deck())
    box = made.slides[1].shapes.add_textbox(0, 0, Inches(2), Inches(0.3))
    box.text_frame.text = LONG
    buffer = io.BytesIO()
    made.save(buffer)
    assert len(overflows(buffer.getvalue())) == 1


def test_charts_are_native_and_hold_the_counted_shares() -> None:
    chart = drawn(varied_deck(40), "Raportit teemoittain")
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


def paired() -> Frames:
    """Make ten reports: four with two themes, three with another two, the rest with one."""
    themes = [["asuminen", "toimeentulo"]] * 4 + [["asuminen", "palvelut"]] * 3 + [["palvelut"]] * 3
    return make_frames(
        [{"id": f"R-{i}", "period": "2024H2", "themes": held} for i, held in enumerate(themes)]
    )


def test_theme_pairs_stand_as_a_chart_beside_chance_and_as_a_table() -> None:
    made = deck(paired())
    chart = drawn(made, "Samoissa raporteissa")
    together, chance = chart.plots[0].series
    assert list(chart.plots[0].categories) == [
        "Asuminen × Toimeentulo: 4",
        "Asuminen × Palvelut: 3",
    ]
    assert list(together.values) == [4.0, 3.0]
    assert list(chance.values) == pytest.approx([7 * 4 / 10, 7 * 6 / 10])
    (rows,) = [rows for title, rows in tables(made) if title == "Samoissa raporteissa taulukkona"]
    assert rows[1] == ["Asuminen", "Toimeentulo", "4", "2,8"]
    slide = slide_of(made, "Samoissa raporteissa")
    assert slide.shapes.title.text.startswith("Asuminen × Toimeentulo: samassa 4 raportissa")
    assert "Asuminen × Toimeentulo: 4" in notes(slide)


def test_pairs_of_few_reports_are_in_no_slide() -> None:
    frames = make_frames(
        [{"id": f"R-{i}", "period": "2024H2", "themes": ["asuminen", "palvelut"]} for i in range(2)]
    )
    assert "Samoissa raporteissa" not in titles(deck(frames))


def with_signals(*places: tuple[int, int, str]) -> Frames:
    """Make a study whose signals have the given reports now, areas and strengths."""
    frames = small_study(3, 6)
    (row,) = (one._asdict() for one in each_row(frames["signals"]))
    now = [f"2016H1-{i}" for i in range(6)]
    frames["signals"] = frame(
        "signals",
        [
            {**row, "signal_id": f"S-{place}", "rank": place, "label": f"Asia {place}",
             "report_ids": now[:n], "n_areas": n_areas, "strength": strength}
            for place, (n, n_areas, strength) in enumerate(places, start=1)
        ],
    )  # fmt: skip
    return frames


def test_the_map_of_signals_is_a_chart_whose_points_are_their_counts() -> None:
    made = deck(with_signals((3, 2, "watch"), (3, 2, "watch"), (1, 1, "candidate")))
    chart = drawn(made, "Signaalikartta")
    assert chart.chart_type == XL_CHART_TYPE.XY_SCATTER
    points = {
        series.name: list(zip(series.iter_values(), series._element.xpath(".//c:xVal//c:v/text()"),
                              strict=True))
        for series in chart.plots[0].series
    }  # fmt: skip
    first, second = points["nouseva tai kasvava"]
    assert (first[0], float(first[1])) == (2.0, 3.0)
    assert (round(second[0]), round(float(second[1]))) == (2, 3)
    assert second != first  # neither hides the other
    assert points["ehdokas, nousu ei erotu sattumasta"] == [(1.0, "1.0")]
    labels = [point.data_label.text_frame.text for point in
              (chart.plots[0].series[0].points[place] for place in (0, 1))]  # fmt: skip
    assert labels == ["1", "2"]
    (rows,) = [rows for title, rows in tables(made) if title == "Signaalikartta taulukkona"]
    assert [row[:2] + row[3:5] for row in rows[1:]] == [
        ["1", "Asia 1", "3", "2"],
        ["2", "Asia 2", "3", "2"],
        ["3", "Asia 3", "1", "1"],
    ]
    slide = slide_of(made, "Signaalikartta")
    assert "Asia 1, kevät 2016: 3" in notes(slide)


def with_map(n: int) -> Frames:
    """Make a study whose reports stand in a row on the map, some of them in the one topic."""
    frames = small_study(2, n)
    ids = [i for i in frames["reports"]["report_id"] if i != "roska"]
    frames["report_map"] = frame(
        "report_map", ({"report_id": i, "x": k / len(ids), "y": 0.5} for k, i in enumerate(ids))
    )
    frames["report_topics"] = frames["report_topics"].iloc[: n // 2]
    return frames


def test_the_map_of_topics_is_a_chart_with_a_series_a_topic() -> None:
    made = deck(with_map(6))
    chart = drawn(made, "Ilmiökartta")
    assert chart.chart_type == XL_CHART_TYPE.XY_SCATTER
    sizes = {series.name: len(list(series.iter_values())) for series in chart.plots[0].series}
    assert sizes == {"muu ilmiö tai ei ilmiötä": 9, "1. asunto, perhe": 3}
    (rows,) = [rows for title, rows in tables(made) if title == "Ilmiökartta taulukkona"]
    assert rows[1][:2] + rows[1][3:4] == ["1", "asunto, perhe", "3"]
    assert overflows(made) == []


def test_a_map_of_many_reports_is_thinned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topic_map, "MAX_DOTS", 5)
    chart = drawn(deck(with_map(6)), "Ilmiökartta")
    assert sum(len(list(series.iter_values())) for series in chart.plots[0].series) == 4


def test_a_series_of_the_map_is_never_shorter_than_a_later_one() -> None:
    made = deck(with_signals((3, 2, "watch"), (1, 1, "candidate"), (2, 3, "candidate")))
    series = drawn(made, "Signaalikartta").plots[0].series
    assert [len(list(one.iter_values())) for one in series] == [2, 1]


def test_charts_of_percents_write_them_as_the_language_does() -> None:
    formats = {}
    for language, title in (("fi", "Raportit alueittain"), ("en", "Reports by area")):
        chart = drawn(varied_deck(40, language=language), title)
        formats[language] = chart.value_axis.tick_labels.number_format
    assert formats == {"fi": '0"\N{NO-BREAK SPACE}%"', "en": '0"%"'}


def test_of_many_areas_the_cross_table_shows_the_largest_and_says_so() -> None:
    made = varied_deck(800, 3, 35)
    parts = [rows for title, rows in tables(made) if title.startswith("Teemat alueittain")]
    assert sum(len(rows[0]) - 1 for rows in parts) == 16
    assert any("16 suurinta" in title for title in titles(made))


def test_no_word_of_a_tables_head_is_broken() -> None:
    head = ["Teema", *["Pitkänniminenkuntayhtymä numero"] * 16]
    parts = side_by_side(grid(head, [["a", *"1" * 16]], [3.4] + [1] * 16), 860.0)
    assert sum(len(part.head) - 1 for part in parts) == 16
    for part in parts:
        small = replace(part, size=part.size * 0.9)
        need = text_width("Pitkänniminenkuntayhtymä", small.size, is_bold=True)
        assert all(need < wide - 12 for wide in column_widths(small, 860.0)[1:])


def test_a_cell_is_the_same_whether_or_not_others_look_like_it() -> None:
    paper = Presentation()

    def cells(*rows):
        slide = paper.slides.add_slide(paper.slide_layouts[6])
        draw_grid(slide, Box(0, 0, 600, 400), grid(["Nimi", "n", "m"], rows, [3, 1, 1]))
        return [cell._tc.xml for row in slide.shapes[0].table.rows for cell in row.cells][3:]

    rows = [
        ("Alue & muut", GridCell("7", "FFEEDD", "112233"), 1),
        ("Toinen", GridCell("8", "FFEEDD", "112233"), 22),
        ("", GridCell("9", "FFEEDD"), GridCell("3", ink="445566")),
        ("Neljäs", GridCell("10", "EEEEEE", "112233"), 4),
    ]
    assert cells(*rows) == [cell for row in rows for cell in cells(row)]


def test_no_slide_holds_a_picture() -> None:
    names = zipfile.ZipFile(io.BytesIO(small_deck())).namelist()
    assert not [name for name in names if name.startswith("ppt/media")]


def test_no_slide_and_no_note_names_a_report() -> None:
    for frames, made in ((small_study(), small_deck()), (varied(40), varied_deck(40))):
        data = zipfile.ZipFile(io.BytesIO(made))
        ids = {i for i in frames["reports"]["report_id"] if i != "roska"}
        texts = [data.read(name).decode(errors="ignore") for name in data.namelist()]
        assert not [i for i in ids for text in texts if f">{i}<" in text or f"{i}," in text]
    made = opened(small_deck())
    assert any("Luvut ovat raporttien" in notes(slide) for slide in made.slides)


def own_template(*, is_potx: bool, width: float = 11) -> bytes:
    made = Presentation()
    made.slide_width, made.slide_height = Inches(width), Inches(8)
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


def test_a_column_has_room_for_its_longest_number_and_the_widths_add_up() -> None:
    share = "12,5\N{NO-BREAK SPACE}%"
    head = ["Teema", "%", "Pitkäotsikkoinen sarake"]
    table = grid(head, [["Asuminen ja asuinolot", share, "3"]], [8.0, 0.3, 1.0])
    widths = column_widths(table, 300.0)
    assert sum(widths) == pytest.approx(300.0)
    assert text_width(share, 12) < widths[1] - 12
    assert text_width("Pitkäotsikkoinen", 12, is_bold=True) < widths[2] - 12


def test_nothing_overflows_on_a_narrow_template() -> None:
    assert overflows(deck(varied(40), own_template(is_potx=False, width=10))) == []


def test_a_long_name_beside_a_bar_is_cut_and_its_number_is_not() -> None:
    rows = [{"id": f"R-{i}", "period": "2024H2", "area": [LONG * 2]} for i in range(4)]
    chart = drawn(deck(make_frames(rows), own_template(is_potx=False, width=10)), "alueittain")
    (label,) = chart.plots[0].categories
    assert str(label).endswith("…: 4 (100\N{NO-BREAK SPACE}%)")


@pytest.mark.parametrize(
    "template",
    [pytest.param(b"", id="empty"), pytest.param(b"PK\x03\x04 no", id="broken zip")],
)
def test_a_template_that_is_no_presentation_is_refused(template: bytes) -> None:
    with pytest.raises(ConfigError, match=r"report\.template must be a PowerPoint file"):
        deck(small_study(), template)


def test_the_same_tables_give_the_same_bytes() -> None:
    assert deck(small_study()) == small_deck()


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
    parts = [rows for title, rows in tables(varied_deck(400, 3, 45)) if "alueittain: n" in title]
    assert len(parts) > 1
    assert {rows[0][0] for rows in parts} == {"Alue"}
    assert sum(len(rows) - 1 for rows in parts) == 45
