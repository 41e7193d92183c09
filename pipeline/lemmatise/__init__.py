"""Give every word its dictionary form, part of speech and compound parts."""
