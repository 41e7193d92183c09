"""The three levels of the trade-off between names left in and words taken out in vain."""

from typing import Literal

Level = Literal["recall", "balanced", "precision"]

LEVELS: dict[Level, float] = {"recall": 0.45, "balanced": 0.55, "precision": 0.65}
"""Least score of a name that is replaced at each level."""
