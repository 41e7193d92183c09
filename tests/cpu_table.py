"""CPU seconds of tests and fixtures, with those of the processes they started: ``--cpu=FILE``."""

import csv
import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest

COLUMNS = ("file", "test", "what", "own", "children")
"""``what`` is a phase of a test, a fixture or a worker; seconds, user and system together."""


def _spent() -> tuple[float, float]:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time(), children.ru_utime + children.ru_stime


class CpuTable:
    """Writes a row for each phase of a test, each fixture and each worker; ends with a summary."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.in_worker = "PYTEST_XDIST_WORKER" in os.environ
        if not self.in_worker:
            with file.open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream).writerow(COLUMNS)

    def _write(self, node: str, what: str, own: float, children: float) -> None:
        path, _, test = node.partition("::")
        with self.file.open("a", encoding="utf-8", newline="", buffering=1) as stream:
            row = (path, test, what, f"{own:.3f}", f"{children:.3f}")
            csv.writer(stream, lineterminator="\n").writerow(row)

    @contextmanager
    def _measured(self, node: str, what: str) -> Iterator[None]:
        own, children = _spent()
        try:
            yield
        finally:
            own_after, children_after = _spent()
            self._write(node, what, own_after - own, children_after - children)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Iterator[None]:
        with self._measured(item.nodeid, "setup"):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        with self._measured(item.nodeid, "call"):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Iterator[None]:
        with self._measured(item.nodeid, "teardown"):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
    ) -> Iterator[None]:
        with self._measured(request.node.nodeid, f"fixture {fixturedef.argname}"):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_collection(self) -> Iterator[None]:
        self._write("", "start", *_spent())
        with self._measured("", "collection"):
            return (yield)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        own, children = _spent()
        # The workers of xdist are children of the process that prints the summary.
        self._write("", "worker" if self.in_worker else "all", own, children)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.section("CPU seconds")
        terminalreporter.write_line(summary(pd.read_csv(self.file, keep_default_na=False)))


def summary(rows: pd.DataFrame, n: int = 20) -> str:
    """Return the files and tests that took most CPU time, ``n`` of each."""
    rows = rows.assign(seconds=rows["own"] + rows["children"])
    tests = rows[rows["what"].isin(["setup", "call", "teardown"])]
    files = tests.groupby("file")[["seconds", "own", "children"]].sum()
    one_by_one = tests.groupby(["file", "test"])[["seconds", "own", "children"]].sum().reset_index()
    parts = [f"all: {rows.loc[rows['what'] == 'all', 'seconds'].sum():.0f}"]
    for table in (files.reset_index(), one_by_one):
        parts.append(table.nlargest(n, "seconds").round(1).to_string(index=False, header=True))
    return "\n\n".join(parts)
