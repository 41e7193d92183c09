"""Label texts beside their themes: the kind of every segment and the valence of every report."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pydantic import BaseModel, Field

from pipeline.embed.protocol import Encoder
from pipeline.frames import empty
from pipeline.label.asking import asking_segments
from pipeline.label.example_scores import (
    Examples,
    ExampleScores,
    example_phrases,
    fit_examples,
)
from pipeline.label.kinds import KINDS, FittedKinds, asking_forms, fit_kinds, stated
from pipeline.label.valences import (
    FittedValences,
    fit_valences,
    of_reports,
    report_documents,
    valence_rows,
)
from pipeline.label.wording import phrase_documents, segment_documents, segment_terms
from pipeline.lemmatise.protocol import Lemmatiser
from pipeline.taxonomy.model import Taxonomy
from pipeline.teaching import teaching_ids
from pipeline.texts import Texts
from pipeline.valences import VALENCES

KIND_LABELS, VALENCE_LABELS = "lajit", "valenssit"
LABEL_SETS = (KIND_LABELS, VALENCE_LABELS)


class LabelConfig(BaseModel, frozen=True, extra="forbid"):
    """Settings of the label stage."""

    max_reports: int = Field(
        default=2000,
        ge=100,
        description="Most reports to learn kinds and valences from; of more, a random sample.",
    )
    min_kind_confidence: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="How likely a sentence's kind must be to be stated; below it none is.",
    )
    min_valence_confidence: float = Field(
        default=0.8,
        ge=0,
        le=1,
        description="How likely a text's valence must be to be stated; below it none is.",
    )


@dataclass(frozen=True)
class FittedLabels:
    """What labelling texts needs: nothing in it depends on a report's batch."""

    kinds: FittedKinds
    valences: FittedValences


@dataclass(frozen=True)
class LearntExamples:
    """What the examples of both sets of labels teach: the same in every study."""

    kinds: ExampleScores
    valences: ExampleScores


def fit_label_examples(
    *,
    label_sets: Mapping[str, Taxonomy],
    encoder: Encoder,
    lemmatiser: Lemmatiser,
    seed: int,
) -> LearntExamples:
    """Learn the labels from their examples, which no report changes.

    Parameters
    ----------
    label_sets : mapping of str to Taxonomy
        The small sets of labels with their examples, by name.
    encoder : Encoder
        The one that made the vectors.
    lemmatiser : Lemmatiser
        The one that made the tokens.
    seed : int

    Returns
    -------
    LearntExamples
    """
    from threadpoolctl import threadpool_limits

    found = []
    for name, labels in ((KIND_LABELS, KINDS), (VALENCE_LABELS, VALENCES)):
        phrases, own = example_phrases(label_sets[name])
        documents = phrase_documents(phrases, encoder=encoder, lemmatiser=lemmatiser)
        with threadpool_limits(limits=1):
            found.append(fit_examples(Examples(documents, own), labels, seed))
    return LearntExamples(*found)


def fit_labels(
    texts: Texts, config: LabelConfig, *, fitted: LearntExamples, seed: int
) -> FittedLabels | None:
    """Learn the labels from the form's boxes and ticks, beside the examples of the labels.

    Parameters
    ----------
    texts : Texts
        Whole; those of :func:`pipeline.teaching.teaching_ids` are learnt from.
    config : LabelConfig
    fitted : LearntExamples
        From :func:`fit_label_examples`.
    seed : int

    Returns
    -------
    FittedLabels or None
        None for a study without a segment, which leaves nothing to label.
    """
    from threadpoolctl import threadpool_limits

    if texts.segments.empty:
        return None
    teaching, told = _teaching(texts)
    report_ids = _sample(told, config.max_reports, seed)
    segments = texts.segments[texts.segments["report_id"].isin(set(report_ids))]
    terms = segment_terms(
        texts.tokens[texts.tokens["segment_id"].isin(set(segments["segment_id"]))]
    )
    with threadpool_limits(limits=1):
        kinds = fit_kinds(
            segment_documents(segments, terms, texts),
            segments,
            teaching,
            fitted.kinds,
            seed,
            asking=asking_forms(texts.reports),
        )
        vectors = texts.report_vectors(report_ids).astype(float)
        valences = fit_valences(
            report_documents(segments, terms, report_ids, vectors),
            teaching,
            report_ids,
            fitted.valences,
            seed,
        )
    return FittedLabels(kinds, valences)


def label(
    texts: Texts,
    config: LabelConfig,
    *,
    fitted: FittedLabels | None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Suggest the kind of every segment and the valence of every report.

    Parameters
    ----------
    texts : Texts
        Of any whole reports; each report is labelled by itself.
    config : LabelConfig
    fitted : FittedLabels or None
        From :func:`fit_labels`.

    Returns
    -------
    segment_kinds : DataFrame
        One row a segment, in the order of ``segments``.
    report_valences : DataFrame
        One row a report with segments, in the order of ``segments``. What a report was ticked with
        did not teach the scores it is compared with.
    """
    segments = texts.segments
    if segments.empty or fitted is None:
        return empty("segment_kinds"), empty("report_valences")
    terms = segment_terms(texts.tokens)
    asks = asking_segments(segments, texts.tokens, terms)
    documents = segment_documents(segments, terms, texts)
    shares = fitted.kinds.shares(documents, segments, texts.reports, asks)
    kinds = pd.DataFrame(
        {
            "segment_id": segments["segment_id"].to_numpy(),
            "kind": stated(shares, config.min_kind_confidence),
            "score": shares.max(axis=1),
        }
    )
    report_ids = segments["report_id"].drop_duplicates().tolist()
    vectors = texts.report_vectors(report_ids).astype(float)
    told = report_documents(segments, terms, report_ids, vectors)
    valences = valence_rows(
        report_ids,
        of_reports("valence", texts.reports, report_ids),
        fitted.valences.shares(told, texts.reports, report_ids),
        config.min_valence_confidence,
    )
    return kinds, pd.DataFrame(valences)


def _teaching(texts: Texts) -> tuple[pd.DataFrame, list[str]]:
    """Return the reports that teach, and which of them have a segment; all if none of them has."""
    told = texts.segments["report_id"].drop_duplicates().tolist()
    known = teaching_ids(texts.reports)
    of_known = [one for one in told if one in known]
    if not of_known:
        return texts.reports, told
    return texts.reports[texts.reports["report_id"].isin(known)], of_known


def _sample(report_ids: list[str], max_reports: int, seed: int) -> list[str]:
    """Return the reports to learn from, in order."""
    if len(report_ids) <= max_reports:
        return report_ids
    chosen = np.random.default_rng(seed).permutation(len(report_ids))[:max_reports]
    return [report_ids[i] for i in sorted(chosen)]
