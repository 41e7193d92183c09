"""Name topics and rising groups: who, which themes, their words, and a clause in their own words.

A name is put together of parts that are each true of the group and can be traced: nothing is
generated. The parts are a table of their own; who shows a name puts it together in the reader's
language (:mod:`pipeline.name.compose`), and a name that a person gave goes before it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from pydantic import BaseModel, Field

from pipeline.cluster.core import core_reports
from pipeline.cluster.corpus import Corpus, read_corpus
from pipeline.cluster.terms import UNNAMED
from pipeline.embed.word_vectors import WordVectors
from pipeline.frames import each_row, empty
from pipeline.name.best_clauses import Gate, Scored, best_clauses
from pipeline.name.clause_scores import Scorer
from pipeline.name.headings import Heading, Headings
from pipeline.name.label_model import LabelModel
from pipeline.name.parse import Parser
from pipeline.name.who import HALF_LIFT, MAX_THEMES, Shared, client_groups, told_themes
from pipeline.texts import Texts

_TIED_REACH = 0.25
"""Least reach of the words of reports that a theme or client group in common ties together."""
_FEW = 1 / 3
"""Words that reach less of a group's reports give way to words that are only common in it."""

GOOD_NAMES = ("min_score", "min_precision", "min_common", "min_worth", "min_most", "min_reach")
"""Settings of what makes a good name and an example; no sentence is parsed anew for them."""


class NameConfig(BaseModel, frozen=True, extra="forbid"):
    """Settings of the name stage."""

    n_sentences: int = Field(
        default=24,
        ge=1,
        description="Sentences of a group, nearest its middle, that an example clause is cut from.",
    )
    n_candidates: int = Field(
        default=40,
        ge=0,
        description="Groups that are not listed as rising, in the order of the list, that get an "
        "example clause too.",
    )
    min_score: float = Field(
        default=2.2,
        description="Least score of a clause that stands beside a name as its example.",
    )
    min_precision: float = Field(
        default=0.3,
        ge=0,
        le=1,
        description="Least average precision (0-1) at which an example's sentence finds the other "
        "reports of its group.",
    )
    min_common: float = Field(
        default=2 / 3,
        ge=0,
        le=1,
        description="Least share (0-1) of an example's content words that other reports of its "
        "group have too.",
    )
    min_worth: float = Field(
        default=1.0,
        ge=0,
        description="Least worth of the words of a good name: how telling they are together.",
    )
    min_most: float = Field(
        default=0.56,
        ge=0,
        le=1,
        description="Least share (0-1) of a group's reports that one word of a good name reaches "
        "by itself. Where people gave the reports a theme in common, a quarter is enough.",
    )
    min_reach: float = Field(
        default=0.55,
        ge=0,
        le=1,
        description="Least share (0-1) of a group's reports that the words of a good name reach. "
        "Where people gave the reports a theme in common, a quarter is enough.",
    )
    label_model: Path | None = Field(
        default=None,
        description="A language model of your own (.gguf), from the study's folder, that suggests "
        "a name beside the evidence; none when not given. It needs havainto[label-model].",
    )


@dataclass(frozen=True)
class _Group:
    """A group to be named: its id, the rows of the reports it is named by, and its words.

    A topic is named by its core; one without a core by all its reports, and never well. A candidate
    may be headed as its own topic is.
    """

    group_id: str
    members: list[int]
    words: str
    wants_clause: bool = True
    is_given: bool = False
    has_core: bool = True
    topic_id: str = ""


@dataclass(frozen=True)
class Evident:
    """A group with what the texts say of it.

    Attributes
    ----------
    group : _Group
    report_ids : tuple of str
    found : tuple of Scored
        Its best clauses, best first.
    heading : Heading
        Its words, what they say together, and how far they reach.
    suggestion : str
        Name that a language model suggests; "" for none.
    """

    group: _Group
    report_ids: tuple[str, ...]
    found: tuple[Scored, ...]
    heading: Heading
    suggestion: str


@dataclass(frozen=True)
class NameTables:
    """The tables that quoting groups reads beside the texts, under their own names.

    Attributes
    ----------
    pii_spans, indirect : DataFrame
        A clause is a quotation: none is of a sentence that may not be quoted.
    topics, report_topics, candidates : DataFrame
        Topics and candidates are named.
    candidates_to_quote : DataFrame
        Those candidates that get a clause.
    """

    pii_spans: pd.DataFrame
    indirect: pd.DataFrame
    topics: pd.DataFrame
    report_topics: pd.DataFrame
    candidates: pd.DataFrame
    candidates_to_quote: pd.DataFrame


def candidates_to_quote(signals: pd.DataFrame, config: NameConfig) -> pd.DataFrame:
    """Return the candidates that a clause is sought for: listed ones, and the next of them.

    A table of its own, so that what else is said of signals, such as their themes, parses no
    sentence anew when it changes.

    Parameters
    ----------
    signals : DataFrame
        Table ``signals``, best first.
    config : NameConfig

    Returns
    -------
    DataFrame
        Table ``candidates_to_quote``.
    """
    followed = signals[signals["candidate_id"].notna()]
    is_listed = followed["rank"].notna()
    wanted = set(followed.loc[is_listed, "candidate_id"])
    wanted |= set(followed.loc[~is_listed, "candidate_id"].head(config.n_candidates))
    return pd.DataFrame({"candidate_id": pd.Series(sorted(wanted), dtype=object)})


def quote_groups(
    texts: Texts,
    tables: NameTables,
    config: NameConfig,
    *,
    parser: Parser,
    label_model: LabelModel | None,
    word_vectors: WordVectors,
    places: frozenset[str],
    seed: int,
) -> tuple[Evident, ...]:
    """Find what the texts say of each group: words that carry it, and clauses of its own.

    Parameters
    ----------
    texts : Texts
    tables : NameTables
    config : NameConfig
    parser : Parser
    label_model : LabelModel or None
        Suggests names beside the evidence; None for nobody.
    word_vectors : WordVectors
        Tell which words mean something near what a group is about.
    places : frozenset of str
        Municipalities and other places, which name no group.
    seed : int
        Of the sample that a large corpus is represented by.

    Returns
    -------
    tuple of Evident
        Topics first.
    """
    from threadpoolctl import threadpool_limits

    corpus = read_corpus(texts, places)
    groups = _groups(corpus, tables)
    if not groups:
        return ()
    with threadpool_limits(limits=1):  # sums of floats depend on how many threads share them
        headings = Headings(corpus.telling, len(corpus.report_ids), word_vectors, seed)
        scorer = Scorer(corpus, headings, seed)
        told = _headings(groups, headings, scorer)
        wanted = {g.group_id: (g.members, told[g.group_id].words) for g in groups if g.wants_clause}
        gate = Gate(texts, tables.pii_spans, tables.indirect)
        clauses = best_clauses(scorer, wanted, gate, parser, config.n_sentences)
    found = []
    for group in groups:
        own = tuple(clauses.get(group.group_id, ()))
        quoted = [one.clause.text for one in own]
        heading = told[group.group_id]
        suggestion = label_model.suggest(heading.words, quoted) if label_model and quoted else ""
        ids = tuple(corpus.ids(group.members))
        found.append(Evident(group, ids, own, heading, suggestion))
    return tuple(found)


def _headings(groups: Sequence[_Group], headings: Headings, scorer: Scorer) -> dict[str, Heading]:
    """Choose the words of each group, no two alike.

    A given name stays, and so do the words of a group that is not looked into, or where those that
    carry it reach few of its reports and fewer than its own.
    """
    found: dict[str, Heading] = {}
    for group in groups:
        heading = Heading("", 0.0, 0.0, 0.0)
        if group.wants_clause:
            taken = frozenset(one.words for key, one in found.items() if key != group.topic_id)
            heading = headings.of(group.members, taken)
        reach = scorer.reach(group.words, group.members)
        own = Heading(group.words, 0.0, reach, reach)
        is_weak = heading.is_common and heading.reach < min(_FEW, reach)
        if not heading.words or is_weak:
            heading = own
        found[group.group_id] = heading
    return found


def name(
    reports: pd.DataFrame,
    settled_themes: pd.DataFrame,
    report_states: pd.DataFrame,
    config: NameConfig,
    *,
    fitted: tuple[Evident, ...],
) -> pd.DataFrame:
    """Put the parts of each group's name together.

    Parameters
    ----------
    reports : DataFrame
        Table ``reports``.
    settled_themes, report_states : DataFrame
        Themes that people gave.
    config : NameConfig
    fitted : tuple of Evident
        From :func:`quote_groups`.

    Returns
    -------
    DataFrame
        Table ``names``, topics first.
    """
    if not fitted:
        return empty("names")
    who = Shared(client_groups(reports), divides=True)
    themes = Shared(told_themes(reports, settled_themes, report_states))
    rows = []
    for one in fitted:
        ids = list(one.report_ids)
        client_group = next(iter(who.by(ids, 1)), "")
        theme_ids = themes.by(ids, MAX_THEMES, half_lift=HALF_LIFT)
        is_tied = bool(themes.by(ids, 1) or (client_group and theme_ids))
        is_good = _is_good(one, is_tied, config)
        shown = [scored for scored in one.found if not is_good or _is_example(one, scored, config)]
        row = {
            "group_id": one.group.group_id,
            "client_group": client_group,
            "theme_ids": theme_ids,
            "words": one.heading.words,
            "clauses": [scored.clause.text for scored in shown],
            "clause_segments": [scored.segment_id for scored in shown],
            "clause_score": one.found[0].score if one.found else None,
            "is_given": one.group.is_given,
            "is_good": one.group.is_given or is_good,
            "suggestion": one.suggestion,
        }
        rows.append(row)
    return pd.DataFrame(rows)


def _is_good(one: Evident, is_tied: bool, config: NameConfig) -> bool:
    """Say whether the parts make a name: words that carry the group and reach most of it.

    Where what people gave the reports ties them together, words do that reach some of them.
    """
    group, heading = one.group, one.heading
    is_told = heading.worth >= config.min_worth or not group.wants_clause
    if not (group.has_core and heading.words and is_told):
        return False
    reaches = heading.reach >= config.min_reach and heading.most >= config.min_most
    return reaches or (is_tied and heading.reach >= _TIED_REACH)


def _is_example(one: Evident, scored: Scored, config: NameConfig) -> bool:
    """Say whether a clause is typical of its group and understood alone."""
    is_typical = scored.score >= config.min_score and scored.precision >= config.min_precision
    is_common = scored.common >= config.min_common or not one.heading.is_common
    return is_typical and is_common and scored.clause.stands_alone


def _groups(corpus: Corpus, tables: NameTables) -> list[_Group]:
    """List the groups to be named: topics, then the candidates that are followed."""
    topics, report_topics = tables.topics, tables.report_topics
    main = report_topics[report_topics["is_main"].astype(bool)]
    all_of = main.groupby("topic_id")["report_id"].agg(frozenset).to_dict()
    core_of = core_reports(main[main["report_id"].isin(set(corpus.report_ids))])
    groups = []
    for topic in each_row(topics):
        core = core_of.get(topic.topic_id, frozenset())
        members = _rows(core or all_of.get(topic.topic_id, frozenset()), corpus)
        if members:
            given = bool(topic.is_named)
            words = _words(topic.label)
            groups.append(
                _Group(topic.topic_id, members, words, not given, given, has_core=bool(core))
            )
    listed = set(tables.candidates_to_quote["candidate_id"])
    for one in each_row(tables.candidates):
        members = _rows(one.report_ids, corpus)
        if members:
            wants = one.candidate_id in listed
            words, topic_id = _words(one.label), one.topic_id or ""
            groups.append(_Group(one.candidate_id, members, words, wants, topic_id=topic_id))
    return groups


def _rows(report_ids: Iterable[str], corpus: Corpus) -> list[int]:
    """Return the rows of some reports, near-copies as what they repeat."""
    return sorted({corpus.row_of[one] for one in report_ids if one in corpus.row_of})


def _words(label: str) -> str:
    """Return a label as the words of a name: none where none tells the group apart."""
    return "" if label == UNNAMED else label
