"""Bring the taxonomy's texts into the form that reports have: terms and vectors."""

from collections.abc import Sequence

import numpy as np

from pipeline.assign.features import Documents, index_word, terms_of
from pipeline.assign.zero_shot import ThemeTexts
from pipeline.embed.protocol import Encoder
from pipeline.lemmatise.protocol import Lemmatiser
from pipeline.taxonomy.model import Phrase, Taxonomy

LANGUAGE = "fi"


def make_theme_texts(taxonomy: Taxonomy, *, encoder: Encoder, lemmatiser: Lemmatiser) -> ThemeTexts:
    """Lemmatise and encode what the taxonomy says about its themes, in Finnish.

    Exclusion notes are left out: the words in them speak of the neighbouring themes.

    Parameters
    ----------
    taxonomy : Taxonomy
    encoder : Encoder
        Encodes theme texts as it encodes reports.
    lemmatiser : Lemmatiser

    Returns
    -------
    ThemeTexts
    """
    examples = _examples(taxonomy)
    return ThemeTexts(
        theme_ids=taxonomy.theme_ids,
        descriptions=_documents(_descriptions(taxonomy), encoder, lemmatiser),
        examples=_documents([text for _, text in examples], encoder, lemmatiser),
        example_themes=tuple(place for place, _ in examples),
    )


def texts_of_themes(taxonomy: Taxonomy) -> list[str]:
    """Return all texts of a taxonomy's themes that are encoded."""
    return [*_descriptions(taxonomy), *(text for _, text in _examples(taxonomy))]


def _descriptions(taxonomy: Taxonomy) -> list[str]:
    """Return one passage a theme."""
    return [
        describe(theme.label_fi, theme.definition, theme.includes, taxonomy.terms[theme.theme_id])
        for theme in taxonomy.themes
    ]


def _examples(taxonomy: Taxonomy) -> list[tuple[int, str]]:
    """Return the example sentences, each with the place of its theme."""
    return [
        (place, phrase.text)
        for place, theme in enumerate(taxonomy.themes)
        for phrase in taxonomy.examples[theme.theme_id]
        if phrase.lang == LANGUAGE
    ]


def describe(label: str, definition: str, includes: str, terms: Sequence[Phrase]) -> str:
    """Return a theme's label, definition, inclusion note and alternative terms as one passage.

    Examples
    --------
    >>> describe("Asuminen", "Koti ja sen puute.", "", [Phrase("fi", "vuokra")])
    'Asuminen. Koti ja sen puute. vuokra.'
    """
    alternatives = ", ".join(phrase.text for phrase in terms if phrase.lang == LANGUAGE)
    parts = (f"{label}.", definition, includes, f"{alternatives}." if alternatives else "")
    return " ".join(part for part in parts if part)


def _documents(texts: Sequence[str], encoder: Encoder, lemmatiser: Lemmatiser) -> Documents:
    """Lemmatise and encode texts."""
    terms = tuple(
        terms_of(
            index_word(token.lemma, token.parts, token.pos) for token in lemmatiser.tokens(text)
        )
        for text in texts
    )
    if not texts:
        return Documents((), np.zeros((0, encoder.n_dims)))
    return Documents(terms, encoder.encode(texts).astype(float))
