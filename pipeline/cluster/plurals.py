"""Tell plural forms of Finnish nouns, and make the nominative plural where no stem changes."""

import re

_CASES = r"(ss[aä]|st[aä]|ll[aä]|lt[aä]|lle|ksi|n[aä]|tt[aä])"
_PLURAL = re.compile(rf"(.t|[ijt]en|iden|i[aä]|j[aä]|it[aä]|i?hin|siin|i{_CASES})$")
_PLURAL_OF_I = re.compile(rf"(.t|[ij]en|ej[aä]|eihin|ei{_CASES})$")
"""Of words whose *i* stays in the singular: *nuotissa* is one note, *nuoteissa* are several."""
_ENDS_IN_INEN = re.compile(r"inen$")
_STEM_STAYS = re.compile(r"[^\W\d_]{2}[lmnrsvjhd][aäoöuy]$")
"""No *k*, *p* or *t* before a last vowel that is not *i* or *e*: nothing is there to change."""


def is_plural(form: str, lemma: str) -> bool:
    """Say whether a form of a noun looks like a plural.

    Parameters
    ----------
    form, lemma : str
        In lower case.

    Examples
    --------
    >>> [is_plural(form, "nuotti") for form in ("nuotit", "nuotteja", "nuotissa", "nuottia")]
    [True, True, False, False]
    >>> [is_plural(form, "runo") for form in ("runoja", "runojen", "runoissa", "runon")]
    [True, True, True, False]
    >>> is_plural("tien", "tie"), is_plural("internetissä", "internet")
    (False, False)
    """
    if form in (lemma, f"{lemma}n"):
        return False
    is_borrowed = lemma[-1] not in "aeouyäöns"  # internet, internetissä
    stays = is_borrowed and not form.startswith(lemma[:-1] + "e")
    return bool((_PLURAL_OF_I if stays else _PLURAL).search(form))


def plural_of(lemma: str) -> str:
    """Return the nominative plural of a word whose inflection is regular, or "".

    Parameters
    ----------
    lemma : str
        A noun or adjective, in lower case.

    Examples
    --------
    >>> [plural_of(lemma) for lemma in ("entinen", "kävijä", "runo", "kehitysvammainen")]
    ['entiset', 'kävijät', 'runot', 'kehitysvammaiset']
    >>> [plural_of(lemma) for lemma in ("matka", "käsite", "ovi", "kirjallisuus", "askel")]
    ['', '', '', '', '']
    """
    if _ENDS_IN_INEN.search(lemma):
        return f"{lemma[:-3]}set"
    return f"{lemma}t" if _STEM_STAYS.search(lemma) else ""
