"""The methods section in Markdown."""
