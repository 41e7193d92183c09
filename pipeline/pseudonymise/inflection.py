"""Guess the dictionary forms a Finnish word may be of, for names that no dictionary has.

Voikko knows most Finnish names. For the rest (Fadumolle, Oksanan, Mirkun) the case ending is taken
off and the doubling of k, p and t put back. The guesses are many and cheap: they are only used to
look a word up in a list or to see that two mentions may be one person.
"""

import re
from functools import lru_cache

_CLITICS = ("kin", "kaan", "kään", "kö", "ko", "han", "hän", "pa", "pä")
_ENDINGS = (
    *("n", "a", "ä", "t", "ta", "tä", "ssa", "ssä", "sta", "stä", "lla", "llä", "lta", "ltä"),
    *("lle", "na", "nä", "ksi", "tta", "ttä", "en", "an", "on", "in", "un", "yn", "än", "ön"),
    *("hin", "hen", "hon", "hun", "han", "hän", "hyn", "hön", "seen", "ien", "jen", "ia", "iä"),
)
_CASES = "(?:n|a|ä|ta|tä|ssa|ssä|sta|stä|lla|llä|lta|ltä|lle|na|nä|ksi|in|en|een|t)"
_LINKING_I = re.compile(rf"^(?P<stem>.+[^aeiouyäöå])i{_CASES}$")
_NEN = re.compile(
    r"^(?P<stem>.+[aeiouyäöå])s(?:en|een|ta|tä|ia|iä|ten|ien|ille|illa|illä|ilta|iltä|et"
    r"|e(?:lle|lla|llä|lta|ltä|ssa|ssä|sta|stä|ksi|na|nä))$"
)
_KS = re.compile(
    r"^(?P<stem>.+[aeiouyäöå])ks(?:en|een|et|e(?:lle|lla|llä|lta|ltä|ssa|ssä|sta|stä|ksi|na|nä))$"
)
_WEAK_TAIL = re.compile(r"^(?P<head>.*[aeiouyäöålnr])(?P<c>[kpt])(?P<v>[aeiouyäöå]+)$")
_GRADES = (("nn", "nt"), ("mm", "mp"), ("ng", "nk"), ("ll", "lt"), ("rr", "rt"), ("d", "t"))
_MIN_STEM = 2


@lru_cache(maxsize=65536)
def stems(word: str) -> frozenset[str]:
    """Return the forms a word may be an inflected form of, the word itself among them.

    Parameters
    ----------
    word : str

    Returns
    -------
    frozenset of str
        Lower case.

    Examples
    --------
    >>> "fadumo" in stems("Fadumolle"), "mirkku" in stems("Mirkun"), "ahmet" in stems("Ahmetille")
    (True, True, True)
    >>> "kortetinen" in stems("Kortetiselta")
    True
    """
    whole = word.casefold()
    forms = {whole}
    for clitic in _CLITICS:
        if whole.endswith(clitic) and len(whole) - len(clitic) > _MIN_STEM:
            forms.add(whole.removesuffix(clitic))
    found = set(forms)
    for form in forms:
        found.update(_without_ending(form))
    return frozenset(found)


def _without_ending(form: str) -> set[str]:
    """Return the stems left when one case ending is taken off a form."""
    found: set[str] = set()
    for ending in _ENDINGS:
        stem = form.removesuffix(ending)
        if stem != form and len(stem) >= _MIN_STEM and _fits(stem, ending):
            found.update((stem, *_strong(stem)))
    for pattern, tail in ((_LINKING_I, ""), (_NEN, "nen"), (_KS, "s"), (_NEN, "s")):
        match = pattern.match(form)
        if match:
            found.add(match["stem"] + tail)
    return found


def _fits(stem: str, ending: str) -> bool:
    """Tell whether an ending of a vowel and n doubles the vowel it stands after, as it must."""
    if len(ending) == 2 and ending.endswith("n"):
        return stem.endswith(ending[0]) or ending in ("en", "in")
    if len(ending) == 3 and ending.startswith("h"):
        return stem.endswith(ending[1])
    return True


def _strong(stem: str) -> list[str]:
    """Return the stem with its last consonant in the strong grade, where it can be weak."""
    match = _WEAK_TAIL.match(stem)
    if match:
        return [match["head"] + match["c"] * 2 + match["v"]]
    body, vowel = stem[:-1], stem[-1:]
    return [body.removesuffix(w) + s + vowel for w, s in _GRADES if body.endswith(w)]
