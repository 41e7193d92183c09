"""Hand out the report's quotations, in one stated order and none twice without need."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.report.facts.selection import (
    MAX_VOICE_THEMES,
    VOICES_OF_REST,
    VOICES_OF_THEME,
    client_groups,
    key_themes,
    listed_signals,
    ranked_topics,
    spoken_sentences,
    theme_reports,
)
from pipeline.report.facts.telling import Telling
from pipeline.report.facts.values import Quotation
from pipeline.report.material import PROPOSAL, Material, Row
from pipeline.report.quotes import centrality, choose

KINDS = ("havainto", "hyva-kaytanto", PROPOSAL)
"""Kinds of sentences quoted under a client group, in order."""
REST = ""
"""What stands for a theme where clients speak of something that has no heading of its own."""
_OF_SIGNAL, _OF_TOPIC = 2, 1
_OF_KIND = 12
"""Sentences of a kind kept ready for the period; more than are offered, for those taken out."""
Quotes = tuple[Quotation, ...]


@dataclass(frozen=True)
class Quotations:
    """Every quotation of the report.

    Attributes
    ----------
    of_signals, of_themes, of_topics : dict of str to tuple of Quotation
        By signal with evidence, key theme, and topic with a card.
    of_voices : dict of str to tuple of Quotation
        By theme on which a client is quoted, in order; :data:`REST` last.
    of_groups : dict of (group, kind) to tuple of Quotation
        A sentence quoted elsewhere is quoted here again where nothing else is left to quote; so
        it is for a topic where nothing else says its name.
    of_kinds : dict of str to tuple of Quotation
        By kind, the sentences that speak for the period; a client group may quote the same.
    of_group_topics : dict of (group, topic_id) to tuple of Quotation
        For topics named under a client group; none of them is quoted anywhere else.
    """

    of_signals: Mapping[str, Quotes]
    of_voices: Mapping[str, Quotes]
    of_themes: Mapping[str, Quotes]
    of_groups: Mapping[tuple[str, str], Quotes]
    of_topics: Mapping[str, Quotes]
    of_kinds: Mapping[str, Quotes]
    of_group_topics: Mapping[tuple[str, str], Quotes]


def hand_out(material: Material) -> Quotations:
    """Hand out the quotations: to signals first, then voices, themes, client groups and topics.

    Within each, what is shown first is served first. No one else chooses a quotation.
    """
    pool = _Pool(material)
    return Quotations(
        of_signals=_of_signals(material, pool),
        of_voices=_of_voices(material, pool),
        of_themes=_of_themes(material, pool),
        of_groups=_of_groups(material, pool),
        of_topics=_of_topics(material, pool),
        of_kinds=_of_kinds(material, pool),
        of_group_topics=_of_group_topics(material, pool),
    )


class _Pool:
    """The sentences that may be quoted, less those handed out."""

    def __init__(self, material: Material) -> None:
        self.sentences = material.quotable
        self.telling = Telling(material)
        self._taken: set[str] = set()

    def take(
        self, scores: Mapping[str, float], n: int, report_ids: Iterable[str] | None = None
    ) -> Quotes:
        """Hand out the sentences with the highest scores, of some reports or of any."""
        found = choose(self._of(report_ids), scores, n, self._taken)
        self._taken.update(segment for quote in found for segment in quote.covers)
        return found

    def show_again(
        self, scores: Mapping[str, float], n: int, report_ids: Iterable[str] | None = None
    ) -> Quotes:
        """Return the sentences with the highest scores, whether or not they were handed out."""
        return choose(self._of(report_ids), scores, n)

    def _of(self, report_ids: Iterable[str] | None) -> pd.DataFrame:
        """Return the sentences of some reports, or all."""
        if report_ids is None:
            return self.sentences
        return self.sentences[self.sentences["report_id"].isin(set(report_ids))]


def _carried(material: Material, topic_id: object) -> dict[str, float]:
    """Return how strongly each sentence carries a topic."""
    carried = material.tables.segment_topics
    carried = carried[carried["topic_id"] == topic_id]
    return dict(zip(carried["segment_id"], carried["weight"], strict=True))


def _of_signals(material: Material, pool: _Pool) -> dict[str, Quotes]:
    """Quote the signals with evidence, by rank."""
    found = {}
    for row in listed_signals(material).evident.to_dict("records"):
        scores = _naming(row, (), material, pool)
        scores = scores or dict.fromkeys(pool.sentences["segment_id"], 1.0)
        found[str(row["signal_id"])] = pool.take(scores, _OF_SIGNAL, row["report_ids"])
    return found


def _naming(row: Row, terms: Iterable[str], material: Material, pool: _Pool) -> dict[str, float]:
    """Score the sentences by which a topic or signal can be quoted: what its name says leads."""
    return pool.telling.scores(str(row["words"]), terms, _carried(material, row["topic_id"]))


def _of_voices(material: Material, pool: _Pool) -> dict[str, Quotes]:
    """Quote clients by theme, then those whose words have no heading of their own."""
    spoken = spoken_sentences(material)
    spoken_pool = pool.sentences[pool.sentences["client_voice"].astype(bool)]
    quotable = set(spoken_pool["segment_id"])
    found: dict[str, Quotes] = {}
    for theme_id, scores in spoken.by_theme.items():
        if len(found) == MAX_VOICE_THEMES:
            break
        quotes = pool.take({i: s for i, s in scores.items() if i in quotable}, VOICES_OF_THEME)
        if quotes:
            found[theme_id] = quotes
    told = {i for theme_id in found for i in spoken.by_theme[theme_id]}
    rest = [i for i in spoken.report_of if i not in told]
    if rest:
        central = centrality([i for i in rest if i in quotable], material.words)
        found[REST] = pool.take(central, VOICES_OF_REST)
    return found


def _of_themes(material: Material, pool: _Pool) -> dict[str, Quotes]:
    """Quote the key themes by the sentences that carry them most strongly."""
    sentences, found = material.tables.segment_themes, {}
    for theme_id in key_themes(material):
        mine = sentences[sentences["theme_id"] == theme_id]
        scores = dict(zip(mine["segment_id"], mine["score"], strict=True))
        ids = theme_reports(material, theme_id)
        found[theme_id] = pool.take(scores, material.config.n_quotes, ids)
    return found


def _of_groups(material: Material, pool: _Pool) -> dict[tuple[str, str], Quotes]:
    """Quote each client group, kind by kind, by the sentences that speak for the others."""
    n, found = material.config.n_quotes, {}
    of_kind = {kind: material.of_kind(kind) for kind in KINDS}
    for group, ids in client_groups(material).items():
        for kind in KINDS:
            segments = of_kind[kind]
            wanted = set(segments.loc[segments["report_id"].isin(set(ids)), "segment_id"])
            mine = pool.sentences.loc[pool.sentences["segment_id"].isin(wanted), "segment_id"]
            scores = centrality(mine, material.words)
            found[group, kind] = pool.take(scores, n) or pool.show_again(scores, min(n, 1))
    return found


def _of_topics(material: Material, pool: _Pool) -> dict[str, Quotes]:
    """Quote the topics that have a card, by their members' sentences.

    A sentence quoted elsewhere is quoted again where no other says a word of the name.
    """
    topics, found = ranked_topics(material), {}
    for row in topics.shown:
        topic_id = str(row["topic_id"])
        now = [i for i in topics.members[topic_id] if i in material.now_ids]
        scores = _naming(row, row["terms"], material, pool)
        saying = pool.telling.saying(str(row["words"]), scores)
        found[topic_id] = (
            pool.take(saying, _OF_TOPIC, now)
            or pool.show_again(saying, _OF_TOPIC, now)
            or pool.take(scores, _OF_TOPIC, now)
        )
    return found


def _of_kinds(material: Material, pool: _Pool) -> dict[str, Quotes]:
    """Quote good practices and proposals of the whole period."""
    found = {}
    for kind in KINDS[1:]:
        wanted = set(material.of_kind(kind)["segment_id"])
        mine = pool.sentences.loc[pool.sentences["segment_id"].isin(wanted), "segment_id"]
        found[kind] = pool.show_again(centrality(mine, material.words), _OF_KIND)
    return found


def _of_group_topics(material: Material, pool: _Pool) -> dict[tuple[str, str], Quotes]:
    """Quote the topics of each client group by its own members.

    A sentence that is quoted under a theme or a signal too would tell that the group has a report
    of it, so only those are taken that nothing else has.
    """
    rows = {str(row["topic_id"]): row for row in material.topics.to_dict("records")}
    cross, scores, found = material.topic_cross, {}, {}
    for group, ids in client_groups(material).items():
        if len(set(ids)) < material.config.min_cell:
            continue
        for topic_id in cross.rows:
            if topic_id not in rows or cross.is_hidden(topic_id, group):
                continue
            if topic_id not in scores:
                scores[topic_id] = _naming(rows[topic_id], rows[topic_id]["terms"], material, pool)
            held = set(ids).intersection(material.topic_members.get(topic_id, []))
            found[group, topic_id] = pool.take(scores[topic_id], _OF_TOPIC, held)
    return found
