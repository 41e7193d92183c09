"""The period report as a slide deck of native charts and tables."""
