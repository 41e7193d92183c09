"""The three levels of the trade-off between names left in and words taken out in vain."""

from typing import Literal

Level = Literal["recall", "balanced", "precision"]

LEVELS: dict[Level, float] = {"recall": 0.45, "balanced": 0.55, "precision": 0.65}
"""Least score of a name that is replaced at each level."""

LEAST_DOUBT = 0.3
"""Least score of a word that was left in and is worth a person's look."""

SURE = 0.7
"""Score from which a replaced name needs no look."""
