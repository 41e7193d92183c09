"""Figures that say how sure: intervals, agreement, calibration and corrections, each once."""
