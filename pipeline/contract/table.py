"""Say what a table of the contract is: its columns, their types, and the key of a row."""

from dataclasses import dataclass

import pyarrow as pa

TEXT = pa.string()
INT = pa.int64()
FLOAT = pa.float64()
BOOL = pa.bool_()
DATE = pa.date32()
TEXTS = pa.list_(pa.string())
INTS = pa.list_(pa.int64())
VECTOR = pa.list_(pa.float32())
EVIDENCE = pa.list_(
    pa.struct([("segment_id", pa.string()), ("term", pa.string()), ("contribution", pa.float64())])
)


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name : str
    type : pyarrow.DataType
    meaning : str
        One line, with unit and range.
    nullable : bool
        True where null means "unknown" or "does not apply".
    """

    name: str
    type: pa.DataType
    meaning: str
    nullable: bool = False


@dataclass(frozen=True)
class Table:
    """One table of the contract.

    Attributes
    ----------
    name : str
    meaning : str
        What one row is.
    columns : tuple of Column
    key : tuple of str
        Columns that together name a row once.
    is_raw : bool
        True for tables with personal data, which lie in ``raw/`` and not in ``tables/``.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    is_raw: bool = False

    @property
    def schema(self) -> pa.Schema:
        """Arrow schema of the table."""
        return pa.schema(
            [pa.field(c.name, c.type, nullable=c.nullable) for c in self.columns],
            metadata={"table": self.name},
        )
