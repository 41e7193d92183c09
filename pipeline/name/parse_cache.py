"""Keep parses by the hash of their sentence, so that a sentence is parsed once in a study."""

import json
import zlib
from collections.abc import Iterable, Iterator

from pipeline.name.parse import Parser, Word
from pipeline.text_cache import TextCache

_STEP = 256


class CachedParser:
    """Put a cache on disk in front of a parser.

    Of a sentence are kept the places, word classes and relations of its words, and none of the
    words. New parses are stored every 256 sentences: an interrupted run goes on where it stopped.

    Parameters
    ----------
    parser : Parser
        Reads each sentence by itself: what it says of one does not depend on the others.
    cache : TextCache
        Of this parser and its version.
    """

    def __init__(self, parser: Parser, cache: TextCache) -> None:
        self._parser, self._cache = parser, cache

    def close(self) -> None:
        """Close the cache."""
        self._cache.close()

    def parse(self, sentences: Iterable[str]) -> Iterator[list[Word]]:
        """Yield the words of each sentence, in order, from the cache where it has them.

        Raises
        ------
        ResourceError
            When a sentence is new and the model is not installed.
        """
        every = list(sentences)
        for start in range(0, len(every), _STEP):
            part = every[start : start + _STEP]
            found = {text: _read(text, kept) for text, kept in self._cache.look_up(part).items()}
            new = [text for text in dict.fromkeys(part) if text not in found]
            if new:
                parsed = dict(zip(new, self._parser.parse(new), strict=True))
                self._cache.keep({text: _written(words) for text, words in parsed.items()})
                found |= parsed
            for text in part:
                yield found[text]

    def forget_all_but(self, sentences: Iterable[str]) -> int:
        """Delete the parses of all sentences but these; return how many."""
        return self._cache.keep_only(sentences)


def _written(words: Iterable[Word]) -> bytes:
    """Return the words of a sentence as bytes, without the words themselves."""
    rows = [
        [word.start, word.end, word.pos, word.dep, word.head, sorted(word.features)]
        for word in words
    ]
    return zlib.compress(json.dumps(rows, separators=(",", ":")).encode())


def _read(sentence: str, kept: bytes) -> list[Word]:
    """Return the words of a sentence from their bytes."""
    return [
        Word(
            start=start,
            end=end,
            text=sentence[start:end],
            pos=pos,
            dep=dep,
            head=head,
            features=frozenset(features),
        )
        for start, end, pos, dep, head, features in json.loads(zlib.decompress(kept))
    ]
