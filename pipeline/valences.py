"""The valences that a form asks for, from bad to good."""

VALENCES = ("negatiivinen", "neutraali", "positiivinen")
