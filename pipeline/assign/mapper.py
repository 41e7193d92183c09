"""Learn which themes a report touches: from the taxonomy, uncoded reports, ticks and codings.

With nothing coded the mapper scores reports against the taxonomy's texts. Coded reports add a
classifier and a stack: one small logistic model over (report, theme) pairs, shared by all themes,
fitted on scores of reports that the classifier had not seen. The stack is averaged with the
zero-shot score, with weight ``n / (n + 60)``: few coded reports do not overrule it. Where
many forms have ticks, those not coded teach the classifier too; a report is then scored by a
classifier that had not seen its fold, so that its text can speak against its ticks.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from pipeline.assign.assign import AssignConfig
from pipeline.assign.coded import UNCODED, coded_labels
from pipeline.assign.decision import cut_for_mean
from pipeline.assign.familiar import fit_familiarity
from pipeline.assign.features import fit_features
from pipeline.assign.field_evidence import FieldEvidence, fit_fields
from pipeline.assign.fitted import MAX_RATE, FittedThemes
from pipeline.assign.flips import fit_flips
from pipeline.assign.form_evidence import (
    FIRST_SENSITIVITY,
    MAX_TYPED,
    FormAnswers,
    FormEvidence,
    fit_leaning,
    form_answers,
    good_news,
)
from pipeline.assign.learning_pool import coded_places, draw_pool, only_reports
from pipeline.assign.learnt_text import learn_text, moment_matched
from pipeline.assign.linear import sigmoid
from pipeline.assign.not_evidence import without_rejected
from pipeline.assign.report_texts import report_texts, scored_ids
from pipeline.assign.sentences import N_FOLDS, ReportRows, ReportTexts
from pipeline.assign.theme_texts import make_theme_texts
from pipeline.assign.tick_check import TickCheck, check_ticks
from pipeline.assign.ticks import (
    NOT_FIRST,
    UNKNOWN,
    answered_pairs,
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
from pipeline.teaching import teaching_ids
from pipeline.texts import Texts

TICKED_CUT = 0.0  # log odds: with ticks, a theme is suggested that is more likely than not
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
    """Learn from reports, the taxonomy and the codings what scoring one report needs.

    Of the reports those teach that are coded or in :func:`pipeline.teaching.teaching_ids`.

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
    return learn_themes(
        texts,
        config,
        themes=make_theme_texts(taxonomy, encoder=encoder, lemmatiser=lemmatiser),
        encoder=encoder,
        lemmatiser=lemmatiser,
        codings=codings,
        not_evidence=not_evidence,
        seed=seed,
    )


def learn_themes(
    texts: Texts,
    config: AssignConfig,
    *,
    themes: ThemeTexts,
    encoder: Encoder,
    lemmatiser: Lemmatiser,
    codings: pd.DataFrame,
    not_evidence: pd.DataFrame,
    seed: int,
) -> FittedThemes:
    """Learn as :func:`fit_theme_mapper` does, from the taxonomy's texts made ready.

    Parameters
    ----------
    texts, config, encoder, lemmatiser, codings, not_evidence, seed
        As there.
    themes : ThemeTexts
        From :func:`pipeline.assign.theme_texts.make_theme_texts`.

    Returns
    -------
    FittedThemes

    Raises
    ------
    InputError
        When a coding names a theme that is not in the taxonomy.
    """
    report_ids = scored_ids(texts)
    labels = coded_labels(codings, report_ids, themes.theme_ids)
    ticks = tick_matrix(texts.reports, report_ids, themes.theme_ids)
    teaching = teaching_ids(texts.reports)
    teaches = np.array([one in teaching for one in report_ids], dtype=bool)
    pool = draw_pool(labels, teaches, config.max_pool_reports, seed)
    in_pool = [report_ids[i] for i in pool]
    own = texts if len(pool) == len(report_ids) else only_reports(texts, in_pool)
    documents, _ = report_texts(own)
    mapper = ThemeMapper(themes, config, seed=seed)
    answers = form_answers(texts.reports, report_ids, encoder, lemmatiser)
    said = answers.take(pool)
    fitted = mapper.fit(documents, ticks[pool], labels[pool], said).fitted_
    fitted = with_typed(fitted, answers)
    return without_rejected(fitted, not_evidence)


class ThemeMapper:
    """Estimator of themes, in the manner of scikit-learn; ``-1`` in ``labels`` means uncoded.

    Parameters
    ----------
    texts : ThemeTexts
    config : AssignConfig, optional
        Those of the settings that say how to learn and to decide; the defaults when not given.
    seed : int, default=0

    Attributes
    ----------
    fitted_ : FittedThemes

    Notes
    -----
    The classifier of each theme is an L2-penalised logistic regression on lemma and compound-part
    TF-IDF beside encoder vectors. The stack follows Wolpert, Stacked generalization, Neural
    Networks 5 (1992), 10.1016/S0893-6080(05)80023-1, with one model for all themes. Scores without
    coded reports are set on the scale of log odds so that they add up to ``mean_themes``
    of the settings a report.
    """

    fitted_: FittedThemes

    def __init__(
        self, texts: ThemeTexts, config: AssignConfig | None = None, *, seed: int = 0
    ) -> None:
        self.texts = texts
        self.config = AssignConfig() if config is None else config
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
            pool.whole, [*texts.descriptions.terms, *texts.examples.terms], self.config.min_df
        )
        rows = pool.rows(features)
        coded = coded_places(labels)
        truth = np.zeros((0, len(texts.theme_ids)), bool) if labels is None else labels[coded] == 1
        alone = TaxonomyAlone(rows.whole, *texts.rows(features), features.n_terms, self.seed)
        checks = self._check_ticks(alone, rows, ticks, truth)
        mean_themes = self._mean_themes(truth, ticks, heeded=self._heeds(checks))
        full = np.where(is_full(ticks), ticks, UNKNOWN) if self._heeds(checks) else _no_ticks(ticks)
        learnt = learn_text(alone, rows, (coded, truth), full, mean_themes)
        odds = learnt.scale * learnt.scores + learnt.shift
        reliability = fit_reliability(
            full[coded], truth, self.config.tick_sensitivity, self.config.tick_specificity
        )
        flips = fit_flips(reliability, full, odds[coded], full[coded], truth)
        form = self._form(ticks, (coded, truth), checks, answers)
        partly = odds + form.tick_odds(np.where(is_full(ticks), UNKNOWN, ticks)) if form else odds
        heeded = (is_full(ticks) & self._heeds(checks))[:, 0]
        best = np.where(heeded[:, None], flips.log_odds(odds, ticks), partly)
        said = answered_pairs(
            ticks, full=self._heeds(checks), parts=form is not None and form.is_used
        )
        fields = self._fields(best, said, mean_themes, (labels, answers))
        apart = [np.where(pool.folds[:, None] == k, UNCODED, labels) for k in range(N_FOLDS)
                 if labels is not None and fields is not None and len(coded)]  # fmt: skip
        by_fold = [self._fields(best, said, mean_themes, (own, answers)) for own in apart]
        if fields is not None and answers is not None and answers.fields is not None:
            form = None if form is None else form.without_leaning()
            own = answers.fields.of(fields.known)
            partly = partly + np.where(said & ~is_full(ticks), 0.0, fields.log_odds(own))
        return FittedThemes(
            theme_ids=texts.theme_ids,
            features=features,
            text=learnt.text,
            unseen=learnt.unseen,
            scale=learnt.scale,
            shift=learnt.shift,
            flips=flips if self._heeds(checks) else None,
            familiarity=fit_familiarity(pool.whole, features, self.config.off_topic_cut),
            cut=cut_for_mean(partly, mean_themes),
            ticked_cut=TICKED_CUT,
            min_score=self.config.min_score,
            max_themes=self.config.max_themes,
            n_coded=len(truth),
            form=form,
            fields=fields,
            unseen_fields=tuple(by_fold),
        )

    def _fields(
        self,
        log_odds: np.ndarray,
        said: np.ndarray,
        mean_themes: float,
        known: tuple[np.ndarray | None, FormAnswers | None],
    ) -> FieldEvidence | None:
        """Learn what client groups, valence, source and kinds say, where they are known."""
        labels, answers = known
        if not self.config.fields or answers is None or answers.fields is None:
            return None
        if labels is None:
            labels = np.full(log_odds.shape, UNCODED, np.int8)
        terms = self.texts.descriptions.terms
        nothing = np.full(log_odds.shape, UNKNOWN, np.int8)
        leaning = fit_leaning(nothing, answers.valences, terms)
        return fit_fields(
            answers.fields, log_odds, labels, ~said, mean_themes, leaning, good_news(terms)
        )

    def _heeds(self, checks: TickCheck | None) -> bool:
        """Tell whether ticks are used."""
        if self.config.ticks == "auto":
            return checks is None or checks.helps
        return bool(self.config.ticks)

    def _check_ticks(
        self, alone: TaxonomyAlone, rows: ReportRows, ticks: np.ndarray, truth: np.ndarray
    ) -> TickCheck | None:
        """Compare the ticks with what the taxonomy alone makes of the texts."""
        if self.config.ticks is False or not (ticks == 1).any():
            return None
        mean_themes = self._mean_themes(truth, ticks, heeded=False)
        zero_shot = alone.zero_shot(mean_themes)
        scores = rows.score(zero_shot.blend(rows.whole))
        scale, shift = moment_matched(scores, mean_themes)
        return check_ticks(scale * scores + shift, ticks, self.seed)

    def _form(
        self,
        ticks: np.ndarray,
        known: tuple[np.ndarray, np.ndarray],
        checks: TickCheck | None,
        answers: FormAnswers | None,
    ) -> FormEvidence | None:
        """Learn what single choices, partly offered themes and valences are worth."""
        if self.config.ticks is False:
            return None
        coded, truth = known
        single = (ticks == NOT_FIRST).any(axis=1, keepdims=True)
        parts = []
        for is_kind, sensitivity in (
            (~single & ~is_full(ticks), self.config.tick_sensitivity),
            (single, FIRST_SENSITIVITY),
        ):
            own = np.where(is_kind, ticks, UNKNOWN)
            found = fit_reliability(own[coded], truth, sensitivity, self.config.tick_specificity)
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

    def _mean_themes(self, truth: np.ndarray, ticks: np.ndarray, *, heeded: bool) -> float:
        """Return the themes a report has on average: as coded, drawn to as ticked or as set.

        A single choice, and a form that offers a part of the themes, say nothing of their number.
        """
        ticked = ticks[is_full(ticks)[:, 0]] == 1
        before = min(self.config.mean_themes, len(self.texts.theme_ids) * MAX_RATE)
        if heeded and len(ticked) >= MIN_TICKED:
            before = true_mean(ticked, self.config.tick_sensitivity, self.config.tick_specificity)
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
