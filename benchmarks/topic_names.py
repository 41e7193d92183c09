"""Measure names: a shuffled sheet of old and new names for a reader, and what the reader said.

    python benchmarks/topic_names.py sheet --demo STUDY [--data DIR] [--study DIR] --out FOLDER
    python benchmarks/topic_names.py score --sheet FILE --key FILE

STUDY is the finished demo (``make demo``); its planted topics of corpora/jarvimaa/gold_topics.csv
are named, not the topics found. DIR/kirjastonhoitaja/train.jsonl holds questions to librarians: 600
of them, drawn once among those that were not judged or developed on before, are grouped as a study
of their own, and 30 of their topics with a core, drawn once, are named by that core. Each topic has
two rows, in random order: its words alone, as the topics' table has them, and its name now, with
the example clause.

``sheet`` writes into FOLDER, which should be outside the repository: ``sheet.csv`` to be filled in,
``texts.md`` with the reports of each topic for the reader, and ``key.csv``, which the reader does
not see. The reader writes 1 or 0 under three questions: is the name understandable alone; is what
it says true of two thirds of the reports (the example clause of its own, and typical); could it be
presented unchanged. ``score`` prints the share of 1 by corpus and kind of name; ``--public FILE``
writes the sheet and key as one table without the example clauses of other people's texts.
"""

import argparse
import csv
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline.artifacts import Store
from pipeline.cluster.cluster import ClusterConfig
from pipeline.cluster.core import core_reports
from pipeline.cluster.corpus import read_corpus
from pipeline.cluster.naming import Namer
from pipeline.config import load_settings
from pipeline.embed.word_vectors import FloretVectors
from pipeline.frames import empty
from pipeline.name.name import NameConfig, NameTables, name, quote_groups
from pipeline.name.parse import SpacyParser
from pipeline.name.shown import ShownName
from pipeline.pseudonymise.name_lists import load_name_lists
from pipeline.report.catalogue import load_catalogue
from pipeline.report.names import reader_names
from pipeline.run import Plan, Silence, run
from pipeline.study import Study, create_study, open_study
from pipeline.tables import TEXT_TABLES
from pipeline.taxonomy.read import find_taxonomy, load_taxonomy
from pipeline.texts import Texts

N_TEXTS, N_TOPICS, SEED = 600, 30, 20261129
SEEN = (20261128, 11)
"""Seeds of the texts that were judged before, and that the method was developed on."""
QUESTIONS = ("understandable", "true", "presentable")
Groups = dict[str, list[str]]


def read_texts(store: Store) -> Texts:
    return Texts(*map(store.read, TEXT_TABLES))


def both_names(store: Store, groups: Groups) -> dict[str, tuple[str, str, str]]:
    """Return each group's words alone, its name now without the example, and the example."""
    texts, places = read_texts(store), load_name_lists().places
    corpus = read_corpus(texts, places)
    rows = {key: [corpus.row_of[i] for i in ids] for key, ids in groups.items()}
    namer = Namer(corpus.telling, len(corpus.report_ids), ClusterConfig().n_terms)
    labels = [found.label for found in namer.names(list(rows.values()))]
    topics = pd.DataFrame({"topic_id": list(groups), "label": labels, "is_named": False})
    held = [(i, key, 1.0, True) for key, ids in groups.items() for i in ids]
    made = {
        table: store.read(table) if store.is_whole(table) else empty(table)
        for table in ("pii_spans", "indirect", "settled_themes", "report_states")
    }
    tables = NameTables(
        topics=topics,
        report_topics=pd.DataFrame(held, columns=["report_id", "topic_id", "weight", "is_main"]),
        candidates=empty("candidates"),
        candidates_to_quote=empty("candidates_to_quote"),
        pii_spans=made["pii_spans"],
        indirect=made["indirect"],
    )
    config = NameConfig()
    quoted = quote_groups(
        texts,
        tables,
        config,
        parser=SpacyParser(),
        label_model=None,
        word_vectors=FloretVectors(),
        places=places,
        seed=SEED,
    )
    settled, states = made["settled_themes"], made["report_states"]
    found = name(texts.reports, settled, states, config, fitted=quoted)
    taxonomy = load_taxonomy(find_taxonomy("sosiaalinen-raportointi"))
    shown = reader_names(found, taxonomy, load_catalogue("fi"), "fi")
    return {
        key: (label, shown[key].label, _example(shown[key]))
        for key, label in zip(groups, labels, strict=True)
    }


def _example(shown: ShownName) -> str:
    example, clauses = shown.example, shown.clauses
    return " ".join(f"(esim. ”{one}”)" for one in ([example] if example else clauses))


def planted() -> Groups:
    groups: dict[str, list[str]] = defaultdict(list)
    file = Path(__file__).parents[1] / "corpora" / "jarvimaa" / "gold_topics.csv"
    for row in csv.DictReader(file.open(encoding="utf-8")):
        groups[row["topic"]].append(row["report_id"])
    return dict(groups)


def librarians(folder: Path, root: Path) -> tuple[Store, Groups]:
    """Group the questions as a study of their own and draw topics."""
    study = _librarians_study(folder, root)
    small = load_settings(None, (f"cluster.small_n_max={N_TEXTS}",))  # some forty groups, not ten
    run(study, small, Plan(last="cluster"), Silence())
    store = Store(study)
    main = store.read("report_topics")
    distinct = set(read_corpus(read_texts(store)).report_ids)
    cores = core_reports(main[main["report_id"].isin(distinct)])
    groups = {topic: sorted(core) for topic, core in cores.items() if core}
    drawn = np.random.default_rng(SEED).permutation(sorted(groups))[:N_TOPICS]
    return store, {key: groups[key] for key in drawn.tolist()}


def _librarians_study(folder: Path, root: Path) -> Study:
    lines = (folder / "kirjastonhoitaja" / "train.jsonl").read_text(encoding="utf-8").splitlines()
    draws = [np.random.default_rng(seed).permutation(len(lines)) for seed in (*SEEN, SEED)]
    seen = np.concatenate([draw[:N_TEXTS] for draw in draws[:-1]])
    chosen = np.sort(draws[-1][~np.isin(draws[-1], seen)][:N_TEXTS])
    study = create_study(root)
    with (study.inputs / "kysymykset.jsonl").open("w", encoding="utf-8") as file:
        for i in chosen:
            item = json.loads(lines[i])
            row = {"report_id": str(item["id"]), "observation": item["text"][:400]}
            file.write(json.dumps({**row, "date": "2024-09-01"}, ensure_ascii=False) + "\n")
    return study


def write_sheet(demo: Path, data: Path | None, study: Path | None, out: Path) -> None:
    corpora = [("jarvimaa", Store(open_study(demo)), planted())]
    if data is not None:
        corpora.append(("kirjastonhoitaja", *librarians(data, study or out / "kirja")))
    out.mkdir(parents=True, exist_ok=True)
    rows: list[tuple[Any, ...]] = []
    texts: list[str] = []
    for corpus, store, groups in corpora:
        reports = store.read("reports").set_index("report_id")
        for key, (before, now, example) in both_names(store, groups).items():
            place = f"{corpus} {len(texts) + 1}"
            said = [f"- {reports['observation'][i]} {reports['proposal'][i]}" for i in groups[key]]
            texts.append("\n".join([f"## {place}", *said]))
            before = before[:1].upper() + before[1:]  # as a name now begins
            rows.append((corpus, key, place, "before", before, "", len(groups[key])))
            rows.append((corpus, key, place, "now", now, example, len(groups[key])))
    order = np.random.default_rng(SEED).permutation(len(rows)).tolist()
    names = ["row", "corpus", "topic", "place", "kind", "name", "example", "n_reports"]
    key_rows = [(number, *rows[at]) for number, at in enumerate(order, 1)]
    table = pd.DataFrame(key_rows, columns=names)
    table.to_csv(out / "key.csv", index=False)
    shown = table.assign(name=(table["name"] + " " + table["example"]).str.strip())
    shown = shown[["row", "place", "n_reports", "name"]].assign(**dict.fromkeys(QUESTIONS, ""))
    shown.to_csv(out / "sheet.csv", index=False)
    (out / "texts.md").write_text("\n\n".join(texts) + "\n", encoding="utf-8")
    print(f"{len(rows)} names in {out}")


def score(sheet: Path, key: Path, public: Path | None) -> None:
    answers = pd.read_csv(sheet, dtype=str).set_index("row")[list(QUESTIONS)]
    if not answers.isin(["0", "1"]).all(axis=None):
        raise SystemExit("Every answer must be 0 or 1.")
    told = pd.read_csv(key, dtype=str, keep_default_na=False).set_index("row")
    told = told.join(answers.astype(int), validate="1:1")
    print("| corpus | name | topics | understandable | true | presentable |")
    print("|---|---|---|---|---|---|")
    for (corpus, kind), part in told.groupby(["corpus", "kind"]):
        shares = " | ".join(f"{part[question].mean():.0%}" for question in QUESTIONS)
        print(f"| {corpus} | {kind} | {len(part)} | {shares} |")
    if public is not None:
        told.loc[told["corpus"] != "jarvimaa", "example"] = ""
        told.drop(columns="place").to_csv(public)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("what", choices=["sheet", "score"])
    for option in ("demo", "data", "study", "out", "sheet", "key", "public"):
        parser.add_argument(f"--{option}", type=Path)
    given = parser.parse_args()
    if given.what == "sheet":
        write_sheet(given.demo, given.data, given.study, given.out)
    else:
        score(given.sheet, given.key, given.public)


if __name__ == "__main__":
    main()
