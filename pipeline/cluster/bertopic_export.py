"""Save the topics of a study as a model that BERTopic loads, for all that BERTopic can do with one.

The topics are ours, with what people changed in them; BERTopic finds none of its own. What it adds
is what it is good at: a hierarchy of topics, topics over time, documents on a plane, merging.
"""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.cluster.bertopic_model import topic_model
from pipeline.cluster.content_words import lemma_documents
from pipeline.cluster.corpus import read_corpus
from pipeline.errors import InputError
from pipeline.texts import Texts

BESIDE = "havainto.json"
"""File beside the model: which topic has which number, and which report is which row."""

_MIN_REPORTS = 2
"""A word of fewer reports is not in the model: it could be somebody's alone."""


@dataclass(frozen=True)
class Exported:
    """What was saved.

    Attributes
    ----------
    n_topics, n_reports : int
    numbers : dict of int to str
        Topic of each number of BERTopic's.
    """

    n_topics: int
    n_reports: int
    numbers: dict[int, str]


def documents_of(texts: Texts) -> tuple[list[str], list[str]]:
    """Return the reports of the model and their lemmas, in the order of its rows.

    Parameters
    ----------
    texts : Texts

    Returns
    -------
    report_ids, documents : list of str
        A document holds the words that at least two reports have, joined by spaces.
    """
    corpus = read_corpus(texts)
    documents = [one.split() for one in lemma_documents(corpus.content, len(corpus.report_ids))]
    in_reports = Counter(word for words in documents for word in set(words))
    kept = [" ".join(w for w in words if in_reports[w] >= _MIN_REPORTS) for words in documents]
    return corpus.report_ids, kept


def save_bertopic(
    folder: Path, texts: Texts, topics: pd.DataFrame, report_topics: pd.DataFrame
) -> Exported:
    """Save a model that ``BERTopic.load(folder)`` loads, with its vectors in safetensors.

    Parameters
    ----------
    folder : Path
        Made where it is not there; a model in it is written over.
    texts : Texts
    topics, report_topics : DataFrame
        The tables of those names.

    Returns
    -------
    Exported

    Raises
    ------
    InputError
        When the study has no topic, or no word that two reports share.
    """
    report_ids, documents = documents_of(texts)
    topic_ids = topics["topic_id"].tolist()
    main = report_topics[report_topics["is_main"].astype(bool)]
    topic_of = dict(zip(main["report_id"], main["topic_id"], strict=True))
    number_of = {topic_id: number for number, topic_id in enumerate(topic_ids)}
    labels = np.array([number_of.get(topic_of.get(one), -1) for one in report_ids], dtype=np.int64)
    if labels.max(initial=-1) < 0 or not any(documents):
        raise InputError(
            "The study has no topics that a model could hold. Run it with more reports first."
        )
    model = topic_model(documents, texts.report_vectors(report_ids), labels=labels)
    given = np.array(model.topics_)
    numbers = {int(given[row]): topic_ids[label] for row, label in enumerate(labels) if label >= 0}
    named = dict(zip(topic_ids, topics["label"], strict=True))
    model.set_topic_labels({number: named[topic_id] for number, topic_id in numbers.items()})
    model.save(folder, serialization="safetensors", save_ctfidf=True, save_embedding_model="")
    beside = {"topic_ids": {str(n): numbers[n] for n in sorted(numbers)}, "report_ids": report_ids}
    (folder / BESIDE).write_text(json.dumps(beside, ensure_ascii=False, indent=1), "utf-8")
    return Exported(len(numbers), len(report_ids), numbers)
