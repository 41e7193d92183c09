"""Count the decisions that the order of ``suggest`` saves a coder, against a random order.

    python benchmarks/theme_curve.py [--study DIR] [--data DIR] [--samples 5]

A coder codes a pool step by step, 0 to 160 reports, either in random order or as ``suggest`` orders
them after each step; the mapper is fitted anew and judged on reports outside the pool. Text only.
The demo corpus (Järvimaa) has 160 reports in the pool and 80 judged, and its reporters' ticks are
the coder: its answer key is not read. With ``--data``, DIR/kirjastonhoitaja adds librarians'
questions: 240 in the pool and 400 judged. Every sample deals pool and judged anew; both orders get
the same ones. "Decisions to reach" is read off the mean curve, straight lines between its points.
"""

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from theme_tasks import SEED, Task, demo_supply, kirjastonhoitaja, settings_argument, study_argument

from pipeline.assign.assign import AssignConfig
from pipeline.assign.coded import UNCODED
from pipeline.assign.mapper import ThemeMapper
from pipeline.assign.next_to_code import next_to_code
from pipeline.assign.report_texts import report_texts
from pipeline.assign.sentences import ReportTexts
from pipeline.assign.theme_texts import make_theme_texts
from pipeline.assign.ticks import tick_matrix
from pipeline.assign.zero_shot import ThemeTexts
from pipeline.embed.needs import ENCODER
from pipeline.figures.measures import macro_f1, micro_f1
from pipeline.lemmatise.needs import LEMMATISER
from pipeline.needs import Supply
from pipeline.tables import TEXT_TABLES
from pipeline.taxonomy.needs import TAXONOMY
from pipeline.texts import Texts

STEPS = (0, 10, 20, 40, 80, 120, 160)


def main() -> None:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    study_argument(parser)
    settings_argument(parser)
    parser.add_argument("--data", type=Path, help="folder that holds kirjastonhoitaja/")
    parser.add_argument("--texts", type=int, default=1200, help="texts of kirjastonhoitaja to use")
    parser.add_argument("--samples", type=int, default=5, help="times that the pool is dealt")
    options = parser.parse_args()
    with demo_supply(options.study, options.overrides) as supply:
        show_curves("Järvimaa", ticked_task(supply), 160, 80, options.samples)
        if options.data is not None:
            folder = options.data / "kirjastonhoitaja"
            task = kirjastonhoitaja(folder, options.texts, supply)
            show_curves("Kirjastonhoitaja", task, 240, 400, options.samples)


def ticked_task(supply: Supply) -> Task:
    """Return the demo corpus with its reporters' ticks for gold, forms without a tick left out."""
    reports, segments, tokens, embeddings, report_embeddings = map(supply.store.read, TEXT_TABLES)
    theme_ids = supply.value(TAXONOMY).theme_ids
    report_ids = report_embeddings["report_id"].tolist()
    ticks = tick_matrix(reports, report_ids, theme_ids)
    task = Task(
        (reports, segments, tokens, embeddings, report_embeddings),
        report_ids,
        ticks == 1,
        supply.value(TAXONOMY),
        supply.value(ENCODER),
        supply.value(LEMMATISER),
        supply.store.read("segment_kinds"),
    )
    ticked = np.flatnonzero((ticks == 1).any(axis=1))
    kept = [report_ids[i] for i in ticked]
    return replace(task, tables=task.cut_to(ticked), report_ids=kept, gold=task.gold[ticked])


@dataclass(frozen=True)
class Deal:
    """One dealing of a task: texts to code, texts to be judged on, and the random order."""

    theme_texts: ThemeTexts
    texts: ReportTexts
    gold: np.ndarray
    pool: np.ndarray
    judged: np.ndarray
    shuffled: np.ndarray

    def curve(self, *, is_active: bool) -> list[tuple[float, float]]:
        """Return micro and macro F1 of the judged after each step of coding."""
        pool, judged = self.texts.take(self.pool), self.texts.take(self.judged)
        gold, n_themes = self.gold[self.pool], self.gold.shape[1]
        labels = np.full(gold.shape, UNCODED, dtype=np.int8)
        figures = []
        for n_coded, n_next in zip(STEPS, (*STEPS[1:], STEPS[-1]), strict=True):
            mapper = ThemeMapper(self.theme_texts, AssignConfig(ticks=False), seed=SEED)
            mapper.fit(pool, _unticked(len(pool), n_themes), labels)
            found = mapper.decide(judged, _unticked(len(judged), n_themes))
            truth = self.gold[self.judged]
            figures.append((micro_f1(truth, found), macro_f1(truth, found)))
            is_coded = (labels != UNCODED).all(axis=1)
            chosen = self.shuffled[~is_coded[self.shuffled]][: n_next - n_coded]
            if is_active:
                scores = mapper.predict_proba(pool, _unticked(len(pool), n_themes))
                vectors = pool.whole.vectors
                chosen = next_to_code(scores, vectors, is_coded, n_next - n_coded)
            labels[chosen] = gold[chosen]
        return figures


def _unticked(n_reports: int, n_themes: int) -> np.ndarray:
    """Return ticks of forms that have none."""
    return np.full((n_reports, n_themes), -1, dtype=np.int8)


def show_curves(name: str, task: Task, n_pool: int, n_judged: int, n_samples: int) -> None:
    """Print both curves of one task, and what the order saves."""
    texts, report_ids = report_texts(Texts(*task.tables))
    gold = task.gold[[task.report_ids.index(report_id) for report_id in report_ids]]
    theme_texts = make_theme_texts(task.taxonomy, encoder=task.encoder, lemmatiser=task.lemmatiser)
    curves: dict[str, list[list[tuple[float, float]]]] = {"random": [], "suggest": []}
    for sample in range(n_samples):
        rng = np.random.default_rng([SEED, sample])
        places, shuffled = rng.permutation(len(texts)), rng.permutation(n_pool)
        pool, judged = places[:n_pool], places[n_pool : n_pool + n_judged]
        deal = Deal(theme_texts, texts, gold, pool, judged, shuffled)
        for order, found in curves.items():
            found.append(deal.curve(is_active=order == "suggest"))
    print(f"\n{name}: {n_pool} in the pool, {n_judged} judged, {n_samples} samples\n")
    print("| order | figure | " + " | ".join(map(str, STEPS)) + " |")
    print("|---|---|" + "---|" * len(STEPS))
    drawn = {order: np.array(found) for order, found in curves.items()}
    random, active = drawn["random"], drawn["suggest"]
    for column, figure in enumerate(("micro F1", "macro F1")):
        for order, scores in drawn.items():
            cells = " | ".join(f"{x:.3f}" for x in scores[:, :, column].mean(axis=0))
            print(f"| {order} | {figure} | {cells} |")
    for column, figure in enumerate(("micro F1", "macro F1")):
        gaps = (active - random)[:, 1:, column].mean(axis=1)
        print(
            f"\n{figure}: suggest less random {gaps.mean():+.3f} on average of the steps, "
            f"ahead in {(gaps > 0).sum()} of {n_samples} samples"
        )
        mean = active[:, :, column].mean(axis=0)
        for n in (20, 40, 80, 120):
            wanted = float(random[:, STEPS.index(n), column].mean())
            print(f"{wanted:.3f} takes {n} at random, {decisions_to(mean, wanted)} as suggested")


def decisions_to(curve: np.ndarray, wanted: float) -> str:
    """Return how many decisions a curve needs to reach a figure, straight between its points."""
    best = np.maximum.accumulate(curve)
    if wanted > best[-1]:
        return f"more than {STEPS[-1]}"
    if wanted <= best[0]:
        return "0"
    return f"{np.interp(wanted, best, STEPS):.0f}"


if __name__ == "__main__":
    main()
