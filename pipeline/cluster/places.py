"""Words that say where something was seen and not what: they should not make two reports alike."""

from collections.abc import Collection

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def place_words(areas: pd.Series, known: Collection[str]) -> frozenset[str]:
    """Return the names of places, in lower case.

    Parameters
    ----------
    areas : Series of lists of str
        Areas that the form names, whatever report they stand in. Those of one word are taken:
        "koko maakunta" is made of words that say other things too.
    known : collection of str
        Municipalities and other places.

    Examples
    --------
    >>> sorted(place_words(pd.Series([["Vuolinna", "koko maakunta"], []]), ["Lahti"]))
    ['lahti', 'vuolinna']
    """
    named = {area.strip().lower() for held in areas for area in held if " " not in area.strip()}
    return frozenset(named | {place.lower() for place in known})


def is_place(content: pd.DataFrame, places: Collection[str]) -> NDArray[np.bool_]:
    """Tell which content words are names of places: a lemma that is one, written with a capital.

    Parameters
    ----------
    content : DataFrame
        As :func:`pipeline.cluster.content_words.content_tokens` makes it.
    places : collection of str
        In lower case.

    Examples
    --------
    >>> content = pd.DataFrame({"lemma": ["Lahti", "lahti", "vuokra"],
    ...     "form": ["Lahdessa", "lahdella", "Vuokra"]})
    >>> is_place(content, {"lahti"}).tolist()
    [True, False, False]
    """
    is_named = content["lemma"].str.lower().isin(list(places))
    is_capital = content["form"].str[:1].str.isupper()
    return (is_named & is_capital).to_numpy(dtype=bool)
