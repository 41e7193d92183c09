"""The Finnish spaCy model, loaded once a process for all that use a part of it."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from pipeline.errors import ResourceError

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

PACKAGE = "spacy_fi_experimental_web_md"
_UNUSED = ("tagger", "attribute_ruler", "lemmatizer", "lookups")
"""Parts that no stage uses, and the table of words that :func:`log_probabilities` reads itself."""
_OF_PARSER = ("morphologizer", "parser")
_OF_NAMES = ("ner",)


@cache
def load_finnish_model() -> "Language":
    """Load the model with all of its parts that some stage uses.

    Without the model's table of how probable half a million words are, which takes longer to load
    than all else.

    Raises
    ------
    ResourceError
        When the model is not installed.
    """
    from spacy.util import load_model

    try:
        return load_model(PACKAGE, exclude=_UNUSED)
    except OSError as err:
        raise ResourceError(
            "The Finnish spaCy model is missing. "
            "Install it: pip install spacy-fi-experimental-web-md"
        ) from err


def log_probabilities(words: Iterable[str]) -> list[float]:
    """Return the natural logarithm of how probable each word is, as the model's table has it.

    It is what spaCy gives as a word's ``prob``; a word that the table lacks has the probability
    that the model sets for such words.

    Raises
    ------
    ResourceError
        When the model is not installed.
    """
    numbers = load_finnish_model().vocab.strings
    known, unknown = _word_table()
    return [known.get(numbers[word], unknown) for word in words]


@cache
def _word_table() -> tuple[dict[int, float], float]:
    """Read log probabilities by spaCy's number of the word, and that of a word unknown."""
    from srsly import msgpack_loads

    model = load_finnish_model()
    tables = msgpack_loads((model.path / "vocab" / "lookups.bin").read_bytes())
    return tables["lexeme_prob"], tables["lexeme_settings"][model.vocab.strings["oov_prob"]]


def with_names(texts: Iterable[str]) -> Iterator["Doc"]:
    """Yield each text with its named entities, and without word classes and heads.

    Raises
    ------
    ResourceError
        When the model is not installed.
    """
    yield from load_finnish_model().pipe(texts, disable=_OF_PARSER)


def parsed(sentences: Iterable[str]) -> Iterator["Doc"]:
    """Yield each sentence with word classes, inflection and heads, and without named entities.

    Raises
    ------
    ResourceError
        When the model is not installed.
    """
    yield from load_finnish_model().pipe(sentences, disable=_OF_NAMES, batch_size=64)
