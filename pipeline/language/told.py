"""Say in which languages the reports of a study are."""

from collections.abc import Iterable

from babel import Locale

from pipeline.language.detection import MAIN, UNKNOWN


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
    names = Locale("en").languages
    parts = [
        f"{counts[one]} in a language that could not be told"
        if one == UNKNOWN
        else f"{counts[one]} in {names[one]}"
        for one in order
    ]
    unit = "report" if counts[order[0]] == 1 else "reports"
    return "Languages: " + ", ".join([parts[0].replace(" ", f" {unit} ", 1), *parts[1:]])
