"""Read Universal Dependencies files (https://universaldependencies.org/format.html)."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

NO_WORD = frozenset({"PUNCT", "SYM"})
CONTENT = frozenset({"NOUN", "VERB", "ADJ", "PROPN"})


class GoldWord(NamedTuple):
    """One syntactic word: form, lemma in lower case without ``#``, tag, whether it opens one."""

    form: str
    lemma: str
    pos: str
    is_first: bool


class GoldSentence(NamedTuple):
    """One sentence: its document (the sentence id up to its first full stop) and its words."""

    document: str
    words: list[GoldWord]


def read_conllu(path: Path) -> list[GoldSentence]:
    """Return the sentences of a CoNLL-U file; ranges and empty nodes are left out."""
    return list(_sentences(path))


def _sentences(path: Path) -> Iterator[GoldSentence]:
    """Yield one sentence after another."""
    document = ""
    words: list[GoldWord] = []
    is_first = True
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        fields = line.split("\t")
        if line.startswith("# sent_id"):
            document = line.partition("=")[2].strip().partition(".")[0]
        elif not line and words:
            yield GoldSentence(document, words)
            words, is_first = [], True
        elif len(fields) == 10 and fields[0].isdigit():
            form, raw, pos = fields[1], fields[2], fields[3]
            lemma = raw.lower().replace("#", "") or raw
            words.append(GoldWord(form, lemma, pos, is_first))
            if form[:1].isalnum():
                is_first = False
