"""The lemmatiser as a spaCy component: ``nlp.add_pipe("voikko_lemmatizer")``.

It sets ``token.lemma_`` and ``token.pos_`` from the same code as the pipeline's own stage, on any
Finnish spaCy pipeline, blank ones included. ``token._.lemma_parts`` holds the parts of a compound
and ``token._.is_known`` whether the lemma was looked up or guessed; both follow their token through
the retokenizer and to a file and back, and a token made by a merge or split has none.

The same component has a second name, ``havainto_lemmatizer``: the model
``spacy-fi-experimental-web-md`` brings a lemmatiser of its own called ``voikko_lemmatizer``, which
hides this one in a process that has loaded the model.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Token
from spacy.util import SimpleFrozenList
from spacy.vocab import Vocab

from pipeline.lemmatise.lemmatise import LemmatiseConfig
from pipeline.lemmatise.protocol import Analysis
from pipeline.lemmatise.voikko_lemmatiser import (
    MAX_REMEMBERED,
    VoikkoLemmatiser,
    load_lemmatiser,
)

NAME = "voikko_lemmatizer"
OWN_NAME = "havainto_lemmatizer"
_ENDS_SENTENCE = frozenset(".!?…:")
_DETAILS = "voikko_lemmas"
_Entry = tuple[int, int, Analysis, bool, str]
"""What spaCy calls the lemma and the tag, all, whether a sentence begins next, the word itself."""


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
        self._vocab: Vocab | None = None
        self._known: tuple[dict[int, _Entry], dict[int, _Entry]] = ({}, {})
        _add_extensions()

    def __call__(self, doc: Doc) -> Doc:
        """Set the lemmas of one Doc."""
        if doc.vocab is not self._vocab:
            self._vocab = doc.vocab
            self._known = ({}, {})
        known, set_pos = self._known, self.set_pos
        user_data: dict[Any, Any] = doc.user_data
        is_first = True
        for token in doc:
            entry = known[is_first].get(token.orth)
            if entry is None:
                entry = self._look_up(token, is_first)
            token.lemma, pos, analysis, is_first, _ = entry
            if set_pos:
                token.pos = pos
            key = ("._.", _DETAILS, token.idx, None)  # where spaCy keeps what is said of a token
            user_data[key] = (entry[4], analysis.parts, analysis.known)
        return doc

    def _look_up(self, token: Token, is_first: bool) -> _Entry:
        """Analyse a word not met before, and remember what spaCy is to be told of it."""
        text = token.text
        analysis = self.lemmatiser.analyse(text, is_first=is_first)
        strings: Any = token.vocab.strings
        pos = strings["SPACE" if token.is_space else analysis.pos]
        next_is_first = not text[0].isalnum() and (is_first or text in _ENDS_SENTENCE)
        lemma = strings.add(analysis.lemma, allow_transient=False)  # outlives a memory zone
        entry = (lemma, pos, analysis, next_is_first, text)
        known = self._known[is_first]
        if len(known) >= MAX_REMEMBERED:
            known.clear()
        known[token.orth] = entry
        return entry

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
        return {**self.__dict__, "_lemmatiser": None, "_vocab": None, "_known": ({}, {})}

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
    if not Token.has_extension(_DETAILS):
        Token.set_extension(_DETAILS, default=None)
    for name, getter in getters.items():
        if not Token.has_extension(name):
            Token.set_extension(name, getter=getter)


def _detail(token: Token) -> tuple[tuple[str, ...], bool]:
    """Return what the component noted of a token; nothing, when it has not seen that word.

    It is kept by the place of the token's first letter, as spaCy keeps values of its own, so that
    it follows the token through merges, splits, cuts and files. A token made by a merge or split
    begins where another did; the word kept with the value tells them apart.
    """
    user_data: dict[Any, Any] = token.doc.user_data
    found = user_data.get(("._.", _DETAILS, token.idx, None))
    if found is None or found[0] != token.text:
        return ((), False)
    _, parts, known = found  # a list when it was serialised
    return tuple(parts), bool(known)
