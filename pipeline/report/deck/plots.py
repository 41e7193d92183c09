"""Native charts, which PowerPoint opens with their numbers in an editable sheet."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.report.deck import palette
from pipeline.report.deck.fit import Box, clean, shortened
from pipeline.report.deck.palette import rgb
from pipeline.report.deck.xml import child, element

_LABEL_SHARE = 0.42
_SMALL, _LABEL = 11.0, 12.0


@dataclass(frozen=True)
class Bars:
    """Shares as horizontal bars, the earlier periods as a second, paler bar.

    Attributes
    ----------
    labels : tuple of str
        What each bar says: its name and its number.
    now, low, high : tuple of float
        Percent, and its interval, which is drawn as a whisker.
    before : tuple of float
        Percent in the earlier periods; empty when there are none.
    """

    labels: tuple[str, ...]
    now: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    before: tuple[float, ...]


def draw_bars(slide: Any, box: Box, bars: Bars, names: tuple[str, str], alt: str) -> None:
    """Draw shares with their intervals; `names` are those of this period and the earlier ones."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_TICK_LABEL_POSITION
    from pptx.util import Pt

    data = CategoryChartData(number_format="0.0")
    data.categories = [
        shortened(clean(label), _LABEL, box.width * _LABEL_SHARE, 2) for label in bars.labels
    ]
    data.add_series(names[0], bars.now)
    if bars.before:
        data.add_series(names[1], bars.before)
    chart = _add(slide, box, XL_CHART_TYPE.BAR_CLUSTERED, data, alt)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = (45, -5)
    for series, colour in zip(plot.series, (palette.ACCENT, palette.PAST), strict=False):
        _paint(series, colour)
    _whiskers(plot.series[0], bars)
    chart.category_axis.reverse_order = True
    chart.category_axis.tick_labels.font.size = Pt(_LABEL)
    chart.category_axis.format.line.fill.background()
    chart.category_axis.has_major_gridlines = False
    axis = chart.value_axis
    axis.minimum_scale = 0
    axis.maximum_scale = _top(bars)
    axis.tick_labels.font.size = Pt(_SMALL)
    axis.tick_labels.number_format = '0" %"'
    axis.tick_labels.number_format_is_linked = False
    # the categories run downwards, so the axis at their end is the one below
    axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    _grid(axis)
    _legend(chart, is_shown=bool(bars.before))


def _top(bars: Bars) -> float:
    """Return the round percent at which the axis ends."""
    most = max([*bars.high, *bars.before, *bars.now], default=0.0)
    return float(min(max(math.ceil(most / 10) * 10, 10), 100))


def draw_stack(
    slide: Any,
    box: Box,
    periods: Sequence[str],
    series: Sequence[tuple[str, str, Sequence[int]]],
    alt: str,
) -> None:
    """Draw counts of each period as stacked columns; a series is its name, colour and counts."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Pt

    data = CategoryChartData(number_format="0")
    data.categories = [clean(period) for period in periods]
    for name, _, counts in series:
        data.add_series(clean(name), counts)
    chart = _add(slide, box, XL_CHART_TYPE.COLUMN_STACKED, data, alt)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 40, 100
    for drawn, (_, colour, _counts) in zip(plot.series, series, strict=True):
        _paint(drawn, colour)
        labels = drawn.data_labels
        labels.show_value = True
        labels.number_format = "0;;"  # nought has no label
        labels.number_format_is_linked = False
        labels.font.size = Pt(_SMALL)
        is_dark = colour in (palette.ACCENT, palette.MARK, palette.VALENCE["positiivinen"])
        labels.font.color.rgb = rgb(palette.ON_DARKEST if is_dark else palette.INK)
    chart.category_axis.tick_labels.font.size = Pt(_LABEL)
    chart.value_axis.tick_labels.font.size = Pt(_SMALL)
    chart.value_axis.tick_labels.number_format = "0"
    chart.value_axis.tick_labels.number_format_is_linked = False
    _grid(chart.value_axis)
    _legend(chart, is_shown=len(series) > 1)


def draw_history(
    slide: Any, box: Box, periods: Sequence[str], counts: Sequence[int], name: str, alt: str
) -> None:
    """Draw the counts of the periods as columns, the newest in the strong colour."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION
    from pptx.util import Pt

    data = CategoryChartData(number_format="0")
    data.categories = [clean(period) for period in periods]
    data.add_series(clean(name), counts)
    chart = _add(slide, box, XL_CHART_TYPE.COLUMN_CLUSTERED, data, alt)
    plot = chart.plots[0]
    plot.gap_width = 40
    series = plot.series[0]
    _paint(series, palette.PAST)
    newest = series.points[len(counts) - 1].format.fill
    newest.solid()
    newest.fore_color.rgb = rgb(palette.ACCENT)
    labels = series.data_labels
    labels.show_value = True
    labels.number_format, labels.number_format_is_linked = "0", False
    labels.position = XL_LABEL_POSITION.OUTSIDE_END
    labels.font.size = Pt(_SMALL)
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    chart.value_axis.minimum_scale = 0
    chart.value_axis.maximum_scale = max([*counts, 1]) * 1.25
    chart.category_axis.tick_labels.font.size = Pt(_SMALL)
    _legend(chart, is_shown=False)


def _add(slide: Any, box: Box, kind: Any, data: Any, alt: str) -> Any:
    """Add a chart with its alternative text."""
    from pptx.util import Pt

    place = (Pt(box.x), Pt(box.y), Pt(box.width), Pt(box.height))
    frame = slide.shapes.add_chart(kind, *place, data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", clean(alt))
    chart = frame.chart
    chart.has_title = False
    chart.font.size = Pt(_LABEL)
    return chart


def _paint(series: Any, colour: str) -> None:
    """Colour a series: with the theme's accent where it is one of ours, so a template rules."""
    from pptx.enum.dml import MSO_THEME_COLOR

    accents = {
        palette.ACCENT: MSO_THEME_COLOR.ACCENT_1,
        palette.PAST: MSO_THEME_COLOR.ACCENT_3,
    }
    series.format.fill.solid()
    if colour in accents:
        series.format.fill.fore_color.theme_color = accents[colour]
    else:
        series.format.fill.fore_color.rgb = rgb(colour)
    series.invert_if_negative = False


def _grid(axis: Any) -> None:
    """Make an axis quiet: pale grid lines, no line of its own."""
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = rgb("E2DED5")
    axis.format.line.fill.background()


def _legend(chart: Any, *, is_shown: bool) -> None:
    """Put the legend above the plot, or nowhere."""
    from pptx.enum.chart import XL_LEGEND_POSITION
    from pptx.util import Pt

    chart.has_legend = is_shown
    if is_shown:
        chart.legend.position = XL_LEGEND_POSITION.TOP
        chart.legend.include_in_layout = False
        chart.legend.font.size = Pt(_SMALL)


def _whiskers(series: Any, bars: Bars) -> None:
    """Draw the intervals as error bars, which the library has no call for."""
    from pptx.oxml.ns import qn

    bars_of = element("c:errBars")
    for tag, kind in (("errBarType", "both"), ("errValType", "cust"), ("noEndCap", "1")):
        child(bars_of, f"c:{tag}", val=kind)
    ends = {
        "plus": [high - now for now, high in zip(bars.now, bars.high, strict=True)],
        "minus": [now - low for now, low in zip(bars.now, bars.low, strict=True)],
    }
    for tag, lengths in ends.items():
        literal = child(child(bars_of, f"c:{tag}"), "c:numLit")
        child(literal, "c:formatCode").text = "General"
        child(literal, "c:ptCount", val=str(len(lengths)))
        for place, length in enumerate(lengths):
            point = child(literal, "c:pt", idx=str(place))
            child(point, "c:v").text = f"{max(length, 0.0):.4f}"
    line = child(child(bars_of, "c:spPr"), "a:ln", w="15875")
    child(child(line, "a:solidFill"), "a:srgbClr", val=palette.INK.upper())
    series._element.find(qn("c:cat")).addprevious(bars_of)
