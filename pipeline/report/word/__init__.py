"""The report as a text for Word."""
