"""Index texts by how they are put as well as by their words.

Dictionary forms hide what tells a proposal from an observation: *pitäisi* and *piti* have the same
lemma, and a proposal is often a phrase without a verb. The marks below stand beside the lemmas, in
angle brackets so that no word is taken for one.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from pipeline.assign.features import Documents, index_word
from pipeline.embed.protocol import Encoder
from pipeline.lemmatise.protocol import Lemmatiser
from pipeline.texts import Texts

CONDITIONAL, NECESSITY, NO_VERB, QUESTION = "<isi>", "<tava>", "<ei verbiä>", "<ko>"
PASSIVE_PRESENT, PASSIVE_PAST, PARTICIPLE = "<taan>", "<ttiin>", "<nut>"

_CONDITIONAL = re.compile(r"isi(?:n|t|in|mme|tte|vat|vät)?(?:ko|kö)?(?:han|hän|kin)?$")
_QUESTION = re.compile(r"(?:ko|kö)(?:han|hän)?$")
_ENDINGS = (
    (re.compile(r"(?:ttava|ttävä|tava|tävä)$"), NECESSITY),
    (re.compile(r"(?:taan|tään)$"), PASSIVE_PRESENT),
    (re.compile(r"ttiin$"), PASSIVE_PAST),
    (re.compile(r"(?:nut|nyt|neet)$"), PARTICIPLE),
)
_VERBS = frozenset({"VERB", "AUX"})

WordRow = tuple[str, str, Sequence[str], str]
"""Form, lemma, compound parts and UPOS tag of one word."""


def worded_terms(words: Iterable[WordRow]) -> tuple[str, ...]:
    """Return the index terms of one sentence: words, and marks of how it is put.

    Examples
    --------
    >>> worded_terms([("Jonoa", "jono", [], "NOUN"), ("purettaisiin", "purkaa", [], "VERB")])
    ('jono', 'purkaa', '<isi>', '<isi>purkaa')
    >>> worded_terms([("Kerho", "kerho", [], "NOUN"), ("lapsille", "lapsi", [], "NOUN")])
    ('kerho', 'lapsi', '<ei verbiä>')
    """
    words = list(words)
    terms = [t for _, lemma, parts, pos in words for t in index_word(lemma, parts, pos).terms]
    for form, lemma, _, pos in words:
        terms += _marks(form.lower(), lemma, pos)
    if not any(pos in _VERBS for _, _, _, pos in words):
        terms.append(NO_VERB)
    return tuple(terms)


def _marks(form: str, lemma: str, pos: str) -> list[str]:
    """Return the marks of one word."""
    marks = [QUESTION] if _QUESTION.search(form) and form != lemma.lower() else []
    if pos not in _VERBS:
        return marks
    if _CONDITIONAL.search(form) and not _CONDITIONAL.search(lemma):
        marks += [CONDITIONAL, f"{CONDITIONAL}{lemma}"]
    return marks + [mark for ending, mark in _ENDINGS if ending.search(form)]


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
