"""The lemmatiser as an analyzer for scikit-learn's vectorizers."""

from typing import Any

from pipeline.lemmatise.lemmatise import LemmatiseConfig
from pipeline.lemmatise.protocol import CONTENT_POS, Lemmatiser
from pipeline.lemmatise.voikko_lemmatiser import load_lemmatiser
from pipeline.pseudonymise.spans import STAND_IN


class LemmaAnalyzer:
    """Turn a text into the lemmas of its words.

    Voikko is opened at the first text, in the process that meets it, so that a vectorizer with this
    analyzer can be pickled, cloned and sent to other processes.

    Parameters
    ----------
    content_only : bool, default=True
        Keep nouns, verbs, adjectives and proper nouns only, without the stand-ins of personal data.
    parts : bool, default=True
        Give the parts of a compound after it, so that *lastensuojelulaitos* is also found under
        *lapsi*, *suojelu* and *laitos*.
    config : LemmatiseConfig, optional
        Settings of the lemmatiser.

    Examples
    --------
    >>> from sklearn.feature_extraction.text import CountVectorizer
    >>> vectorizer = CountVectorizer(analyzer=LemmaAnalyzer(parts=False))
    >>> counts = vectorizer.fit_transform(["Perhe jäi yksin.", "Perheitä jää ilman apua."])
    >>> vectorizer.get_feature_names_out().tolist()
    ['apu', 'jäädä', 'perhe']
    """

    def __init__(
        self,
        content_only: bool = True,
        parts: bool = True,
        config: LemmatiseConfig | None = None,
    ) -> None:
        self.content_only = content_only
        self.parts = parts
        self.config = config
        self._lemmatiser: Lemmatiser | None = None

    def __call__(self, text: str) -> list[str]:
        """Return the lemmas of a text in order, each in lower case."""
        if self._lemmatiser is None:
            self._lemmatiser = load_lemmatiser(self.config or LemmatiseConfig())
        lemmas = []
        for token in self._lemmatiser.tokens(text):
            if self.content_only and (token.pos not in CONTENT_POS or STAND_IN.match(token.form)):
                continue
            lemmas.append(token.lemma.lower())
            if self.parts:
                lemmas.extend(part.lower() for part in token.parts)
        return lemmas

    def __getstate__(self) -> dict[str, Any]:
        """Leave Voikko behind: a handle of the C library means nothing in another process."""
        return {**self.__dict__, "_lemmatiser": None}
