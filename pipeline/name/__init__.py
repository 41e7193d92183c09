"""The name stage: what a topic or a rising group is called where a person reads of it."""
