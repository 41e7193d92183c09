"""Name topics and rising groups: who, which themes, their words, and a clause in their own words.

A name is put together of parts that are each true of the group and can be traced: nothing is
generated. The parts are a table of their own; who shows a name puts it together in the reader's
language (:mod:`pipeline.name.compose`), and a name that a person gave goes before it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from pydantic import BaseModel, Field

from pipeline.cluster.corpus import Corpus, read_corpus
from pipeline.cluster.terms import UNNAMED
from pipeline.frames import each_row, empty
from pipeline.name.clause_scores import Scorer, Sentence, Token
from pipeline.name.clauses import Clause, find_clauses
from pipeline.name.label_model import LabelModel
from pipeline.name.parse import Parser
from pipeline.name.who import MAX_THEMES, Shared, client_groups, told_themes
from pipeline.report.quote_rulings import QuoteRulings
from pipeline.report.quotes import quotable
from pipeline.texts import Texts

N_CLAUSES = 3
"""Clauses shown of a group that no name fits, each of another report."""
_MAX_CHARS = 10_000


class NameConfig(BaseModel, frozen=True, extra="forbid"):
    """Settings of the name stage."""

    n_sentences: int = Field(
        default=40,
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
        default=1.2,
        description="Least score of the best clause of a group that has a good name.",
    )
    min_reach: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="Least share (0-1) of a group's reports that the words of a good name reach.",
    )
    label_model: Path | None = Field(
        default=None,
        description="A language model of your own (.gguf), from the study's folder, that suggests "
        "a name beside the evidence; none when not given. It needs havainto[label-model].",
    )


@dataclass(frozen=True)
class Scored:
    """A clause of a group with its sentence and score."""

    score: float
    segment_id: str
    report_id: str
    clause: Clause


@dataclass(frozen=True)
class _Group:
    """A group to be named: its id, the rows of its reports, and its words."""

    group_id: str
    members: list[int]
    words: str
    wants_clause: bool
    is_given: bool


@dataclass(frozen=True)
class Evident:
    """A group with what the texts say of it.

    Attributes
    ----------
    group : _Group
    report_ids : tuple of str
    found : tuple of Scored
        Its best clauses, best first.
    reach : float
        Share of the reports that its words reach, 0-1.
    suggestion : str
        Name that a language model suggests; "" for none.
    """

    group: _Group
    report_ids: tuple[str, ...]
    found: tuple[Scored, ...]
    reach: float
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
    seed: int,
) -> tuple[Evident, ...]:
    """Find what the texts say of each group: how far its words reach, and clauses of its own.

    Parameters
    ----------
    texts : Texts
    tables : NameTables
    config : NameConfig
    parser : Parser
    label_model : LabelModel or None
        Suggests names beside the evidence; None for nobody.
    seed : int
        Of the sample that a large corpus is represented by.

    Returns
    -------
    tuple of Evident
        Topics first.
    """
    corpus = read_corpus(texts)
    groups = _groups(corpus, tables)
    if not groups:
        return ()
    scorer = Scorer(corpus, seed)
    wanted = {g.group_id: (g.members, g.words) for g in groups if g.wants_clause}
    gate = Gate(texts, tables.pii_spans, tables.indirect)
    clauses = best_clauses(scorer, wanted, gate, parser, config.n_sentences)
    found = []
    for group in groups:
        own = tuple(clauses.get(group.group_id, ()))
        quoted = [one.clause.text for one in own]
        suggestion = label_model.suggest(group.words, quoted) if label_model and quoted else ""
        reach = scorer.reach(group.words, group.members)
        ids = tuple(corpus.ids(group.members))
        found.append(Evident(group, ids, own, reach, suggestion))
    return tuple(found)


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
    who = Shared(client_groups(reports))
    themes = Shared(told_themes(reports, settled_themes, report_states))
    rows = [
        {
            "group_id": one.group.group_id,
            "client_group": next(iter(who.by(list(one.report_ids), 1)), ""),
            "theme_ids": themes.by(list(one.report_ids), MAX_THEMES),
            "words": one.group.words,
            "clauses": [scored.clause.text for scored in one.found],
            "clause_segments": [scored.segment_id for scored in one.found],
            "clause_score": one.found[0].score if one.found else None,
            "is_given": one.group.is_given,
            "is_good": one.group.is_given or _is_good(one, config),
            "suggestion": one.suggestion,
        }
        for one in fitted
    ]
    return pd.DataFrame(rows)


def _is_good(one: Evident, config: NameConfig) -> bool:
    """Say whether the parts make a name: words that reach the reports, or a clause that does."""
    has_clause = bool(one.found) and one.found[0].score >= config.min_score
    is_told = has_clause or not one.group.wants_clause
    return bool(one.group.words) and one.reach >= config.min_reach and is_told


def _groups(corpus: Corpus, tables: NameTables) -> list[_Group]:
    """List the groups to be named: topics, then the candidates that are followed."""
    topics, report_topics = tables.topics, tables.report_topics
    main = report_topics[report_topics["is_main"].astype(bool)]
    members: dict[str, set[int]] = defaultdict(set)
    for topic_id, report_id in zip(main["topic_id"], main["report_id"], strict=True):
        if report_id in corpus.row_of:
            members[topic_id].add(corpus.row_of[report_id])
    groups = [
        _group(topic.topic_id, members[topic.topic_id], topic.label, is_given=bool(topic.is_named))
        for topic in each_row(topics)
        if members[topic.topic_id]
    ]
    listed = set(tables.candidates_to_quote["candidate_id"])
    for candidate in each_row(tables.candidates):
        rows = {corpus.row_of[i] for i in candidate.report_ids if i in corpus.row_of}
        wants = candidate.candidate_id in listed
        if rows:
            groups.append(_group(candidate.candidate_id, rows, candidate.label, wants_clause=wants))
    return groups


def _group(
    group_id: str, rows: set[int], label: str, *, wants_clause: bool = True, is_given: bool = False
) -> _Group:
    """Return a group; its words are its label where some word tells it apart."""
    words = "" if label == UNNAMED else label
    return _Group(group_id, sorted(rows), words, wants_clause and not is_given, is_given)


class Gate:
    """Tells which sentences a clause may be quoted from: those that may be quoted at all.

    Parameters
    ----------
    texts : Texts
    pii_spans, indirect : DataFrame
        The tables of those names.
    """

    def __init__(self, texts: Texts, pii_spans: pd.DataFrame, indirect: pd.DataFrame) -> None:
        self._texts, self._pii_spans, self._indirect = texts, pii_spans, indirect

    def passed(self, segment_ids: Collection[str]) -> dict[str, Sentence]:
        """Return those of some sentences that are Finnish and may be quoted, in reading order."""
        segments, tokens = self._texts.segments, self._texts.tokens
        mine = segments[segments["segment_id"].isin(segment_ids) & (segments["language"] == "fi")]
        own = tokens[tokens["segment_id"].isin(set(mine["segment_id"]))]
        pool = quotable(
            self._texts.reports, mine, own, self._pii_spans, 1, _MAX_CHARS, QuoteRulings(),
            self._indirect,
        )  # fmt: skip
        kept = mine[mine["segment_id"].isin(set(pool["segment_id"]))]
        words: dict[str, list[Token]] = defaultdict(list)
        names = ("segment_id", "start", "end", "lemma", "pos", "known", "parts")
        for segment_id, *token in zip(*(own[column] for column in names), strict=True):
            words[segment_id].append(Token(*token))
        return {
            row.segment_id: Sentence(row.report_id, row.text, int(row.start), words[row.segment_id])
            for row in each_row(kept)
        }


def best_clauses(
    scorer: Scorer,
    groups: Mapping[str, tuple[Sequence[int], str]],
    gate: Gate,
    parser: Parser,
    n_sentences: int,
) -> dict[str, list[Scored]]:
    """Return the best clauses of each group, best first, one a report.

    Parameters
    ----------
    scorer : Scorer
    groups : mapping of str to (sequence of int, str)
        Rows of each group's reports, and the words of its name.
    gate : Gate
    parser : Parser
        Is given each sentence once, and only those nearest the middle of some group.
    n_sentences : int
        Most sentences looked at of a group.

    Returns
    -------
    dict of str to list of Scored
        At most three of each group; empty where no sentence has a clause that can stand alone.
    """
    near = {key: scorer.central(members, n_sentences) for key, (members, _) in groups.items()}
    ids = scorer.corpus.sentences.segment_ids
    sentences = gate.passed({ids[row] for found in near.values() for row, _ in found})
    parsed = parser.parse(sentence.text for sentence in sentences.values())
    clauses = {
        segment_id: find_clauses(sentence.text, read)
        for (segment_id, sentence), read in zip(sentences.items(), parsed, strict=True)
    }
    found: dict[str, list[Scored]] = {}
    for key, (members, words) in groups.items():
        told = [(row, cosine) for row, cosine in near[key] if clauses.get(ids[row])]
        precisions = scorer.finds_others([row for row, _ in told], members)
        scored = []
        for (row, cosine), precision in zip(told, precisions, strict=True):
            sentence, evidence = sentences[ids[row]], (float(precision), cosine)
            for clause in clauses[ids[row]]:
                worth = scorer.score(sentence, row, clause, members, words, evidence)
                scored.append(Scored(worth, ids[row], sentence.report_id, clause))
        found[key] = _one_a_report(scored)
    return found


def _one_a_report(scored: Iterable[Scored]) -> list[Scored]:
    """Keep the best clause of each report, and of those the best."""
    from pipeline.pseudonymise.patterns import find_coded

    kept: dict[str, Scored] = {}
    for one in sorted(scored, key=lambda one: (-one.score, one.segment_id, one.clause.start)):
        if len(kept) == N_CLAUSES:
            break
        if one.report_id not in kept and not find_coded(one.clause.text):
            kept[one.report_id] = one
    return list(kept.values())
