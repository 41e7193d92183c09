"""Topics that no theme covers are candidates for a new one; themes without a topic are told."""

import pandas as pd
import pytest
from theme_study import small_taxonomy

from pipeline.assign.assign import AssignConfig
from pipeline.assign.gaps import NEW_THEME, UNSUPPORTED, theme_gaps
from pipeline.assign.topic_mapping import map_topics
from pipeline.frames import empty, to_arrow, to_frame

CONFIG = AssignConfig()
REPORTS = [f"R-{i}" for i in range(12)]


def topics(*labels: str) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"topic_id": f"T-{i}", "topic_no": i, "label": label, "terms": [label, "sana"],
             "n_reports": 4, "stability": 0.9}
            for i, label in enumerate(labels)
        ]
    )  # fmt: skip


def members(n_topics: int) -> pd.DataFrame:
    """Put four reports under each topic."""
    return pd.DataFrame(
        [
            {"report_id": REPORTS[4 * t + k], "topic_id": f"T-{t}", "weight": 1.0, "is_main": True}
            for t in range(n_topics)
            for k in range(4)
        ]
    )


def themes(suggested: dict[str, list[str]]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"report_id": r, "theme_id": t, "assigned": t in suggested.get(r, [])}
            for r in REPORTS
            for t in small_taxonomy().theme_ids
        ]
    )


def gaps_of(labels: tuple[str, ...], suggested: dict[str, list[str]]) -> pd.DataFrame:
    taxonomy = small_taxonomy()
    found, held, pairs = topics(*labels), members(len(labels)), themes(suggested)
    links = map_topics(found, held, pairs, CONFIG, taxonomy=taxonomy)
    return theme_gaps(found, pairs, links, CONFIG, taxonomy=taxonomy)


def test_a_topic_whose_reports_have_no_theme_is_a_candidate_with_label_and_words():
    housed = {report_id: ["asuminen"] for report_id in REPORTS[:4]}
    schooled = {report_id: ["koulu"] for report_id in REPORTS[8:]}
    made = gaps_of(("häätö", "tulkki", "läksyt"), housed | schooled)
    assert len(to_frame(to_arrow("theme_gaps", made))) == 2
    assert made.iloc[0].to_dict() == {
        "gap": NEW_THEME, "topic_id": "T-1", "theme_id": "", "label": "tulkki",
        "terms": ["tulkki", "sana"], "n_reports": 4,
    }  # fmt: skip
    assert made.iloc[1].to_dict() == {
        "gap": UNSUPPORTED, "topic_id": "", "theme_id": "raha", "label": "Velka",
        "terms": [], "n_reports": 0,
    }  # fmt: skip


def test_a_theme_of_scattered_reports_is_told_with_their_number():
    outside_any_topic = {report_id: ["raha"] for report_id in REPORTS[10:]}
    housed = {report_id: ["asuminen"] for report_id in REPORTS[:4]}
    schooled = {report_id: ["koulu"] for report_id in REPORTS[4:8]}
    made = gaps_of(("häätö", "läksyt"), housed | schooled | outside_any_topic)
    made = made.set_index("theme_id")
    assert list(made.index) == ["raha"]
    assert made.loc["raha", "n_reports"] == 2


@pytest.mark.parametrize("labels", [(), ("häätö",)], ids=["no topic", "one topic"])
def test_without_topics_no_theme_is_said_to_lack_one(labels):
    if labels:
        housed = {report_id: ["asuminen"] for report_id in REPORTS[:4]}
        assert set(gaps_of(labels, housed)["theme_id"]) == {"koulu", "raha"}
    else:
        none = empty("topics"), themes({}), empty("topic_themes")
        assert theme_gaps(*none, CONFIG, taxonomy=small_taxonomy()).empty
