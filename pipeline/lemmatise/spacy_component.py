"""The lemmatiser as a spaCy component: ``nlp.add_pipe("voikko_lemmatizer")``.

It sets ``token.lemma_`` and ``token.pos_`` from the same code as the pipeline's own stage, on any
Finnish spaCy pipeline, blank ones included. ``token._.lemma_parts`` holds the parts of a compound
and ``token._.is_known`` whether the lemma was looked up or guessed.

The same component has a second name, ``havainto_lemmatizer``: the model
``spacy-fi-experimental-web-md`` brings a lemmatiser of its own called ``voikko_lemmatizer``, which
hides this one in a process that has loaded the model.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, cast

from spacy.language import Language
from spacy.tokens import Doc, Token
from spacy.util import SimpleFrozenList

from pipeline.lemmatise.lemmatise import LemmatiseConfig
from pipeline.lemmatise.protocol import Analysis
from pipeline.lemmatise.voikko_lemmatiser import VoikkoLemmatiser, load_lemmatiser

NAME = "voikko_lemmatizer"
OWN_NAME = "havainto_lemmatizer"
_ENDS_SENTENCE = frozenset(".!?…:")
_DETAILS = "voikko_lemmas"


def create_voikko_lemmatizer(
    nlp: Language, name: str, lexicon: str | None, set_pos: bool
) -> "VoikkoLemmatizer":
    """Make the component.

    Parameters
    ----------
    nlp : spacy.Language
    name : str
        Name in the pipeline.
    lexicon : str or None
        CSV file of own words, beside the lexicon that is shipped.
    set_pos : bool
        Also set ``token.pos_``; False leaves it to a tagger.
    """
    return VoikkoLemmatizer(name, lexicon, set_pos)


for _name in (NAME, OWN_NAME):
    Language.factory(
        _name,
        assigns=["token.lemma", "token.pos"],
        default_config={"lexicon": None, "set_pos": True},
        func=create_voikko_lemmatizer,
    )


class VoikkoLemmatizer:
    """Set the lemmas of a Doc.

    Voikko is opened at the first Doc, in the process that meets it, so that the component can be
    copied, saved and sent to the workers of ``nlp.pipe(n_process=2)``, forked or spawned.

    Parameters
    ----------
    name : str
    lexicon : str or None
    set_pos : bool
    """

    def __init__(self, name: str, lexicon: str | None = None, set_pos: bool = True) -> None:
        self.name = name
        self.lexicon = lexicon
        self.set_pos = set_pos
        self._lemmatiser: VoikkoLemmatiser | None = None
        _add_extensions()

    def __call__(self, doc: Doc) -> Doc:
        """Set the lemmas of one Doc."""
        analyse = self.lemmatiser.analyse
        details: list[Analysis] = []
        is_first = True
        for token in doc:
            analysis = analyse(token.text, is_first=is_first)
            token.lemma_ = analysis.lemma
            if self.set_pos:
                token.pos_ = "SPACE" if token.is_space else analysis.pos
            details.append(analysis)
            if token.text[0].isalnum():
                is_first = False
            elif token.text in _ENDS_SENTENCE:
                is_first = True
        doc.user_data[_DETAILS] = details
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 128) -> Iterator[Doc]:
        """Set the lemmas of many Docs, one after another."""
        for doc in stream:
            yield self(doc)

    @property
    def lemmatiser(self) -> VoikkoLemmatiser:
        """The lemmatiser of this process."""
        if self._lemmatiser is None:
            path = Path(self.lexicon) if self.lexicon is not None else None
            self._lemmatiser = load_lemmatiser(LemmatiseConfig(lexicon=path))
        return self._lemmatiser

    def __getstate__(self) -> dict[str, Any]:
        """Leave Voikko behind: a handle of the C library means nothing in another process."""
        return {**self.__dict__, "_lemmatiser": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Come back without Voikko, and make the extensions known in this process."""
        self.__dict__.update(state)
        _add_extensions()

    def to_bytes(self, *, exclude: Iterable[str] = SimpleFrozenList()) -> bytes:
        """Return nothing: the settings are in the pipeline's own config."""
        return b""

    def from_bytes(
        self, data: bytes, *, exclude: Iterable[str] = SimpleFrozenList()
    ) -> "VoikkoLemmatizer":
        """Do nothing: the settings are in the pipeline's own config."""
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = SimpleFrozenList()) -> None:
        """Write nothing: the settings are in the pipeline's own config."""

    def from_disk(
        self, path: str | Path, *, exclude: Iterable[str] = SimpleFrozenList()
    ) -> "VoikkoLemmatizer":
        """Read nothing: the settings are in the pipeline's own config."""
        return self


def _add_extensions() -> None:
    """Make ``token._.lemma_parts`` and ``token._.is_known`` readable."""
    getters: dict[str, Callable[[Token], Any]] = {
        "lemma_parts": lambda token: _detail(token)[0],
        "is_known": lambda token: _detail(token)[1],
    }
    for name, getter in getters.items():
        if not Token.has_extension(name):
            Token.set_extension(name, getter=getter)


def _detail(token: Token) -> tuple[tuple[str, ...], bool]:
    """Return what the component noted of a token; nothing, when it has not seen the Doc."""
    details = token.doc.user_data.get(_DETAILS)
    if details is None:
        return ((), False)
    _, _, parts, known = cast("Analysis", details[token.i])  # a list when it was serialised
    return tuple(parts), known
