"""Tell the sentences that ask or request something from those that state it."""

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.label.manner import is_question_form

REQUEST = "<!pyyntö>"
"""The mark of a request, among the deciding constructions of a sentence."""

_VERBS = frozenset({"VERB", "AUX"})
_ASKED = re.compile(r"\?[\s)\]]*$")
_ASKED_WITHIN_MARKS = re.compile(r"^[\"”“»'][^\"”“»]*\?[\"”“»'\s]*$")


def ends_as_question(text: str) -> bool:
    """Tell whether a sentence is a question by its marks.

    A question that someone in the sentence asks, in quotation marks at its end, does not make it
    one.

    Examples
    --------
    >>> ends_as_question("Onko kursseja aloittelijoille?"), ends_as_question("”Kuka auttaa?”")
    (True, True)
    >>> ends_as_question("Kysymme aina: ”Mitä kuuluu?”")
    False
    """
    return bool(_ASKED.search(text) or _ASKED_WITHIN_MARKS.search(text.strip()))


def asking_segments(
    segments: pd.DataFrame,
    tokens: pd.DataFrame,
    terms: Mapping[str, tuple[str, ...]],
) -> NDArray[np.bool_]:
    """Tell which segments ask or request: by a question mark, a first verb in -ko, or a request.

    Parameters
    ----------
    segments, tokens : DataFrame
        The tables of those names.
    terms : mapping of str to tuple of str
        Index terms of each segment (:func:`pipeline.label.wording.segment_terms`).

    Returns
    -------
    ndarray of bool, shape (n_segments,)
        In the order of `segments`.
    """
    firsts = tokens.drop_duplicates("segment_id")
    opens = {
        segment_id
        for segment_id, form, pos in zip(
            firsts["segment_id"], firsts["form"], firsts["pos"], strict=True
        )
        if pos in _VERBS and is_question_form(form)
    }
    return np.array(
        [
            segment_id in opens or REQUEST in terms.get(segment_id, ()) or ends_as_question(text)
            for segment_id, text in zip(segments["segment_id"], segments["text"], strict=True)
        ],
        dtype=bool,
    )
