"""Turn form exports into reports: read, map columns, clean, name, date, mark and count."""
