"""The agreed tree of themes: its model, its checks, and its forms as .csv, .xlsx and SKOS."""
