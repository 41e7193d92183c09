"""Find reports that repeat an earlier one, word for word or nearly so.

Comparing every pair does not scale. Reports are first brought together by MinHash signatures of
their word pairs, cut into bands (locality-sensitive hashing): two texts that share half of their
word pairs meet in some band with a probability of 0.93, unlike texts hardly ever. Only texts that
meet are compared letter by letter.

References
----------
Broder, A. Z. (1997). On the resemblance and containment of documents.
https://doi.org/10.1109/SEQUEN.1997.666900
"""

import zlib
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from pipeline.ingest.ids import normalise
from pipeline.ingest.quality import bare

_N_BANDS = 20
_N_ROWS = 3
# A band that many reports share is a turn of phrase of the form; each report then meets only the
# first reports with it, so that the work grows with the number of reports and not its square.
_MAX_MEETINGS = 30
_HASH_SEED = 1301
_PRIME = np.uint64((1 << 31) - 1)


class Duplicate(NamedTuple):
    """The earlier report a report repeats.

    Attributes
    ----------
    earlier : int
        Its index.
    score : float
        Likeness, 0-1; 1 for the same words.
    """

    earlier: int
    score: float


def find_duplicates(texts: Sequence[str], min_score: float) -> dict[int, Duplicate]:
    """Find for each text the earlier one it repeats most closely.

    Parameters
    ----------
    texts : sequence of str
        Oldest first.
    min_score : float
        Least likeness, 0-1: twice the letters in common and in order, over the letters of both.

    Returns
    -------
    dict of int to Duplicate
        Index of each text that repeats an earlier one.

    Examples
    --------
    >>> texts = ["Vuokra nousi ja perhe muutti.", "Jono on pitkä.", "Vuokra nousi, perhe muutti!"]
    >>> found = find_duplicates(texts, min_score=0.9)
    >>> {index: (match.earlier, round(match.score, 2)) for index, match in found.items()}
    {2: (0, 0.94)}
    """
    from rapidfuzz.distance import Indel

    plain = [bare(normalise(text)) for text in texts]
    found: dict[int, Duplicate] = {}
    first: dict[str, int] = {}
    for index, text in enumerate(plain):
        earlier = first.setdefault(text, index)
        if earlier != index:
            found[index] = Duplicate(earlier, 1.0)
    distinct = sorted(first.values())
    for index, others in _meetings([plain[i] for i in distinct]).items():
        text = plain[distinct[index]]
        scores = (
            (
                Indel.normalized_similarity(text, plain[distinct[o]], score_cutoff=min_score),
                -o,
            )
            for o in others
        )
        score, other = max(scores)
        if score >= min_score:
            found[distinct[index]] = Duplicate(distinct[-other], float(score))
    return found


def _meetings(texts: Sequence[str]) -> dict[int, set[int]]:
    """Return for each text the earlier ones that share a band with it."""
    met: dict[int, set[int]] = defaultdict(set)
    if not texts:
        return met
    signatures = _signatures(texts)
    for band in range(_N_BANDS):
        part = signatures[:, band * _N_ROWS : (band + 1) * _N_ROWS]
        # Equal rows stand together after sorting, oldest first among equals.
        order = np.lexsort([np.arange(len(texts)), *part.T])
        is_new = np.any(part[order[1:]] != part[order[:-1]], axis=1)
        edges = np.flatnonzero(np.concatenate([[True], is_new, [True]]))
        for start, end in pairwise(edges):
            if end - start > 1:
                bucket = order[start:end].tolist()
                for place, index in enumerate(bucket[1:], start=1):
                    met[index].update(bucket[: min(place, _MAX_MEETINGS)])
    return met


def _signatures(texts: Sequence[str]) -> np.ndarray:
    """Return the MinHash signature of each text's word pairs, ``(n_texts, n_bands * n_rows)``."""
    hashes: list[int] = []
    starts: list[int] = []
    words: dict[str, int] = {}
    for text in texts:
        starts.append(len(hashes))
        codes = [words.setdefault(w, zlib.crc32(w.encode())) for w in text.split()] or [0]
        pairs = pairwise(codes) if len(codes) > 1 else [(codes[0], 0)]
        hashes.extend((a * 31 + b) & 0x7FFFFFFF for a, b in pairs)
    shingles = np.array(hashes, dtype=np.uint64)
    rng = np.random.default_rng(_HASH_SEED)
    n_hashes = _N_BANDS * _N_ROWS
    factors = rng.integers(1, int(_PRIME), n_hashes, dtype=np.uint64)
    shifts = rng.integers(0, int(_PRIME), n_hashes, dtype=np.uint64)
    signatures = np.empty((len(texts), n_hashes), dtype=np.uint32)
    for column, (factor, shift) in enumerate(zip(factors, shifts, strict=True)):
        mixed = (shingles * factor + shift) % _PRIME
        signatures[:, column] = np.minimum.reduceat(mixed, starts)
    return signatures
