"""The map of reports: like beside like, marked by topic, the reports of signals ringed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.values import Count, count_of
from pipeline.report.material import Material
from pipeline.report.spacing import apart

WIDTH, HEIGHT = 600.0, 480.0
_MARGIN = 14.0
_DOT = 9.0
"""Width of a dot; dots are moved so that none hides another."""
_NUMBER = 12.0
"""Distance that a topic's number keeps from every dot, so that it hides none."""
_MAX_APART = 800
"""Dots that are moved apart; of more the map has no room."""
N_MARKED = 8
"""Topics with a mark of their own; more could not be told apart."""


@dataclass(frozen=True)
class MapDot:
    """One report on the map.

    Attributes
    ----------
    x, y : float
        In units of the map's box, from the left and from the top.
    mark : int
        1 to 8, the mark of its topic; 0 for the rest.
    is_now : bool
        Whether it is of the period reported on.
    is_signal : bool
        Whether it belongs to a signal that is shown as a card.
    report_id : str
    tip : str
        What it is, in words.
    """

    x: float
    y: float
    mark: int
    is_now: bool
    is_signal: bool
    report_id: str
    tip: str


@dataclass(frozen=True)
class MapTopic:
    """One marked topic: where its number stands, and its members, also those not drawn."""

    mark: int
    x: float
    y: float
    label: str
    n_now: Count
    n_all: Count
    n_signal: Count


@dataclass(frozen=True)
class TopicMap:
    """The map, in units of a box of ``width`` x ``height``.

    Attributes
    ----------
    dots : tuple of MapDot
        Earlier periods first, so that this one lies on top.
    topics : tuple of MapTopic
        Those with a mark of their own, most reports first.
    n_drawn : int
    is_sample : bool
        Whether reports of these periods are missing because there are too many.
    """

    dots: tuple[MapDot, ...]
    topics: tuple[MapTopic, ...]
    n_drawn: int
    is_sample: bool
    width: float = WIDTH
    height: float = HEIGHT


def topic_map(material: Material, words: Catalogue, in_signals: Iterable[str]) -> TopicMap:
    """Place the reports of this period and those before it.

    Parameters
    ----------
    material : Material
    words : Catalogue
    in_signals : iterable of str
        Reports of the signals shown as cards.
    """
    placed = material.tables.report_map
    placed = placed[placed["report_id"].isin(set(material.reports["report_id"]))]
    topic_of = _main_topics(material)
    labels = dict(zip(material.topics["topic_id"], material.topics["words"], strict=True))
    ringed = set(in_signals)
    places = {
        report_id: (_across(x), _up(y))
        for report_id, x, y in placed[["report_id", "x", "y"]].itertuples(index=False, name=None)
    }
    if len(places) <= _MAX_APART:
        places = dict(zip(places, apart(list(places.values()), _DOT), strict=True))
        places = {i: (round(x, 1), round(y, 1)) for i, (x, y) in places.items()}
    marks = _marks(places, topic_of, material)
    period_of = dict(zip(material.reports["report_id"], material.reports["period"], strict=True))
    dots = [
        MapDot(
            x=x,
            y=y,
            mark=marks.get(topic_of.get(report_id, ""), 0),
            is_now=report_id in material.now_ids,
            is_signal=report_id in ringed,
            report_id=report_id,
            tip=" · ".join(
                (
                    report_id,
                    words.period_name(period_of[report_id]),
                    str(labels.get(topic_of.get(report_id, ""), words("topic_map.no_topic"))),
                )
            ),
        )
        for report_id, (x, y) in places.items()
    ]
    drawn = np.array([(dot.x, dot.y) for dot in dots]).reshape(-1, 2)
    return TopicMap(
        dots=tuple(sorted(dots, key=lambda dot: (dot.is_now, dot.mark > 0))),
        topics=tuple(
            _map_topic(mark, topic_id, members, drawn, ringed, material, words)
            for (topic_id, mark), members in zip(
                marks.items(), _members(marks, places, topic_of), strict=True
            )
        ),
        n_drawn=len(dots),
        is_sample=len(placed) < int(_n_placeable(material)),
    )


def _n_placeable(material: Material) -> int:
    """Count the reports that have a sentence."""
    told = set(material.tables.segments["report_id"])
    return sum(report_id in told for report_id in material.reports["report_id"])


def _main_topics(material: Material) -> dict[str, str]:
    """Return the main topic of each report, rejected topics left out."""
    gone = set(material.topics.loc[material.topics["ruling"] == "reject", "topic_id"])
    held = material.tables.report_topics
    held = held[held["is_main"].astype(bool) & ~held["topic_id"].isin(gone)]
    return dict(zip(held["report_id"], held["topic_id"], strict=True))


def _marks(
    places: dict[str, tuple[float, float]], topic_of: dict[str, str], material: Material
) -> dict[str, int]:
    """Give a mark, from 1, to the topics with most reports of this period on the map."""
    drawn = [(topic_of[i], i in material.now_ids) for i in places if i in topic_of]
    sizes = pd.DataFrame(drawn, columns=["topic_id", "is_now"]).groupby("topic_id")["is_now"]
    counts = sizes.agg(["sum", "size"]).to_dict("index")
    ranked = sorted(counts, key=lambda t: (-counts[t]["sum"], -counts[t]["size"], t))
    return {str(topic_id): mark for mark, topic_id in enumerate(ranked[:N_MARKED], 1)}


def _members(
    marks: dict[str, int], places: dict[str, tuple[float, float]], topic_of: dict[str, str]
) -> list[dict[str, tuple[float, float]]]:
    """Return the places of each marked topic's reports."""
    return [{i: xy for i, xy in places.items() if topic_of.get(i) == topic} for topic in marks]


def _map_topic(
    mark: int,
    topic_id: str,
    members: dict[str, tuple[float, float]],
    dots: NDArray[np.float64],
    ringed: set[str],
    material: Material,
    words: Catalogue,
) -> MapTopic:
    """Lay out one marked topic; its number stands by the middle of its reports, on none of them."""
    across, up = _free_place(pd.DataFrame(members.values()).median().tolist(), dots)
    labels = dict(zip(material.topics["topic_id"], material.topics["words"], strict=True))
    label = str(labels[topic_id])
    title = f"{words('topic_map.title')}: {label}"
    every = material.topic_members[topic_id]
    now = [report_id for report_id in every if report_id in material.now_ids]
    return MapTopic(
        mark=mark,
        x=across,
        y=up,
        label=label,
        n_now=count_of(now, f"{title}, {words.period_name(material.period)}"),
        n_all=count_of(every, title),
        n_signal=count_of((i for i in every if i in ringed), f"{title} ({words('toc.signals')})"),
    )


def _free_place(middle: Sequence[float], dots: NDArray[np.float64]) -> tuple[float, float]:
    """Return the place nearest to a middle where a number hides no report.

    Parameters
    ----------
    middle : sequence of 2 float
    dots : ndarray of shape (n_dots, 2)
        Places of all reports on the map; as `middle`, in its units.
    """
    turns = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    rounds = np.arange(0.0, 8 * _NUMBER, _NUMBER / 2)
    tried = np.concatenate([
        np.asarray(middle) + far * np.column_stack([np.cos(turns), np.sin(turns)]) for far in rounds
    ])  # fmt: skip
    tried = np.clip(tried, _NUMBER, [WIDTH - _NUMBER, HEIGHT - _NUMBER])
    room = np.hypot(*(tried[:, None, :] - dots[None, :, :]).transpose(2, 0, 1)).min(axis=1)
    free = np.flatnonzero(room >= _NUMBER)
    x, y = tried[free[0] if len(free) else room.argmax()]
    return round(float(x), 1), round(float(y), 1)


def _across(x: float) -> float:
    """Return the unit of a place from left to right."""
    return round(_MARGIN + (WIDTH - 2 * _MARGIN) * x, 1)


def _up(y: float) -> float:
    """Return the unit of a place from the bottom up."""
    return round(HEIGHT - _MARGIN - (HEIGHT - 2 * _MARGIN) * y, 1)
