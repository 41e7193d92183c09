"""Measure the kinds of sentences and the valence of reports, against the form and fixed rules.

    python benchmarks/kinds.py --study DIR [--half reported]

DIR is a study that has been run on the demo corpus; its tables are read and the labels learnt and
scored again here, every report by what was learnt without its fold. Of its sentences 150, drawn by
field, tick and wording, were marked by hand (``tests/data/segment_kinds.csv``) as the label set
``lajit`` defines kinds: what a client wishes for themselves is an observation. One half served
development. Three questions:

- Marked sentences, with the form's box and tick, and without them as on a form with one box.
- Every sentence as though it had been written into the observation box by a writer who left the
  other one empty: how many of those that stand in the proposal box are found? The box is the truth
  here, and 3 of 50 marked sentences of that box are no proposals.
- Valence of the text against the valence ticked.
"""

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from kind_rules import PROPOSES, kind_by_rules

from pipeline.artifacts import Store
from pipeline.config import load_settings
from pipeline.embed.needs import ENCODER
from pipeline.figures.intervals import wilson_share
from pipeline.label.kinds import GOOD_PRACTICE, KINDS, OBSERVATION, PROPOSAL
from pipeline.label.label import FittedLabels, LabelConfig, fit_label_examples, fit_labels, label
from pipeline.label.needs import LABEL_TAXONOMIES
from pipeline.lemmatise.needs import LEMMATISER
from pipeline.needs import Supply
from pipeline.study import open_study
from pipeline.tables import TEXT_TABLES
from pipeline.texts import Texts
from pipeline.valences import VALENCES

MARKED = Path(__file__).resolve().parents[1] / "tests" / "data" / "segment_kinds.csv"
Tables = tuple[pd.DataFrame, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--study", type=Path, required=True)
    parser.add_argument("--half", choices=("development", "reported"), default="reported")
    arguments = parser.parse_args()
    study = open_study(arguments.study)
    supply = Supply(Store(study), load_settings(study.settings_file))
    try:
        tables = tuple(map(supply.store.read, TEXT_TABLES))
        taught = fit(tables, supply)
        by_period = [(cut, fit(cut, supply)) for cut in periods_of(tables)]
        untaught = fit(blind(tables), supply)
    finally:
        supply.close()
    marked = pd.read_csv(MARKED, keep_default_na=False)
    show_marked(tables, taught, untaught, marked[marked["half"] == arguments.half])
    show_misplaced(tables, taught, by_period)
    show_valences(tables, taught, untaught)


def fit(tables: Tables, supply: Supply) -> FittedLabels:
    label_sets, seed = supply.value(LABEL_TAXONOMIES), supply.settings.study.seed
    examples = fit_label_examples(
        label_sets=label_sets,
        encoder=supply.value(ENCODER),
        lemmatiser=supply.value(LEMMATISER),
        seed=seed,
    )
    fitted = fit_labels(Texts(*tables), LabelConfig(), fitted=examples, seed=seed)
    if fitted is None:
        raise SystemExit("The study has no sentences. Run it on the demo corpus first.")
    return fitted


def blind(tables: Tables) -> Tables:
    """Return the tables of a form with one box and no question about valence."""
    reports, segments, *rest = tables
    return (
        reports.assign(proposal="", valence=""),
        segments.assign(field="observation"),
        *rest,
    )


def kinds_of(tables: Tables, fitted: FittedLabels) -> np.ndarray:
    return label(Texts(*tables), LabelConfig(), fitted=fitted)[0]["kind"].to_numpy()


def show_marked(
    tables: Tables, taught: FittedLabels, untaught: FittedLabels, marked: pd.DataFrame
) -> None:
    reports, segments = tables[:2]
    ticked = dict(zip(reports["report_id"], reports["valence"], strict=True))
    valence = [ticked[report_id] for report_id in segments["report_id"]]
    in_box = (segments["field"] == "proposal").to_numpy()
    good = np.where(np.array(valence) == "positiivinen", GOOD_PRACTICE, OBSERVATION)
    one_box = replace(taught, kinds=replace(taught.kinds, asking=()))
    rules = zip(segments["text"], segments["field"], valence, strict=True)
    ways = {
        "box and tick": {
            "the box and the tick alone": np.where(in_box, PROPOSAL, good),
            "rules": np.array([kind_by_rules(*row) for row in rules]),
            "Havainto": kinds_of(tables, taught),
        },
        "text alone": {
            "rules": np.array([kind_by_rules(t, "observation", "") for t in segments["text"]]),
            "Havainto, examples alone": kinds_of(blind(tables), untaught),
            "Havainto, taught by other reports' boxes and ticks": kinds_of(blind(tables), one_box),
        },
    }
    place = {segment_id: i for i, segment_id in enumerate(segments["segment_id"])}
    at = [place[segment_id] for segment_id in marked["segment_id"]]
    truth = marked["kind"].to_numpy()
    print(f"{len(truth)} marked sentences: right (95 %), macro F1, F1 of {', '.join(KINDS)}")
    for source, found in ways.items():
        for name, kinds in found.items():
            print(f"  {source:14} {name:52} {scores(truth, kinds[at], KINDS)}")


def periods_of(tables: Tables) -> list[Tables]:
    """Return the tables of each period by itself, as a study of one half-year has them."""
    reports, segments, tokens, embeddings, report_embeddings = tables
    cuts: list[Tables] = []
    for _, own in reports.groupby("period", sort=True):
        mine = segments[segments["report_id"].isin(own["report_id"])]
        cuts.append(
            (
                own,
                mine,
                tokens[tokens["segment_id"].isin(mine["segment_id"])],
                embeddings[embeddings["segment_id"].isin(mine["segment_id"])],
                report_embeddings[report_embeddings["report_id"].isin(own["report_id"])],
            )
        )
    return cuts


def show_misplaced(
    tables: Tables, taught: FittedLabels, by_period: list[tuple[Tables, FittedLabels]]
) -> None:
    segments = tables[1]
    is_proposal = (segments["field"] == "proposal").to_numpy()
    texts = segments["text"]
    by_rules = np.array([bool(PROPOSES.search(text)) for text in texts])
    by_text = kinds_of(blind(tables), taught) == PROPOSAL
    print(f"{is_proposal.sum()} proposals among {len(texts)} sentences, all in the observation box")
    small = pd.concat(
        [
            pd.Series(kinds_of(blind(cut), fitted) == PROPOSAL, index=cut[1].index)
            for cut, fitted in by_period
        ]
    )
    by_little_text = small.loc[segments.index].to_numpy()
    ways = {
        "rules": by_rules,
        "Havainto": by_text,
        "Havainto, each half-year by itself": by_little_text,
    }
    for name, found in ways.items():
        right = int((found & is_proposal).sum())
        print(
            f"  {name:36} found {share(right, int(is_proposal.sum()))}, "
            f"of what it calls proposals {share(right, int(found.sum()))} are"
        )


def show_valences(tables: Tables, taught: FittedLabels, untaught: FittedLabels) -> None:
    found = label(Texts(*tables), LabelConfig(), fitted=taught)[1]
    by_examples = label(Texts(*tables), LabelConfig(), fitted=untaught)[1]
    asked = (found["ticked"] != "").to_numpy()
    truth = found["ticked"].to_numpy()[asked]
    commonest = pd.Series(truth).mode()[0]
    ways = {
        f"always {commonest}": np.full(len(truth), commonest),
        "examples alone": by_examples["text_valence"].to_numpy()[asked],
        "Havainto": found["text_valence"].to_numpy()[asked],
    }
    print(f"{len(truth)} ticked reports: right (95 %), macro F1, F1 of {', '.join(VALENCES)}")
    for name, valences in ways.items():
        stated = valences != ""
        right = share(int((valences == truth).sum()), int(stated.sum()))
        print(f"  {name:24} {scores(truth, valences, VALENCES)}; of {stated.sum()} stated {right}")


def scores(truth: np.ndarray, found: np.ndarray, labels: tuple[str, ...]) -> str:
    from sklearn.metrics import f1_score

    each = f1_score(truth, found, labels=list(labels), average=None, zero_division=0)
    right = share(int((truth == found).sum()), len(truth))
    return f"{right}  {each.mean():.3f}  {' '.join(f'{value:.2f}' for value in each)}"


def share(n_with: int, n: int) -> str:
    value, low, high = wilson_share(n_with, n)
    return f"{value:.3f} ({low:.2f}-{high:.2f})"


if __name__ == "__main__":
    main()
