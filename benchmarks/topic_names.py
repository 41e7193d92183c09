"""Measure names: a shuffled sheet of old and new names for a reader, and what the reader said.

    python benchmarks/topic_names.py sheet --demo STUDY [--data DIR] [--study DIR] [--before FOLDER]
        --out FOLDER [--judged FILE...]
    python benchmarks/topic_names.py score --sheet FILE... --key FILE --public FILE
    python benchmarks/topic_names.py judged --public benchmarks/topic_names.csv
    python benchmarks/topic_names.py purity --demo STUDY [--data DIR --study DIR] [--before FOLDER]

STUDY is the finished demo (``make demo``); its planted topics of corpora/jarvimaa/gold_topics.csv
are named, not the topics found, and its listed signals, each by its candidate's reports or by the
core of its topic. DIR/kirjastonhoitaja/train.jsonl holds questions to librarians: 600 of them,
drawn once among those that were not judged or developed on before, are grouped as a study of their
own, and 30 of their topics with a core that are in none of the tables of ``--judged``, drawn once,
are named by that core. Each topic has two rows, in random order: its name before and its name now,
with the example clause. Before are the names of the checkout of an older version in FOLDER, or else
the words alone, as the topics' table has them. Planted topics and signals are the same in every
sheet: nothing else of the demo is known.

``sheet`` writes into FOLDER, which should be outside the repository: ``sheet.csv`` to be filled in,
``texts.md`` with the reports of each topic for the reader, and ``key.csv``, which the reader does
not see. The reader writes 1 or 0 under three questions: is the name understandable alone; is what
it says true of two thirds of the reports (the example clause of its own, and typical); could it be
presented unchanged. ``score`` writes the sheets of one or more readers and the key as one table,
without the example clauses of other people's texts, and prints the share of 1 by corpus and kind of
name; ``judged`` prints it again from that table.

``purity`` prints how much of a topic is of one theme, for all its main reports and for its core:
the demo's topics by the themes of corpora/jarvimaa/gold_themes.csv, and those of the 600 questions
that names were developed on, grouped in the study ``--study``, by the themes of the corpus. Below
it counts the cores without a clear name and those with an example.
``named`` is what ``sheet`` runs with the older version.
"""

import argparse
import csv
import itertools
import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import cohen_kappa_score

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

N_TEXTS, N_TOPICS, SEED = 600, 30, 20261130
DEVELOPED = 11
"""Seed of the questions that names are developed on."""
FIRST, LATER = (20261128, DEVELOPED), (20261129,)
"""Seeds of earlier draws: from all questions, and from those that no draw before had taken. A later
one, 20261201, took the last 305, so that new sheets draw from the topics that none has had."""
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


def names_of_version(folder: Path, store: Store, groups: Groups) -> dict[str, tuple[str, ...]]:
    """Return the names and examples that the version in a folder gives the same groups."""
    with TemporaryDirectory() as place:
        asked, told = Path(place) / "groups.json", Path(place) / "names.json"
        asked.write_text(json.dumps(groups), encoding="utf-8")
        command = [sys.executable, __file__, "named", "--demo", str(store.study.root)]
        subprocess.run(
            [*command, "--groups", str(asked), "--out", str(told)],
            env={**os.environ, "PYTHONPATH": str(folder)},
            check=True,
        )
        return {key: tuple(row) for key, row in json.loads(told.read_text("utf-8")).items()}


def _example(shown: ShownName) -> str:
    example, clauses = shown.example, shown.clauses
    return " ".join(f"(esim. ”{one}”)" for one in ([example] if example else clauses))


def planted() -> Groups:
    groups: dict[str, list[str]] = defaultdict(list)
    file = Path(__file__).parents[1] / "corpora" / "jarvimaa" / "gold_topics.csv"
    for row in csv.DictReader(file.open(encoding="utf-8")):
        groups[row["topic"]].append(row["report_id"])
    return dict(groups)


def listed_signals(store: Store) -> Groups:
    """Return the reports that each listed signal is named by."""
    signals = store.read("signals")
    cores = core_reports(store.read("report_topics"))
    listed = signals[signals["rank"].notna()].sort_values("rank")
    columns = (listed[name] for name in ("signal_id", "candidate_id", "topic_id", "report_ids"))
    return {
        signal: sorted(cores[topic] if candidate is None else ids)
        for signal, candidate, topic, ids in zip(*columns, strict=True)
    }


def librarians(folder: Path, root: Path, judged: list[Path]) -> tuple[Store, Groups]:
    """Group the questions as a study of their own and draw topics that no earlier sheet had."""
    lines = _questions(folder)
    study = _librarians_study(lines, unseen(len(lines)), root)
    _group(study)
    store = Store(study)
    main = store.read("report_topics")
    distinct = set(read_corpus(read_texts(store)).report_ids)
    cores = core_reports(main[main["report_id"].isin(distinct)])
    groups = {topic: sorted(core) for topic, core in cores.items() if core}
    former = {topic for table in judged for topic in pd.read_csv(table)["topic"]}
    order = np.random.default_rng(SEED).permutation(sorted(groups.keys() - former))
    drawn = order[:N_TOPICS]
    return store, {key: groups[key] for key in drawn.tolist()}


def _group(study: Study) -> None:
    small = load_settings(None, (f"cluster.small_n_max={N_TEXTS}",))  # some forty groups, not ten
    run(study, small, Plan(last="cluster"), Silence())


def unseen(n_questions: int) -> np.ndarray:
    """Draw questions that no earlier draw has taken."""
    seen = np.concatenate(
        [np.random.default_rng(seed).permutation(n_questions)[:N_TEXTS] for seed in FIRST]
    )
    for seed in (*LATER, SEED):
        order = np.random.default_rng(seed).permutation(n_questions)
        chosen = order[~np.isin(order, seen)][:N_TEXTS]
        seen = np.concatenate([seen, chosen])
    return np.sort(chosen)


def developed(n_questions: int) -> np.ndarray:
    """Draw the questions that names are developed on."""
    return np.sort(np.random.default_rng(DEVELOPED).permutation(n_questions)[:N_TEXTS])


def _questions(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / "kirjastonhoitaja" / "train.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _librarians_study(questions: list[dict[str, Any]], chosen: np.ndarray, root: Path) -> Study:
    study = create_study(root)
    with (study.inputs / "kysymykset.jsonl").open("w", encoding="utf-8") as file:
        for item in (questions[i] for i in chosen):
            row = {"report_id": str(item["id"]), "observation": item["text"][:400]}
            file.write(json.dumps({**row, "date": "2024-09-01"}, ensure_ascii=False) + "\n")
    return study


def write_purity(demo: Path, data: Path | None, study: Path | None, before: Path | None) -> None:
    gold = Path(__file__).parents[1] / "corpora" / "jarvimaa" / "gold_themes.csv"
    themes: dict[str, set[str]] = defaultdict(set)
    for row in csv.DictReader(gold.open(encoding="utf-8")):
        themes[row["report_id"]].add(row["theme_id"])
    corpora = [("jarvimaa", Store(open_study(demo)), dict(themes))]
    if data is not None and study is not None:
        questions = _questions(data)
        made = _librarians_study(questions, developed(len(questions)), study)
        _group(made)
        told = {str(item["id"]): set(item["themes"]) for item in questions}
        corpora.append(("kirjastonhoitaja", Store(made), told))
    print("| corpus | reports | topics | reports in them | purity | two thirds of one theme |")
    print("|---|---|---|---|---|---|")
    for corpus, store, told in corpora:
        main = store.read("report_topics").query("is_main")
        everyone = main.groupby("topic_id")["report_id"].agg(frozenset).to_dict()
        cores = {topic: core for topic, core in core_reports(main).items() if core}
        for kind, groups in (("main", everyone), ("core", cores)):
            shares = [_share_of_one(members, told) for members in groups.values()]
            n_reports = sum(map(len, groups.values()))
            two_thirds = np.mean([share >= 2 / 3 - 1e-9 for share in shares])
            print(
                f"| {corpus} | {kind} | {len(groups)} | {n_reports} "
                f"| {np.mean(shares):.3f} | {two_thirds:.0%} |"
            )
    for corpus, store, _ in corpora:
        main = store.read("report_topics").query("is_main")
        to_name = {key: sorted(core) for key, core in core_reports(main).items() if core}
        named: dict[str, Any] = {"now": both_names(store, to_name)}
        if before is not None:
            named["before"] = names_of_version(before, store, to_name)
        for kind, names in named.items():
            unclear = load_catalogue("fi")("names.none")
            is_clear = [not label.startswith(unclear) for _, label, _ in names.values()]
            n_examples = sum(
                bool(example) and clear
                for clear, (_, _, example) in zip(is_clear, names.values(), strict=True)
            )
            print(
                f"{corpus}, {kind}: {len(names)} cores, {is_clear.count(False)} without a clear "
                f"name, {n_examples} with an example"
            )


def _share_of_one(members: frozenset[str], themes: dict[str, set[str]]) -> float:
    """Return the share of some reports that have the theme most of them have."""
    counted = Counter(theme for one in members for theme in themes.get(one, ()))
    return max(counted.values(), default=0) / len(members)


def write_sheet(
    demo: Path,
    data: Path | None,
    study: Path | None,
    before: Path | None,
    out: Path,
    *,
    judged: list[Path],
) -> None:
    store = Store(open_study(demo))
    corpora = [("jarvimaa", store, planted()), ("jarvimaa-signals", store, listed_signals(store))]
    if data is not None:
        corpora.append(("kirjastonhoitaja", *librarians(data, study or out / "kirja", judged)))
    out.mkdir(parents=True, exist_ok=True)
    rows: list[tuple[Any, ...]] = []
    texts: list[str] = []
    for corpus, store, groups in corpora:
        reports = store.read("reports").set_index("report_id")
        older = {} if before is None else names_of_version(before, store, groups)
        for key, (words, now, example) in both_names(store, groups).items():
            place = f"{corpus} {len(texts) + 1}"
            said = [f"- {reports['observation'][i]} {reports['proposal'][i]}" for i in groups[key]]
            texts.append("\n".join([f"## {place}", *said]))
            alone = words[:1].upper() + words[1:]  # as a name now begins
            was, was_example = older[key][1:] if older else (alone, "")
            rows.append((corpus, key, place, "before", was, was_example, len(groups[key])))
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


def score(sheets: list[Path], key: Path, public: Path) -> None:
    """Write what readers said, a column a reader and question, and print it."""
    told = pd.read_csv(key, dtype=str, keep_default_na=False).set_index("row")
    told.loc[~told["corpus"].str.startswith("jarvimaa"), "example"] = ""
    answers = [read_answers(sheet).add_suffix(f"_{n}") for n, sheet in enumerate(sheets, start=1)]
    pd.concat([told.drop(columns="place"), *answers], axis=1).to_csv(public)
    show_judged(public)


def show_judged(public: Path) -> None:
    """Print the share of yes of each reader and of all, and how far two readers agree."""
    told = pd.read_csv(public)
    answers = [list(group) for _, group in itertools.groupby(told.columns[7:], key=lambda c: c[-1])]
    print("| corpus | name | topics | reader | understandable | true | presentable |")
    print("|---|---|---|---|---|---|---|")
    for (corpus, kind), part in told.groupby(["corpus", "kind"]):
        shares = [part[columns].mean().to_numpy() for columns in answers]
        for reader, share in [*enumerate(shares, start=1), ("all", np.mean(shares, axis=0))]:
            figures = " | ".join(f"{one:.0%}" for one in share)
            print(f"| {corpus} | {kind} | {len(part)} | {reader} | {figures} |")
    for one, other in itertools.combinations(answers, 2):
        kappas = [cohen_kappa_score(told[x], told[y]) for x, y in zip(one, other, strict=True)]
        print("Cohen's kappa of two readers:", " / ".join(f"{kappa:.2f}" for kappa in kappas))


def read_answers(sheet: Path) -> pd.DataFrame:
    """Return a reader's answers, 0 or 1, by row and question."""
    answers = pd.read_csv(sheet, dtype=str).set_index("row")[list(QUESTIONS)]
    if not answers.isin(["0", "1"]).all(axis=None):
        raise SystemExit(f"Every answer must be 0 or 1. {sheet} has others.")
    return answers.astype(int)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("what", choices=["sheet", "score", "judged", "purity", "named"])
    options = ("demo", "data", "study", "before", "groups", "out", "key", "public")
    for option in options:
        parser.add_argument(f"--{option}", type=Path)
    parser.add_argument("--sheet", type=Path, nargs="+", help="one a reader")
    parser.add_argument("--judged", type=Path, nargs="*", default=[], help="tables of old sheets")
    given = parser.parse_args()
    if given.what == "sheet":
        write_sheet(
            given.demo, given.data, given.study, given.before, given.out, judged=given.judged
        )
    elif given.what == "purity":
        write_purity(given.demo, given.data, given.study, given.before)
    elif given.what == "named":
        groups = json.loads(given.groups.read_text(encoding="utf-8"))
        named = both_names(Store(open_study(given.demo)), groups)
        given.out.write_text(json.dumps(named, ensure_ascii=False), encoding="utf-8")
    elif given.what == "judged":
        show_judged(given.public)
    else:
        score(given.sheet, given.key, given.public)


if __name__ == "__main__":
    main()
