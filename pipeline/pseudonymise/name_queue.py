"""List the words that may be names, for a person to settle once.

The table holds places and keyed word ids, no word: what was replaced can be read in ``raw/`` alone,
and what was kept in the safe text.
"""

from collections.abc import Iterator, Sequence

from pipeline.pseudonymise.levels import SURE
from pipeline.pseudonymise.lists import Bases
from pipeline.pseudonymise.spans import Span
from pipeline.pseudonymise.stand_ins import Replacement, keyed_stand_in, render

REPLACED = "replaced"
KEPT = "kept"
WORD_PREFIX = "N"

Row = tuple[str, int, int, str, str, str, float]


def word_id(form: str, bases: Bases, secret: bytes) -> str:
    """Return the keyed id of a word, the same for all its forms.

    Parameters
    ----------
    form : str
        One or more words.
    bases : callable
        Possible dictionary forms of a word, lower case.
    secret : bytes
        The study's own.

    Returns
    -------
    str
        ``N-`` and eight hexadecimal digits.
    """
    return keyed_stand_in(dictionary_form(form, bases), WORD_PREFIX, secret)


def dictionary_form(form: str, bases: Bases) -> str:
    """Return one dictionary form of each word of a name, lower case: the shortest, then the first.

    The form itself counts only when nothing else is known.
    """
    words = []
    for word in form.split():
        whole = word.casefold()
        known = bases(word) - {whole} or {whole}
        words.append(min(known, key=lambda base: (len(base), base)))
    return " ".join(words)


def uncertain(
    fields: Sequence[str],
    texts: Sequence[str],
    found: Sequence[Sequence[Replacement]],
    left: Sequence[Sequence[Span]],
    bases: Bases,
    secret: bytes,
) -> Iterator[Row]:
    """Yield the uncertain words of one report, field by field in order.

    Parameters
    ----------
    fields : sequence of str
    texts : sequence of str
        The raw text of each field.
    found : sequence of sequences of Replacement
        What was replaced in each field.
    left : sequence of sequences of Span
        What was left in each safe text and may be a name.
    bases, secret
        As in :func:`word_id`.

    Yields
    ------
    tuple
        field, start, end (offsets into the safe text), word_id, verdict, rule, score.
    """
    for field_no, field in enumerate(fields):
        text, items = texts[field_no], found[field_no]
        safe, places = render(text, list(items))
        rows: list[Row] = [
            (
                field,
                *place,
                word_id(text[i.start : i.end], bases, secret),
                REPLACED,
                i.rule,
                i.score,
            )
            for i, place in zip(items, places, strict=True)
            if i.kind == "nimi" and i.score < SURE
        ]
        for span in left[field_no] if left else ():
            key = word_id(safe[span.start : span.end], bases, secret)
            rows.append((field, span.start, span.end, key, KEPT, span.rule, span.score))
        yield from sorted(rows)
