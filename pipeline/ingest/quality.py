"""Tell an answer that says something from an empty one and from junk."""

import re
from collections.abc import Collection
from typing import Literal

Quality = Literal["ok", "empty", "junk"]

_NOT_WORD = re.compile(r"[\W_]+")
_MIN_DISTINCT_LETTERS = 3
_N_CHARS_READ = 200

JUNK_ANSWERS = (
    *("ei", "ei ole", "ei mitään", "ei mikään", "ei havaintoja", "ei havaittavaa"),
    *("ei ehdotuksia", "ei ehdotusta", "ei erityistä", "ei kommentoitavaa", "ei lisättävää"),
    *("ei tietoa", "ei ole havaintoja", "ei vastausta", "en", "en tiedä", "en osaa sanoa"),
    *("en osaa vastata", "emme tiedä", "eos", "ei osaa sanoa", "kts yllä", "ks yllä"),
    *(
        "katso yllä",
        "kts edellinen",
        "katso edellinen",
        "sama",
        "sama kuin edellä",
        "sama kuin yllä",
    ),
    *("testi", "testi testi", "testivastaus", "test", "tämä on testi", "testataan"),
    *("tyhjä", "puuttuu", "n a", "asdf", "lorem ipsum", "no answer", "none", "nan", "null"),
)


def bare(text: str) -> str:
    """Return a text as its words alone, in small letters.

    >>> bare("En tiedä...")
    'en tiedä'
    """
    return _NOT_WORD.sub(" ", text.casefold()).strip()


def quality_of(
    observation: str, proposal: str, junk_answers: Collection[str], min_letters: int
) -> Quality:
    """Tell whether a report says anything.

    Parameters
    ----------
    observation, proposal : str
        Clean texts; a report is as good as the better of them.
    junk_answers : collection of str
        Answers that say nothing, as :func:`bare` gives them.
    min_letters : int
        Fewest letters of an answer that can say something.

    Returns
    -------
    {"ok", "empty", "junk"}

    Examples
    --------
    >>> [quality_of(text, "", {"en tiedä"}, 5) for text in ("Vuokra nousi.", " ", "-", "En tiedä!")]
    ['ok', 'empty', 'junk', 'junk']
    """
    texts = [text for text in (observation, proposal) if text.strip()]
    if not texts:
        return "empty"
    return "ok" if any(_says_something(t, junk_answers, min_letters) for t in texts) else "junk"


def _says_something(text: str, junk_answers: Collection[str], min_letters: int) -> bool:
    """Tell whether a text is more than a filler, a stroke or one key held down."""
    # The beginning of a long text tells, and no answer that says nothing is longer.
    words = bare(text[:_N_CHARS_READ])
    letters = [c for c in words if c.isalpha()]
    return (
        len(letters) >= min_letters
        and len(set(letters)) >= _MIN_DISTINCT_LETTERS
        and words not in junk_answers
    )
