"""Take one report out of a study, everywhere."""
