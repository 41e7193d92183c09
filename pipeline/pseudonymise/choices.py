"""Keep personal data out of the ticked choices: an open answer among them is not a choice."""

from collections.abc import Sequence

from pipeline.pseudonymise.patterns import find_coded
from pipeline.pseudonymise.persons import PersonFinder

OTHER = "muu"
MAX_CHOICE_CHARS = 60


def safe_choices(
    cells: Sequence[Sequence[str]],
    person_finder: PersonFinder,
    min_name_score: float,
    *,
    min_name_words: int,
) -> list[list[str]]:
    """Replace open answers among choices that hold personal data, or are too long to be a choice.

    A choice is a short label. What a person wrote after "other, what?" may be anything: it becomes
    ``muu`` when it is longer than 60 characters, holds personal data of a coded kind, or has a
    person's name among ``min_name_words`` words or more.

    Parameters
    ----------
    cells : sequence of sequences of str
        The choices of each report.
    person_finder : PersonFinder
    min_name_score : float
        Least score of a person's name, 0-1.
    min_name_words : int
        Words of the shortest choice that is searched for names; a place of fewer words may sound
        like a name.

    Returns
    -------
    list of list of str
        The same choices, each once in a report.
    """
    distinct = sorted({choice for choices in cells for choice in choices})
    long = [choice for choice in distinct if len(choice.split()) >= min_name_words]
    found = zip(long, person_finder.find_all(long), strict=True) if long else ()
    named = {
        choice for choice, spans in found if any(span.score >= min_name_score for span in spans)
    }
    unsafe = {
        choice
        for choice in distinct
        if len(choice) > MAX_CHOICE_CHARS or choice in named or find_coded(choice)
    }
    return [
        list(dict.fromkeys(OTHER if choice in unsafe else choice for choice in choices))
        for choices in cells
    ]
