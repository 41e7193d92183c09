"""Slides of the map of reports: like beside like, each topic with its own mark and colour."""

from typing import Any

from pipeline.report.deck import palette
from pipeline.report.deck.canvas import Canvas
from pipeline.report.deck.chart import SMALL, add_chart, paint
from pipeline.report.deck.fit import Block, Box, block_height, clean, shortened
from pipeline.report.deck.grids import grid, put_by
from pipeline.report.deck.paragraphs import plain
from pipeline.report.facts.topic_map import TopicMap

MAX_DOTS = 2000
"""Reports drawn; more would only blacken the slide."""
_SHAPES = ("circle", "circle", "square", "triangle", "diamond", "x", "plus", "star", "dash")
"""Marker of each mark, as the file format names it; the first is that of the other reports."""
_LINES = ("x", "plus", "star", "dash")
"""Markers made of lines, which take the colour of a line."""
_NOTE = 12.0


def topic_map_slides(canvas: Canvas, drawn: TopicMap, headline: str) -> None:
    """Add the map as a native chart and the table of its topics; nothing when there is no map.

    Parameters
    ----------
    canvas : Canvas
    drawn : TopicMap
        The page's map. Of more than `MAX_DOTS` reports an even sample is drawn.
    headline : str
        Title of the chart.
    """
    if not drawn.topics:
        return
    words, box = canvas.words, canvas.box
    title = words("topic_map.title")
    marked = [one.n_all for one in drawn.topics]
    slide = canvas.slide(headline, marked)
    note = Block(words("deck.map_lead"), size=_NOTE, is_soft=True)
    tall = block_height(note, box.width)
    _draw(slide, canvas, drawn, Box(box.x, box.y, box.width, box.height - tall - 8))
    canvas.write(slide, box.below(box.height - tall), [note])
    head = [words("topic_map.number"), words("signals.name"), words("topics.others_now"),
            words("topics.others_all"), words("topic_map.in_signals")]  # fmt: skip
    rows = [
        [
            str(one.mark),
            one.label,
            plain(words, one.n_now),
            plain(words, one.n_all),
            plain(words, one.n_signal),
        ]
        for one in drawn.topics
    ]
    shares = [0.7, 5.0, 1.0, 1.2, 1.5]
    if not any(one.n_signal.n for one in drawn.topics):
        head, shares, rows = head[:-1], shares[:-1], [row[:-1] for row in rows]
    table = grid(head, rows, shares, n_text=2)
    put_by(canvas, words("deck.table", title=title), table, marked)


def _draw(slide: Any, canvas: Canvas, drawn: TopicMap, box: Box) -> None:
    """Draw one series a topic, and one for the other reports."""
    from pptx.chart.data import XyChartData
    from pptx.enum.chart import XL_CHART_TYPE

    words = canvas.words
    names = {one.mark: f"{one.mark}. {one.label}" for one in drawn.topics}
    names[0] = words("topic_map.other")
    step = -(-len(drawn.dots) // MAX_DOTS)
    places: dict[int, list[tuple[float, float]]] = {}
    for dot in drawn.dots[::step]:
        places.setdefault(dot.mark, []).append((dot.x, round(drawn.height - dot.y, 1)))
    # LibreOffice leaves out a series shorter than a later one
    marks = sorted(places, key=lambda mark: (-len(places[mark]), mark))
    data = XyChartData(number_format="0")
    for mark in marks:
        label = shortened(clean(names[mark]), SMALL, box.width * 0.24, 2)
        series = data.add_series(label)
        for x, y in places[mark]:
            series.add_data_point(x, y)
    alt = words("deck.alt_map", title=words("topic_map.title"))
    chart = add_chart(slide, box, XL_CHART_TYPE.XY_SCATTER, data, alt)
    for series, mark in zip(chart.plots[0].series, marks, strict=True):
        _mark(series, mark)
    _without_axes(chart, drawn)


def _mark(series: Any, mark: int) -> None:
    """Give a series its marker: another shape and another colour for each topic."""
    from pptx.enum.chart import XL_MARKER_STYLE

    series.format.line.fill.background()
    series.marker.style = XL_MARKER_STYLE.from_xml(_SHAPES[mark])
    series.marker.size = 7 if mark else 4
    if _SHAPES[mark] in _LINES:
        series.marker.format.fill.background()
        series.marker.format.line.color.rgb = palette.rgb(palette.TOPICS[mark])
    else:
        paint(series.marker.format.fill, palette.TOPICS[mark])
        series.marker.format.line.fill.background()


def _without_axes(chart: Any, drawn: TopicMap) -> None:
    """Take the axes off, whose numbers mean nothing, and name the topics beside the map."""
    from pptx.enum.chart import XL_LEGEND_POSITION
    from pptx.util import Pt

    for axis, end in ((chart.category_axis, drawn.width), (chart.value_axis, drawn.height)):
        axis.minimum_scale, axis.maximum_scale = 0, end
        axis.has_major_gridlines = False
        axis.visible = False
    chart.has_legend = True
    chart.legend.position = XL_LEGEND_POSITION.RIGHT
    chart.legend.include_in_layout = False
    chart.legend.font.size = Pt(SMALL)
