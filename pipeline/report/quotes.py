"""Choose quotations: central, short, one a reporter, and never where personal data stood."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import NamedTuple

import pandas as pd

from pipeline.errors import InputError
from pipeline.lemmatise.protocol import CONTENT_POS
from pipeline.report.facts.values import Quotation
from pipeline.report.quote_rulings import FILE_NAME, QuoteRulings

LEANING_POS = frozenset({"PRON", "CCONJ", "SCONJ", "DET"})
"""Word classes that, first in a sentence, lean on the sentence before it."""
_LEANING_WEIGHT = 0.5
_PINNED_WEIGHT = 1e6
_SENTENCE = ["segment_id", "report_id", "field", "start", "end", "client_voice"]
_QUOTABLE = [
    *("segment_id", "report_id", "reporter", "client_voice", "text", "weight", "covers"),
]


def quotable(
    reports: pd.DataFrame,
    segments: pd.DataFrame,
    tokens: pd.DataFrame,
    pii_spans: pd.DataFrame,
    min_chars: int,
    max_chars: int,
    rulings: QuoteRulings,
    indirect: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """List the sentences that may be quoted, with the text to quote.

    A sentence that begins with a pronoun or a conjunction leans on the one before it: it is
    quoted together with that one where both fit, and counts half where they do not.
    A sentence that may tell who is meant (`indirect`) is left out unless a person pins it.

    Parameters
    ----------
    reports, segments, tokens, pii_spans : DataFrame
        Tables of the contract. Segments of reports that are not in `reports` are left out.
    min_chars, max_chars : int
        Shortest and longest quotation, in characters; a pinned one may be of any length.
    rulings : QuoteRulings
        Sentences the analyst pinned or banned.
    indirect : DataFrame or None, default=None
        Table of the contract; None for a study without one.

    Returns
    -------
    DataFrame with columns ``segment_id``, ``report_id``, ``reporter``, \
``client_voice``, ``text``, ``weight``, ``covers``
        In reading order. ``reporter`` is who wrote, or the report where that is not known.
        ``covers`` is a tuple of the segments in the text. No text touches a pii_span.

    Raises
    ------
    InputError
        When a pinned sentence touches personal data.
    """
    texts, spans, telling = _texts(reports), _spans(pii_spans), _spans(indirect)
    who = dict(zip(reports["report_id"], reports["reporter_id"], strict=True))
    rows = []
    for here, end, voice, weight, begin, covers in _sentences(segments, tokens, max_chars):
        field = here[:2]
        text = texts.get(field, "")[begin:end]
        touches = _overlaps(spans.get(field, ()), begin, end)
        is_pinned = here.segment_id in rulings.pinned
        if is_pinned and touches:
            raise _pinned_in_vain(here.segment_id)
        tells = _overlaps(telling.get(field, ()), begin, end)
        if touches or (tells and not is_pinned) or any(rulings.bans(one) for one in covers):
            continue
        if is_pinned or (text and min_chars <= len(text) <= max_chars):
            reporter = who.get(here.report_id) or here.report_id
            held = _PINNED_WEIGHT if is_pinned else weight
            rows.append((here.segment_id, here.report_id, reporter, voice, text, held, covers))
    return pd.DataFrame(rows, columns=_QUOTABLE)


def _pinned_in_vain(segment_id: str) -> InputError:
    """Say that a pinned sentence may not be quoted."""
    return InputError(
        "human/{file_name} pins {segment_id!r}, which touches personal data. Remove it.",
        file_name=FILE_NAME,
        segment_id=segment_id,
    )


def _overlaps(spans: Iterable[tuple[int, int]], begin: int, end: int) -> bool:
    """Tell whether a stretch shares a sign with any of some spans."""
    return any(a < end and begin < b for a, b in spans)


class _Place(NamedTuple):
    """Where a sentence begins."""

    report_id: str
    field: str
    start: int
    segment_id: str


def _sentences(
    segments: pd.DataFrame, tokens: pd.DataFrame, max_chars: int
) -> Iterator[tuple[_Place, int, bool, float, int, tuple[str, ...]]]:
    """Yield each sentence with its end and voice, and what :func:`_stretch` says of it."""
    firsts = tokens.drop_duplicates("segment_id")
    leaning = set(firsts.loc[firsts["pos"].isin(LEANING_POS), "segment_id"])
    before: _Place | None = None
    columns = segments[_SENTENCE].itertuples(index=False, name=None)
    for segment_id, report_id, field, start, end, voice in columns:
        here, previous = _Place(report_id, field, start, segment_id), before
        before = here
        yield here, end, bool(voice), *_stretch(here, previous, end, max_chars, leaning)


def _stretch(
    here: _Place, previous: _Place | None, end: int, max_chars: int, leaning: Set[str]
) -> tuple[float, int, tuple[str, ...]]:
    """Return how much a sentence weighs, where its quotation begins, and what that covers."""
    if here.segment_id not in leaning:
        return 1.0, here.start, (here.segment_id,)
    if previous is not None and previous[:2] == here[:2] and end - previous.start <= max_chars:
        return 1.0, previous.start, (here.segment_id, previous.segment_id)
    return _LEANING_WEIGHT, here.start, (here.segment_id,)


def _texts(reports: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Return the safe text of every report and field."""
    return {
        (report_id, field): text
        for field in ("observation", "proposal")
        for report_id, text in zip(reports["report_id"], reports[field], strict=True)
    }


def _spans(table: pd.DataFrame | None) -> dict[tuple[str, str], list[tuple[int, int]]]:
    """Return the stretches that a table names, by report and field; none where there is none."""
    spans: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    if table is None:
        return spans
    columns = [table[name] for name in ("report_id", "field", "start", "end")]
    for report_id, field, start, end in zip(*columns, strict=True):
        spans[report_id, field].append((int(start), int(end)))
    return spans


def centrality(segment_ids: Iterable[str], words: Mapping[str, frozenset[str]]) -> dict[str, float]:
    """Score how well each sentence speaks for the others, by the content words they share.

    Parameters
    ----------
    segment_ids : iterable of str
    words : mapping of str to frozenset of str
        Content lemmas of each segment, as :func:`content_words` returns them.

    Returns
    -------
    dict of str to float
        Cosine (0-1) of the sentence and the sum of all, lemmas weighted by idf.
    """
    ids = list(segment_ids)
    n_with = Counter(lemma for i in ids for lemma in words.get(i, ()))
    idf = {lemma: math.log(1 + len(ids) / n) for lemma, n in n_with.items()}
    pull = {lemma: n * idf[lemma] for lemma, n in n_with.items()}
    size = math.sqrt(sum(value**2 for value in pull.values())) or 1.0
    scores = {}
    for i in ids:
        lemmas = sorted(words.get(i, ()))
        own = math.sqrt(sum(idf[lemma] ** 2 for lemma in lemmas)) or 1.0
        scores[i] = sum(idf[lemma] * pull[lemma] for lemma in lemmas) / (own * size)
    return scores


def content_words(tokens: pd.DataFrame) -> dict[str, frozenset[str]]:
    """Return the content lemmas of every segment."""
    content = tokens[tokens["pos"].isin(CONTENT_POS)]
    words: dict[str, set[str]] = defaultdict(set)
    for segment_id, lemma in zip(content["segment_id"], content["lemma"], strict=True):
        words[segment_id].add(lemma)
    return {segment_id: frozenset(lemmas) for segment_id, lemmas in words.items()}


def choose(
    pool: pd.DataFrame, scores: Mapping[str, float], n: int, taken: Set[str] = frozenset()
) -> tuple[Quotation, ...]:
    """Choose the best quotations of a pool, one a reporter.

    The chosen text is looked through once more for personal data that has a shape, such as an
    identity code or a telephone number; a text with any is passed over.

    Parameters
    ----------
    pool : DataFrame
        Rows of :func:`quotable`.
    scores : mapping of str to float
        Score of each segment; a segment without one is not chosen.
    n : int
        Most quotations to return.
    taken : set of str, default=frozenset()
        Segments quoted elsewhere, which are not quoted again.

    Returns
    -------
    tuple of Quotation
        Best first; ties by segment_id.
    """
    names = ("segment_id", "report_id", "reporter", "text", "weight", "covers")
    ranked = sorted(
        (-scores[segment_id] * weight, segment_id, report_id, reporter, text, covers)
        for segment_id, report_id, reporter, text, weight, covers in zip(
            *(pool[name] for name in names), strict=True
        )
        if segment_id in scores
    )
    from pipeline.pseudonymise.patterns import find_coded

    chosen: list[Quotation] = []
    seen: set[str] = set()
    used = set(taken)
    for _, segment_id, report_id, reporter, text, covers in ranked:
        if len(chosen) == n:
            break
        if reporter in seen or not used.isdisjoint(covers) or find_coded(text):
            continue
        seen.add(reporter)
        used.update(covers)
        chosen.append(Quotation(report_id, segment_id, text, covers))
    return tuple(chosen)
