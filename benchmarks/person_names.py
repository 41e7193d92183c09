"""Measure how many tokens of persons' names the finder has, on a corpus marked by others.

Run ``python benchmarks/person_names.py --data FILE [--json]``. FILE is in IOB2, a word and a tag a
line, such as a part of the Turku NER corpus (Luoma et al. 2020, LREC; CC BY-SA 4.0), which is not
part of this project. Sentences are joined to texts of ten, as a report has several. A token counts
as found when any letter of it is. spaCy's own NER runs beside the finder.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.pseudonymise.levels import LEVELS
from pipeline.pseudonymise.persons import VoikkoPersonFinder

A_TEXT = 10
_NO_BLANK_BEFORE = set(".,;:!?)%")

Token = tuple[int, int, bool]


def read_sentences(path: Path) -> Iterator[list[tuple[str, str]]]:
    """Yield the sentences of an IOB2 file as (word, tag)."""
    sentence: list[tuple[str, str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip():
            if sentence:
                yield sentence
            sentence = []
        elif not line.startswith("-DOCSTART-"):
            word, tag = line.split("\t")[:2]
            sentence.append((word, tag))
    if sentence:
        yield sentence


def as_texts(sentences: list[list[tuple[str, str]]]) -> list[tuple[str, list[Token]]]:
    """Join sentences to texts; each token with its offsets and whether it is of a person."""
    texts = []
    for first in range(0, len(sentences), A_TEXT):
        text, tokens = "", []
        for sentence in sentences[first : first + A_TEXT]:
            for word, tag in sentence:
                if text and word not in _NO_BLANK_BEFORE and not text.endswith(("\n", "(")):
                    text += " "
                tokens.append((len(text), len(text) + len(word), tag.endswith("PER")))
                text += word
            text += "\n"
        texts.append((text, tokens))
    return texts


def scores(
    texts: list[tuple[str, list[Token]]], found: list[list[tuple[int, int]]]
) -> dict[str, float]:
    """Return recall, precision and F1 over the tokens that hold a letter."""
    hits = wanted = claimed = 0
    for (text, tokens), ranges in zip(texts, found, strict=True):
        for start, end, is_person in tokens:
            if not any(c.isalpha() for c in text[start:end]):
                continue
            is_found = any(low < end and start < high for low, high in ranges)
            hits += is_found and is_person
            wanted += is_person
            claimed += is_found
    recall, precision = hits / wanted, hits / max(claimed, 1)
    return {
        "recall": recall,
        "precision": precision,
        "f1": 2 * recall * precision / max(recall + precision, 1e-9),
        "person tokens": wanted,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a file in IOB2")
    parser.add_argument("--wrong", action="store_true", help="list what was missed or claimed")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    texts = as_texts(list(read_sentences(args.data)))
    finder = VoikkoPersonFinder()
    spans = finder.find_all([text for text, _ in texts])
    results = {}
    for level, least in LEVELS.items():
        found = [[(s.start, s.end) for s in own if s.score >= least] for own in spans]
        results[f"havainto, {level}"] = scores(texts, found)
        if args.wrong and level == "recall":
            list_wrong(texts, spans, least)
    import spacy

    nlp = spacy.load("spacy_fi_experimental_web_md")
    docs = nlp.pipe(text for text, _ in texts)
    found = [[(e.start_char, e.end_char) for e in doc.ents if e.label_ == "PERSON"] for doc in docs]
    results["spaCy NER"] = scores(texts, found)
    if args.json:
        print(json.dumps(results, indent=2))
        return
    for name, row in results.items():
        print(f"{name:22}", *(f"{key} {value:.3f}" for key, value in row.items()))


def list_wrong(texts: list[tuple[str, list[Token]]], spans: list[list[Any]], least: float) -> None:
    """Print each missed and each wrongly claimed token with its surroundings, to develop on."""
    for (text, tokens), own in zip(texts, spans, strict=True):
        for start, end, is_person in tokens:
            if not any(c.isalpha() for c in text[start:end]):
                continue
            over = [s for s in own if s.start < end and start < s.end]
            is_found = any(s.score >= least for s in over)
            if is_found != is_person:
                rule = ",".join(f"{s.rule} {s.score:.2f}" for s in over)
                around = text[max(0, start - 40) : end + 40].replace("\n", " | ")
                print("MISSED" if is_person else "CLAIMED", text[start:end], f"[{rule}]", around)


if __name__ == "__main__":
    main()
