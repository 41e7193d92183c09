"""The Finnish spaCy model, loaded once a process for all that use a part of it."""

from functools import cache
from typing import TYPE_CHECKING

from pipeline.errors import ResourceError

if TYPE_CHECKING:
    from spacy.language import Language

PACKAGE = "spacy_fi_experimental_web_md"
_UNUSED = ["tagger", "morphologizer", "parser", "attribute_ruler", "lemmatizer"]
_UNUSED_BY_PARSER = ["ner", "tagger", "attribute_ruler", "lemmatizer"]


@cache
def load_finnish_model() -> "Language":
    """Load the model with its NER, word vectors and word frequencies, and nothing else.

    Raises
    ------
    ResourceError
        When the model is not installed.
    """
    return _load(_UNUSED)


@cache
def load_finnish_parser() -> "Language":
    """Load the model with its word classes, inflection and parser, and nothing else.

    Raises
    ------
    ResourceError
        When the model is not installed.
    """
    return _load(_UNUSED_BY_PARSER)


def _load(exclude: list[str]) -> "Language":
    """Load the model without some of its parts."""
    from spacy.util import load_model

    try:
        return load_model(PACKAGE, exclude=exclude)
    except OSError as err:
        raise ResourceError(
            "The Finnish spaCy model is missing. "
            "Install it: pip install spacy-fi-experimental-web-md"
        ) from err
