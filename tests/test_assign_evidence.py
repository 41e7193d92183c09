"""Evidence adds up to the log odds, and a suggestion says how strong it is and what comes next."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from theme_study import (
    NO_CODINGS,
    NO_KINDS,
    NOTHING_RULED_OUT,
    codings_of,
    fit_themes,
    small_taxonomy,
    text_tables,
    themed_rows,
)

from pipeline.assign.assign import AssignConfig, assign
from pipeline.assign.coded_scores import coded_scores
from pipeline.assign.distance_to_cut import STRONG, WEAK, standing, strongest_not_suggested
from pipeline.assign.evidence import PRIOR, REST, TICK
from pipeline.assign.nearest_coded import nearest_coded
from pipeline.assign.sentences import fold_of
from pipeline.frames import to_arrow, to_frame
from pipeline.texts import Texts

TEXT_ONLY = AssignConfig(ticks=False, mean_themes=1.0, min_df=1)
WITH_TICKS = AssignConfig(min_df=1)
ROWS = themed_rows(36)


@pytest.fixture
def tables(make_reports, lemmatiser):
    return text_tables(make_reports(*ROWS), lemmatiser)


def suggestions(tables, lemmatiser, config, codings=NO_CODINGS, ruled_out=NOTHING_RULED_OUT):
    fitted = fit_themes(tables, lemmatiser, config, codings, ruled_out)
    report_themes, _ = assign(Texts(*tables), NO_KINDS, config, fitted=fitted)
    return report_themes, fitted


@pytest.mark.parametrize("config", [TEXT_ONLY, WITH_TICKS], ids=["text", "ticks"])
@pytest.mark.parametrize("n_coded", [0, 12, 36])
@pytest.mark.parametrize("max_evidence", [1, 50])
def test_the_pieces_of_every_suggestion_add_up_to_its_log_odds(
    tables, lemmatiser, config, n_coded, max_evidence
):
    config = config.model_copy(update={"max_evidence": max_evidence})
    made, _ = suggestions(tables, lemmatiser, config, codings_of(tables, ROWS, n_coded))
    chosen = made[made["assigned"]]
    assert len(chosen) >= len(ROWS)
    sums = [sum(piece["contribution"] for piece in row) for row in chosen["evidence"]]
    np.testing.assert_allclose(sums, chosen["log_odds"], atol=1e-6)
    for pieces in chosen["evidence"]:
        terms = [piece["term"] for piece in pieces if not piece["segment_id"]]
        assert terms == ([TICK, PRIOR, REST] if config.ticks else [PRIOR, REST])


def test_a_field_of_the_form_is_a_line_of_its_own_and_the_pieces_still_add_up(
    make_reports, lemmatiser
):
    groups = {"asuminen": "tyoikaiset", "koulu": "lapset-nuoret-perheet", "raha": "ikaantyneet"}
    rows = [{**row, "client_groups": [groups[row["themes_ticked"][0]]]} for row in ROWS]
    tables = text_tables(make_reports(*rows), lemmatiser)
    made, fitted = suggestions(tables, lemmatiser, TEXT_ONLY)
    assert fitted.fields is not None
    chosen = made[made["assigned"]]
    for row in chosen.itertuples():
        assert sum(e["contribution"] for e in row.evidence) == pytest.approx(row.log_odds)
    own = chosen[(chosen["theme_id"] == "koulu") & chosen["report_id"].isin(["P1-002", "P1-005"])]
    for evidence in own["evidence"]:
        lines = {e["term"]: e["contribution"] for e in evidence}
        assert lines["[client_groups] lapset-nuoret-perheet"] > 0.3
    off = TEXT_ONLY.model_copy(update={"fields": False})
    without, _ = suggestions(tables, lemmatiser, off)
    terms = {e["term"] for evidence in without["evidence"] for e in evidence}
    assert not any(term.startswith("[client_groups]") for term in terms)


def test_with_every_word_shown_the_remainder_is_what_is_no_word_and_no_sentence(tables, lemmatiser):
    config = TEXT_ONLY.model_copy(update={"max_evidence": 50})
    made, fitted = suggestions(tables, lemmatiser, config)
    words = {piece["term"] for row in made["evidence"] for piece in row if piece["segment_id"]}
    assert words >= {"", "vuokra", "velka", "koulu"}
    shares = {e["term"]: e["contribution"] for e in made.iloc[0]["evidence"] if not e["segment_id"]}
    assert shares[PRIOR] == pytest.approx(fitted.scale * fitted.text.constant[0] + fitted.shift)
    assert shares[REST] < 0


def test_the_score_rises_with_the_log_odds(tables, lemmatiser):
    made, _ = suggestions(tables, lemmatiser, WITH_TICKS, codings_of(tables, ROWS, 36))
    ordered = made.sort_values("log_odds")["score"].to_numpy()
    assert (np.diff(ordered) >= 0).all()


def test_a_word_ruled_out_is_no_evidence_and_its_weight_leaves_the_log_odds(tables, lemmatiser):
    before, _ = suggestions(tables, lemmatiser, TEXT_ONLY)
    ruled_out = pd.DataFrame([("asuminen", "vuokra")], columns=["theme_id", "lemma"])
    after, _ = suggestions(tables, lemmatiser, TEXT_ONLY, ruled_out=ruled_out)

    def carried(made):
        rows = made[(made["theme_id"] == "asuminen") & made["assigned"]]
        return {r.report_id for r in rows.itertuples() for e in r.evidence if e["term"] == "vuokra"}

    assert carried(before)
    assert not carried(after)
    own = before["theme_id"] == "asuminen"
    speaks = before["report_id"].isin(carried(before))
    assert (after["log_odds"] < before["log_odds"])[own & speaks].all()


def test_below_thirty_coded_reports_a_suggestion_has_a_word_and_from_thirty_on_a_score(
    tables, lemmatiser
):
    few, _ = suggestions(tables, lemmatiser, TEXT_ONLY, codings_of(tables, ROWS, 29))
    many, _ = suggestions(tables, lemmatiser, TEXT_ONLY, codings_of(tables, ROWS, 30))
    assert set(few.loc[few["assigned"], "strength"]) <= {"weak", "medium", "strong"}
    assert set(few.loc[~few["assigned"], "strength"]) == {""}
    assert set(many["strength"]) == {""}


def test_strength_goes_by_the_distance_to_the_cut_of_the_reports_own_form(tables, lemmatiser):
    fitted = dataclasses.replace(fit_themes(tables, lemmatiser, WITH_TICKS), cut=-3.0)
    log_odds = np.array([[2.5, 0.5, -4.0]] * 2)
    ticks = np.array([[1, 0, 0], [-1, -1, -1]], np.int8)
    found = standing(fitted, log_odds, log_odds > 0, ticks)
    assert found["margin"].tolist() == [2.5, 0.5, -4.0, 5.5, 3.5, -1.0]
    assert found["strength"].tolist() == [STRONG, WEAK, "", STRONG, STRONG, ""]
    assert found["is_next"].tolist() == [False, False, True] * 2


def test_the_strongest_theme_not_suggested_is_named_once_a_report(tables, lemmatiser):
    made, _ = suggestions(tables, lemmatiser, TEXT_ONLY)
    found = strongest_not_suggested(made).set_index("report_id")
    left = made[~made["assigned"]].groupby("report_id")["score"].max()
    assert found["score"].to_dict() == left.to_dict()


def test_a_coded_report_is_scored_by_what_was_learnt_without_its_fold(tables, lemmatiser):
    codings = codings_of(tables, ROWS, 36)
    _, fitted = suggestions(tables, lemmatiser, TEXT_ONLY, codings)
    made = coded_scores(Texts(*tables), NO_KINDS, codings, TEXT_ONLY, fitted=fitted)
    assert len(to_frame(to_arrow("coded_scores", made))) == 3 * len(ROWS)
    assert made["coded"].sum() == len(codings)
    forgetful = dataclasses.replace(fitted, text=fitted.text.scaled(0.0))
    again = coded_scores(Texts(*tables), NO_KINDS, codings, TEXT_ONLY, fitted=forgetful)
    pd.testing.assert_frame_equal(made, again)
    fold = fold_of("P1-001")
    blank = [t.scaled(0.0) if k == fold else t for k, t in enumerate(fitted.unseen)]
    changed = coded_scores(
        Texts(*tables),
        NO_KINDS,
        codings,
        TEXT_ONLY,
        fitted=dataclasses.replace(fitted, unseen=tuple(blank)),
    )
    own = made["report_id"].map(fold_of) == fold
    assert ((made["score"] != changed["score"]) == own).all()


def test_too_few_coded_reports_have_no_scores_to_hold_to_account(tables, lemmatiser):
    codings = codings_of(tables, ROWS, 29)
    _, fitted = suggestions(tables, lemmatiser, TEXT_ONLY, codings)
    assert coded_scores(Texts(*tables), NO_KINDS, codings, TEXT_ONLY, fitted=fitted).empty


def test_only_blind_codings_hold_scores_to_account(tables, lemmatiser):
    codings = codings_of(tables, ROWS, 30)
    _, fitted = suggestions(tables, lemmatiser, TEXT_ONLY, codings)
    saw = codings["report_id"].isin(["P1-001", "P1-002"])
    codings["mode"] = saw.map({True: "assisted", False: "blind"})
    made = coded_scores(Texts(*tables), NO_KINDS, codings, TEXT_ONLY, fitted=fitted)
    assert set(made["report_id"]) == set(codings["report_id"]) - {"P1-001", "P1-002"}


def test_the_nearest_coded_report_has_the_theme_and_is_another_one(tables, lemmatiser):
    codings = codings_of(tables, ROWS, 6)
    made, _ = suggestions(tables, lemmatiser, TEXT_ONLY, codings)
    given = {"taxonomy": small_taxonomy()}
    found = nearest_coded(Texts(*tables), codings, made, TEXT_ONLY, **given)
    assert len(to_frame(to_arrow("nearest_coded", found))) == len(found)
    coded = set(zip(codings["report_id"], codings["theme_id"], strict=True))
    assert set(zip(found["coded_report_id"], found["theme_id"], strict=True)) <= coded
    assert (found["coded_report_id"] != found["report_id"]).all()
    assert found["likeness"].between(-1, 1).all()
    assert len(found) == made["assigned"].sum()
    nothing = nearest_coded(Texts(*tables), NO_CODINGS, made, TEXT_ONLY, **given)
    assert nothing.empty


def test_a_repeated_report_is_nearest_to_the_one_it_repeats(make_reports, lemmatiser):
    rows = [*ROWS[:9], ROWS[4]]
    tables = text_tables(make_reports(*rows), lemmatiser)
    codings = codings_of(tables, rows, 9)
    made, _ = suggestions(tables, lemmatiser, TEXT_ONLY, codings)
    given = {"taxonomy": small_taxonomy()}
    found = nearest_coded(Texts(*tables), codings, made, TEXT_ONLY, **given)
    last = found[found["report_id"] == "P1-010"].iloc[0]
    assert last["coded_report_id"] == "P1-005"
    assert last["likeness"] == pytest.approx(1.0)


def test_a_report_without_ticks_is_suggested_so_many_themes_at_most(tables, lemmatiser):
    many = TEXT_ONLY.model_copy(update={"mean_themes": 3.0, "max_themes": 3})
    one = many.model_copy(update={"max_themes": 1})
    most = {}
    for config in (many, one):
        made, _ = suggestions(tables, lemmatiser, config)
        most[config.max_themes] = made.groupby("report_id")["assigned"].sum().max()
    assert most[1] == 1 < most[3]
