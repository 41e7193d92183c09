"""Find the clauses of each group that may stand beside its name."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.frames import each_row
from pipeline.name.clause_scores import Scorer, Sentence, Token
from pipeline.name.clauses import Clause, find_clauses
from pipeline.name.parse import Parser
from pipeline.report.quote_rulings import QuoteRulings
from pipeline.report.quotes import quotable
from pipeline.texts import Texts

N_CLAUSES = 3
"""Clauses shown of a group that no name fits, each of another report."""
_MAX_CHARS = 10_000


@dataclass(frozen=True)
class Scored:
    """A clause of a group with its sentence and what speaks for it.

    Attributes
    ----------
    score : float
        See :meth:`pipeline.name.clause_scores.Scorer.score`.
    precision : float
        0-1, how well its sentence finds the other reports.
    common : float
        0-1, share of its content words that other reports of the group have too.
    """

    score: float
    precision: float
    common: float
    segment_id: str
    report_id: str
    clause: Clause


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
                score, common = scorer.score(sentence, row, clause, members, words, evidence)
                place = ids[row], sentence.report_id
                scored.append(Scored(score, float(precision), common, *place, clause))
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
