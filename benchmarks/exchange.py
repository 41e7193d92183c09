"""Time and memory of exchanging coded texts: python benchmarks/exchange.py [--n 240 40000].

Reports are made by repeating the demo corpus's; each size is measured in a process of its own.
--files says how many codings of other programs' project files can be placed on the demo corpus:
python benchmarks/exchange.py --study DEMO_STUDY --files FILE ...
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.codings import COLUMNS
from pipeline.exchange.coded_places import place_codings
from pipeline.exchange.from_study import Handover, to_project
from pipeline.exchange.into_log import compare_project
from pipeline.exchange.refi_read import read_qdpx
from pipeline.exchange.refi_write import write_qdpx
from pipeline.exchange.source_texts import source_texts
from pipeline.segment.segment import SegmentConfig, segment
from pipeline.taxonomy.read import find_taxonomy, load_taxonomy

CODINGS_PER_REPORT = 2.5
TEXT = "Asiakas jäi ilman aikaa. Puhelimeen ei vastata. Perhe odottaa edelleen. Vuokra nousi taas."


def corpus(n: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return n reports of some 130 words and their segments."""
    reports = pd.DataFrame(
        {
            "report_id": [f"R-{i:06d}" for i in range(n)],
            "period": [f"20{20 + i % 5}H1" for i in range(n)],
            "date": None,
            "area": [["Vuolinna"]] * n,
            "client_groups": [["tyoikaiset"]] * n,
            "valence": "negatiivinen",
            "unit": "",
            "observation": [f"{TEXT} Tapaus {i}. " * 8 for i in range(n)],
            "proposal": "Lisää aikoja.",
            "language": "fi",
            "quality": "ok",
        }
    )
    return reports, segment(reports, SegmentConfig())


def measure(n: int) -> None:
    """Print one size's row."""
    taxonomy = load_taxonomy(find_taxonomy("sosiaalinen-raportointi"))
    reports, segments = corpus(n)
    rng = np.random.default_rng(0)
    chosen = rng.choice(len(segments), size=int(n * CODINGS_PER_REPORT), replace=False)
    held = segments.iloc[np.sort(chosen)]
    codings = pd.DataFrame(
        {
            "report_id": held["report_id"].to_numpy(),
            "segment_id": held["segment_id"].to_numpy(),
            "theme_id": rng.choice(taxonomy.theme_ids, size=len(held)),
            "coder": "Anna",
            "at": "2025-01-07T12:00:00+02:00",
            "taxonomy_version": taxonomy.version,
            "memo": "",
            "mode": "blind",
        },
        dtype=object,
    )[[*COLUMNS, "mode"]]
    handover = Handover("koe", reports, segments, codings, pd.DataFrame(), [], taxonomy)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.qdpx"
        started = time.process_time()
        n_written = write_qdpx(to_project(handover), file)
        written = time.process_time() - started
        size = file.stat().st_size / 1e6
        started = time.process_time()
        project = read_qdpx(file)
        placed = place_codings(project, list(source_texts(reports, segments)))
        change = compare_project(project, placed, taxonomy, codings.head(0))
        read = time.process_time() - started
    assert len(change.added) == n_written, (len(change.added), n_written)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"| {n:,} | {n_written:,} | {written:.1f} | {read:.1f} | {size:.1f} | {before} | {peak} |",
        flush=True,
    )


def place(study: Path, files: list[Path]) -> None:
    """Print how many codings of other programs' files are placed on a study's texts."""
    reports = pd.read_parquet(study / "tables" / "reports.parquet")
    segments = pd.read_parquet(study / "tables" / "segments.parquet")
    for file in files:
        project = read_qdpx(file)
        placed = place_codings(project, list(source_texts(reports, segments)))
        n = sum(
            len(source.selections) for source in project.sources if source.name not in placed.moved
        )
        n_placed = sum(1 for one in placed.coded if one.segment_id or not _is_source_coding(one))
        print(f"{file.name}: {n} selections in unchanged texts, {n_placed} codings placed, texts")
        print(f"  refused: {', '.join(placed.moved) or 'none'}; counting: {placed.counting}")


def _is_source_coding(one: object) -> bool:
    return not getattr(one, "at", "") and not getattr(one, "segment_id", "")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, nargs="+", default=[240, 40_000])
    parser.add_argument("--one", type=int)
    parser.add_argument("--study", type=Path)
    parser.add_argument("--files", type=Path, nargs="+")
    arguments = parser.parse_args()
    if arguments.one:
        measure(arguments.one)
        return
    if arguments.files:
        place(arguments.study, arguments.files)
        return
    print("| reports | codings | out, CPU s | in, CPU s | file MB | MB before | peak MB |")
    print("|---|---|---|---|---|---|---|")
    for n in arguments.n:
        subprocess.run([sys.executable, __file__, "--one", str(n)], check=True)


if __name__ == "__main__":
    main()
