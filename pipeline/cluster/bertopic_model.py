"""Carry the topics in BERTopic, so that its ecosystem (pictures, hierarchy, merging) is at hand."""

import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from pipeline.cluster.terms import strongest

if TYPE_CHECKING:
    from bertopic import BERTopic


def topic_model(
    documents: Sequence[str],
    vectors: NDArray[np.float32],
    *,
    labels: NDArray[np.int64] | None = None,
    clusterer: Any = None,
    n_terms: int = 10,
) -> "BERTopic":
    """Fit a BERTopic on ready vectors: no encoder, no reduction, lemmas for words.

    Parameters
    ----------
    documents : sequence of str
        Each report's lemmas, joined by spaces
        (:func:`pipeline.cluster.content_words.lemma_documents`).
    vectors : ndarray of shape (n_reports, n_dims)
    labels : ndarray of shape (n_reports,), optional
        Finished topics, -1 for none.
    clusterer : optional
        Finds the topics when there are no ``labels``, such as
        :class:`pipeline.cluster.consensus.ConsensusClusterer`.
    n_terms : int, default=10
        Words a topic.

    Returns
    -------
    BERTopic
        Fitted; its words are log-likelihood words, its matrix is class TF-IDF.

    Raises
    ------
    ValueError
        When neither or both of ``labels`` and ``clusterer`` are given, or no document has a word.
    """
    if (labels is None) == (clusterer is None):
        raise ValueError("Give either labels or a clusterer to topic_model.")
    parts = _bertopic_parts()
    model = parts["BERTopic"](
        language="finnish",
        embedding_model=None,
        umap_model=parts["BaseDimensionalityReduction"](),
        hdbscan_model=parts["BaseCluster"]() if clusterer is None else clusterer,
        vectorizer_model=parts["CountVectorizer"](lowercase=False, token_pattern=r"\S+"),
        ctfidf_model=parts["ClassTfidfTransformer"](reduce_frequent_words=True),
        representation_model=parts["LogLikelihoodTerms"](),
        top_n_words=n_terms,
    )
    return model.fit(list(documents), embeddings=np.asarray(vectors, dtype=np.float32), y=labels)


def _bertopic_parts() -> dict[str, Any]:
    """Import what BERTopic is assembled from, which takes seconds.

    umap, which it imports, warns that Tensorflow is missing; nothing here wants it.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Tensorflow not installed")
        from bertopic import BERTopic
    from bertopic.cluster import BaseCluster
    from bertopic.dimensionality import BaseDimensionalityReduction
    from bertopic.vectorizers import ClassTfidfTransformer
    from sklearn.feature_extraction.text import CountVectorizer

    return {
        "BERTopic": BERTopic,
        "BaseCluster": BaseCluster,
        "BaseDimensionalityReduction": BaseDimensionalityReduction,
        "ClassTfidfTransformer": ClassTfidfTransformer,
        "CountVectorizer": CountVectorizer,
        "LogLikelihoodTerms": _log_likelihood_terms(),
    }


def _log_likelihood_terms() -> type:
    """Return the class of a BERTopic representation: the words whose reports crowd in a topic.

    At equal clusters such words find held-out texts of a topic more often than class TF-IDF
    words do, which favour what is common everywhere.
    """
    from bertopic.representation import BaseRepresentation

    class LogLikelihoodTerms(BaseRepresentation):  # type: ignore[misc]
        """Name topics by the words whose reports crowd in them."""

        def extract_topics(
            self,
            topic_model: Any,
            documents: pd.DataFrame,
            c_tf_idf: sparse.csr_matrix,
            topics: Mapping[int, list[tuple[str, float]]],
        ) -> dict[int, list[tuple[str, float]]]:
            """Return the strongest words of each topic, with their log-likelihood."""
            words = topic_model.vectorizer_model.get_feature_names_out()
            uses = sparse.csr_matrix(topic_model.vectorizer_model.transform(documents["Document"]))
            found = {}
            for topic in topics:
                rows = np.flatnonzero((documents["Topic"] == topic).to_numpy()).tolist()
                named = strongest(uses, rows, topic_model.top_n_words)
                found[topic] = [(str(words[i]), strength) for i, strength in named]
            return found

    return LogLikelihoodTerms
