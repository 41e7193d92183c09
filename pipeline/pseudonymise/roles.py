"""What a sentence takes a word for."""

from enum import Enum


class Role(Enum):
    """What a sentence takes a word for."""

    PERSON = "person"
    NEUTRAL = "neutral"
    THING = "thing"
