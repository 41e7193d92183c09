"""Learn the weights of the lemmatiser and write them into models/lemmatiser/.

    python benchmarks/train_lemmatiser.py --data DIR --frequencies FILE

DIR holds Universal Dependencies files of Finnish (``*.conllu``: TDT, PUD and OOD, CC BY-SA 4.0).
FILE is ``wordfreq/data/large_fi.msgpack.gz`` out of the wheel of wordfreq 3.1.1 (its data are
CC BY-SA 4.0): ``pip download wordfreq --no-deps`` and unzip it. Takes about half a minute.
"""

import argparse
import gzip
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import log, log2
from pathlib import Path
from typing import NamedTuple

import srsly
from conllu import NO_WORD, GoldSentence, GoldWord, read_conllu

from pipeline.lemmatise.candidates import Reading, readings
from pipeline.lemmatise.chooser import Chooser, case_state, last_part
from pipeline.lemmatise.guesser import MAX_SUFFIX, Guesser
from pipeline.lemmatise.normalise import common_start, look_up_form
from pipeline.lemmatise.tagger import (
    Tagger,
    grammar_features,
    is_plain,
    possible_tags,
    word_features,
)
from pipeline.lemmatise.voikko import Morphology
from pipeline.lemmatise.weights import Weights, write_weights

N_PRIOR_FORMS = 200_000
N_RULE_FORMS = 300_000
N_UNKNOWN_FORMS = 400_000
MIN_WRITTEN = 4
MIN_RULE_COUNT = 4
MIN_ALIAS_FORMS = 2
ALIAS_POS = frozenset({"NOUN", "PROPN", "PRON"})
MIN_WEIGHT = 0.05
NO_LEMMA = "_"
MIN_TAG_WEIGHT = 0.2
RATE = 1e9
SEED = 1

ReadingsOf = Callable[[str], Sequence[Reading]]
Frequencies = list[tuple[str, float]]


class WordStatistics(NamedTuple):
    """What is learnt from word frequencies and Voikko alone, without any gold lemma."""

    prior: dict[str, int]
    rules: dict[str, dict[str, int]]
    written: dict[str, int]
    bases: dict[str, int]


def remembered(function: Callable[[str], tuple[Reading, ...]]) -> ReadingsOf:
    """Remember the readings of each word."""
    known: dict[str, tuple[Reading, ...]] = {}

    def look_up(form: str) -> tuple[Reading, ...]:
        found = known.get(form)
        if found is None:
            found = known[form] = function(form)
        return found

    return look_up


def read_frequencies(path: Path) -> Frequencies:
    """Return the words of a wordfreq file with their share of all words, commonest first."""
    bins = srsly.msgpack_loads(gzip.decompress(path.read_bytes()))[1:]
    return [
        (word, 10 ** (-i / 100)) for i, words in enumerate(bins) for word in words if word.isalpha()
    ]


def word_statistics(frequencies: Frequencies, readings_of: ReadingsOf) -> WordStatistics:
    """Count on the frequency list what the chooser and the guesser rest on."""
    prior = lemma_prior(frequencies[:N_PRIOR_FORMS], readings_of)
    rules = ending_rules(frequencies[:N_RULE_FORMS], readings_of)
    unknown = [
        (word, share)
        for word, share in frequencies[:N_UNKNOWN_FORMS]
        if len(word) > 2 and not readings_of(word)
    ]
    bases = expected_bases(unknown, Guesser(rules, {}, {}, {}))
    return WordStatistics(
        {lemma: size for lemma, mass in prior.items() if (size := round(log(mass * RATE))) > 0},
        rules,
        {word: size for word, share in unknown if (size := half_log(share)) >= MIN_WRITTEN},
        {word: size for word, mass in bases.items() if (size := half_log(mass)) >= MIN_WRITTEN},
    )


def half_log(share: float) -> int:
    """Return how often a word is written, in steps of four times."""
    return max(0, round(log2(share * RATE) / 2)) if share > 0 else 0


def lemma_prior(frequencies: Frequencies, readings_of: ReadingsOf) -> dict[str, float]:
    """Share out the frequency of ambiguous forms among their lemmas, by expectation-maximisation.

    A compound counts for its last part.
    """
    sure: dict[str, float] = defaultdict(float)
    unsure = []
    for word, share in frequencies:
        found = [r for r in readings_of(word) if r.key and r.kind in "bsv"]
        lemmas = sorted({last_part(word, reading)[1] for reading in found} - {""})
        if len(lemmas) == 1:
            sure[lemmas[0]] += share
        elif lemmas:
            unsure.append((lemmas, share))
    mass: dict[str, float] = defaultdict(float, sure)
    for lemmas, share in unsure:
        for lemma in lemmas:
            mass[lemma] += share / len(lemmas)
    for _ in range(4):
        new: dict[str, float] = defaultdict(float, sure)
        for lemmas, share in unsure:
            total = sum(mass[lemma] for lemma in lemmas)
            for lemma in lemmas:
                new[lemma] += share * mass[lemma] / total
        mass = new
    return {lemma: max(value, 1e-30) for lemma, value in mass.items()}


def ending_rules(frequencies: Frequencies, readings_of: ReadingsOf) -> dict[str, dict[str, int]]:
    """Count which exchange of endings leads from a form to its lemma, by the last letters."""
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for word, _ in frequencies:
        found = [reading for reading in readings_of(word) if reading.kind == "b"]
        if len(word) < 4 or len({reading.key for reading in found}) != 1 or found[0].n_parts > 1:
            continue
        word_class = found[0].tag.partition("|")[0]
        if word_class not in ("teonsana", "laatusana") and "nimi" not in word_class:
            continue
        lemma = found[0].key
        same = len(common_start(lemma, word))
        pos = "NOUN" if found[0].pos == "PROPN" else found[0].pos
        rule = f"{len(word) - same}+{lemma[same:]}|{pos}"
        for n in range(max(1, len(word) - same), min(MAX_SUFFIX, len(word)) + 1):
            table[word[-n:]][rule] += 1
    rules = {}
    for ending, counts in table.items():
        kept = {r: n for r, n in counts.most_common(6) if n >= MIN_RULE_COUNT or len(ending) <= 3}
        if kept:
            rules[ending] = kept
    return rules


def expected_bases(unknown: Frequencies, guesser: Guesser) -> dict[str, float]:
    """Share out the frequency of unknown forms among their guesses, by expectation-maximisation.

    A guess that explains several forms, and is written itself, draws them to it.
    """
    options = []
    for word, share in unknown:
        made = [
            (guess.lemma, max(guess.share, 0.02 if guess.source == "-" else 0.002))
            for guess in guesser.guesses(word, lambda _: ())
        ]
        made = sorted(made, key=lambda pair: -pair[1])[:6]
        total = sum(weight for _, weight in made)
        options.append(([(lemma, weight / total) for lemma, weight in made], share))
    mass: dict[str, float] = defaultdict(float)
    for made, share in options:
        for lemma, weight in made:
            mass[lemma] += share * weight
    for _ in range(3):
        new: dict[str, float] = defaultdict(float)
        for made, share in options:
            total = sum(weight * mass[lemma] ** 0.7 for lemma, weight in made)
            for lemma, weight in made:
                new[lemma] += share * weight * mass[lemma] ** 0.7 / total
        mass = new
    return mass


def learn(
    sentences: Iterable[GoldSentence], statistics: WordStatistics, readings_of: ReadingsOf
) -> Weights:
    """Learn chooser, guesser and tagger from sentences with gold lemmas."""
    words = [
        word
        for sentence in sentences
        for word in sentence.words
        if word.pos not in NO_WORD and word.lemma != NO_LEMMA
    ]
    chooser = learn_chooser(words, statistics, readings_of)
    return Weights(
        Chooser(
            chooser.weights,
            useful_forms(chooser.forms, readings_of),
            chooser.prior,
            chooser.aliases,
        ),
        learn_guesser(words, statistics, readings_of),
        learn_tagger(words, chooser, readings_of),
    )


def useful_forms(
    forms: Mapping[str, Mapping[str, int]], readings_of: ReadingsOf
) -> dict[str, dict[str, int]]:
    """Leave out the forms that Voikko gives the one right lemma for anyway."""
    return {
        form: dict(lemmas)
        for form, lemmas in forms.items()
        if {reading.key for reading in readings_of(form)} != set(lemmas)
        and not (form.isdigit() or (set(lemmas) == {form} and not readings_of(form)))
    }


def is_same(lemma: str, gold: str) -> bool:
    """Compare lemmas; UD writes a compound's hyphen as a boundary, so hyphens do not count."""
    return lemma.replace("-", "") == gold.replace("-", "")


def learn_chooser(
    words: Sequence[GoldWord], statistics: WordStatistics, readings_of: ReadingsOf
) -> Chooser:
    """Learn to choose among the readings of words Voikko knows."""
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for word in words:
        forms[word.form.lower()][word.lemma] += 1
    aliases = learn_aliases(words, readings_of)
    chooser = Chooser({}, forms, statistics.prior, aliases)
    questions = []
    for word in words:
        form = word.form.lower()
        found = readings_of(form)
        if not found:
            continue
        wide = chooser.widen(form, found, word.lemma)
        is_right = [
            reading.key == word.lemma
            or (reading.kind not in "xy" and is_same(reading.key, word.lemma))
            for reading in wide
        ]
        if any(is_right) and not all(is_right):
            state = case_state(word.form, word.is_first)
            questions.append((chooser.features(form, state, wide, word.lemma), is_right))
    weights = perceptron(questions, n_epochs=8)
    return Chooser(
        weights, {form: dict(counts) for form, counts in forms.items()}, statistics.prior, aliases
    )


def learn_aliases(words: Sequence[GoldWord], readings_of: ReadingsOf) -> dict[str, list[str]]:
    """Find the lemmas that stand for one of Voikko's in at least two forms: *markkinat*."""
    seen: dict[tuple[str, str], set[str]] = defaultdict(set)
    for word in words:
        form = word.form.lower()
        found = readings_of(form)
        if word.pos not in ALIAS_POS or any(is_same(r.key, word.lemma) for r in found):
            continue
        for reading in found:
            tail, tail_lemma = last_part(form, reading)
            first = form[: len(form) - len(tail)]
            if word.lemma.startswith(first) and len(word.lemma) > len(first):
                seen[tail_lemma, word.lemma[len(first) :]].add(tail)
    aliases: dict[str, list[str]] = defaultdict(list)
    for (lemma, other), tails in sorted(seen.items()):
        if len(tails) >= MIN_ALIAS_FORMS:
            aliases[lemma].append(other)
    return dict(aliases)


def learn_guesser(
    words: Sequence[GoldWord], statistics: WordStatistics, readings_of: ReadingsOf
) -> Guesser:
    """Learn to rank the guesses for words Voikko does not know."""
    guesser = Guesser(statistics.rules, statistics.written, statistics.bases, {})
    questions = []
    for word in words:
        form = word.form.lower()
        if not form.isalpha() or readings_of(form):
            continue
        state = case_state(word.form, word.is_first)
        guesses = guesser.guesses(form, readings_of)
        is_right = [is_same(guess.lemma, word.lemma) for guess in guesses]
        if any(is_right) and not all(is_right):
            questions.append(
                ([guesser.features(form, state, guess) for guess in guesses], is_right)
            )
    weights = perceptron(questions, n_epochs=10)
    return Guesser(statistics.rules, statistics.written, statistics.bases, weights)


def learn_tagger(words: Sequence[GoldWord], chooser: Chooser, readings_of: ReadingsOf) -> Tagger:
    """Learn the part of speech of a word whose lemma is chosen."""
    questions = []
    for word in words:
        form = look_up_form(word.form).lower()
        found = chooser.widen(form, readings_of(form))
        if not found:
            continue
        state = case_state(word.form, word.is_first)
        reading = chooser.choose(form, state, found)
        tags = possible_tags(reading, found)
        names = [
            *grammar_features(state, reading, tags),
            *word_features(form, reading, is_plain(state, reading, tags)),
        ]
        questions.append((names, word.pos, reading.pos))
    return Tagger(multiclass_perceptron(questions, n_epochs=5))


def perceptron(
    questions: list[tuple[list[list[str]], list[bool]]], n_epochs: int
) -> dict[str, float]:
    """Learn to rank a right answer first: an averaged perceptron (Collins 2002)."""
    weights: dict[str, float] = {}
    sums: dict[str, float] = {}
    shuffled = list(questions)
    order = random.Random(SEED)
    step = 1
    for _ in range(n_epochs):
        order.shuffle(shuffled)
        for described, is_right in shuffled:
            scores = [sum(weights.get(name, 0.0) for name in names) for names in described]
            best = max(range(len(scores)), key=scores.__getitem__)
            if not is_right[best]:
                right = max((i for i, ok in enumerate(is_right) if ok), key=scores.__getitem__)
                for i, change in ((right, 1.0), (best, -1.0)):
                    for name in described[i]:
                        weights[name] = weights.get(name, 0.0) + change
                        sums[name] = sums.get(name, 0.0) + change * step
            step += 1
    averaged = {name: weight - sums[name] / step for name, weight in weights.items()}
    return {name: round(w, 2) for name, w in averaged.items() if abs(w) >= MIN_WEIGHT}


def multiclass_perceptron(
    questions: list[tuple[list[str], str, str]], n_epochs: int
) -> dict[str, dict[str, float]]:
    """Learn the tag of a word; the tag its reading has is the answer while nothing is learnt."""
    weights: dict[str, dict[str, float]] = defaultdict(dict)
    sums: dict[str, dict[str, float]] = defaultdict(dict)
    shuffled = list(questions)
    order = random.Random(SEED)
    step = 1
    for _ in range(n_epochs):
        order.shuffle(shuffled)
        for names, gold, given in shuffled:
            scores = {given: 0.0}
            for name in names:
                for tag, weight in weights[name].items():
                    scores[tag] = scores.get(tag, 0.0) + weight
            best = max(scores, key=scores.__getitem__)
            if best != gold:
                for name in names:
                    for tag, change in ((gold, 1.0), (best, -1.0)):
                        weights[name][tag] = weights[name].get(tag, 0.0) + change
                        sums[name][tag] = sums[name].get(tag, 0.0) + change * step
            step += 1
    averaged = {}
    for name, by_tag in weights.items():
        kept = {
            tag: round(value, 2)
            for tag, weight in by_tag.items()
            if abs(value := weight - sums[name][tag] / step) >= MIN_TAG_WEIGHT
        }
        if kept:
            averaged[name] = kept
    return averaged


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of *.conllu files")
    parser.add_argument("--frequencies", type=Path, required=True, help="large_fi.msgpack.gz")
    parser.add_argument("--out", type=Path, default=Path("models/lemmatiser"))
    args = parser.parse_args()
    morphology = Morphology()
    readings_of = remembered(lambda form: readings(morphology, form))
    sentences = [s for path in sorted(args.data.glob("*.conllu")) for s in read_conllu(path)]
    statistics = word_statistics(read_frequencies(args.frequencies), readings_of)
    weights = learn(sentences, statistics, readings_of)
    write_weights(weights, args.out)
    print(
        f"{len(sentences)} sentences: {len(weights.chooser.weights)} weights of choice, "
        f"{len(weights.guesser.weights)} of guesses, {len(weights.tagger.weights)} of tags."
    )


if __name__ == "__main__":
    main()
