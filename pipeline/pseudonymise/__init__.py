"""Replace personal data with stand-ins; everything after this stage sees only safe text."""
