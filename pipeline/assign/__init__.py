"""The assign stage: which themes of the taxonomy a report touches, and why."""
