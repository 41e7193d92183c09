"""Havainto: from Finnish free-text reports to themes, weak signals and a period report.

Start at :mod:`pipeline.stages`, which lists the stages in order, and :mod:`pipeline.tables`,
which lists the tables they read and make.
"""
