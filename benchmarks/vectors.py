"""What keeping each vector once, and half as precise, saves and changes.

    python benchmarks/vectors.py [--study DIR] [--reports 2000] [--data DIR]

The first table keeps the vectors of the demo's sentences and reports (e5), and of generated reports
(``scale.py``, hashing vectors), in two ways: exact, in a SQLite cache beside tables of floats, as
versions before decision 79 did; and rounded, in tables that are their own cache. It prints the disk
that each takes, and the CPU seconds of encoding and writing with nothing known and with every text
known. The second table compares exact and rounded vectors, on one thread: how many of a report's
ten nearest share one of its themes, the micro F1 of suggested themes with nothing and with four
fifths coded, text alone, and the agreement (ARI) of topics with the planted ones, means of three
seeds. DIR of ``--study`` keeps the demo's tables for the next time. With ``--data``,
DIR/kirjastonhoitaja is a second task for neighbours and topics, of real texts (``topics.py``).
"""

import argparse
import csv
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from scale import make_reports, split
from sklearn.metrics import adjusted_rand_score
from theme_tasks import CORPUS, Task, demo_supply, jarvimaa, study_argument
from themes import in_folds, ours
from topics import ours as topics_of
from topics import read_pool

from pipeline.artifacts import TableWriter
from pipeline.cluster.similarity import centred
from pipeline.embed.embed import EmbedConfig, embed
from pipeline.embed.hashing import HashingEncoder
from pipeline.embed.kept_vectors import KeptVectors, KeyedEncoder, TextKeys, rounded
from pipeline.embed.protocol import Encoder
from pipeline.embed.vector_cache import CachedEncoder
from pipeline.embed.word_vectors import FloretVectors
from pipeline.figures.measures import micro_f1
from pipeline.needs import Supply
from pipeline.text_cache import TextCache

SECRET = b"s" * 32
TEXTS_A_BATCH = 448  # of 64 reports
N_NEAREST = 10
SEEDS = (0, 1, 2)
Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Kept:
    """What keeping vectors in one way takes: MB, and CPU seconds with nothing and all known."""

    mb: float
    first: float
    again: float


def batches(texts: list[str]) -> list[list[str]]:
    """Return texts as ``embed`` is given them."""
    return [texts[i : i + TEXTS_A_BATCH] for i in range(0, len(texts), TEXTS_A_BATCH)]


def keep_in_sqlite(texts: list[str], encoder: Encoder, folder: Path) -> Kept:
    """Keep exact vectors in a cache and in a table of floats."""
    table, cache = folder / "floats.parquet", folder / "cache.sqlite"
    schema = pa.schema([("segment_id", pa.string()), ("vector", pa.list_(pa.float32()))])
    took = []
    for _ in range(2):
        began = time.process_time()
        writer = pq.ParquetWriter(table, schema, compression="zstd")
        with closing(CachedEncoder(encoder, TextCache(cache, SECRET, encoder.name))) as cached:
            made = [list(cached.encode(batch)) for batch in batches(texts)]
        vectors = pa.array([one for batch in made for one in batch], type=schema.field(1).type)
        writer.write_table(pa.table([ids_of(texts), vectors], schema=schema))
        writer.close()
        took.append(time.process_time() - began)
    return Kept((table.stat().st_size + cache.stat().st_size) / 1e6, *took)


def keep_in_table(texts: list[str], encoder: Encoder, folder: Path) -> Kept:
    """Keep rounded vectors in a table that is its own cache."""
    path = folder / "embeddings.parquet"
    keys = TextKeys(SECRET, {"name": encoder.name})
    took = []
    for _ in range(2):
        began = time.process_time()
        writer = TableWriter("embeddings", path)
        keyed = KeyedEncoder(encoder, keys, KeptVectors([("embeddings", path)]))
        ids = iter(ids_of(texts))
        for batch in batches(texts):
            of_batch, vectors = keyed.encode(batch)
            column = pd.Series(list(vectors), dtype=object)
            own = [next(ids) for _ in batch]
            writer.append(pd.DataFrame({"segment_id": own, "text_key": of_batch, "vector": column}))
        writer.close()
        writer.part.replace(path)
        took.append(time.process_time() - began)
    return Kept(path.stat().st_size / 1e6, *took)


def ids_of(texts: list[str]) -> list[str]:
    """Return ids such as sentences have."""
    return [f"R{i // 6:06d}/observation/{i % 6:03d}" for i in range(len(texts))]


def show_kept(name: str, texts: list[str], encoder: Encoder) -> None:
    """Print the rows of one set of texts."""
    for way, keep in (("SQLite and floats", keep_in_sqlite), ("the table, rounded", keep_in_table)):
        with tempfile.TemporaryDirectory() as folder:
            kept = keep(texts, encoder, Path(folder))
        print(
            f"| {name} | {len(texts):,} | {way} | {kept.mb:.2f} | {kept.first:.1f} "
            f"| {kept.again:.1f} |",
            flush=True,
        )


def exact(task: Task, encoder: Encoder) -> Task:
    """Return a task with the vectors as the encoder gives them."""
    reports, segments, tokens, *_ = task.tables
    keyed = KeyedEncoder(encoder, TextKeys(SECRET, {"name": encoder.name}))
    with (
        patch("pipeline.embed.kept_vectors.rounded", lambda vectors: vectors),
        patch("pipeline.embed.embed.rounded", lambda vectors: vectors),
    ):
        made = embed(
            reports,
            segments,
            tokens,
            EmbedConfig(),
            text_encoder=keyed,
            word_vectors=FloretVectors(),
        )
    return replace(task, tables=(reports, segments, tokens, *made))


def shared_by_nearest(vectors: np.ndarray, shares: np.ndarray) -> float:
    """Return the share of reports' ten nearest for which a matrix of pairs is True."""
    unlike = -(centred(vectors) @ centred(vectors).T)
    np.fill_diagonal(unlike, np.inf)
    nearest = np.argsort(unlike, axis=1, kind="stable")[:, :N_NEAREST]
    return float(np.take_along_axis(shares, nearest, axis=1).mean())


def themes_found(task: Task) -> tuple[float, float]:
    """Return the micro F1 of themes from text alone, with nothing coded and with four fifths."""
    everyone, nobody = np.arange(len(task.report_ids)), np.zeros(0, dtype=int)
    untaught = ours(task, everyone, nobody, everyone, ticks=False)
    taught = in_folds(task, lambda coded, test: ours(task, everyone, coded, test, ticks=False))
    return micro_f1(task.gold, untaught.assigned), micro_f1(task.gold, taught.assigned)


def topics_found(tables: Tables, known: dict[str, str]) -> tuple[float, float]:
    """Return the mean ARI with known topics, of the reports that have one, and of topics found."""
    scores, n_topics = [], []
    ids = tables["report_embeddings"]["report_id"].tolist()
    for seed in SEEDS:
        labels = topics_of(tables, seed)
        pairs = [(known[i], one) for i, one in zip(ids, labels, strict=True) if i in known]
        scores.append(adjusted_rand_score(*zip(*pairs, strict=True)))
        n_topics.append(labels.max() + 1)
    return float(np.mean(scores)), float(np.mean(n_topics))


def demo_figures(task: Task) -> dict[str, float]:
    """Return the figures of the demo corpus."""
    vectors = np.stack(task.tables[4]["vector"].to_list())
    with (CORPUS / "gold_topics.csv").open(encoding="utf-8", newline="") as stream:
        planted = {row["report_id"]: row["topic"] for row in csv.DictReader(stream)}
    names = ("reports", "segments", "tokens", "embeddings", "report_embeddings")
    untaught, taught = themes_found(task)
    ari, n_topics = topics_found(dict(zip(names, task.tables, strict=True)), planted)
    return {
        "demo: nearest share a theme": shared_by_nearest(vectors, task.gold @ task.gold.T > 0),
        "demo: themes, micro F1, nothing coded": untaught,
        "demo: themes, micro F1, 192 coded": taught,
        "demo: planted topics, ARI": ari,
        "demo: topics": n_topics,
    }


def librarians_figures(tables: Tables, themes: np.ndarray) -> dict[str, float]:
    """Return the figures of the librarians' questions."""
    known = dict(zip(tables["reports"]["report_id"], themes, strict=True))
    ari, n_topics = topics_found(tables, known)
    vectors = np.stack(tables["report_embeddings"]["vector"].to_list())
    return {
        "librarians: nearest share a theme": shared_by_nearest(
            vectors, themes[:, None] == themes[None, :]
        ),
        "librarians: topics, ARI": ari,
        "librarians: topics": n_topics,
    }


def halved(tables: Tables) -> Tables:
    """Return tables with their vectors rounded."""
    made = dict(tables)
    for name in ("embeddings", "report_embeddings"):
        frame = made[name].copy()
        for column in frame.columns.intersection(["vector", "word_vector"]):
            whole = rounded(np.stack(frame[column].to_list()))
            frame[column] = pd.Series(list(whole), index=frame.index, dtype=object)
        made[name] = frame
    return made


def show_figures(supply: Supply, task: Task, data: Path | None) -> None:
    """Print what exact and rounded vectors give."""
    before, after = demo_figures(exact(task, task.encoder)), demo_figures(task)
    if data is not None:
        tables, themes = read_pool(data / "kirjastonhoitaja", supply)
        before |= librarians_figures(tables, themes)
        after |= librarians_figures(halved(tables), themes)
    print("\n| | exact | rounded |\n|---|--:|--:|")
    for name, value in before.items():
        print(f"| {name} | {value:.4f} | {after[name]:.4f} |")


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    study_argument(parser)
    parser.add_argument("--reports", type=int, default=2000, help="generated reports")
    parser.add_argument("--data", type=Path, help="folder that holds kirjastonhoitaja/")
    given = parser.parse_args()
    with demo_supply(given.study) as supply:
        task = jarvimaa(supply)
        print("| texts of | n | kept in | MB | CPU s, nothing known | all known |")
        print("|---|--:|---|--:|--:|--:|")
        reports = [row[-1] for row in make_reports(given.reports)]
        generated = [one for text in reports for one in (*split(text), text)]
        show_kept(f"{given.reports:,} generated, hashing", generated, HashingEncoder())
        encoder = exact_encoder(supply)
        encoder.encode(["Ladataan."])
        show_kept("demo, e5", [*task.tables[1]["text"], *task.texts], encoder)
        show_figures(supply, task, given.data)


def exact_encoder(supply: Supply) -> Encoder:
    """Return the study's encoder with nothing in front of it."""
    from pipeline.embed.encoders import make_encoder

    return make_encoder(supply.settings.embed, supply.study.root)


if __name__ == "__main__":
    main()
