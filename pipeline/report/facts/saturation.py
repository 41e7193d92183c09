"""Whether reading on would show something new, and what the reports of one reporter are worth."""

from collections.abc import Collection, Mapping

from pipeline.figures.saturation import Saturation, saturation
from pipeline.report.catalogue import Catalogue
from pipeline.report.material import Material

MIN_READ = 10  # reports that people read from which it is told of them, and not of all reports
_SHOWN_EFFECT = 1.05  # design effect from which intervals are visibly wider


def saturation_notes(material: Material, words: Catalogue) -> tuple[str, ...]:
    """Say how many themes and topics reports have shown, and how many may be left.

    Of the reports that people have read, where they read at least ten, with the themes people gave
    them; else of all reports, oldest first, with the themes that count.
    """
    states = material.tables.report_states
    held = material.reports
    read = set(states.loc[states["is_read"].astype(bool), "report_id"])
    is_read = len(read.intersection(held["report_id"])) >= MIN_READ
    order = [one for one in held["report_id"] if one in read or not is_read]
    if not order:
        return ()
    themes: dict[str, set[str]] = {}
    for theme, report_id in zip(
        material.themes["value"], material.themes["report_id"], strict=True
    ):
        themes.setdefault(str(report_id), set()).add(str(theme))
    topics: dict[str, set[str]] = {}
    for topic, ids in material.topic_members.items():
        for report_id in ids:
            topics.setdefault(report_id, set()).add(topic)
    of = words("saturation.read" if is_read else "saturation.all", n=words.whole(len(order)))
    seen, found = _seen(themes, order, "themes", words)
    n_themes = len(material.theme_labels)
    is_open = found.n_seen < n_themes
    left = min(found.most_unseen, n_themes - found.n_seen)
    if is_open:
        told = [str(of), seen, _unseen(found, left, "themes", words)]
    else:
        told = [str(of), seen, str(words("saturation.themes_all"))]
    seen, found = _seen(topics, order, "topics", words)
    if is_read:
        told += [seen, _unseen(found, found.most_unseen, "topics", words)]
    else:  # a topic has some reports at least: among all of them none is met once or twice
        told += [seen, str(words("saturation.topics_repeat"))]
    return (*told, str(words("saturation.bound"))) if is_open or is_read else tuple(told)


def _seen(
    kinds: Mapping[str, Collection[str]], order: list[str], name: str, words: Catalogue
) -> tuple[str, Saturation]:
    """Return the sentence on themes or topics seen, and the figures behind it."""
    found = saturation([kinds.get(one, ()) for one in order])
    half = int(found.curve[(len(order) - 1) // 2])
    told = words(
        f"saturation.{name}",
        seen=words.whole(found.n_seen),
        half=words.whole(half),
        since=words.whole(found.n_since_new),
    )
    return str(told), found


def _unseen(found: Saturation, left: float, name: str, words: Catalogue) -> str:
    """Return the sentence on those unseen, at most ``left`` of them."""
    unseen = words.decimal(min(found.unseen, left), 1)
    return str(words(f"saturation.{name}_unseen", unseen=unseen, most=words.whole(round(left))))


def writers_note(material: Material, words: Catalogue) -> str:
    """Say how many separate reports the period's are worth, where reporters' go together."""
    effect = material.effects["theme"]
    if effect < _SHOWN_EFFECT or not material.n_now:
        return ""
    worth = max(1, round(material.n_now / effect))
    return str(
        words("counts.writers_note", n=words.whole(material.n_now), worth=words.whole(worth))
    )
