"""Files as people send them: what they are written in, and whether they are safe to open."""
