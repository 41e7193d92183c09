"""Measure kinds, valence and client's voice on labelled sentences of five styles.

    python benchmarks/kind_styles.py [--half blind-2|blind|kept|developed] [--study DIR]

The sentences are ``kind_sentences.csv``: answers on a form, bullets of a deck, notes of a team,
speech and e-mail, 30 of each in every part. Two parts were labelled before the method by its
author; the kept one is on other subjects than the developed one and was judged when the method was
done. The blind part was written and labelled by someone who had seen neither method nor sentences,
and was judged once so (.720 of kinds right); then its errors were read: it is blind no more. The
second blind part was written likewise by another, and was judged once, when the method was done
again. Each sentence stands as a report by itself, in the observation box, without a tick. With
``--study`` the labels are taught by that study's boxes and ticks too, and judge the sentences as
another source beside its forms. A kind or valence that is not stated counts as wrong in "right of
all"; proposals are judged among all sentences. Beside it fixed rules (``kind_rules.py``), and what
is commonest.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from kind_rules import kind_by_rules
from kinds import fit, share

from pipeline.artifacts import Store
from pipeline.config import load_settings
from pipeline.embed.embed import EmbedConfig
from pipeline.embed.encoders import make_encoder
from pipeline.embed.protocol import Encoder
from pipeline.frames import each_row
from pipeline.label.kinds import OBSERVATION, PROPOSAL
from pipeline.label.label import (
    LABEL_SETS,
    FittedLabels,
    LabelConfig,
    fit_label_examples,
    fit_labels,
    label,
)
from pipeline.lemmatise.lemmatise import LemmatiseConfig
from pipeline.lemmatise.protocol import Lemmatiser
from pipeline.lemmatise.voikko_lemmatiser import load_lemmatiser
from pipeline.needs import Supply
from pipeline.segment.client_voice import is_client_voice
from pipeline.study import open_study
from pipeline.tables import TEXT_TABLES
from pipeline.taxonomy.read import find_taxonomy, load_taxonomy
from pipeline.texts import Texts
from pipeline.valences import VALENCES

SENTENCES = Path(__file__).with_name("kind_sentences.csv")
HERE = Path()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--half", choices=("developed", "kept", "blind", "blind-2"), default="blind-2"
    )
    parser.add_argument("--study", type=Path, help="a study whose forms teach the labels too")
    parser.add_argument("--failures", action="store_true", help="list them; developed half only")
    parser.add_argument("--encoder", default="e5", help="setting embed.encoder")
    arguments = parser.parse_args()
    if arguments.failures and arguments.half != "developed":
        raise SystemExit("Failures are listed of the developed half only: --half developed.")
    marked = pd.read_csv(SENTENCES, keep_default_na=False)
    marked = marked[marked["half"] == arguments.half].reset_index(drop=True)
    encoder = make_encoder(EmbedConfig(encoder=arguments.encoder), HERE)
    lemmatiser = load_lemmatiser(LemmatiseConfig(), HERE)
    texts = as_texts(marked, encoder, lemmatiser)
    fitted = taught_by(arguments.study) if arguments.study else untaught(texts, encoder, lemmatiser)
    kinds, valences = label(texts, LabelConfig(), fitted=fitted)
    rules = [kind_by_rules(text, "observation", "") for text in marked["text"]]
    marked = marked.assign(
        rules=rules,
        commonest=OBSERVATION,
        found=kinds["kind"].to_numpy(),
        found_valence=valences["text_valence"].to_numpy(),
        found_voice=[is_client_voice(text) for text in marked["text"]],
    )
    show_kinds(marked)
    show_valences(marked)
    show_voices(marked)
    if arguments.failures:
        show_failures(marked)


def as_texts(marked: pd.DataFrame, encoder: Encoder, lemmatiser: Lemmatiser) -> Texts:
    """Return each sentence as a report of one segment."""
    ids = marked["sentence_id"]
    segment_ids = ids + "/observation/001"
    reports = pd.DataFrame(
        {"report_id": ids, "quality": "ok", "valence": "", "proposal": "", "period": "2024H2"}
    ).assign(observation=marked["text"], data_source=marked["style"], form_id="F-styles")
    segments = pd.DataFrame(
        {"segment_id": segment_ids, "report_id": ids, "field": "observation"}
    ).assign(text=marked["text"])
    tokens = pd.DataFrame(
        [
            {"segment_id": segment_id, **token._asdict()}
            for segment_id, text in zip(segment_ids, marked["text"], strict=True)
            for token in lemmatiser.tokens(text)
        ]
    )
    vectors = list(encoder.encode(marked["text"].tolist()))
    return Texts(
        reports,
        segments,
        tokens,
        pd.DataFrame({"segment_id": segment_ids, "vector": vectors}),
        pd.DataFrame({"report_id": ids, "vector": vectors}),
    )


def untaught(texts: Texts, encoder: Encoder, lemmatiser: Lemmatiser) -> FittedLabels:
    """Return labels that nothing but their examples taught."""
    examples = fit_label_examples(
        label_sets={name: load_taxonomy(find_taxonomy(name)) for name in LABEL_SETS},
        encoder=encoder,
        lemmatiser=lemmatiser,
        seed=0,
    )
    fitted = fit_labels(texts, LabelConfig(), fitted=examples, seed=0)
    if fitted is None:
        raise SystemExit(f"{SENTENCES} holds no sentences of this half.")
    return fitted


def taught_by(folder: Path) -> FittedLabels:
    """Return labels taught by a study's forms."""
    study = open_study(folder)
    supply = Supply(Store(study), load_settings(study.settings_file))
    try:
        return fit(tuple(map(supply.store.read, TEXT_TABLES)), supply)
    finally:
        supply.close()


def show_kinds(marked: pd.DataFrame) -> None:
    print(f"{len(marked)} sentences: kinds, right of all and of those stated (95 %)")
    truth = marked["kind"].to_numpy()
    for name in ("commonest", "rules", "found"):
        said = marked[name].to_numpy()
        print(f"  {name:10} {right_of(truth, said)}")
        called, are = said == PROPOSAL, truth == PROPOSAL
        if called.any():
            n_right = int((called & are).sum())
            print(
                f"  {'':10} proposals: recall {share(n_right, int(are.sum()))}, "
                f"precision {share(n_right, int(called.sum()))}"
            )
    for style, own in marked.groupby("style", sort=False):
        print(f"  {style:10} {right_of(own['kind'].to_numpy(), own['found'].to_numpy())}")


def show_valences(marked: pd.DataFrame) -> None:
    judged = marked[marked["valence"] != ""]
    truth, said = judged["valence"].to_numpy(), judged["found_valence"].to_numpy()
    print(f"{len(judged)} observations and good practices: valence, no tick")
    print(f"  always {VALENCES[0]} {right_of(truth, np.full(len(truth), VALENCES[0]))}")
    print(f"  found      {right_of(truth, said)}")


def show_voices(marked: pd.DataFrame) -> None:
    truth, said = (marked["client_voice"] == "yes").to_numpy(), marked["found_voice"].to_numpy()
    n_right = int((truth & said).sum())
    print(
        f"client's voice: recall {share(n_right, int(truth.sum()))}, "
        f"precision {share(n_right, int(said.sum()))}"
    )
    for style, own in marked.groupby("style", sort=False):
        are, called = own["client_voice"] == "yes", own["found_voice"]
        print(
            f"  {style:10} found {int((are & called).sum())} of {int(are.sum())}, "
            f"{int((called & ~are).sum())} wrong"
        )


def show_failures(marked: pd.DataFrame) -> None:
    for row in each_row(marked):
        if row.kind != row.found:
            print(f"kind {row.kind} as {row.found or 'not stated'}: {row.text}")
        if row.valence not in ("", row.found_valence) and row.found_valence:
            print(f"valence {row.valence} as {row.found_valence}: {row.text}")
        if (row.client_voice == "yes") != row.found_voice:
            print(f"voice {row.client_voice}: {row.text}")


def right_of(truth: np.ndarray, said: np.ndarray) -> str:
    """Return the share right of all, and of those that something was said of."""
    n_right, n_said = int((truth == said).sum()), int((said != "").sum())
    return f"{share(n_right, len(truth))}; of {n_said} stated {share(n_right, max(n_said, 1))}"


if __name__ == "__main__":
    main()
