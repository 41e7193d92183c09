"""Every table between the stages: its columns, their types and what they mean.

A table is a pandas DataFrame inside a stage and a Parquet file between stages. ``TABLES`` is the
contract: a stage may make no other column and leave none out, and :mod:`pipeline.frames` checks
that on every write. Lists are Arrow lists and never null; text columns are never null and use
``""`` for "nothing"; a number that may be unknown says so in its meaning and is null then.

Offsets (``start``, ``end``) are half-open, in code points, into the safe text of
``(report_id, field)``. Counts are always distinct reports of quality ``ok``.

The tables stand in :mod:`pipeline.contract`, a module for the stages that make them; here they are
in order, and from here everyone else takes them.
"""

from pipeline.contract.intake import INTAKE
from pipeline.contract.language import LANGUAGE
from pipeline.contract.rulings import RULINGS
from pipeline.contract.signals import SIGNALS
from pipeline.contract.table import DATE, TEXT, VECTOR, Column, Table
from pipeline.contract.themes import THEMES
from pipeline.contract.topics import TOPICS

__all__ = ["DATE", "TABLES", "TEXT", "TEXT_TABLES", "VECTOR", "Column", "Table"]

_TABLES = (*INTAKE, *LANGUAGE, *TOPICS, *THEMES, *SIGNALS, *RULINGS)

TABLES: dict[str, Table] = {table.name: table for table in _TABLES}

VECTOR_TABLES = ("embeddings", "report_embeddings")
TEXT_TABLES = ("reports", "segments", "tokens", *VECTOR_TABLES)
"""What stages that look at whole texts read, in this order."""
