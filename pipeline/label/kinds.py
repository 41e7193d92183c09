"""Tell what a sentence does: report an observation, a good practice or a proposal.

Two sources speak. The form: which box the sentence stands in, whether its writer used the box for
proposals, and the valence ticked. And the text, by two scores that forms themselves teach: what
sentences of the proposal box are like, and what those of reports ticked positive are like. So a
proposal in the observation box is found where its wording is plain, and the box decides otherwise.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.assign.features import Documents, Features, fit_features
from pipeline.assign.linear import logit, sigmoid
from pipeline.assign.sentences import fold_of
from pipeline.label.label_score import NOT_SAID, Examples, LabelScore, fit_label

OBSERVATION = "havainto"
GOOD_PRACTICE = "hyva-kaytanto"
PROPOSAL = "ratkaisuehdotus"
KINDS = (OBSERVATION, GOOD_PRACTICE, PROPOSAL)

# Share of sentences that are proposals, before their text is looked at.
IN_PROPOSAL_BOX = 0.95
BESIDE_PROPOSALS = 0.01  # in the observation box, its writer used the other one too
WITHOUT_PROPOSALS = 0.03  # in the observation box, the other one left empty
ONE_BOX = 0.15  # on a form that does not ask for proposals

# Share of the others that tell of a good practice, by the valence ticked.
PRACTICES = {"positiivinen": 0.9, "neutraali": 0.1, "negatiivinen": 0.02}
PRACTICES_UNTICKED = 0.15
TONE = 2.0  # what the mean of a report's other sentences counts for where no valence is ticked


@dataclass(frozen=True)
class FittedKinds:
    """What telling kinds apart needs.

    Attributes
    ----------
    features : Features
    proposal, practice : LabelScore
    asks_proposals : bool
        Whether any form of the study has a proposal: then a box is there for them.
    """

    features: Features
    proposal: LabelScore
    practice: LabelScore
    asks_proposals: bool

    def shares(
        self, documents: Documents, segments: pd.DataFrame, reports: pd.DataFrame
    ) -> np.ndarray:
        """Return how likely each segment is of each kind, shape (n_segments, 3).

        Parameters
        ----------
        documents : Documents
            The segments' texts.
        segments, reports : DataFrame
            The tables of those names; whole reports.
        """
        rows = self.features.transform(documents)
        folds = segment_folds(segments)
        box, valence = _boxes(segments, reports, self.asks_proposals), _valences(segments, reports)
        proposal = sigmoid(self.proposal.ratios(rows, folds) + logit(box))
        practice = self.practice.ratios(rows, folds)
        practice += np.where(valence == "", TONE * _tones(practice, segments), 0.0)
        before = np.array([PRACTICES.get(v, PRACTICES_UNTICKED) for v in valence])
        practising = (1 - proposal) * sigmoid(practice + logit(before))
        return np.stack([1 - proposal - practising, practising, proposal], axis=1)


def fit_kinds(
    documents: Documents,
    segments: pd.DataFrame,
    reports: pd.DataFrame,
    examples: Examples,
    *,
    asks_proposals: bool,
    seed: int,
) -> FittedKinds:
    """Learn what proposals and good practices are like in the words of this study.

    Parameters
    ----------
    documents : Documents
        Texts of the segments to learn from.
    segments, reports : DataFrame
        The tables of those names.
    examples : Examples
        Of the kinds.
    asks_proposals : bool
    seed : int

    Returns
    -------
    FittedKinds
    """
    features = fit_features(documents, examples.documents.terms, min_df=2)
    rows, folds = features.transform(documents), segment_folds(segments)
    example_rows = examples.rows(features)
    in_box = (segments["field"] == "proposal").to_numpy()
    boxed = np.where(in_box, 1, 0 if asks_proposals else NOT_SAID)
    ticked = np.array([{"positiivinen": 1, "negatiivinen": 0}.get(v, NOT_SAID)
                       for v in _valences(segments, reports)], dtype=int)  # fmt: skip
    others = np.flatnonzero(~examples.are(PROPOSAL))
    return FittedKinds(
        features=features,
        proposal=fit_label(rows, folds, boxed, example_rows, examples.are(PROPOSAL), seed),
        practice=fit_label(
            rows,
            folds,
            np.where(in_box, NOT_SAID, ticked),
            example_rows[others],
            examples.are(GOOD_PRACTICE)[others],
            seed,
        ),
        asks_proposals=asks_proposals,
    )


def segment_folds(segments: pd.DataFrame) -> np.ndarray:
    """Return the fold of each segment's report."""
    return np.array([fold_of(report_id) for report_id in segments["report_id"]], dtype=int)


def _boxes(segments: pd.DataFrame, reports: pd.DataFrame, asks_proposals: bool) -> np.ndarray:
    """Return the share of proposals where each segment stands."""
    proposing = set(reports.loc[reports["proposal"] != "", "report_id"])
    in_box = (segments["field"] == "proposal").to_numpy()
    beside = segments["report_id"].isin(proposing).to_numpy()
    outside = np.where(beside, BESIDE_PROPOSALS, WITHOUT_PROPOSALS)
    return np.where(in_box, IN_PROPOSAL_BOX, outside if asks_proposals else ONE_BOX)


def _valences(segments: pd.DataFrame, reports: pd.DataFrame) -> np.ndarray:
    """Return the valence ticked on each segment's report."""
    ticked = dict(zip(reports["report_id"], reports["valence"], strict=True))
    return np.array([ticked[report_id] for report_id in segments["report_id"]], dtype=object)


def _tones(practice: np.ndarray, segments: pd.DataFrame) -> np.ndarray:
    """Return, for each segment, the mean score of its report's other observation segments."""
    told = (segments["field"] == "observation").to_numpy()
    frame = pd.DataFrame({"report_id": segments["report_id"].to_numpy(), "n": told * 1.0})
    frame["score"] = np.where(told, practice, 0.0)
    total = frame.groupby("report_id", sort=False)[["n", "score"]].transform("sum")
    others = (total["n"] - frame["n"]).to_numpy()
    return np.asarray((total["score"] - frame["score"]).to_numpy() / np.maximum(others, 1))
