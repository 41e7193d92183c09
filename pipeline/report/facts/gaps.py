"""Where topics and themes miss each other."""

from dataclasses import dataclass

from pipeline.assign.gaps import NEW_THEME, UNSUPPORTED
from pipeline.frames import each_row
from pipeline.report.facts.values import Count, count_of
from pipeline.report.material import Material


@dataclass(frozen=True)
class Gap:
    """One topic without a theme, or one theme without a topic."""

    label: str
    terms: tuple[str, ...]
    n: Count


@dataclass(frozen=True)
class Gaps:
    """Candidates for a new theme, and themes that no topic supports."""

    topics: tuple[Gap, ...]
    themes: tuple[Gap, ...]


def gaps(material: Material) -> Gaps:
    """List the topics that no theme covers and the themes that no topic supports."""
    found = material.tables.theme_gaps
    labels = dict(zip(material.topics["topic_id"], material.topics["label"], strict=True))
    rejected = set(material.topics.loc[material.topics["ruling"] == "reject", "topic_id"])
    topics = tuple(
        Gap(
            label=str(labels.get(row.topic_id, row.label)),
            terms=tuple(row.terms),
            n=count_of(
                material.topic_members.get(row.topic_id, []),
                str(labels.get(row.topic_id, row.label)),
            ),
        )
        for row in each_row(found[found["gap"] == NEW_THEME])
        if row.topic_id not in rejected
    )
    counted = material.themes
    themes = tuple(
        Gap(
            label=material.theme_label(row.theme_id),
            terms=(),
            n=count_of(
                counted.loc[counted["value"] == row.theme_id, "report_id"],
                material.theme_label(row.theme_id),
            ),
        )
        for row in each_row(found[found["gap"] == UNSUPPORTED])
    )
    return Gaps(topics, themes)
