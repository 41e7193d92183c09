"""Score a hundred thousand reports for themes, and watch memory.

    python benchmarks/themes_scale.py [--study DIR] [--reports 100000] [--batch 500]

The demo corpus is taken through the pipeline up to ``embed`` and the mapper is fitted on it. Its
reports, drawn again and again under new ids, then pass through ``assign`` a batch at a time, as the
runner does. Lemmas and vectors are those of the originals: the rate is that of scoring, finding
evidence and building tables, without lemmatiser and encoder.
"""

import argparse
import resource
import time

import numpy as np
import pandas as pd
from theme_tasks import SEED, Tables, demo_supply, settings_argument, study_argument

from pipeline.assign.assign import AssignConfig, assign
from pipeline.assign.mapper import fit_theme_mapper
from pipeline.embed.needs import ENCODER
from pipeline.frames import empty
from pipeline.lemmatise.needs import LEMMATISER
from pipeline.needs import Supply
from pipeline.tables import TEXT_TABLES
from pipeline.taxonomy.needs import TAXONOMY
from pipeline.texts import Texts


def main() -> None:
    """Run the benchmark and print rate and memory."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    study_argument(parser)
    settings_argument(parser)
    parser.add_argument("--reports", type=int, default=100_000, help="reports to score")
    parser.add_argument("--batch", type=int, default=500, help="reports a batch")
    options = parser.parse_args()
    with demo_supply(options.study, options.overrides) as supply:
        show_scale(supply, options.reports, options.batch)


def show_scale(supply: Supply, n_reports: int, n_batch: int) -> None:
    """Score batches of drawn reports and print what it took."""
    config = AssignConfig()
    reports, segments, tokens, vectors, of_reports = map(supply.store.read, TEXT_TABLES)
    tables = (reports, segments, tokens, vectors, of_reports)
    fitted = fit_theme_mapper(
        Texts(*tables),
        config,
        taxonomy=supply.value(TAXONOMY),
        encoder=supply.value(ENCODER),
        lemmatiser=supply.value(LEMMATISER),
        codings=pd.DataFrame(columns=["report_id", "theme_id", "coder"], dtype=object),
        not_evidence=pd.DataFrame(columns=["theme_id", "lemma"], dtype=object),
        seed=SEED,
    )
    rng = np.random.default_rng(SEED)
    before, seconds, n_done = _peak(), 0.0, 0
    print("| reports | reports a second | peak memory, MB |\n|---|---|---|")
    while n_done < n_reports:
        batch = draw(tables, rng.integers(0, len(reports), size=n_batch), n_done)
        started = time.perf_counter()
        assign(Texts(*batch), empty("segment_kinds"), config, fitted=fitted)
        seconds += time.perf_counter() - started
        n_done += n_batch
        if n_done % (n_reports // 5 or 1) < n_batch:
            print(f"| {n_done} | {n_done / seconds:.0f} | {_peak():.0f} |", flush=True)
    print(f"\nPeak memory before the first batch: {before:.0f} MB")


def draw(tables: Tables, places: np.ndarray, first: int) -> Tables:
    """Return copies of some reports, each under an id of its own."""
    reports = tables[0].iloc[places].reset_index(drop=True)
    old = reports["report_id"].tolist()
    reports["report_id"] = [f"S{first + i:07d}" for i in range(len(old))]
    copies = pd.DataFrame({"old": old, "new": reports["report_id"]})
    segments = copies.merge(tables[1], left_on="old", right_on="report_id", how="inner")
    pairs = segments[["segment_id", "new"]].rename(columns={"segment_id": "was"})
    pairs["now"] = [f"{new}/{i:05d}" for i, new in enumerate(pairs["new"])]

    def copied(frame: pd.DataFrame) -> pd.DataFrame:
        joined = pairs.merge(frame, left_on="was", right_on="segment_id", how="inner")
        return joined.assign(segment_id=joined["now"])

    segments["report_id"], segments["segment_id"] = segments["new"], pairs["now"]
    vectors = copies.merge(tables[4], left_on="old", right_on="report_id", how="inner")
    return (
        reports,
        segments,
        copied(tables[2]),
        copied(tables[3]),
        vectors.assign(report_id=vectors["new"]),
    )


def _peak() -> float:
    """Return the largest resident size so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
