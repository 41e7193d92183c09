"""What the steps that look at whole tables cost at sizes whose row steps nobody waits for.

    python benchmarks/grown.py STUDY [--reports 10000 50000 100000] [--keep DIR]
        [--first STAGE] [--last STAGE] [--tables]

STUDY is a finished one, such as `scale.py --reports 2000 --keep DIR` leaves. Its row tables are
drawn into a study of the size wanted: each report takes the sentences of one drawn report, a fifth
of them exchanged for any others, with their words, vectors, kinds and themes, under its own ids;
the vector of a report is the mean of its sentences'. Nothing is computed report by report, so every
figure is of a step that looks at whole tables or fits something to them: from the groups to the
report's files. Each step prints its CPU and wall seconds and the peak memory of the process, as it
ends; the last lines give the exponent of growth between neighbouring sizes. ``--tables`` runs no
step: it lays the texts out as for grouping, and merges the row tables from parts of 512 reports;
for that STUDY need not be finished beyond embed.
"""

import argparse
import itertools
import math
import os
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from process_memory import cpu_seconds, forget_peaks, peak_mb
from scale import disk_mb

from pipeline.artifacts import Store, TableWriter, sha256_file
from pipeline.cluster.corpus import read_corpus
from pipeline.config import load_settings
from pipeline.embed.kept_vectors import rounded
from pipeline.engine.inline import Inline
from pipeline.needs import Supply
from pipeline.review.freeze import freeze
from pipeline.stages import STAGES
from pipeline.step_run import StepRun
from pipeline.study import Study, create_study
from pipeline.table_rows import SpanReader, content_sha256
from pipeline.tables import TABLES, TEXT_TABLES
from pipeline.texts import Texts
from pipeline.vectors import unit

EXCHANGED = 0.2
BLOCK = 10_000
FIRST = "cluster"
AS_THEY_ARE = ("periods", "rejected", "forms", "name_queue")


class Spans:
    """Where the rows of each report, or of each segment, lie in a table."""

    def __init__(self, keys: pa.ChunkedArray, known: pd.Index) -> None:
        places = known.get_indexer(keys.to_pylist())
        self._order = np.argsort(places, kind="stable")
        counts = np.bincount(places[places >= 0], minlength=len(known))
        self._counts = counts
        self._starts = np.cumsum(counts) - counts + int((places < 0).sum())

    def rows(self, drawn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the rows of what was drawn, and the number of the draw that each belongs to."""
        counts = self._counts[drawn]
        ends = np.cumsum(counts)
        firsts = np.repeat(self._starts[drawn] - (ends - counts), counts)
        rows = self._order[firsts + np.arange(ends[-1] if len(ends) else 0)]
        return rows, np.repeat(np.arange(len(drawn)), counts)


class Grower:
    """Draws the row tables of a finished study into a larger one."""

    def __init__(self, old: Store, new: Store, seed: int = 0) -> None:
        self.old, self.new = old, new
        self.rng = np.random.default_rng(seed)
        self.tables = {name: old.open(name).read() for name in self._row_tables()}
        reports = pd.Index(self.tables["reports"].column("report_id").to_pylist())
        segments = pd.Index(self.tables["segments"].column("segment_id").to_pylist())
        self.spans = {
            name: Spans(
                table.column(self._key(name)), reports if self._by_report(name) else segments
            )
            for name, table in self.tables.items()
        }
        self.n_old, self.n_segments = len(reports), len(segments)

    def _row_tables(self) -> list[str]:
        """Return the tables made report by report that are not raw, of those there are."""
        steps = [step for stage in STAGES for step in stage.steps if step.over == "reports"]
        made = [name for step in steps for name in step.makes if name not in AS_THEY_ARE]
        made = [name for name in made if not TABLES[name].is_raw]
        return [name for name in made if self.old.manifest(name) is not None]

    def _by_report(self, name: str) -> bool:
        return "report_id" in self.tables[name].column_names

    def _key(self, name: str) -> str:
        return "report_id" if self._by_report(name) else "segment_id"

    def grow(self, n_reports: int) -> None:
        """Write the tables of so many reports, block by block."""
        writers = {name: self.new.writer(name) for name in self.tables}
        for start in range(0, n_reports, BLOCK):
            self._block(start, min(BLOCK, n_reports - start), writers)
        for writer in writers.values():
            writer.close()
        manifest = {
            "stage": "grown", "config": {}, "inputs": {}, "code": "", "resources": {},
            "seconds": 0.0, "made_at": "2026-01-01T00:00:00+00:00",
        }  # fmt: skip
        self.new.finish(list(writers.values()), manifest)
        for name in AS_THEY_ARE:
            writer = self.new.writer(name)
            writer.append_arrow(self.old.open(name).read())
            writer.close()
            self.new.finish([writer], manifest)

    def _block(self, start: int, n_reports: int, writers: dict[str, TableWriter]) -> None:
        drawn = self.rng.integers(self.n_old, size=n_reports)
        ids = np.array([f"G{start + i:07d}" for i in range(n_reports)], dtype=object)
        sentences, owner = self.spans["segments"].rows(drawn)
        is_other = self.rng.random(len(sentences)) < EXCHANGED
        sentences[is_other] = self.rng.integers(self.n_segments, size=int(is_other.sum()))
        first = np.concatenate([[0], np.flatnonzero(np.diff(owner)) + 1])
        number = np.arange(len(owner)) - np.repeat(first, np.diff([*first, len(owner)]))
        segments = self.tables["segments"].take(sentences)
        segment_ids = np.array(
            [f"{ids[o]}/observation/{k:03d}" for o, k in zip(owner, number, strict=True)],
            dtype=object,
        )
        lengths = pc.utf8_length(segments.column("text")).to_numpy()
        ends = np.cumsum(lengths + 1)
        begin = ends - lengths - 1
        begin = begin - np.repeat(begin[first], np.diff([*first, len(owner)]))
        old_begin = segments.column("start").to_numpy()
        for name, table in self.tables.items():
            if name == "segments":
                made = segments
                made = put(made, "start", begin)
                made = put(made, "end", begin + lengths)
                made = put(made, "field", ["observation"] * len(made))
                made = put(put(made, "segment_id", segment_ids), "report_id", ids[owner])
            elif self._by_report(name):
                rows, of = self.spans[name].rows(drawn)
                made = put(table.take(rows), "report_id", ids[of])
            else:
                rows, of = self.spans[name].rows(sentences)
                made = put(table.take(rows), "segment_id", segment_ids[of])
                if name == "tokens":
                    shift = (begin - old_begin)[of]
                    for column in ("start", "end"):
                        made = put(made, column, made.column(column).to_numpy() + shift)
            if name == "reports":
                texts = pd.Series(segments.column("text").to_pylist()).groupby(owner).agg(" ".join)
                joined = texts.reindex(range(n_reports), fill_value="").tolist()
                made = put(made, "observation", joined)
                made = put(
                    put(made, "proposal", [""] * len(made)), "duplicate_of", [""] * len(made)
                )
                made = self._redated(made)
            if name == "report_embeddings":
                vectors = np.stack(
                    self.tables["embeddings"].take(sentences).column("vector").to_numpy()
                )
                sums = np.zeros((n_reports, vectors.shape[1]), dtype=np.float32)
                np.add.at(sums, owner, vectors)
                made = put(made, "vector", list(rounded(unit(sums))))
                made = put(made, "text_key", [""] * len(made))  # of no text
            writers[name].append_arrow(made.cast(writers[name].schema))

    def _redated(self, made: pa.Table) -> pa.Table:
        """Give the reports the dates of others."""
        other = self.rng.integers(self.n_old, size=len(made))
        source = self.tables["reports"].take(other)
        for column in ("date", "period"):
            made = made.set_column(made.column_names.index(column), column, source.column(column))
        return made


def put(table: pa.Table, column: str, values: object) -> pa.Table:
    """Return a table with other values in a column."""
    place = table.column_names.index(column)
    array = pa.array(values, type=table.schema.field(column).type)
    return table.set_column(place, column, array)


def grown(old: Store, root: Path, n_reports: int) -> Study:
    """Make a study of so many reports from a finished one."""
    study = create_study(root)
    study.settings_file.write_bytes(old.study.settings_file.read_bytes())
    study.secret_file.write_bytes(old.study.secret_file.read_bytes())
    Grower(old, Store(study)).grow(n_reports)
    return study


def run_whole(study: Study, first: str, last: str | None) -> dict[str, tuple[float, float, float]]:
    """Run the steps over whole tables, and return what each took: CPU s, wall s, peak MB."""
    settings = load_settings(study.settings_file)
    store = Store(study)
    found: dict[str, tuple[float, float, float]] = {}
    with study.locked():
        supply = Supply(store, settings, freeze(study))
        steps = StepRun(supply, Inline(supply), Inline(supply), lambda done, total: None)
        names = [stage.name for stage in STAGES]
        stop = names.index(last) + 1 if last else len(names)
        for stage in STAGES[names.index(first) : stop]:
            for step in stage.steps:
                if step.over == "reports":
                    continue
                forget_peaks()
                cpu, wall = cpu_seconds(), time.perf_counter()
                steps.make(stage, step)
                took = (cpu_seconds() - cpu, time.perf_counter() - wall, peak_mb())
                found[f"{stage.name}: {step.name}"] = took
                shown = " ".join(f"{one:.1f}" for one in took)
                print(f"{time.strftime('%H:%M:%S')} {stage.name} {step.name} {shown}", flush=True)
        supply.close()
    return found


def show_tables(study: Study, n_reports: int) -> None:
    """Print what laying the texts out takes, and merging the row tables from parts."""
    store = Store(study)
    forget_peaks()
    cpu = cpu_seconds()
    read_corpus(Texts.lazily(store.read))
    print(f"texts laid out: {cpu_seconds() - cpu:.1f} CPU s, {peak_mb():.0f} MB", flush=True)
    for name in (*TEXT_TABLES, "report_themes"):
        if store.manifest(name) is None:
            continue
        file, cpu = store.open(name), cpu_seconds()
        n_rows = -(-file.metadata.num_rows * 512 // n_reports)
        reader, writer = SpanReader(file), store.writer(name)
        for start in range(0, file.metadata.num_rows, n_rows):
            rows = reader.rows(start, min(n_rows, file.metadata.num_rows - start))
            content_sha256(rows)
            writer.append_arrow(rows)
        writer.close()
        sha256_file(writer.part)
        writer.part.unlink()
        print(f"{name} merged: {cpu_seconds() - cpu:.1f} CPU s", flush=True)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("study", type=Path)
    parser.add_argument("--reports", type=int, nargs="*", default=[10_000, 50_000, 100_000])
    parser.add_argument("--first", default=FIRST, help="stage to start with, in a kept study")
    parser.add_argument("--last", help="stage to stop after")
    parser.add_argument("--tables", action="store_true", help="run no step; read and merge tables")
    parser.add_argument("--keep", type=Path, help="folder for the studies; thrown away without it")
    given = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f}")
    found = {}
    with tempfile.TemporaryDirectory() as scratch:
        for n_reports in given.reports:
            root = (given.keep or Path(scratch)) / str(n_reports)
            old = Store(Study(given.study))
            study = Study(root) if root.exists() else grown(old, root, n_reports)
            print(f"# {n_reports} reports, {disk_mb(study):.0f} MB of row tables", flush=True)
            if given.tables:
                show_tables(study, n_reports)
                continue
            found[n_reports] = run_whole(study, given.first, given.last)
            print(f"# {disk_mb(study):.0f} MB with all tables", flush=True)
    if given.tables:
        return
    print(f"\n| CPU s (peak MB) | {' | '.join(f'{n:,}' for n in found)} |")
    print(f"|---{'|---' * len(found)}|")
    for name in next(iter(found.values())):
        cells = [f"{one[name][0]:.1f} ({one[name][2]:.0f})" for one in found.values()]
        print(f"| {name} | {' | '.join(cells)} |")
    for small, large in itertools.pairwise(found):
        told = [
            f"{name} {math.log(found[large][name][0] / took[0]) / math.log(large / small):.2f}"
            for name, took in found[small].items()
            if took[0] >= 0.5
        ]
        print(f"\nGrowth exponents {small:,} to {large:,}: {', '.join(told)}")


if __name__ == "__main__":
    main()
