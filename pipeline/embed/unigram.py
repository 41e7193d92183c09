"""The unigram tokenizer of XLM-R and of multilingual-e5.

Kudo 2018, "Subword Regularization", doi 10.18653/v1/P18-1007: of all ways to cut a word into
pieces of the vocabulary, the likeliest. No piece of this vocabulary holds a word boundary inside
it, so words are cut one by one and the frequent ones are remembered.
"""

import re
import unicodedata
from functools import lru_cache

from pipeline.embed.e5_file import Vocabulary

_BOUNDARY = "\u2581"
_SPACES = re.compile(" {2,}")
_N_REMEMBERED = 1 << 16
_LONGEST_REMEMBERED = 64
_UNKNOWN_PENALTY = 10.0
"""Nats by which a character outside the vocabulary is less likely than the rarest piece."""


class UnigramTokenizer:
    """Cut texts into token ids.

    Parameters
    ----------
    vocabulary : Vocabulary
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._unknown = vocabulary.unknown
        self._scores: list[float] = vocabulary.scores.tolist()
        self._unknown_score = min(self._scores) - _UNKNOWN_PENALTY
        self._replacements = vocabulary.replacements
        # Of equal pieces the first one counts, so they are entered from the last to the first.
        pieces = vocabulary.pieces
        self._ids = {pieces[i]: i for i in range(len(pieces) - 1, -1, -1) if pieces[i]}
        self._ids.pop(pieces[self._unknown], None)
        self._longest = max(map(len, self._ids))
        self._remembered = lru_cache(_N_REMEMBERED)(self._cut)

    def __call__(self, text: str) -> list[int]:
        """Return the token ids of a text, without those of start and end.

        A NUL character counts as a space, and the text is put into Unicode's form NFC first; a
        lone surrogate is an unknown character.
        """
        text = unicodedata.normalize("NFC", text.replace("\0", " ")).translate(self._replacements)
        words = _SPACES.sub(" ", text).removeprefix(" ").split(" ")
        ids: list[int] = []
        for word in words:
            cut = self._remembered if len(word) <= _LONGEST_REMEMBERED else self._cut
            ids += cut(_BOUNDARY + word)
        return ids

    def _cut(self, word: str) -> tuple[int, ...]:
        """Return the likeliest pieces of a word, by Viterbi over its characters."""
        raw = word.encode("utf-8", "surrogatepass")
        starts = [i for i, byte in enumerate(raw) if byte & 0xC0 != 0x80] + [len(raw)]
        n_chars = len(starts) - 1
        best = [0.0, *[float("-inf")] * n_chars]
        back = [(0, self._unknown)] * (n_chars + 1)
        for i in range(n_chars):
            here, start = best[i], starts[i]
            for j in range(i + 1, n_chars + 1):
                end = starts[j]
                if end - start > self._longest:
                    break
                piece = self._ids.get(raw[start:end])
                if piece is not None and here + self._scores[piece] > best[j]:
                    best[j], back[j] = here + self._scores[piece], (i, piece)
            if here + self._unknown_score > best[i + 1]:
                best[i + 1], back[i + 1] = here + self._unknown_score, (i, self._unknown)
        ids = []
        place = n_chars
        while place > 0:
            place, piece = back[place]
            ids.append(piece)
        return tuple(reversed(ids))
