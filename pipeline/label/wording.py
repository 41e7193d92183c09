"""Index texts by their words and by the marks of how they are put."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from pipeline.assign.features import Documents, index_word
from pipeline.embed.protocol import Encoder
from pipeline.label.cues import cues
from pipeline.label.manner import NO_VERB, WordRow, manner
from pipeline.lemmatise.protocol import Lemmatiser
from pipeline.texts import Texts


def worded_terms(words: Iterable[WordRow]) -> tuple[str, ...]:
    """Return the index terms of one sentence: words, and marks of how it is put.

    Examples
    --------
    >>> worded_terms([("Kerho", "kerho", [], "NOUN"), ("lapsille", "lapsi", [], "NOUN")])
    ('kerho', 'lapsi', '<mille>', '<ei verbiä>', '<alku>NOUN', '<pää>', '<pää>kerho')
    """
    words = list(words)
    terms = [t for _, lemma, parts, pos in words for t in index_word(lemma, parts, pos).terms]
    marks = manner(words)
    return (*terms, *marks, *cues([word[0] for word in words], is_phrase=NO_VERB in marks))


def is_mark(term: str) -> bool:
    """Tell a mark of how a sentence is put from a word of it."""
    return term.startswith("<")


def words_only(documents: Documents) -> Documents:
    """Return texts without their marks."""
    terms = (tuple(t for t in own if not is_mark(t)) for own in documents.terms)
    return Documents(tuple(terms), documents.vectors)


def of_each(values: pd.Series) -> tuple[str, ...]:
    """Return the different values of a column, in order."""
    return tuple(sorted({str(value) for value in values}))


def segment_terms(tokens: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return the index terms of each segment that has tokens.

    Parameters
    ----------
    tokens : DataFrame with columns ``segment_id``, ``form``, ``lemma``, ``parts``, ``pos``
    """
    words: dict[str, list[WordRow]] = {}
    columns = (tokens[name] for name in ("segment_id", "form", "lemma", "parts", "pos"))
    for segment_id, *word in zip(*columns, strict=True):
        words.setdefault(segment_id, []).append((word[0], word[1], word[2], word[3]))
    return {segment_id: worded_terms(found) for segment_id, found in words.items()}


def segment_documents(
    segments: pd.DataFrame, terms: Mapping[str, tuple[str, ...]], texts: Texts
) -> Documents:
    """Return segments as texts to score, in their order."""
    segment_ids = segments["segment_id"].tolist()
    vectors = texts.segment_vectors(segment_ids).astype(float)
    return Documents(tuple(terms.get(i, (NO_VERB,)) for i in segment_ids), vectors)


def phrase_documents(
    phrases: Sequence[str], *, encoder: Encoder, lemmatiser: Lemmatiser
) -> Documents:
    """Return phrases as texts to score."""
    terms = tuple(
        worded_terms((t.form, t.lemma, t.parts, t.pos) for t in lemmatiser.tokens(phrase))
        for phrase in phrases
    )
    return Documents(terms, encoder.encode(list(phrases)).astype(float))
