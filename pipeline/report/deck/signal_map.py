"""Slides of the map of weak signals: how much is seen of them against how wide they have spread."""

from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.report.deck import palette
from pipeline.report.deck.canvas import Canvas
from pipeline.report.deck.chart import LABEL, SMALL, add_chart, paint, quiet, show_legend
from pipeline.report.deck.fit import Box, clean
from pipeline.report.deck.grids import grid, put_by
from pipeline.report.facts.signal_map import MapPoint
from pipeline.report.facts.values import Said
from pipeline.report.spacing import apart

_GROWTHS = ("rising", "level", "fading", "unsure")
_MARKER = 20
"""Width of a point, in points."""
_PLOT = 0.85
"""Share of the box that the plot takes, at least."""


def signal_map_slides(
    canvas: Canvas, points: Sequence[MapPoint], marked: Iterable[Said], headline: str
) -> None:
    """Add the map as a native chart and the table behind it; nothing when nothing is listed.

    Parameters
    ----------
    canvas : Canvas
    points : sequence of MapPoint
    marked : iterable of Said
        The numbers of the listed signals, for their sources.
    headline : str
        Title of the chart.
    """
    if not points:
        return
    words, marked = canvas.words, list(marked)
    title = words("signals.map_title")
    slide = canvas.slide(headline, marked)
    _draw(slide, canvas, points, words("deck.alt_map", title=title))
    keys = ("place", "name", "map_growth", "map_across", "map_up", "map_groups")
    rows = [
        [
            str(p.rank),
            p.label,
            words(f"signals.map_{p.growth}"),
            *(words.whole(n) for n in (p.reports, p.areas, p.groups)),
        ]
        for p in points
    ]
    table = grid(
        [words(f"signals.{key}") for key in keys], rows, [0.8, 4.4, 3.4, 1.6, 1.2, 1.6], n_text=3
    )
    put_by(canvas, words("deck.table", title=title), table, marked)


def _draw(slide: Any, canvas: Canvas, points: Sequence[MapPoint], alt: str) -> None:
    """Draw one series a direction; the ranks stand on the points."""
    from pptx.chart.data import XyChartData
    from pptx.enum.chart import XL_CHART_TYPE

    words, box = canvas.words, canvas.box
    placed = list(zip(points, _apart(points, box), strict=True))
    held = [(one, [(p, at) for p, at in placed if p.growth == one]) for one in _GROWTHS]
    # LibreOffice leaves out a series shorter than a later one
    held = sorted(((one, places) for one, places in held if places), key=lambda one: -len(one[1]))
    data = XyChartData(number_format="0")
    for growth, places in held:
        series = data.add_series(clean(words(f"signals.map_{growth}")))
        for _, (reports, areas) in places:
            series.add_data_point(reports, areas)
    chart = add_chart(slide, box, XL_CHART_TYPE.XY_SCATTER, data, alt)
    for series, (growth, places) in zip(chart.plots[0].series, held, strict=True):
        _mark(series, growth, [str(point.rank) for point, _ in places])
    _axis(chart.category_axis, words("signals.map_across"), [p.reports for p in points])
    _axis(chart.value_axis, words("signals.map_up"), [p.areas for p in points])
    chart.category_axis.has_major_gridlines = False
    show_legend(chart, is_shown=True)


def _apart(points: Sequence[MapPoint], box: Box) -> list[tuple[float, float]]:
    """Return where the points are drawn: in their place, or as near as none hides another."""
    across = _PLOT * box.width / (max([*(p.reports for p in points), 4]) + 1)
    up = _PLOT * box.height / (max([*(p.areas for p in points), 4]) + 1)
    places = apart([(p.reports * across, p.areas * up) for p in points], _MARKER * 1.1)
    return [(round(x / across, 3), round(y / up, 3)) for x, y in places]


def _mark(series: Any, growth: str, ranks: list[str]) -> None:
    """Draw the points of a series with their ranks on them."""
    from pptx.enum.chart import XL_LABEL_POSITION, XL_MARKER_STYLE
    from pptx.util import Pt

    series.format.line.fill.background()
    series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, _MARKER
    fill, ink = palette.GROWTH[growth]
    paint(series.marker.format.fill, fill)
    series.marker.format.line.fill.background()
    for place, number in enumerate(ranks):
        label = series.points[place].data_label
        label.has_text_frame = True
        label.text_frame.text = number
        label.position = XL_LABEL_POSITION.CENTER
        face = label.text_frame.paragraphs[0].runs[0].font
        face.size, face.bold = Pt(SMALL), True
        face.color.rgb = palette.rgb(ink)


def _axis(axis: Any, title: str, values: list[int]) -> None:
    """Lay out an axis from nought to beyond the largest value."""
    from pptx.util import Pt

    quiet(axis)
    most = max([*values, 4])
    axis.minimum_scale, axis.maximum_scale = 0, most + 1
    axis.major_unit = next(
        step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 10**6) if most <= 6 * step
    )
    axis.has_title = True
    axis.axis_title.text_frame.text = clean(title)
    face = axis.axis_title.text_frame.paragraphs[0].runs[0].font
    face.size, face.bold = Pt(LABEL), False
