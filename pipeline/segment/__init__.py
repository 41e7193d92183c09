"""Split reports into sentences, the unit every later stage counts evidence by."""
