"""What hangs together loosely stands behind the topics that a reader finds one subject in."""

import pandas as pd
import pytest
from report_tables import frame, material_of, ruled, small_study

from pipeline.report.facts.selection import ranked_topics

Frames = dict[str, pd.DataFrame]


def two_topics(weight: float) -> Frames:
    """Return a study with a loose topic of five reports and a firm one of three."""
    frames = small_study()
    ids = list(dict.fromkeys(frames["report_topics"]["report_id"]))
    topic_of = {one: "T-1" if n < 5 else "T-2" for n, one in enumerate(ids)}
    frames["report_topics"] = frame(
        "report_topics",
        (
            {
                "report_id": one,
                "topic_id": topic,
                "weight": weight if topic == "T-1" else 0.9,
                "is_main": True,
            }
            for one, topic in topic_of.items()
        ),
    )
    held = frames["topics"].iloc[0].items()
    first = {**{str(name): value for name, value in held}, "is_named": False}
    other = {**first, "topic_id": "T-2", "topic_no": 1, "label": "koulu"}
    frames["topics"] = frame("topics", [first, other])
    return frames


@pytest.mark.parametrize(
    ("weight", "shown", "rest"),
    [
        pytest.param(0.9, ["T-1", "T-2"], [], id="both hang together"),
        pytest.param(0.2, ["T-2"], ["T-1"], id="the first does not"),
    ],
)
def test_a_loose_topic_has_no_card(weight: float, shown: list[str], rest: list[str]) -> None:
    ranked = ranked_topics(material_of(two_topics(weight)))
    assert {row["topic_id"] for row in ranked.shown} == set(shown)
    assert [row["topic_id"] for row in ranked.rest] == rest


def test_a_topic_that_a_person_accepted_has_its_card() -> None:
    frames = two_topics(0.2)
    frames["decisions"] = ruled(("topics", "T-1", "", "accept", ""))
    ranked = ranked_topics(material_of(frames))
    assert {row["topic_id"] for row in ranked.shown} == {"T-1", "T-2"}
