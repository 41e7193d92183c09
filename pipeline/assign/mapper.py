"""Learn which themes a report touches: from the taxonomy, uncoded reports, ticks and codings.

With nothing coded the mapper scores reports against the taxonomy's texts. Coded reports add a
classifier and a stack: one small logistic model over (report, theme) pairs, shared by all themes,
fitted on scores of reports that the classifier had not seen. The stack is averaged with the
zero-shot score, with weight ``n / (n + 60)``: few coded reports do not overrule it. Where
many forms have ticks, those not coded teach the classifier too; a report is then scored by a
classifier that had not seen its fold, so that its text can speak against its ticks.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from pipeline.assign.assign import AssignConfig
from pipeline.assign.coded import UNCODED, coded_labels
from pipeline.assign.decision import cut_for_mean
from pipeline.assign.familiar import fit_familiarity
from pipeline.assign.features import fit_features
from pipeline.assign.field_evidence import FieldEvidence, fit_fields
from pipeline.assign.fitted import MAX_RATE, MIN_CODED, FittedThemes
from pipeline.assign.flips import fit_flips
from pipeline.assign.form_evidence import (
    FIRST_SENSITIVITY,
    MAX_TYPED,
    FormAnswers,
    FormEvidence,
    fit_leaning,
    form_answers,
)
from pipeline.assign.linear import Linear, fit_logistic, sigmoid
from pipeline.assign.not_evidence import without_rejected
from pipeline.assign.report_texts import report_texts, scored_ids
from pipeline.assign.self_training import SelfTraining
from pipeline.assign.sentences import ReportRows, ReportTexts
from pipeline.assign.stack import Stack
from pipeline.assign.theme_texts import make_theme_texts
from pipeline.assign.tick_check import TickCheck, check_ticks
from pipeline.assign.ticks import (
    NOT_FIRST,
    UNKNOWN,
    fit_reliability,
    is_full,
    tick_matrix,
    true_mean,
    weakened,
)
from pipeline.assign.zero_shot import TaxonomyAlone, ThemeTexts
from pipeline.embed.protocol import Encoder
from pipeline.lemmatise.protocol import Lemmatiser
from pipeline.taxonomy.model import Taxonomy
from pipeline.texts import Texts

_LEAST_SPREAD = 1e-6  # below it all scores are one
_BEYOND = 60.0  # log odds beyond the scores between which the shift is looked for
SLOPE = 1.1  # log odds for one standard deviation of the zero-shot score, with nothing coded
TICKED_CUT = 0.0  # log odds: with ticks, a theme is suggested that is more likely than not
MIN_LABELS = 30  # ticked forms from which ticks teach what the texts of a theme are like
MIN_TICKED = 10  # ticked forms from which their mean number of themes is taken
MEAN_WEIGHT = 5.0  # coded reports that the mean number of themes before coding counts for


def fit_theme_mapper(
    texts: Texts,
    config: AssignConfig,
    *,
    taxonomy: Taxonomy,
    encoder: Encoder,
    lemmatiser: Lemmatiser,
    codings: pd.DataFrame,
    not_evidence: pd.DataFrame,
    seed: int,
) -> FittedThemes:
    """Learn from all reports, the taxonomy and the codings what scoring one report needs.

    Parameters
    ----------
    texts : Texts
        Whole.
    config : AssignConfig
    taxonomy : Taxonomy
    encoder : Encoder
        The one that made the vectors.
    lemmatiser : Lemmatiser
        The one that made the tokens.
    codings : DataFrame
        Table ``codings_standing``; may have no rows.
    not_evidence : DataFrame with columns ``theme_id``, ``lemma``
        Words that a person ruled out as evidence of a theme; may have no rows.
    seed : int

    Returns
    -------
    FittedThemes

    Raises
    ------
    InputError
        When a coding names a theme that is not in the taxonomy.
    """
    report_ids = scored_ids(texts)
    labels = coded_labels(codings, report_ids, taxonomy.theme_ids)
    ticks = tick_matrix(texts.reports, report_ids, taxonomy.theme_ids)
    pool = _sample(labels, config.max_pool_reports, seed)
    own = texts if len(pool) == len(report_ids) else _only(texts, [report_ids[i] for i in pool])
    documents, _ = report_texts(own)
    mapper = ThemeMapper(
        make_theme_texts(taxonomy, encoder=encoder, lemmatiser=lemmatiser),
        use_ticks=config.ticks,
        tick_sensitivity=config.tick_sensitivity,
        tick_specificity=config.tick_specificity,
        mean_themes=config.mean_themes,
        min_score=config.min_score,
        max_themes=config.max_themes,
        min_df=config.min_df,
        off_topic_cut=config.off_topic_cut,
        use_fields=config.fields,
        seed=seed,
    )
    answers = form_answers(texts.reports, report_ids, encoder, lemmatiser)
    said = answers.take(pool)
    fitted = mapper.fit(documents, ticks[pool], labels[pool], said).fitted_
    fitted = with_typed(fitted, answers)
    return without_rejected(fitted, not_evidence)


@dataclass(frozen=True)
class _LearntText:
    """A score of texts, its joint values for the pool, and what makes log odds of them."""

    text: Linear
    unseen: tuple[Linear, ...]
    scores: np.ndarray
    scale: float
    shift: float


class ThemeMapper:
    """Estimator of themes, in the manner of scikit-learn; ``-1`` in ``labels`` means uncoded.

    Parameters
    ----------
    texts : ThemeTexts
    use_ticks : {"auto"} or bool, default="auto"
        ``auto`` uses ticks when they follow the texts.
    tick_sensitivity, tick_specificity : float
        Reliability of a tick before anything is coded, 0-1.
    mean_themes : float, default=2.0
        Themes a report has on average, until coded reports tell.
    min_score : float, default=0.0
        Score below which no theme is suggested at all, 0-1.
    max_themes : int, default=4
        Most themes suggested for a report without a full set of ticks.
    min_df : int, default=2
        Texts that a term must stand in to count.
    off_topic_cut : float, default=-5.0
        Familiarity below which a report without ticks gets no theme, in robust deviations.
    use_fields : bool, default=True
        Whether client groups, valence and source are evidence.
    seed : int, default=0

    Attributes
    ----------
    fitted_ : FittedThemes

    Notes
    -----
    The classifier of each theme is an L2-penalised logistic regression on lemma and compound-part
    TF-IDF beside encoder vectors. The stack follows Wolpert, Stacked generalization, Neural
    Networks 5 (1992), 10.1016/S0893-6080(05)80023-1, with one model for all themes. Scores without
    coded reports are set on the scale of log odds so that they add up to ``mean_themes`` a report.
    """

    fitted_: FittedThemes

    def __init__(
        self,
        texts: ThemeTexts,
        *,
        use_ticks: Literal["auto"] | bool = "auto",
        tick_sensitivity: float = 0.92,
        tick_specificity: float = 0.99,
        mean_themes: float = 2.0,
        min_score: float = 0.0,
        max_themes: int = 4,
        min_df: int = 2,
        off_topic_cut: float = -5.0,
        use_fields: bool = True,
        seed: int = 0,
    ) -> None:
        self.texts = texts
        self.use_ticks = use_ticks
        self.tick_sensitivity = tick_sensitivity
        self.tick_specificity = tick_specificity
        self.mean_themes = mean_themes
        self.min_score = min_score
        self.max_themes = max_themes
        self.min_df = min_df
        self.off_topic_cut = off_topic_cut
        self.use_fields = use_fields
        self.seed = seed

    def fit(
        self,
        texts: ReportTexts,
        ticks: np.ndarray,
        labels: np.ndarray | None = None,
        answers: FormAnswers | None = None,
    ) -> "ThemeMapper":
        """Learn from all reports of the pool and the coded ones among them.

        Parameters
        ----------
        texts : ReportTexts
            The pool, coded reports included.
        ticks : ndarray of int8, shape (n_reports, n_themes)
            1 ticked, 0 not ticked, -1 the form has no tick at all.
        labels : ndarray of int8, shape (n_reports, n_themes), optional
            1 coded with the theme, 0 coded without it, -1 throughout a report that is not coded.
        answers : FormAnswers, optional
            What the same reports say on their forms besides ticks.

        Returns
        -------
        ThemeMapper
            Itself, with ``fitted_``.
        """
        from threadpoolctl import threadpool_limits

        if not len(texts):  # a study without a report still has a taxonomy
            texts, labels = ReportTexts.unsplit(self.texts.descriptions), None
            answers = None
            ticks = np.full((len(texts), len(texts)), -1, dtype=np.int8)
        with threadpool_limits(limits=1):
            self.fitted_ = self._fit(texts, ticks, labels, answers)
        return self

    def decision_function(self, texts: ReportTexts, ticks: np.ndarray) -> np.ndarray:
        """Return log odds, shape (n_reports, n_themes)."""
        return self.fitted_.log_odds(texts.rows(self.fitted_.features), ticks)

    def predict_proba(self, texts: ReportTexts, ticks: np.ndarray) -> np.ndarray:
        """Return scores, 0-1, shape (n_reports, n_themes)."""
        return sigmoid(self.decision_function(texts, ticks))

    def decide(self, texts: ReportTexts, ticks: np.ndarray) -> np.ndarray:
        """Return which themes are suggested, bool, shape (n_reports, n_themes)."""
        log_odds = self.decision_function(texts, ticks)
        return self.fitted_.decide(texts.whole, log_odds, ticks)

    def _fit(
        self,
        pool: ReportTexts,
        ticks: np.ndarray,
        labels: np.ndarray | None,
        answers: FormAnswers | None,
    ) -> FittedThemes:
        texts = self.texts
        features = fit_features(
            pool.whole, [*texts.descriptions.terms, *texts.examples.terms], self.min_df
        )
        rows = pool.rows(features)
        coded = _coded_rows(labels)
        truth = np.zeros((0, len(texts.theme_ids)), bool) if labels is None else labels[coded] == 1
        alone = TaxonomyAlone(rows.whole, *texts.rows(features), features.n_terms, self.seed)
        checks = self._check_ticks(alone, rows, ticks, truth)
        mean_themes = self._mean_themes(truth, ticks, heeded=self._heeds(checks))
        full = np.where(is_full(ticks), ticks, UNKNOWN) if self._heeds(checks) else _no_ticks(ticks)
        learnt = self._learn_text(alone, rows, (coded, truth), full, mean_themes)
        odds = learnt.scale * learnt.scores + learnt.shift
        reliability = fit_reliability(
            full[coded], truth, self.tick_sensitivity, self.tick_specificity
        )
        flips = fit_flips(reliability, full, odds[coded], full[coded], truth)
        form = self._form(ticks, (coded, truth), checks, answers)
        partly = odds + form.tick_odds(np.where(is_full(ticks), UNKNOWN, ticks)) if form else odds
        heeded = (is_full(ticks) & self._heeds(checks))[:, 0]
        best = np.where(heeded[:, None], flips.log_odds(odds, ticks), partly)
        fields = self._fields(best, heeded, mean_themes, (labels, answers))
        if fields is not None and answers is not None and answers.fields is not None:
            form = None if form is None else form.without_leaning()
            own = answers.fields.of(fields.known)
            partly = partly + fields.log_odds(own)
        return FittedThemes(
            theme_ids=texts.theme_ids,
            features=features,
            text=learnt.text,
            unseen=learnt.unseen,
            scale=learnt.scale,
            shift=learnt.shift,
            flips=flips if self._heeds(checks) else None,
            familiarity=fit_familiarity(pool.whole, features, self.off_topic_cut),
            cut=cut_for_mean(partly, mean_themes),
            ticked_cut=TICKED_CUT,
            min_score=self.min_score,
            max_themes=self.max_themes,
            n_coded=len(truth),
            form=form,
            fields=fields,
        )

    def _fields(
        self,
        log_odds: np.ndarray,
        heeded: np.ndarray,
        mean_themes: float,
        known: tuple[np.ndarray | None, FormAnswers | None],
    ) -> FieldEvidence | None:
        """Learn what client groups, valence and source say, where forms ask for them."""
        labels, answers = known
        if not self.use_fields or answers is None or answers.fields is None:
            return None
        if labels is None:
            labels = np.full(log_odds.shape, UNCODED, np.int8)
        leaning = fit_leaning(
            np.full(log_odds.shape, UNKNOWN, np.int8),
            answers.valences,
            self.texts.descriptions.terms,
        )
        return fit_fields(answers.fields, log_odds, labels, ~heeded, mean_themes, leaning)

    def _heeds(self, checks: TickCheck | None) -> bool:
        """Tell whether ticks are used."""
        if self.use_ticks == "auto":
            return checks is None or checks.helps
        return bool(self.use_ticks)

    def _check_ticks(
        self, alone: TaxonomyAlone, rows: ReportRows, ticks: np.ndarray, truth: np.ndarray
    ) -> TickCheck | None:
        """Compare the ticks with what the taxonomy alone makes of the texts."""
        if self.use_ticks is False or not (ticks == 1).any():
            return None
        mean_themes = self._mean_themes(truth, ticks, heeded=False)
        zero_shot = alone.zero_shot(mean_themes)
        scores = rows.score(zero_shot.blend(rows.whole))
        scale, shift = _moment_matched(scores, mean_themes)
        return check_ticks(scale * scores + shift, ticks, self.seed)

    def _form(
        self,
        ticks: np.ndarray,
        known: tuple[np.ndarray, np.ndarray],
        checks: TickCheck | None,
        answers: FormAnswers | None,
    ) -> FormEvidence | None:
        """Learn what single choices, partly offered themes and valences are worth."""
        if self.use_ticks is False:
            return None
        coded, truth = known
        single = (ticks == NOT_FIRST).any(axis=1, keepdims=True)
        parts = []
        for is_kind, sensitivity in (
            (~single & ~is_full(ticks), self.tick_sensitivity),
            (single, FIRST_SENSITIVITY),
        ):
            own = np.where(is_kind, ticks, UNKNOWN)
            found = fit_reliability(own[coded], truth, sensitivity, self.tick_specificity)
            parts.append(weakened(found, checks.quality, checks.rate) if checks else found)
        heeded = self._heeds(checks)
        valences = np.full(len(ticks), "", object) if answers is None else answers.valences
        leaning = fit_leaning(
            ticks if heeded else _no_ticks(ticks), valences, self.texts.descriptions.terms
        )
        form = FormEvidence(parts[0], parts[1], heeded, leaning)
        if checks is None:
            return form
        return replace(
            form,
            n_ticked=checks.n_ticked,
            quality=checks.quality,
            p_value=float(checks.p_value),
            is_asked=checks.is_asked,
        )

    def _learn_text(
        self,
        alone: TaxonomyAlone,
        rows: ReportRows,
        coded: tuple[np.ndarray, np.ndarray],
        ticks: np.ndarray,
        mean_themes: float,
    ) -> "_LearntText":
        """Learn to score texts from the taxonomy, coded reports and, for the rest, their ticks."""
        zero_shot = alone.zero_shot(mean_themes)
        places, truth = self._labelled(*coded, ticks)
        if not len(places):
            text = zero_shot.blend(rows.whole)
            scores = rows.score(text)
            return _LearntText(text, (), scores, *_moment_matched(scores, mean_themes))
        stack = Stack(zero_shot, alone.theme_rows, alone.theme_labels, rows.whole, self.seed)
        text, unseen = stack.fit(rows.take(places), truth)
        uncoded = rows.whole[np.setdiff1d(np.arange(rows.whole.shape[0]), places)]
        teach = SelfTraining(uncoded, alone.theme_rows, alone.theme_labels, mean_themes, self.seed)
        text, unseen = teach.improve(text, unseen, rows.take(places), truth)
        scores = rows.score(text)
        scores[places] = rows.take(places).score_unseen(unseen)
        known = coded if len(coded[0]) >= MIN_CODED else (places, truth)
        slope, shift = fit_logistic([scores[known[0]]], known[1])
        return _LearntText(text, unseen, scores, float(slope[0]), shift)

    def _labelled(
        self, coded: np.ndarray, truth: np.ndarray, ticks: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the places and themes to learn from: coded, and where many tick, as ticked."""
        ticked = np.setdiff1d(np.flatnonzero(is_full(ticks)), coded)
        if len(ticked) < MIN_LABELS:
            return coded, truth
        return np.concatenate([coded, ticked]), np.vstack([truth, ticks[ticked] == 1])

    def _mean_themes(self, truth: np.ndarray, ticks: np.ndarray, *, heeded: bool) -> float:
        """Return the themes a report has on average: as coded, drawn to as ticked or as set.

        A single choice, and a form that offers a part of the themes, say nothing of their number.
        """
        ticked = ticks[is_full(ticks)[:, 0]] == 1
        before = min(self.mean_themes, len(self.texts.theme_ids) * MAX_RATE)
        if heeded and len(ticked) >= MIN_TICKED:
            before = true_mean(ticked, self.tick_sensitivity, self.tick_specificity)
        return float((truth.sum() + MEAN_WEIGHT * before) / (len(truth) + MEAN_WEIGHT))


def with_typed(fitted: FittedThemes, answers: FormAnswers) -> FittedThemes:
    """Return a mapper that knows what the study's reports typed under the other theme.

    Typed words are scored as a report that consists of them would be, and only speak for themes.
    """
    if fitted.form is None or not len(answers.typed):
        return fitted
    odds = fitted.scale * fitted.text(fitted.features.transform(answers.typed)) + fitted.shift
    return replace(
        fitted,
        form=replace(
            fitted.form,
            typed_ids=tuple(answers.report_ids[i] for i in answers.typed_rows),
            typed_odds=np.clip(odds, 0.0, MAX_TYPED),
        ),
    )


def _no_ticks(ticks: np.ndarray) -> np.ndarray:
    """Return a matrix in which nothing is known of any tick."""
    return np.full(ticks.shape, UNKNOWN, dtype=np.int8)


def _coded_rows(labels: np.ndarray | None) -> np.ndarray:
    """Return the places of coded reports, or none when they do not tell themes apart."""
    if labels is None:
        return np.zeros(0, dtype=int)
    coded = np.flatnonzero((labels != UNCODED).all(axis=1))
    is_telling = (labels[coded] == 1).any() and (labels[coded] == 0).any()
    return coded if is_telling else coded[:0]


def _sample(labels: np.ndarray, max_reports: int, seed: int) -> np.ndarray:
    """Return the places of the reports to learn from: all, or the coded ones and a sample."""
    if len(labels) <= max_reports:
        return np.arange(len(labels))
    order = np.random.default_rng(seed).permutation(len(labels))
    is_coded = (labels[order] != UNCODED).all(axis=1)
    n_coded = int(is_coded.sum())
    chosen = np.concatenate([order[is_coded], order[~is_coded][: max(max_reports - n_coded, 0)]])
    return np.sort(chosen)


def _only(texts: Texts, report_ids: list[str]) -> Texts:
    """Return the texts of some reports, so that those of the others are not laid out."""
    chosen = set(report_ids)
    segments = texts.segments[texts.segments["report_id"].isin(chosen)]
    return texts.of(
        texts.reports[texts.reports["report_id"].isin(chosen)],
        segments=segments,
        tokens=texts.tokens[texts.tokens["segment_id"].isin(set(segments["segment_id"]))],
    )


def _moment_matched(scores: np.ndarray, mean_themes: float) -> tuple[float, float]:
    """Return scale and shift at which probabilities add up to ``mean_themes`` a report."""
    from scipy.optimize import brentq

    spread = float(scores.std())
    scale = SLOPE / spread if spread > _LEAST_SPREAD else SLOPE
    target: float = min(mean_themes, 0.95 * scores.shape[1])

    def excess(shift: float) -> float:
        return float(sigmoid(scale * scores + shift).sum(axis=1).mean() - target)

    low, high = float(scale * scores.min()), float(scale * scores.max())
    return scale, float(brentq(excess, -high - _BEYOND, -low + _BEYOND))
