"""Which reports of earlier periods are kept as they were published."""

from pipeline.report.catalogue import Catalogue
from pipeline.report.material import Material


def published_line(material: Material, words: Catalogue) -> str:
    """List the publications of earlier periods in one sentence; ``""`` when there is none."""
    listed = []
    for one in material.published:
        name = words("published.one", period=words.period_name(one.period), day=words.day(one.day))
        listed.append(words("published.withdrawn", one=name) if one.withdrawn else name)
    return words("published.kept", listed="; ".join(listed)) if listed else ""
