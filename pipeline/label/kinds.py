"""Tell what a sentence does: report an observation, a good practice or a proposal.

Two sources speak. The form: which box the sentence stands in, whether its writer used the box for
proposals, and the valence ticked. And the text, by what examples in several styles are like and,
where forms teach it, by what sentences of the proposal box and of reports ticked positive are
like. So a proposal in the observation box is found where its wording is plain, and the box decides
otherwise. Where neither is sure enough, no kind is stated.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.assign.features import Documents, Features, fit_features
from pipeline.assign.linear import logit, sigmoid
from pipeline.assign.sentences import fold_of
from pipeline.label.example_scores import ExampleScores
from pipeline.label.label_score import NOT_SAID, LabelScore, fit_label
from pipeline.label.wording import of_each, words_only

OBSERVATION = "havainto"
GOOD_PRACTICE = "hyva-kaytanto"
PROPOSAL = "ratkaisuehdotus"
KINDS = (OBSERVATION, GOOD_PRACTICE, PROPOSAL)
NOT_STATED = ""

# Share of sentences that are proposals, before their text is looked at.
IN_PROPOSAL_BOX = 0.95
BESIDE_PROPOSALS = 0.01  # in the observation box, its writer used the other one too
WITHOUT_PROPOSALS = 0.03  # in the observation box, the other one left empty
ONE_BOX = 0.25  # on a form that does not ask for proposals

# Share of the others that tell of a good practice, by the valence ticked.
PRACTICES = {"positiivinen": 0.9, "neutraali": 0.1, "negatiivinen": 0.02}
PRACTICES_UNTICKED = 0.33
TONE = 2.0  # what the mean of a report's other sentences counts for where no valence is ticked


@dataclass(frozen=True)
class FittedKinds:
    """What telling kinds apart needs.

    Attributes
    ----------
    examples : ExampleScores
        Of the kinds, in the order of :data:`KINDS`.
    features : Features
    proposal, practice : LabelScore
    asking : tuple of str
        Forms that some report has a proposal on: a box is there for them.
    boxed, ticked : tuple of str
        Sources with a proposal in its box, and with a valence ticked: there the study's own scores
        count. Texts of other sources are put otherwise, and are judged by the examples.
    """

    examples: ExampleScores
    features: Features
    proposal: LabelScore
    practice: LabelScore
    asking: tuple[str, ...]
    boxed: tuple[str, ...]
    ticked: tuple[str, ...]

    def shares(
        self,
        documents: Documents,
        segments: pd.DataFrame,
        reports: pd.DataFrame,
        asks: np.ndarray,
    ) -> np.ndarray:
        """Return how likely each segment is of each kind, shape (n_segments, 3).

        What asks or requests something tells of no practice that works, whatever its words.

        Parameters
        ----------
        documents : Documents
            The segments' texts.
        segments, reports : DataFrame
            The tables of those names; whole reports.
        asks : ndarray of bool, shape (n_segments,)
            From :func:`pipeline.label.asking.asking_segments`.
        """
        rows = self.features.transform(words_only(documents))
        folds = segment_folds(segments)
        box, valence = _boxes(segments, reports, self.asking), _column("valence", segments, reports)
        source = _column("data_source", segments, reports)
        as_proposal, as_practice = example_ratios(self.examples.scores(documents))
        by_box, by_tick = np.isin(source, self.boxed), np.isin(source, self.ticked)
        proposal = self.proposal.ratios(rows, folds, as_proposal, by_box)
        proposal = sigmoid(proposal + logit(box))
        practice = self.practice.ratios(rows, folds, as_practice, by_tick)
        practice += np.where(valence == "", TONE * _tones(practice, segments), 0.0)
        before = np.array([PRACTICES.get(v, PRACTICES_UNTICKED) for v in valence])
        practising = np.where(asks, 0.0, (1 - proposal) * sigmoid(practice + logit(before)))
        return np.stack([1 - proposal - practising, practising, proposal], axis=1)


def fit_kinds(
    documents: Documents,
    segments: pd.DataFrame,
    reports: pd.DataFrame,
    examples: ExampleScores,
    seed: int,
    *,
    asking: tuple[str, ...],
) -> FittedKinds:
    """Learn what proposals and good practices are like in the words of this study.

    Parameters
    ----------
    documents : Documents
        Texts of the segments to learn from.
    segments : DataFrame
        Those to learn from.
    reports : DataFrame
        Those that teach, the segments' among them.
    examples : ExampleScores
        Of the kinds.
    seed : int
    asking : tuple of str
        From :func:`asking_forms`, of all reports.

    Returns
    -------
    FittedKinds
    """
    features = fit_features(words_only(documents), (), min_df=2)
    rows, folds = features.transform(words_only(documents)), segment_folds(segments)
    as_proposal, as_practice = example_ratios(examples.scores(documents))
    is_asked = np.isin(_column("form_id", segments, reports), asking)
    in_box = (segments["field"] == "proposal").to_numpy()
    boxed = np.where(in_box, 1, np.where(is_asked, 0, NOT_SAID))
    ticked = np.array([{"positiivinen": 1, "negatiivinen": 0}.get(v, NOT_SAID)
                       for v in _column("valence", segments, reports)], dtype=int)  # fmt: skip
    practised = np.where(in_box, NOT_SAID, ticked)
    return FittedKinds(
        examples=examples,
        features=features,
        proposal=fit_label(rows, folds, boxed, as_proposal, seed),
        practice=fit_label(rows, folds, practised, as_practice, seed),
        asking=asking,
        boxed=of_each(reports.loc[reports["proposal"] != "", "data_source"]),
        ticked=of_each(reports.loc[reports["valence"] != "", "data_source"]),
    )


def asking_forms(reports: pd.DataFrame) -> tuple[str, ...]:
    """Return the forms that some report has a proposal on."""
    return of_each(reports.loc[reports["proposal"] != "", "form_id"])


def example_ratios(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return two log likelihood ratios of each text by the examples.

    Parameters
    ----------
    scores : ndarray, shape (n_texts, 3)
        Log likelihoods of :data:`KINDS`, but for a constant.

    Returns
    -------
    proposal, practice : ndarray, shape (n_texts,)
        Of a proposal against the mean of the two others; of a good practice against an observation.
    """
    observed, practised, proposed = scores.T
    return proposed - (np.logaddexp(observed, practised) - np.log(2)), practised - observed


def stated(shares: np.ndarray, min_confidence: float) -> np.ndarray:
    """Return the likeliest kind of each segment, ``""`` where it is not likely enough."""
    kinds = np.array(KINDS, dtype=object)[shares.argmax(axis=1)]
    return np.where(shares.max(axis=1) >= min_confidence, kinds, NOT_STATED)


def segment_folds(segments: pd.DataFrame) -> np.ndarray:
    """Return the fold of each segment's report."""
    return np.array([fold_of(report_id) for report_id in segments["report_id"]], dtype=int)


def _boxes(segments: pd.DataFrame, reports: pd.DataFrame, asking: tuple[str, ...]) -> np.ndarray:
    """Return the share of proposals where each segment stands."""
    proposing = set(reports.loc[reports["proposal"] != "", "report_id"])
    in_box = (segments["field"] == "proposal").to_numpy()
    beside = segments["report_id"].isin(proposing).to_numpy()
    outside = np.where(beside, BESIDE_PROPOSALS, WITHOUT_PROPOSALS)
    is_asked = np.isin(_column("form_id", segments, reports), asking)
    return np.where(in_box, IN_PROPOSAL_BOX, np.where(is_asked, outside, ONE_BOX))


def _column(name: str, segments: pd.DataFrame, reports: pd.DataFrame) -> np.ndarray:
    """Return a column of each segment's report."""
    values = dict(zip(reports["report_id"], reports[name], strict=True))
    return np.array([values[report_id] for report_id in segments["report_id"]], dtype=object)


def _tones(practice: np.ndarray, segments: pd.DataFrame) -> np.ndarray:
    """Return, for each segment, the mean score of its report's other observation segments."""
    told = (segments["field"] == "observation").to_numpy()
    frame = pd.DataFrame({"report_id": segments["report_id"].to_numpy(), "n": told * 1.0})
    frame["score"] = np.where(told, practice, 0.0)
    total = frame.groupby("report_id", sort=False)[["n", "score"]].transform("sum")
    others = (total["n"] - frame["n"]).to_numpy()
    return np.asarray((total["score"] - frame["score"]).to_numpy() / np.maximum(others, 1))
