"""The page: it alone knows HTML."""
