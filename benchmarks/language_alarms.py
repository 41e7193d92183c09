"""Measure whether reports in Swedish become topics or signals by their language alone.

    python benchmarks/language_alarms.py [--shares 0 0.02 0.05 0.2] [--late]

The demo corpus (240 reports, four planted emerging topics) gets so many reports in Swedish, each of
two sentences of ``language_sentences.csv`` drawn at random, so that no two are about one thing but
by chance. Their days are spread at random over the half-years; ``--late`` puts all of them into the
newest one, where a language would look like a new phenomenon. The study is run as a user runs it.

in Swedish    listed groups, and those called signals, most of whose members are in Swedish
only Swedish  candidates and topics all of whose members are in Swedish
alarms        share of 400 shuffles of the periods with a signal, exact 95 % interval; nominal .10
planted       planted emerging topics among the first eight
"""

import argparse
import csv
import datetime as dt
import tempfile
from pathlib import Path

import numpy as np
from signal_simulator import share
from signals import GOLD, read_gold, silent

from pipeline.artifacts import Store
from pipeline.config import load_settings
from pipeline.detect.list_recipe import histories_of
from pipeline.detect.self_test import false_alarms
from pipeline.run import Plan, Silence, run
from pipeline.study import create_study

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpora" / "jarvimaa" / "jarvimaa_webropol.xlsx"
SETTINGS = ROOT / "configs" / "jarvimaa.toml"
SENTENCES = Path(__file__).with_name("language_sentences.csv")
N_REPORTS = 240
N_SHUFFLES = 400


def swedish_reports(
    n_reports: int, rng: np.random.Generator, *, late: bool
) -> list[dict[str, str]]:
    """Draw reports in Swedish with days."""
    with SENTENCES.open(encoding="utf-8", newline="") as stream:
        sentences = [row["text"] for row in csv.DictReader(stream) if row["lang"] == "sv"]
    order = np.concatenate([rng.permutation(len(sentences)) for _ in range(1 + n_reports // 20)])
    first, last = dt.date(2024, 7, 1) if late else dt.date(2022, 1, 1), dt.date(2024, 12, 31)
    days = rng.integers(0, (last - first).days + 1, n_reports)
    return [
        {
            "report_id": f"SV-{i:03d}",
            "date": (first + dt.timedelta(days=int(days[i]))).isoformat(),
            "area": "Vuolinna",
            "observation": " ".join(sentences[j] for j in order[2 * i : 2 * i + 2]),
        }
        for i in range(n_reports)
    ]


def measure(part: float, *, late: bool, seed: int) -> str:
    """Run one study and return its row of the table."""
    n_swedish = round(part * N_REPORTS / (1 - part))
    with tempfile.TemporaryDirectory() as folder:
        study = create_study(Path(folder) / "study", [CORPUS])
        text = SETTINGS.read_text(encoding="utf-8")
        rows = swedish_reports(n_swedish, np.random.default_rng(seed), late=late)
        if rows:
            with (study.inputs / "svenska.csv").open("w", encoding="utf-8", newline="") as stream:
                writer = csv.DictWriter(stream, list(rows[0]))
                writer.writeheader()
                writer.writerows(rows)
            text += (
                '\n[ingest.forms."svenska.csv".columns]\nreport_id = "report_id"\ndate = "date"\n'
                'area = "area"\nobservation = "observation"\n'
            )
        study.settings_file.write_text(text, encoding="utf-8")
        settings = load_settings(study.settings_file, ())
        run(study, settings, Plan(last="detect"), Silence())
        store = Store(study)
        names = ("periods", "reports", "topics", "report_topics", "candidates", "signals")
        tables = {name: store.read(name) for name in names}
    language = dict(zip(tables["reports"]["report_id"], tables["reports"]["language"], strict=True))
    listed = tables["signals"][tables["signals"]["rank"].notna()].sort_values("rank")
    groups = [frozenset(ids) for ids in listed["report_ids"]]
    mostly = [np.mean([language[r] == "sv" for r in ids]) > 0.5 for ids in groups]
    n_signals = int((np.array(mostly, dtype=bool) & (listed["strength"] == "signal")).sum())
    main = tables["report_topics"].merge(tables["topics"], on="topic_id")
    of_topic = main.groupby("topic_id")["report_id"].agg(list).tolist()
    whole = [
        sum(all(language[r] == "sv" for r in ids) for ids in found)
        for found in (tables["candidates"]["report_ids"], of_topic)
    ]
    alarms = false_alarms(
        histories_of(tables, settings.detect.exchange),
        settings.detect.rules,
        settings.detect.signal_q,
        n_shuffles=N_SHUFFLES,
        rng=np.random.default_rng(seed),
        progress=silent,
    )
    hits = read_gold(GOLD).hits(groups)
    rate = share(alarms.n_alarms, alarms.n_shuffles) if alarms else "none"
    told = sum(one == "sv" for one in language.values())
    cells = (
        n_swedish,
        told,
        f"{sum(mostly)}, {n_signals}",
        f"{whole[0]}, {whole[1]}",
        rate,
        len(hits),
    )
    return f"| {part:g} | " + " | ".join(map(str, cells)) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--shares", type=float, nargs="+", default=[0, 0.02, 0.05, 0.2])
    parser.add_argument("--late", action="store_true", help="all of them in the newest half-year")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    print(
        "| share | Swedish | told | listed, signals in Swedish | only Swedish | alarms | planted |"
    )
    print("|---|---|---|---|---|---|---|")
    for part in given.shares:
        print(measure(part, late=given.late, seed=given.seed), flush=True)


if __name__ == "__main__":
    main()
