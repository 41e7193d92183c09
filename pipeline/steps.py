"""What a stage is made of: steps, each one function, with all that it reads, makes and needs.

A step is one function of tables, of those of its stage's settings that it names, and of the outside
things it ``needs`` (:mod:`pipeline.needs`); it returns the tables it ``makes``. Whatever is special
about a step is declared on it, so that the runner knows none by name.
"""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import islice
from typing import Any, Literal

import pandas as pd

from pipeline.needs import FILES, Need, Supply
from pipeline.tables import TABLES


@dataclass(frozen=True)
class Only:
    """Some columns of a table: what a step reads that looks at no others.

    Attributes
    ----------
    table : str
    columns : tuple of str

    Raises
    ------
    KeyError
        When the table has no such column.
    """

    table: str
    columns: tuple[str, ...]

    def __post_init__(self) -> None:
        """Check the columns against the contract."""
        unknown = set(self.columns) - {column.name for column in TABLES[self.table].columns}
        if unknown:
            raise KeyError(f"{self.table} has no columns {sorted(unknown)}")


def only(table: str, *columns: str) -> Only:
    """Return some columns of a table as what a step reads."""
    return Only(table, columns)


Read = str | Only | type
"""What a step is given: a table, some columns of one, or a dataclass of tables."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One function of a stage.

    Attributes
    ----------
    function : callable
    reads : tuple of str, Only or dataclass
        What is given, in order: a table of a name, some columns of one, or one value of a
        dataclass whose fields are names of tables.
    makes : tuple of str
        Tables returned, in order.
    needs : tuple of Need
        Outside things, given by the keyword that is their name.
    over : {"reports", "whole", "fit", "files"}
        ``reports``: called once a batch of whole reports, as a pure function of the batch.
        ``whole``: called once with whole tables.
        ``fit``: called once with whole tables; what it returns is saved as plain numbers and goes
        to the stage's later steps as keyword ``fitted``, until another one returns its own.
        ``files``: called once with whole tables; returns files of ``report/`` by name.
    settings : tuple of str or None, default=None
        Settings of the stage that the function, and what it calls, looks at; it is given no
        others, and a change in others does not run it again. None for all of them.
    looks_at : tuple of str or None, default=None
        Fields of what it takes as ``fitted`` that the function looks at; it is given no others,
        and a change in others does not run it again. None for all of them.
    paced_by : str, default="reports"
        Where ``over`` is ``reports``: the table that says which reports there are, in which order
        and of which period; it cuts the work into parts.
    only_where : str, default=""
        A table it reads without whose rows it makes none: where the table, or a part of it, has
        none, nothing else is looked at; "" for none.
    context : dataclass or None, default=None
        What the outside things are given as, by keyword ``context``; one by one when None.
    finish : callable or None, default=None
        Called once the step's tables are written and before their manifests are: a run killed in
        it makes the tables anew.
    afterwards : callable or None, default=None
        Called once the step's tables are in place.
    """

    function: Callable[..., Any]
    reads: tuple[Read, ...] = ()
    makes: tuple[str, ...] = ()
    needs: tuple[Need[Any], ...] = ()
    over: Literal["reports", "whole", "fit", "files"] = "whole"
    settings: tuple[str, ...] | None = None
    looks_at: tuple[str, ...] | None = None
    paced_by: str = "reports"
    only_where: str = ""
    context: Callable[..., Any] | None = None
    finish: Callable[[Supply], None] | None = None
    afterwards: Callable[[Supply], None] | None = None

    @property
    def name(self) -> str:
        """The name of its function."""
        return self.function.__name__

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables it reads, in order."""
        return tuple(name for one in self.reads for name in names_of(one))

    @property
    def columns(self) -> dict[str, tuple[str, ...]]:
        """The columns it looks at, of each table whose other columns cannot change its results.

        Of what a row step reads whole rows are kept by part.
        """
        if self.over == "reports":
            return {}
        whole = {name for one in self.reads if not isinstance(one, Only) for name in names_of(one)}
        found: dict[str, tuple[str, ...]] = {}
        for one in self.reads:
            if isinstance(one, Only) and one.table not in whole:
                found[one.table] = (*found.get(one.table, ()), *one.columns)
        return found

    @property
    def touches_raw(self) -> bool:
        """Whether it reads or makes a table that lies in ``raw/``."""
        return any(TABLES[name].is_raw for name in (*self.tables, *self.makes))

    @property
    def reads_inputs(self) -> bool:
        """Whether it reads the study's input files."""
        return FILES in self.needs

    @cached_property
    def result(self) -> Any:
        """The type of what the function returns."""
        told = inspect.signature(self.function).return_annotation
        return eval(told, self.function.__globals__) if isinstance(told, str) else told

    def given(self, frames: Sequence[pd.DataFrame]) -> tuple[Any, ...]:
        """Return the frames of its tables as the function takes them."""
        left = iter(frames)

        def value(one: Read) -> Any:
            if isinstance(one, type):
                return one(*islice(left, len(names_of(one))))
            frame = next(left)
            return frame[list(one.columns)] if isinstance(one, Only) else frame

        return tuple(value(one) for one in self.reads)

    def given_lazily(
        self, read: Callable[..., pd.DataFrame], known: dict[type, Any] | None = None
    ) -> tuple[Any, ...]:
        """Return its tables as the function takes them, read at first use where that can be.

        Parameters
        ----------
        read : callable
            Called as ``read(name, *columns)``: returns a table, whole where no column is named.
        known : dict of type to object, optional
            What was read lazily before, by its type; what is read now is added, so that steps of
            one stage share arrays and not only tables.
        """
        known = {} if known is None else known

        def value(one: Read) -> Any:
            if isinstance(one, Only):
                return read(one.table, *one.columns)
            if isinstance(one, str):
                return read(one)
            if not hasattr(one, "lazily"):
                return one(*map(read, names_of(one)))
            if one not in known:
                known[one] = one.lazily(read)
            return known[one]

        return tuple(value(one) for one in self.reads)

    def takes(self, name: str) -> bool:
        """Tell whether the function has a parameter of a name."""
        return name in inspect.signature(self.function).parameters


@dataclass(frozen=True)
class Stage:
    """A named stage; its settings are the section of the same name.

    Attributes
    ----------
    name : str
    steps : tuple of Step
    """

    name: str
    steps: tuple[Step, ...]

    @property
    def reads(self) -> tuple[str, ...]:
        """Tables that an earlier stage makes, without doubles."""
        own = self.makes
        return tuple(dict.fromkeys(t for s in self.steps for t in s.tables if t not in own))

    @property
    def makes(self) -> tuple[str, ...]:
        """Tables that this stage makes."""
        return tuple(table for step in self.steps for table in step.makes)

    @property
    def needs(self) -> tuple[Need[Any], ...]:
        """Outside things, without doubles."""
        return tuple(dict.fromkeys(need for step in self.steps for need in step.needs))

    @property
    def outputs(self) -> tuple[str, ...]:
        """What has a manifest: the stage's tables, or the stage itself where it makes files.

        The latter stands once all of its steps' files do.
        """
        return self.makes or (self.name,)

    @property
    def file_steps(self) -> tuple[Step, ...]:
        """Steps that make files."""
        return tuple(step for step in self.steps if step.over == "files")

    @property
    def reads_inputs(self) -> bool:
        """Whether it reads the study's input files."""
        return any(step.reads_inputs for step in self.steps)

    @property
    def touches_raw(self) -> bool:
        """Whether it reads or makes a table that lies in ``raw/``."""
        return any(step.touches_raw for step in self.steps)

    def outputs_of(self, step: Step) -> tuple[str, ...]:
        """Return what has a manifest of those things that a step makes."""
        return (step.name,) if step.over == "files" else step.makes

    def fit_before(self, step: Step) -> Step | None:
        """Return the step whose result a step is given as ``fitted``; None when it takes none."""
        if not step.takes("fitted"):
            return None
        earlier = self.steps[: self.steps.index(step)]
        return next(one for one in reversed(earlier) if one.over == "fit")


def names_of(one: Read) -> tuple[str, ...]:
    """Return the table of a name, or those that the fields of a dataclass name, in order."""
    if isinstance(one, Only):
        return (one.table,)
    return (one,) if isinstance(one, str) else tuple(field.name for field in fields(one))
