"""Score labels of a text by their examples alone, which every study shares.

The examples stand in several styles: answers on a form, bullets, notes, speech, e-mail. What they
teach does not depend on the study, so that one sentence has one score wherever it stands.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.assign.features import Documents, Features, Matrix, fit_features
from pipeline.assign.linear import Linear, ThemeClassifier
from pipeline.label.cues import is_cue
from pipeline.label.wording import is_mark, words_only
from pipeline.taxonomy.model import Taxonomy

C = 5.0  # inverse strength of the penalty
CUES_WEIGH = 1.0  # length of the part of deciding constructions; of words, marks and vector 1
SHARPNESS = 1.3  # what scores are multiplied by to be log odds: 1.1 on examples, 1.6 on others


@dataclass(frozen=True)
class Examples:
    """Example sentences of a small set of labels.

    Attributes
    ----------
    documents : Documents
    labels : tuple of str
        Label of each example.
    """

    documents: Documents
    labels: tuple[str, ...]


@dataclass(frozen=True)
class ExampleScores:
    """What examples teach of a set of labels.

    Attributes
    ----------
    words : Features
        Words beside the encoder's vector.
    marks : Features
        Marks of how a sentence is put, without a vector.
    cues : Features
        Constructions that decide, without a vector.
    linear : Linear
        One score a label.
    """

    words: Features
    marks: Features
    cues: Features
    linear: Linear

    def scores(self, documents: Documents) -> np.ndarray:
        """Return log likelihoods of the labels, but for a constant, shape (n_texts, n_labels)."""
        rows = _rows(self.words, self.marks, self.cues, documents)
        return SHARPNESS * self.linear(rows)


def fit_examples(examples: Examples, labels: Sequence[str], seed: int) -> ExampleScores:
    """Learn labels from examples.

    Parameters
    ----------
    examples : Examples
    labels : sequence of str
        The order of the scores.
    seed : int

    Returns
    -------
    ExampleScores
        Words, marks, constructions and vector weigh alike: each part of a row has unit length.
        Every label weighs alike too, however many examples it has.
    """
    documents = examples.documents
    words = fit_features(words_only(documents), (), min_df=2)
    marks = fit_features(_marks(documents), (), min_df=2)
    is_label = np.array([[own == label for label in labels] for own in examples.labels])
    cues = fit_features(_cues(documents), (), min_df=2)
    rows = _rows(words, marks, cues, documents)
    return ExampleScores(words, marks, cues, ThemeClassifier(c=C, seed=seed).fit(rows, is_label))


def example_phrases(labels: Taxonomy) -> tuple[list[str], tuple[str, ...]]:
    """Return the Finnish examples of a set of labels, and the label of each."""
    found = [
        (phrase.text, label)
        for label in labels.theme_ids
        for phrase in labels.examples[label]
        if phrase.lang == "fi"
    ]
    return [text for text, _ in found], tuple(label for _, label in found)


def _rows(words: Features, marks: Features, cues: Features, documents: Documents) -> Matrix:
    """Return feature rows of four parts: words, vector, marks and deciding constructions."""
    from scipy.sparse import csr_array, hstack

    parts = [
        words.transform(words_only(documents)),
        marks.transform(_marks(documents)),
        CUES_WEIGH * cues.transform(_cues(documents)),
    ]
    return csr_array(hstack(parts, format="csr"))


def _marks(documents: Documents) -> Documents:
    """Return each text's marks, once each, in the place of its words."""
    return _terms(documents, lambda term: is_mark(term) and not is_cue(term))


def _cues(documents: Documents) -> Documents:
    """Return each text's deciding constructions, once each, in the place of its words."""
    return _terms(documents, is_cue)


def _terms(documents: Documents, is_kept: Callable[[str], bool]) -> Documents:
    terms = (tuple(sorted({t for t in own if is_kept(t)})) for own in documents.terms)
    return Documents(tuple(terms), np.zeros((len(documents), 0)))
