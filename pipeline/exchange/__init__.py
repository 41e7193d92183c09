"""Give a study's texts and codings to other tools, take codings back, and archive a study."""
