"""Find the reports that say what an analyst watches for, and test their history.

Some phenomena cross themes and never form a group. For them the analyst writes a sentence. Each
report is compared with it in three ways: by its vector, by its nearest sentence, and by the words
they share; the two likenesses are put on the scale of the corpus itself (robust standard scores),
since a cosine means nothing alone. The cut on their sum was set on
planted phenomena: a sentence or two find about half of the reports, and six in ten of the finds
are wrong (``benchmarks/signals.py --watches``). So an analyst reads what was found, and adds a
better sentence or a report that says it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.cluster.content_words import lemmas_and_parts
from pipeline.cluster.corpus import Corpus, read_corpus
from pipeline.detect.histories import count_reports, window_of
from pipeline.detect.rises import status_and_p
from pipeline.detect.settings import DetectConfig
from pipeline.detect.trend import Floats
from pipeline.detect.watch_file import Watch
from pipeline.embed.protocol import Encoder
from pipeline.figures.intervals import exact_interval
from pipeline.frames import empty
from pipeline.lemmatise.protocol import CONTENT_POS, Lemmatiser
from pipeline.texts import Texts
from pipeline.vectors import unit

_WORDS_WEIGHT = 3.0
"""Weight of the share of a phrase's words that a report has, beside two standard scores."""

_SPREAD_OF_NORMAL = 1.4826


@dataclass(frozen=True, eq=False)
class _Space:
    """What phrases are compared with."""

    corpus: Corpus
    reports_mean: NDArray[np.float32]
    sentences_mean: NDArray[np.float32]
    words: list[set[str]]

    def scores(self, phrase: str, vector: NDArray[np.float32], lemmatiser: Lemmatiser) -> Floats:
        """Return how well each report says a phrase."""
        by_report = self._nearness(unit((vector - self.reports_mean)[None, :])[0])
        by_words = _WORDS_WEIGHT * self._words_shared(phrase, lemmatiser)
        return by_report + by_words + self._best_sentence(vector)

    def example(self, row: int) -> Floats:
        """Return how like each report is to one of them, on the same scale."""
        scores = 2 * self._nearness(self.corpus.vectors[row])
        scores[row] = np.inf
        return scores

    def _nearness(self, vector: NDArray[np.float32]) -> Floats:
        return standard(self.corpus.vectors @ vector)

    def _best_sentence(self, vector: NDArray[np.float32]) -> Floats:
        sentences = self.corpus.sentences
        cosines = sentences.vectors @ unit((vector - self.sentences_mean)[None, :])[0]
        best = np.full(len(self.words), -np.inf)
        np.maximum.at(best, sentences.owners, cosines)
        return standard(best)

    def _words_shared(self, phrase: str, lemmatiser: Lemmatiser) -> Floats:
        """Return the share of a phrase's words, by rarity, that each report has."""
        wanted = [
            {token.lemma.lower(), *(part.lower() for part in token.parts)}
            for token in lemmatiser.tokens(phrase)
            if token.pos in CONTENT_POS
        ]
        has = np.array([[bool(one & words) for one in wanted] for words in self.words], dtype=float)
        if not wanted:
            return np.zeros(len(self.words))
        rarity = np.log((1 + len(has)) / (1 + has.sum(axis=0)))
        return np.asarray(has @ rarity / max(1e-9, rarity.sum()))


def standard(values: NDArray[np.floating]) -> Floats:
    """Put values on the scale of their median and median deviation.

    Examples
    --------
    >>> standard(np.array([0.0, 1.0, 2.0, 3.0, 10.0])).round(2).tolist()
    [-1.35, -0.67, 0.0, 0.67, 5.4]
    """
    median = np.median(values)
    spread = _SPREAD_OF_NORMAL * np.median(np.abs(values - median))
    return np.asarray((values - median) / max(spread, 1e-6), dtype=np.float64)


def match_watches(
    texts: Texts,
    config: DetectConfig,
    *,
    watches: Sequence[Watch],
    phrase_encoder: Encoder,
    lemmatiser: Lemmatiser,
) -> pd.DataFrame:
    """Find the reports that say what is watched for.

    Parameters
    ----------
    texts : Texts
    config : DetectConfig
    watches : sequence of Watch
    phrase_encoder : Encoder
        The model that made the tables' vectors, set to search: a phrase is a question to them.
    lemmatiser : Lemmatiser

    Returns
    -------
    DataFrame
        Table ``watch_matches``: for each watch the reports at or over ``watch_cut``, the best
        first; an example report is always among them. Near-copies are left out.
    """
    from threadpoolctl import threadpool_limits

    if not watches:
        return empty("watch_matches")
    corpus = read_corpus(texts)
    if len(corpus.report_ids) < 2:
        return empty("watch_matches")
    with threadpool_limits(limits=1):
        space = _space(corpus, texts)
        rows = [
            {"watch": watch.name, "report_id": corpus.report_ids[i], "score": min(99.0, scores[i])}
            for watch in watches
            for scores in [_scores(watch, space, phrase_encoder, lemmatiser)]
            for i in np.argsort(-scores, kind="stable").tolist()
            if scores[i] >= config.watch_cut
        ]
    return pd.DataFrame(rows) if rows else empty("watch_matches")


def _space(corpus: Corpus, texts: Texts) -> _Space:
    """Gather the means that were taken from the vectors, and each report's words."""
    words: list[set[str]] = [set() for _ in corpus.report_ids]
    for row, word in lemmas_and_parts(corpus.content):
        words[row].add(word.lower())
    return _Space(
        corpus,
        texts.report_vectors(corpus.report_ids).mean(axis=0),
        corpus.sentences.mean,
        words,
    )


def _scores(watch: Watch, space: _Space, encoder: Encoder, lemmatiser: Lemmatiser) -> Floats:
    """Return each report's best score over the phrases and examples of a watch."""
    phrases = [phrase for phrase in watch.phrases if phrase.strip()]
    found = [np.full(len(space.words), -np.inf)]
    if phrases:
        vectors = encoder.encode(phrases)
        found += [
            space.scores(phrase, vector, lemmatiser)
            for phrase, vector in zip(phrases, vectors, strict=True)
        ]
    rows = {space.corpus.row_of[r] for r in watch.examples if r in space.corpus.row_of}
    found += [space.example(row) for row in sorted(rows)]
    return np.asarray(np.max(found, axis=0))


def follow_watches(
    periods: pd.DataFrame,
    reports: pd.DataFrame,
    watch_matches: pd.DataFrame,
    config: DetectConfig,
    *,
    watches: Sequence[Watch],
    seed: int,
) -> pd.DataFrame:
    """Give everything watched for its history.

    Parameters
    ----------
    periods, reports, watch_matches : DataFrame
        The tables of those names.
    config : DetectConfig
    watches : sequence of Watch
    seed : int
        Of the shuffles, where some reports move together.

    Returns
    -------
    DataFrame
        Table ``watch_histories``, a row for each watch in the order of the file. What is watched
        for was chosen beforehand, so its p-value stands alone and needs no correction for a list;
        with many watches a few of them pass any level by chance.
    """
    of_watch = watch_matches.groupby("watch")["report_id"].agg(frozenset).to_dict()
    members = {watch.name: of_watch.get(watch.name, frozenset()) for watch in watches}
    return watch_histories(periods, reports, members, config, seed)


def watch_histories(
    periods: pd.DataFrame,
    reports: pd.DataFrame,
    members_of: Mapping[str, frozenset[str]],
    config: DetectConfig,
    seed: int,
) -> pd.DataFrame:
    """Give named sets of reports their histories.

    Parameters
    ----------
    periods, reports : DataFrame
        The tables of those names.
    members_of : mapping of str to frozenset of str
        Reports of each thing watched for, by its name.
    config : DetectConfig
    seed : int
        Of the shuffles, where some reports move together.

    Returns
    -------
    DataFrame
        Table ``watch_histories``, a row a name, in their order.
    """
    if not members_of:
        return empty("watch_histories")
    counted = count_reports(periods, reports, config.exchange)
    window, members = window_of(periods, counted), list(members_of.values())
    counts = np.stack([counted.counts(reports_of) for reports_of in members])
    rows_of = [counted.rows(reports_of) for reports_of in members]
    names, p_values = status_and_p(rows_of, counts, counted.blocks, window, config, seed)
    rows = []
    for watch, of, row, status, p in zip(members_of, members, counts, names, p_values, strict=True):
        newest = (int(row[-1]), int(counted.sizes[-1])) if len(row) else (0, 0)
        ci_low, ci_high = exact_interval(*newest)
        rows.append(
            {
                "watch": watch,
                "status": status,
                "report_ids": [counted.report_ids[i] for i in counted.rows(of)],
                "counts": row.tolist(),
                "p_value": p,
                "ci_low": ci_low,
                "ci_high": ci_high,
            }
        )
    return pd.DataFrame(rows).astype({"p_value": object})
