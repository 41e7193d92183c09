"""What the deck's native charts have in common: how they are added, coloured and kept quiet."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from pipeline.report.deck import palette
from pipeline.report.deck.fit import Box, clean
from pipeline.report.deck.palette import rgb

SMALL, LABEL = 11.0, 12.0
"""Sizes of the text of axes and of labels, in points."""


def add_chart(slide: Any, box: Box, kind: Any, data: Any, alt: str) -> Any:
    """Add a chart with its alternative text."""
    from pptx.util import Pt

    place = (Pt(box.x), Pt(box.y), Pt(box.width), Pt(box.height))
    with _labels_as_text():
        frame = slide.shapes.add_chart(kind, *place, data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", clean(alt))
    chart = frame.chart
    chart.has_title = False
    chart.font.size = Pt(LABEL)
    return chart


@contextmanager
def _labels_as_text() -> Iterator[None]:
    """Write the labels of a chart's embedded workbook as text, never as formulas or links.

    python-pptx gives its workbook no options; a label that begins with ``=`` would be a formula,
    and labels come from what people typed on the form.
    """
    xlsx: Any = import_module("pptx.chart.xlsx")
    usual = xlsx.Workbook

    def plain(file: Any, options: dict[str, Any]) -> Any:
        return usual(file, {**options, "strings_to_formulas": False, "strings_to_urls": False})

    xlsx.Workbook = plain
    try:
        yield
    finally:
        xlsx.Workbook = usual


def paint(fill: Any, colour: str) -> None:
    """Fill with a colour: the theme's accent where it is one of ours, so that a template rules."""
    from pptx.enum.dml import MSO_THEME_COLOR

    accents = {
        palette.ACCENT: MSO_THEME_COLOR.ACCENT_1,
        palette.PAST: MSO_THEME_COLOR.ACCENT_3,
    }
    fill.solid()
    if colour in accents:
        fill.fore_color.theme_color = accents[colour]
    else:
        fill.fore_color.rgb = rgb(colour)


def paint_series(series: Any, colour: str) -> None:
    """Colour the bars of a series, those below nought too."""
    paint(series.format.fill, colour)
    series.invert_if_negative = False


def quiet(axis: Any, number_format: str = "0") -> None:
    """Make an axis of numbers quiet: small text, pale grid lines, no line of its own."""
    from pptx.util import Pt

    axis.tick_labels.font.size = Pt(SMALL)
    axis.tick_labels.number_format = number_format
    axis.tick_labels.number_format_is_linked = False
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = rgb(palette.GRID)
    axis.format.line.fill.background()


def show_legend(chart: Any, *, is_shown: bool) -> None:
    """Put the legend above the plot, or nowhere."""
    from pptx.enum.chart import XL_LEGEND_POSITION
    from pptx.util import Pt

    chart.has_legend = is_shown
    if is_shown:
        chart.legend.position = XL_LEGEND_POSITION.TOP
        chart.legend.include_in_layout = False
        chart.legend.font.size = Pt(SMALL)
