"""The Finnish spaCy model, loaded once a process for all that use a part of it."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from pipeline.errors import ResourceError

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

PACKAGE = "spacy_fi_experimental_web_md"
_UNUSED = ("tagger", "attribute_ruler", "lemmatizer")
_OF_PARSER = ("morphologizer", "parser")
_OF_NAMES = ("ner",)


@cache
def load_finnish_model() -> "Language":
    """Load the model with all of its parts that some stage uses.

    Loading is dear and nearly all of it is the word vectors, which the parts share.

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
