"""What the mapper learnt, as plain numbers: enough to score any report by itself."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipeline.assign.decision import assign_by_cut, strongest
from pipeline.assign.familiar import Familiarity
from pipeline.assign.features import Documents, Features, Matrix
from pipeline.assign.field_evidence import FieldEvidence, FieldPieces, field_answers, field_terms
from pipeline.assign.flips import FlipModel
from pipeline.assign.form_evidence import FormEvidence
from pipeline.assign.linear import Linear, sigmoid
from pipeline.assign.sentences import ReportRows, joint_score
from pipeline.assign.ticks import answered_pairs, is_full

MAX_RATE = 1 / 3
"""Largest share of the reports that a theme is expected to have before any is coded, 0-1."""

MIN_CODED = 30  # coded reports below which scores order pairs and are not calibrated


@dataclass(frozen=True)
class FittedThemes:
    """All that scoring a report needs; nothing in it depends on the report's batch.

    Attributes
    ----------
    theme_ids : tuple of str
        In the taxonomy's order, which is that of every theme axis.
    features : Features
    text : Linear
        Score of each theme from the text of a report or sentence.
    unseen : tuple of Linear
        The same, each learnt without one fold. A report with ticks is scored by the one of its
        fold, for its own ticks may be among what ``text`` was learnt from. Empty where nothing
        was learnt from reports.
    scale, shift : float
        ``scale * score + shift`` is the log odds from text (Platt scaling).
    flips : FlipModel or None
        What the reporters' ticks say; None when they are not used.
    familiarity : Familiarity or None
        What tells reports that are about none of the themes; None in a pool too small.
    cut, ticked_cut : float
        Log odds above which a theme is suggested, on forms without and with ticks.
    min_score : float
        Score below which even a report's strongest theme is not suggested, 0-1.
    n_coded : int
        Coded reports it was learnt from. Below 30 scores order pairs but are not probabilities.
    headings : tuple of str
        Themes that are not codable and are never suggested.
    form : FormEvidence or None
        What single choices, partly offered themes, typed words and valences say.
    fields : FieldEvidence or None
        What client groups, valence and source say, learnt without labels; None where forms have
        none of them, or they are not used.
    max_themes : int
        Most themes suggested for a report without a full set of ticks.
    unseen_fields : tuple of (FieldEvidence or None)
        The same as ``fields``, each learnt without the codings of the fold of its place, None where
        nothing was learnt without them; empty where nothing is coded.
    """

    theme_ids: tuple[str, ...]
    features: Features
    text: Linear
    unseen: tuple[Linear, ...]
    scale: float
    shift: float
    flips: FlipModel | None
    familiarity: Familiarity | None
    cut: float
    ticked_cut: float
    min_score: float
    n_coded: int
    headings: tuple[str, ...] = ()
    form: FormEvidence | None = None
    fields: FieldEvidence | None = None
    max_themes: int = 4
    unseen_fields: tuple[FieldEvidence | None, ...] = ()

    @property
    def is_calibrated(self) -> bool:
        """Whether scores are probabilities: enough reports were coded."""
        return self.n_coded >= MIN_CODED

    def text_log_odds(self, rows: ReportRows, ticks: np.ndarray) -> np.ndarray:
        """Return the log odds of each theme from the text, shape (n_reports, n_themes)."""
        scores = rows.score(self.text)
        if self.flips is not None and self.unseen:
            scores = np.where(is_full(ticks), rows.score_unseen(self.unseen), scores)
        return np.asarray(self.scale * scores + self.shift)

    def text_of(self, fold: int, ticks: np.ndarray) -> Linear:
        """Return what one report is scored by, given its fold and its row of ticks."""
        is_ticked = (ticks >= 0).all() and self.flips is not None
        return self.unseen[fold] if is_ticked and self.unseen else self.text

    def sentence_log_odds(self, rows: Matrix) -> np.ndarray:
        """Return the log odds of each theme in a sentence, shape (n_sentences, n_themes).

        A sentence is scored as a report that consists of it alone, without ticks.
        """
        own = self.text(rows)
        return np.asarray(self.scale * joint_score(own, own) + self.shift)

    def log_odds(self, rows: ReportRows, ticks: np.ndarray) -> np.ndarray:
        """Return the log odds of each theme, shape (n_reports, n_themes).

        Parameters
        ----------
        rows : ReportRows
        ticks : ndarray of int8, shape (n_reports, n_themes)
            1 ticked, 0 not ticked, -1 the form has no tick at all.
        """
        text = self.text_log_odds(rows, ticks)
        partly = text if self.form is None else text + self.form.tick_odds(ticks)
        if self.flips is None:
            return np.where(is_full(ticks), text, partly)
        return np.where(is_full(ticks), self.flips.log_odds(text, ticks), partly)

    def unseen_log_odds(self, rows: ReportRows, ticks: np.ndarray) -> np.ndarray:
        """Return log odds by classifiers that had not seen the report's fold.

        Where nothing was learnt from reports they are those of :meth:`log_odds`.
        """
        if not self.unseen:
            return self.log_odds(rows, ticks)
        text = self.scale * rows.score_unseen(self.unseen) + self.shift
        partly = text if self.form is None else text + self.form.tick_odds(ticks)
        if self.flips is None:
            return np.where(is_full(ticks), text, partly)
        return np.where(is_full(ticks), self.flips.log_odds(text, ticks), partly)

    def without_reports(self) -> "FittedThemes":
        """Return the same without what belongs to the study's own reports, to be saved."""
        if self.form is None:
            return self
        bare = np.zeros((0, len(self.theme_ids)))
        return replace(self, form=replace(self.form, typed_ids=(), typed_odds=bare))

    def without_fold(self, fold: int) -> "FittedThemes":
        """Return the same with the fields as they are learnt without the codings of a fold."""
        return replace(self, fields=self.unseen_fields[fold]) if self.unseen_fields else self

    def beside_unseen(
        self, reports: pd.DataFrame, report_ids: list[str], ticks: np.ndarray, folds: np.ndarray
    ) -> np.ndarray:
        """Return the same as :meth:`beside`, by what had not seen the codings of a report's fold.

        Parameters
        ----------
        reports, report_ids, ticks
            As there.
        folds : ndarray of int, shape (n_reports,)
        """
        added = np.zeros(ticks.shape)
        for fold in np.unique(folds):
            own = np.flatnonzero(folds == fold)
            ids = [report_ids[i] for i in own]
            added[own] = self.without_fold(int(fold)).beside(reports, ids, ticks[own])
        return added

    def beside(self, reports: pd.DataFrame, report_ids: list[str], ticks: np.ndarray) -> np.ndarray:
        """Return what typed words and fields add to the log odds, (n_reports, n_themes).

        Where a tick or its absence is used, fields have nothing to say of that theme.

        Parameters
        ----------
        reports : DataFrame with column ``report_id`` and those of the form's fields
        report_ids : list of str
        ticks : ndarray of int8, shape (n_reports, n_themes)
        """
        added = np.zeros(ticks.shape)
        if self.form is not None and "valence" in reports:
            valences = reports.set_index("report_id")["valence"].reindex(report_ids).tolist()
            added += self.form.beside(report_ids, valences, ticks)
        if self.fields is not None:
            held = field_answers(reports, report_ids, self.fields.known).held
            added += np.where(self.answered(ticks), 0.0, self.fields.log_odds(held))
        return added

    def field_pieces(
        self, reports: pd.DataFrame, report_ids: list[str], ticks: np.ndarray
    ) -> FieldPieces:
        """Return what fields add to the log odds, field by field."""
        if self.fields is None:
            return FieldPieces({}, np.zeros(ticks.shape), tuple({} for _ in report_ids))
        held = field_answers(reports, report_ids, self.fields.known).held
        said = self.answered(ticks)
        parts = {
            field: np.where(said, 0.0, added) for field, added in self.fields.parts(held).items()
        }
        total = np.where(said, 0.0, self.fields.log_odds(held))
        constant = total - sum(parts.values(), np.zeros(ticks.shape))
        return FieldPieces(parts, constant, field_terms(reports, report_ids))

    def heeds(self, ticks: np.ndarray) -> np.ndarray:
        """Return which forms have a full set of ticks that is used, as a column."""
        return np.asarray(is_full(ticks) & (self.flips is not None))

    def answered(self, ticks: np.ndarray) -> np.ndarray:
        """Return which pairs a form answers and the answer is used, bool, as ``ticks``."""
        uses_parts = self.form is not None and self.form.is_used
        return answered_pairs(ticks, full=self.flips is not None, parts=uses_parts)

    def slopes(self, ticks: np.ndarray) -> np.ndarray:
        """Return how much of the text's log odds the log odds take, (n_reports, n_themes)."""
        if self.flips is None:
            return np.ones(ticks.shape)
        return np.where(is_full(ticks), self.flips.slopes(ticks), 1.0)

    def decide(self, documents: Documents, log_odds: np.ndarray, ticks: np.ndarray) -> np.ndarray:
        """Return which pairs are suggested, bool, shape (n_reports, n_themes).

        A report without ticks that is about none of the themes gets none. In a taxonomy so small
        that it is not expected to cover every report, no report keeps a theme below the cut.
        """
        is_heading = np.array([theme_id in self.headings for theme_id in self.theme_ids])
        log_odds = np.where(is_heading, -np.inf, log_odds)
        is_ticked = self.heeds(ticks)
        cuts = np.where(is_ticked, self.ticked_cut, self.cut)
        covers = MAX_RATE * len(self.theme_ids) >= 1
        assigned = assign_by_cut(log_odds, cuts, keeps_one=covers) & (
            sigmoid(log_odds) >= self.min_score
        )
        assigned &= strongest(log_odds, self.max_themes) | is_ticked
        if self.familiarity is not None:
            off_topic = self.familiarity.is_off_topic(documents, self.features)
            assigned &= ~off_topic[:, None] | is_ticked
        return np.asarray(assigned)
