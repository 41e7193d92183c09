"""Say in which languages the reports of a study are."""

from collections.abc import Iterable

from babel import Locale

from pipeline.language.detection import MAIN, UNKNOWN
from pipeline.speech import amount, language, say


def languages_line(languages: Iterable[str]) -> str:
    """Return the sentence on languages for ``status``; "" when all are in the main one.

    Parameters
    ----------
    languages : iterable of str
        Column ``language`` of the reports that are counted.

    Examples
    --------
    >>> languages_line(["fi", "sv", "fi", "unknown"])
    'Languages: 2 reports in Finnish, 1 in Swedish, 1 in a language that could not be told'
    """
    named = list(languages)
    if set(named) <= {MAIN}:
        return ""
    counts = {one: named.count(one) for one in set(named)}
    order = sorted(counts, key=lambda one: (one == UNKNOWN, -counts[one], one))
    names = Locale(language()).languages
    parts = [
        say("{n} in a language that could not be told", n=counts[one])
        if one == UNKNOWN
        else say("{n} in {name}", n=counts[one], name=names[one])
        for one in order
    ]
    first = amount(counts[order[0]], "report", "reports")
    listed = ", ".join([parts[0].replace(str(counts[order[0]]), first, 1), *parts[1:]])
    return say("Languages: {listed}", listed=listed)
