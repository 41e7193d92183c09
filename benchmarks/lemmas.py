"""Measure lemmatisers side by side on Universal Dependencies files of Finnish.

    python benchmarks/lemmas.py --data DIR --frequencies FILE

Accuracy is per gold word, in lower case and without ``#``. UD writes the hyphen of *ruoka-apu* as a
mere boundary (``ruoka#apu``) and keeps that of *Etelä-Suomi* and *1939-1945*; "UD's -" writes every
system's lemmas by that rule, see :func:`as_ud_writes`, before they are compared. Content words are
NOUN, VERB, ADJ and PROPN; unknown ones are those Voikko has no reading for. Ours is measured in
five parts of TDT's documents in turn, learnt from the other four and from PUD and OOD; "PUD + OOD"
is learnt from those two alone. Speed is words per CPU second in one process, the median of five
processes started for it: cold is the first time over the words, when none has been met before, warm
the best of two more. Opening dictionaries and weights comes before and has a column of its own;
spaCy's components are given Docs that are cut into words already, which is counted there too.
"""

import argparse
import gc
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

from conllu import CONTENT, NO_WORD, GoldSentence, GoldWord, read_conllu
from train_lemmatiser import (
    WordStatistics,
    learn,
    read_frequencies,
    remembered,
    word_statistics,
)

from pipeline.lemmatise.candidates import readings
from pipeline.lemmatise.lemmatise import LemmatiseConfig
from pipeline.lemmatise.lexicon import Lexicon, read_lexicon
from pipeline.lemmatise.voikko import Morphology, open_voikko
from pipeline.lemmatise.voikko_lemmatiser import VoikkoLemmatiser, load_lemmatiser
from pipeline.resources import shipped

N_FOLDS = 5
N_PROCESSES = 5
KEPT_HYPHEN = re.compile(r"-[A-ZÅÄÖ0-9]")
Predict = Callable[[Sequence[GoldSentence]], list[list[str]]]


def as_ud_writes(lemma: str, form: str) -> str:
    """Leave out the hyphens UD has no letters for: all but those of names and numbers.

    The rule looks at the form only. It was read off PUD and OOD, which are learnt from, and gives
    the hyphen as the gold lemma has it for 96 per cent of their words with one. The counts of TDT
    dev stood in the same table and were seen, so "UD's -" is no blind figure there.

    Examples
    --------
    >>> as_ud_writes("ruoka-apu", "ruoka-avusta"), as_ud_writes("etelä-suomi", "Etelä-Suomeen")
    ('ruokaapu', 'etelä-suomi')
    """
    if KEPT_HYPHEN.search(form) is not None or lemma == "-":
        return lemma
    return lemma.replace("-", "")


class Score:
    """Counts right lemmas by kind of word."""

    def __init__(self, is_unknown: Callable[[str], bool]) -> None:
        self.is_unknown = is_unknown
        self.n: Counter[str] = Counter()
        self.right: Counter[str] = Counter()
        self.wrong: Counter[tuple[str, str, str, str]] = Counter()

    def add(self, word: GoldWord, lemma: str, pos: str = "") -> None:
        """Count one word."""
        lower = lemma.lower().replace("#", "") or lemma
        is_right = lower == word.lemma
        is_right_in_ud = as_ud_writes(lower, word.form) == word.lemma
        self._count("all", is_right)
        self._count("all, UD's hyphens", is_right_in_ud)
        if word.pos in CONTENT:
            self._count("content", is_right)
            self._count("content, UD's hyphens", is_right_in_ud)
            if self.is_unknown(word.form):
                self._count("unknown content", is_right)
        if pos and word.pos not in NO_WORD:
            self._count("UPOS", pos == word.pos)
        if not is_right:
            self.wrong[word.form, word.lemma, lower, word.pos] += 1

    def _count(self, kind: str, is_right: bool) -> None:
        self.n[kind] += 1
        self.right[kind] += is_right

    def line(self, name: str) -> str:
        """Return one row of the table."""
        kinds = (
            "all",
            "all, UD's hyphens",
            "content",
            "content, UD's hyphens",
            "unknown content",
            "UPOS",
        )
        cells = [f"{100 * self.right[k] / self.n[k]:.2f}" if self.n[k] else "-" for k in kinds]
        return f"{name:44s}" + "".join(f"{cell:>9s}" for cell in cells)


def folds(
    tdt: Sequence[GoldSentence], others: Sequence[GoldSentence]
) -> Iterator[tuple[list[GoldSentence], list[GoldSentence]]]:
    """Yield (learnt from, measured on), splitting TDT by document."""
    documents = sorted({sentence.document for sentence in tdt})
    random.Random(0).shuffle(documents)
    for k in range(N_FOLDS):
        held = set(documents[k::N_FOLDS])
        yield (
            [s for s in tdt if s.document not in held] + list(others),
            [s for s in tdt if s.document in held],
        )


def measure_ours(
    score: Score,
    learnt_from: Sequence[GoldSentence],
    measured_on: Sequence[GoldSentence],
    statistics: WordStatistics,
    lexicon: Lexicon,
) -> None:
    """Learn, lemmatise and count."""
    morphology = Morphology()
    weights = learn(learnt_from, statistics, remembered(lambda form: readings(morphology, form)))
    lemmatiser = VoikkoLemmatiser(morphology, weights, lexicon)
    for sentence in measured_on:
        for word in sentence.words:
            found = lemmatiser.analyse(word.form, is_first=word.is_first)
            score.add(word, found.lemma, found.pos)


def measure_peer(score: Score, predict: Predict, sentences: Sequence[GoldSentence]) -> None:
    """Lemmatise with another system and count."""
    for sentence, lemmas in zip(sentences, predict(sentences), strict=True):
        for word, lemma in zip(sentence.words, lemmas, strict=True):
            score.add(word, lemma)


def plain_voikko(_: Sequence[GoldSentence]) -> Predict:
    """Return Voikko's first BASEFORM, the word itself when there is none."""
    voikko = open_voikko()

    def predict(sentences: Sequence[GoldSentence]) -> list[list[str]]:
        return [[_first_base(voikko, w.form) for w in s.words] for s in sentences]

    return predict


def _first_base(voikko: Any, form: str) -> str:
    found = voikko.analyze(form)
    return str(found[0].get("BASEFORM", form)) if found else form


def simplemma_fi(_: Sequence[GoldSentence]) -> Predict:
    """Return the lemmas of simplemma, a lemmatiser by word lists."""
    from simplemma import Lemmatizer

    lemmatizer = Lemmatizer()  # a fresh one, since it remembers words
    lemmatizer.lemmatize("talossa", "fi")
    return lambda sentences: [
        [lemmatizer.lemmatize(word.form, "fi") for word in s.words] for s in sentences
    ]


def spacy_fi(sentences: Sequence[GoldSentence]) -> Predict:
    """Return the lemmas of spacy_fi_experimental_web_md without parser and named entities."""
    import spacy

    nlp = spacy.load("spacy_fi_experimental_web_md", disable=["parser", "ner"])
    return _pipe_of(nlp, sentences)


def _pipe_of(nlp: Any, sentences: Sequence[GoldSentence]) -> Predict:
    """Return what runs a spaCy pipeline over the sentences, whose Docs are made here."""
    from spacy.tokens import Doc

    docs = [Doc(nlp.vocab, words=[w.form for w in s.words]) for s in sentences]

    def predict(_: Sequence[GoldSentence]) -> list[list[str]]:
        return [[token.lemma_ for token in doc] for doc in nlp.pipe(docs, batch_size=128)]

    return predict


def our_component(sentences: Sequence[GoldSentence]) -> Predict:
    """Return the lemmas of our spaCy component on a blank pipeline."""
    import spacy
    from spacy.tokens import Doc

    nlp = spacy.blank("fi")
    nlp.add_pipe("voikko_lemmatizer")
    nlp(Doc(nlp.vocab, words=["talossa"]))
    return _pipe_of(nlp, sentences)


def ours_plain(_: Sequence[GoldSentence]) -> Predict:
    """Return the lemmas of our plain API."""
    lemmatiser = load_lemmatiser(LemmatiseConfig())
    return lambda sentences: [
        [lemmatiser.analyse(w.form).lemma for w in s.words] for s in sentences
    ]


SYSTEMS: dict[str, Callable[[Sequence[GoldSentence]], Predict]] = {
    "havainto, plain API": ours_plain,
    "havainto, spaCy component": our_component,
    "Voikko, first base form": plain_voikko,
    "simplemma": simplemma_fi,
    "spacy_fi_experimental_web_md": spacy_fi,
}


def measure_speed(name: str, sentences: Sequence[GoldSentence]) -> tuple[float, float, float]:
    """Return the CPU seconds to open a system, for its first time over the words, and once warm."""
    start = time.process_time()
    predict = SYSTEMS[name](sentences)
    opening = time.process_time() - start
    gc.collect()
    gc.freeze()
    runs = []
    for _ in range(3):
        start = time.process_time()
        predict(sentences)
        runs.append(time.process_time() - start)
    return opening, runs[0], min(runs[1:])


def print_speeds(sentences: Sequence[GoldSentence]) -> None:
    """Print words per CPU second; each run has a process of its own, so that it starts cold."""
    n_words = sum(len(sentence.words) for sentence in sentences)
    print(f"{'words per CPU second':44s}{'cold':>12s}{'warm':>12s}{'to open, s':>12s}")
    for name in SYSTEMS:
        with get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
            runs = [pool.apply(measure_speed, (name, sentences)) for _ in range(N_PROCESSES)]
        opening, cold, warm = (median(column) for column in zip(*runs, strict=True))
        print(
            f"{name:44s}{n_words / cold:12,.0f}{n_words / warm:12,.0f}{opening:12.2f}", flush=True
        )
    print()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of TDT, PUD and OOD files")
    parser.add_argument("--frequencies", type=Path, required=True, help="large_fi.msgpack.gz")
    parser.add_argument("--errors", type=int, default=0, help="wrong words to list")
    parser.add_argument("--only-ours", action="store_true", help="accuracy of ours only")
    parser.add_argument("--only-speed", action="store_true", help="words per CPU second only")
    args = parser.parse_args()
    files = {path.name: read_conllu(path) for path in sorted(args.data.glob("*.conllu"))}
    tdt = [s for name, sentences in files.items() if "tdt" in name for s in sentences]
    others = [s for name, sentences in files.items() if "tdt" not in name for s in sentences]
    if not args.only_ours:
        print_speeds(tdt)
    if args.only_speed:
        return
    morphology = Morphology()
    readings_of = remembered(lambda form: readings(morphology, form))
    statistics = word_statistics(read_frequencies(args.frequencies), readings_of)
    entries = [
        e for p in sorted(shipped("configs", "lexicon").glob("*.csv")) for e in read_lexicon(p)
    ]

    def is_unknown(form: str) -> bool:
        return not readings_of(form.lower())

    print(
        f"{'':44s}"
        + "".join(f"{h:>9s}" for h in ("all", "UD's -", "content", "UD's -", "unknown", "UPOS"))
    )
    for name, lexicon in (
        ("havainto", Lexicon(entries)),
        ("havainto without its lexicon", Lexicon([])),
    ):
        score = Score(is_unknown)
        for learnt_from, measured_on in folds(tdt, others):
            measure_ours(score, learnt_from, measured_on, statistics, lexicon)
        print(score.line(f"{name}, cross-validated"), flush=True)
        for wrong, count in score.wrong.most_common(args.errors if name == "havainto" else 0):
            print("   ", count, *wrong)
        score = Score(is_unknown)
        measure_ours(score, others, tdt, statistics, lexicon)
        print(score.line(f"{name}, PUD + OOD"), flush=True)
    if args.only_ours:
        return
    for name, make in (
        ("Voikko, first base form", plain_voikko),
        ("simplemma", simplemma_fi),
        ("spacy_fi_experimental_web_md", spacy_fi),
    ):
        score = Score(is_unknown)
        measure_peer(score, make(tdt), tdt)
        print(score.line(name), flush=True)


if __name__ == "__main__":
    main()
