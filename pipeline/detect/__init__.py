"""Test which groups of reports grow over the periods, and say how sure that is."""
