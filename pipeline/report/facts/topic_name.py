"""What a topic is called, wherever the report names it in a sentence."""

from collections.abc import Mapping
from typing import Any


def topic_name(row: Mapping[Any, Any]) -> str:
    """Return the name of a topic or signal: the one that holds after people's rulings.

    Examples
    --------
    >>> topic_name({"label": "asunto, perhe"})
    'asunto, perhe'
    """
    return str(row["label"])
