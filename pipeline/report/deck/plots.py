"""Native charts, which PowerPoint opens with their numbers in an editable sheet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.report.deck import palette
from pipeline.report.deck.chart import LABEL, SMALL, add_chart, paint_series, quiet, show_legend
from pipeline.report.deck.fit import Box, clean, n_lines, shortened
from pipeline.report.deck.palette import rgb
from pipeline.report.deck.xml import child, element

_LABEL_SHARE, _LABEL_LINES = 0.42, 2


@dataclass(frozen=True)
class Bars:
    """Numbers as horizontal bars, what they are compared with as a second, paler bar.

    Attributes
    ----------
    labels : tuple of str
        What each bar says: its name and its number (:func:`bar_label`).
    now : tuple of float
    before : tuple of float
        What they are compared with; empty when there is nothing.
    top : float
        Where the axis ends.
    number_format : str
        How the axis writes its numbers.
    low, high : tuple of float
        Interval of each number, drawn as a whisker; empty for none.
    """

    labels: tuple[str, ...]
    now: tuple[float, ...]
    before: tuple[float, ...]
    top: float
    number_format: str = "0"
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()


def bar_label(box: Box, name: str, written: Callable[[str], str]) -> str:
    """Return what a bar says on two lines beside it; a long name is cut, its number is not.

    Parameters
    ----------
    box : Box
        Of the chart.
    name : str
    written : callable
        Puts the number to a name.

    Examples
    --------
    >>> bar_label(Box(0, 0, 240, 300), "Lasten ja nuorten palvelut", lambda name: f"{name}: 12 %")
    'Lasten ja nuorten…: 12 %'
    """
    room = box.width * _LABEL_SHARE
    label, n_words = clean(written(name)), len(name.split(" "))
    while n_lines(label, LABEL, room) > _LABEL_LINES and n_words > 1:
        n_words -= 1
        cut = " ".join(name.split(" ")[:n_words]).rstrip(" ,;")
        label = clean(written(f"{cut}…"))
    return shortened(label, LABEL, room, _LABEL_LINES)


def draw_bars(slide: Any, box: Box, bars: Bars, names: tuple[str, str], alt: str) -> None:
    """Draw numbers with their intervals; `names` are those of the two bars."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_TICK_LABEL_POSITION
    from pptx.util import Pt

    data = CategoryChartData(number_format="0.0")
    data.categories = bars.labels
    data.add_series(names[0], bars.now)
    if bars.before:
        data.add_series(names[1], bars.before)
    chart = add_chart(slide, box, XL_CHART_TYPE.BAR_CLUSTERED, data, alt)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = (45, -5)
    for series, colour in zip(plot.series, (palette.ACCENT, palette.PAST), strict=False):
        paint_series(series, colour)
    if bars.low:
        _whiskers(plot.series[0], bars)
    chart.category_axis.reverse_order = True
    chart.category_axis.tick_labels.font.size = Pt(LABEL)
    chart.category_axis.format.line.fill.background()
    chart.category_axis.has_major_gridlines = False
    axis = chart.value_axis
    axis.minimum_scale = 0
    axis.maximum_scale = bars.top
    quiet(axis, bars.number_format)
    # the categories run downwards, so the axis at their end is the one below
    axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    show_legend(chart, is_shown=bool(bars.before))


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
    chart = add_chart(slide, box, XL_CHART_TYPE.COLUMN_STACKED, data, alt)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 40, 100
    for drawn, (_, colour, _counts) in zip(plot.series, series, strict=True):
        paint_series(drawn, colour)
        labels = drawn.data_labels
        labels.show_value = True
        labels.number_format = "0;;"  # nought has no label
        labels.number_format_is_linked = False
        labels.font.size = Pt(SMALL)
        is_dark = colour in (palette.ACCENT, palette.MARK, palette.VALENCE["positiivinen"])
        labels.font.color.rgb = rgb(palette.ON_DARKEST if is_dark else palette.INK)
    chart.category_axis.tick_labels.font.size = Pt(LABEL)
    quiet(chart.value_axis)
    show_legend(chart, is_shown=len(series) > 1)


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
    chart = add_chart(slide, box, XL_CHART_TYPE.COLUMN_CLUSTERED, data, alt)
    plot = chart.plots[0]
    plot.gap_width = 40
    series = plot.series[0]
    paint_series(series, palette.PAST)
    newest = series.points[len(counts) - 1].format.fill
    newest.solid()
    newest.fore_color.rgb = rgb(palette.ACCENT)
    labels = series.data_labels
    labels.show_value = True
    labels.number_format, labels.number_format_is_linked = "0", False
    labels.position = XL_LABEL_POSITION.OUTSIDE_END
    labels.font.size = Pt(SMALL)
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    chart.value_axis.minimum_scale = 0
    chart.value_axis.maximum_scale = max([*counts, 1]) * 1.25
    chart.category_axis.tick_labels.font.size = Pt(SMALL)
    show_legend(chart, is_shown=False)


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
