"""The label stage: what each sentence does and which valence each text has, beside its themes."""
