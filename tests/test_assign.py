"""Themes are suggested from texts, ticks and codings, one report at a time, with reasons."""

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from theme_study import (
    ENCODER,
    NO_CODINGS,
    NO_KINDS,
    NOTHING_RULED_OUT,
    WORDS,
    Tables,
    fit_themes,
    small_taxonomy,
    text_tables,
    themed_rows,
)

from pipeline.assign.assign import AssignConfig, assign
from pipeline.assign.evidence import TICK
from pipeline.assign.features import Documents, fit_features
from pipeline.assign.fitted import FittedThemes
from pipeline.assign.mapper import ThemeMapper
from pipeline.assign.report_texts import report_texts
from pipeline.assign.stack import Stack
from pipeline.assign.theme_texts import make_theme_texts
from pipeline.assign.ticks import tick_matrix
from pipeline.assign.zero_shot import fit_zero_shot
from pipeline.errors import InputError
from pipeline.frames import each_row, to_arrow, to_frame
from pipeline.taxonomy.model import Taxonomy
from pipeline.texts import Texts

TEXT_ONLY = AssignConfig(ticks=False, mean_themes=1.0, min_df=1)


def coding(report_id: str, theme_id: str, coder: str = "A", segment_id: str = "") -> dict[str, str]:
    return {
        "report_id": report_id,
        "segment_id": segment_id,
        "theme_id": theme_id,
        "coder": coder,
    }


@pytest.fixture
def taxonomy() -> Taxonomy:
    return small_taxonomy()


@pytest.fixture
def make_tables(make_reports, lemmatiser) -> Callable[..., Tables]:
    """Return a maker of the five text tables from rows of ``reports``."""
    return lambda *rows: text_tables(make_reports(*rows), lemmatiser)


@pytest.fixture
def rows() -> list[dict[str, Any]]:
    return themed_rows()


@pytest.fixture
def tables(make_tables, rows) -> Tables:
    return make_tables(*rows)


@pytest.fixture
def fit(lemmatiser) -> Callable[..., FittedThemes]:
    def fit(
        tables: Tables,
        config: AssignConfig = TEXT_ONLY,
        codings: pd.DataFrame = NO_CODINGS,
        not_evidence: pd.DataFrame = NOTHING_RULED_OUT,
    ) -> FittedThemes:
        return fit_themes(tables, lemmatiser, config, codings, not_evidence)

    return fit


def suggested(report_themes: pd.DataFrame) -> dict[str, list[str]]:
    chosen = report_themes[report_themes["assigned"]]
    found = chosen.groupby("report_id", sort=False)["theme_id"].agg(list)
    return {str(report_id): themes for report_id, themes in found.items()}


def cut_to(tables: Tables, report_ids: list[str]) -> Tables:
    """Cut tables to some reports, as the runner does, with the index of the whole."""
    reports, segments, tokens, embeddings, report_embeddings = tables
    own = segments["report_id"].isin(report_ids)
    segment_ids = set(segments.loc[own, "segment_id"])
    return (
        reports[reports["report_id"].isin(report_ids)],
        segments[own],
        tokens[tokens["segment_id"].isin(segment_ids)],
        embeddings[embeddings["segment_id"].isin(segment_ids)],
        report_embeddings[report_embeddings["report_id"].isin(report_ids)],
    )


def test_every_report_theme_pair_has_a_row_in_order_and_the_tables_keep_the_contract(tables, fit):
    report_themes, segment_themes = assign(Texts(*tables), NO_KINDS, TEXT_ONLY, fitted=fit(tables))
    pairs = list(zip(report_themes["report_id"], report_themes["theme_id"], strict=True))
    assert pairs == [(r, t) for r in tables[0]["report_id"] for t in WORDS]
    assert report_themes["score"].between(0, 1).all()
    for name, frame in (("report_themes", report_themes), ("segment_themes", segment_themes)):
        assert len(to_frame(to_arrow(name, frame))) == len(frame)
    assert segment_themes["segment_id"].is_monotonic_increasing


def test_the_text_alone_finds_the_themes_that_the_taxonomy_only_hints_at(tables, fit, rows):
    report_themes, _ = assign(Texts(*tables), NO_KINDS, TEXT_ONLY, fitted=fit(tables))
    best = report_themes.loc[report_themes.groupby("report_id")["score"].idxmax()]
    truth = dict(zip(tables[0]["report_id"], (row["themes_ticked"] for row in rows), strict=True))
    right = [t in truth[r] for r, t in zip(best["report_id"], best["theme_id"], strict=True)]
    assert np.mean(right) >= 0.9


@pytest.mark.parametrize("config", [TEXT_ONLY, AssignConfig(min_df=1)], ids=["text", "ticks"])
def test_a_report_gets_the_same_bits_alone_and_among_others(tables, fit, config):
    fitted = fit(tables, config)
    whole_reports, whole_segments = assign(Texts(*tables), NO_KINDS, config, fitted=fitted)
    ids = tables[0]["report_id"].tolist()
    batches = [[ids[0]], ids[1:8], ids[8:]]
    parts = [
        assign(Texts(*cut_to(tables, batch)), NO_KINDS, config, fitted=fitted) for batch in batches
    ]
    pd.testing.assert_frame_equal(
        pd.concat([p[0] for p in parts], ignore_index=True), whole_reports, check_exact=True
    )
    pd.testing.assert_frame_equal(
        pd.concat([p[1] for p in parts], ignore_index=True), whole_segments, check_exact=True
    )


def test_the_same_seed_gives_the_same_weights(tables, fit):
    codings = pd.DataFrame([coding(r, "koulu") for r in tables[0]["report_id"][:9]])
    first, second = fit(tables, codings=codings), fit(tables, codings=codings)
    np.testing.assert_array_equal(first.text.weights, second.text.weights)
    assert first.cut == second.cut


def test_a_report_of_poor_quality_gets_no_row(make_tables, rows, fit):
    tables = make_tables(*rows[:5], {"quality": "junk"})
    report_themes, _ = assign(Texts(*tables), NO_KINDS, TEXT_ONLY, fitted=fit(tables))
    assert report_themes["report_id"].nunique() == 5


@pytest.mark.parametrize("n_rows", [0, 1], ids=["none", "one"])
def test_a_study_with_hardly_a_report_still_runs(make_tables, rows, fit, n_rows):
    tables = make_tables(*rows[:n_rows], {"quality": "empty"})
    report_themes, segment_themes = assign(Texts(*tables), NO_KINDS, TEXT_ONLY, fitted=fit(tables))
    assert len(report_themes) == 3 * n_rows
    assert len(to_frame(to_arrow("segment_themes", segment_themes))) >= n_rows


def test_a_tick_raises_its_theme_and_its_absence_lowers_the_others(make_tables, rows, fit):
    unticked = make_tables(*[{**row, "themes_ticked": []} for row in rows])
    ticked = make_tables(*[{**row, "themes_ticked": ["raha"]} for row in rows])
    config = AssignConfig(min_df=1)
    fitted = fit(unticked, config)
    without = assign(Texts(*unticked), NO_KINDS, config, fitted=fitted)[0]
    with_tick = assign(Texts(*ticked), NO_KINDS, config, fitted=fitted)[0]
    is_raised = with_tick["score"] > without["score"]
    assert (is_raised == (with_tick["theme_id"] == "raha")).all()


def test_a_form_without_a_tick_is_scored_by_its_text_alone(make_tables, rows, fit):
    tables = make_tables(*[{**row, "themes_ticked": []} for row in rows])
    both = AssignConfig(min_df=1, mean_themes=1.0)
    with_ticks = assign(Texts(*tables), NO_KINDS, both, fitted=fit(tables, both))[0]
    text_only = assign(Texts(*tables), NO_KINDS, TEXT_ONLY, fitted=fit(tables))[0]
    pd.testing.assert_frame_equal(with_ticks, text_only)


def test_with_ticks_off_a_tick_changes_nothing(make_tables, tables, rows, fit):
    fitted = fit(tables)
    other = make_tables(*[{**row, "themes_ticked": ["raha"]} for row in rows])
    pd.testing.assert_frame_equal(
        assign(Texts(*tables), NO_KINDS, TEXT_ONLY, fitted=fitted)[0],
        assign(Texts(*other), NO_KINDS, TEXT_ONLY, fitted=fitted)[0],
    )


def test_a_report_always_gets_a_theme_unless_a_lowest_score_is_set(tables, fit):
    free, strict = TEXT_ONLY, TEXT_ONLY.model_copy(update={"min_score": 0.999})
    assert len(suggested(assign(Texts(*tables), NO_KINDS, free, fitted=fit(tables, free))[0])) == 30
    assert suggested(assign(Texts(*tables), NO_KINDS, strict, fitted=fit(tables, strict))[0]) == {}


def test_codings_teach_a_theme_that_its_description_does_not_show(make_tables, rows, fit):
    tulkki = [
        {"observation": f"Tulkki puuttui {place}. Tulkkaus peruttiin.", "themes_ticked": []}
        for place in ("virastossa", "neuvolassa", "sairaalassa", "kotona", "pankissa", "puhelussa")
    ]
    tables = make_tables(*rows, *tulkki)
    ids = tables[0]["report_id"].tolist()
    codings = [coding(ids[i], t) for i in range(30) for t in rows[i]["themes_ticked"]]
    codings += [coding(r, "koulu") for r in ids[30:35]]
    fitted = fit(tables, codings=pd.DataFrame(codings))
    report_themes, _ = assign(Texts(*tables), NO_KINDS, TEXT_ONLY, fitted=fitted)
    assert fitted.n_coded == 35
    held_out = report_themes[report_themes["report_id"] == ids[35]].set_index("theme_id")
    assert held_out["score"].idxmax() == "koulu"
    assert held_out.loc["koulu", "assigned"]


def test_the_mean_number_of_themes_comes_from_the_codings_when_there_are_any(tables, fit):
    ids = tables[0]["report_id"].tolist()
    codings = pd.DataFrame([coding(r, t) for r in ids for t in ("asuminen", "raha")])
    report_themes, _ = assign(
        Texts(*tables), NO_KINDS, TEXT_ONLY, fitted=fit(tables, codings=codings)
    )
    assert report_themes["assigned"].sum() == pytest.approx(60, abs=10)
    free, _ = assign(Texts(*tables), NO_KINDS, TEXT_ONLY, fitted=fit(tables))
    assert free["assigned"].sum() == pytest.approx(30, abs=10)


def test_a_coding_of_a_theme_that_is_not_there_is_refused(tables, fit):
    with pytest.raises(InputError, match="one of the taxonomy's themes"):
        fit(tables, codings=pd.DataFrame([coding("P1-002", "tuntematon")]))


def test_codings_that_say_none_fits_everywhere_leave_the_zero_shot_scores(tables, fit):
    codings = pd.DataFrame([coding(r, "") for r in tables[0]["report_id"][:10]])
    np.testing.assert_array_equal(
        fit(tables, codings=codings).text.weights, fit(tables).text.weights
    )


def test_evidence_names_the_sentence_that_speaks_of_the_theme(make_tables, rows, fit):
    report = {"observation": "Opettaja huolestui luokasta. Velka ja perintä painavat."}
    tables = make_tables(report, *rows)
    report_themes, segment_themes = assign(Texts(*tables), NO_KINDS, TEXT_ONLY, fitted=fit(tables))
    chosen = report_themes[report_themes["assigned"]].set_index(["report_id", "theme_id"])
    evidence = chosen["evidence"]["P1-001", "raha"]
    assert {e["segment_id"][-3:] for e in evidence if e["term"] in ("velka", "perintä")} == {"002"}
    sizes = [abs(e["contribution"]) for e in evidence if e["segment_id"]]
    assert sizes == sorted(sizes, reverse=True)
    strongest = segment_themes[segment_themes["theme_id"] == "raha"].nlargest(1, "score")
    assert len(strongest) == 1
    carriers = segment_themes[segment_themes["segment_id"].str.startswith("P1-001")]
    by_theme = carriers.set_index("theme_id")["segment_id"].to_dict()
    assert by_theme["raha"].endswith("002")


def test_evidence_has_the_tick_and_only_suggestions_have_evidence(tables, fit):
    config = AssignConfig(min_df=1, max_evidence=3)
    report_themes, _ = assign(Texts(*tables), NO_KINDS, config, fitted=fit(tables, config))
    for row in each_row(report_themes):
        assert bool(row.evidence) == row.assigned
        assert sum(bool(e["segment_id"]) for e in row.evidence) <= 3
    first = report_themes[report_themes["assigned"]].iloc[0]["evidence"]
    assert [e["segment_id"] for e in first if e["term"] == TICK] == [""]


def test_all_pieces_with_what_is_left_out_add_up_to_the_log_odds(tables, taxonomy, lemmatiser):
    texts = make_theme_texts(taxonomy, encoder=ENCODER, lemmatiser=lemmatiser)
    reports, ids = report_texts(Texts(*tables))
    ticks = tick_matrix(tables[0], ids, taxonomy.theme_ids)
    mapper = ThemeMapper(texts, AssignConfig(min_df=1)).fit(reports, ticks)
    no_ticks = np.full(ticks.shape, -1, np.int8)
    fitted = mapper.fitted_
    n_terms = fitted.features.n_terms
    rows = reports.rows(fitted.features)

    def text(matrix):
        dense = matrix.toarray()
        words = dense[:, :n_terms] @ fitted.text.weights[:n_terms]
        return words + dense[:, n_terms:] @ fitted.text.weights[n_terms:] + fitted.text.constant

    sentences = text(rows.sentences)
    strongest = np.array([sentences[rows.of_report == i].max(axis=0) for i in range(len(ids))])
    mixed = 2 / 3 * text(rows.whole) + strongest / 3
    total = fitted.scale * (mixed - mixed.max(axis=1, keepdims=True) / 4) + fitted.shift
    np.testing.assert_allclose(fitted.text_log_odds(rows, no_ticks), total)
    assert ((mapper.predict_proba(reports, no_ticks) > 0.5) == (total > 0)).all()
    assert mapper.decide(reports, ticks).any(axis=1).all()


def test_exclusion_notes_and_foreign_terms_are_no_evidence(taxonomy, lemmatiser):
    texts = make_theme_texts(taxonomy, encoder=ENCODER, lemmatiser=lemmatiser)
    seen = {term for terms in texts.descriptions.terms for term in terms}
    assert "häätö" in seen
    assert not seen & {"tulkki", "tulkinta", "rent"}
    assert texts.example_labels.tolist() == np.eye(3, dtype=bool).tolist()


def test_a_large_pool_is_sampled_with_all_coded_reports_kept(tables, fit, monkeypatch):
    laid_out = []

    def watching(texts):
        laid_out.append((len(texts.reports), texts.segments["report_id"].nunique()))
        return report_texts(texts)

    monkeypatch.setattr("pipeline.assign.mapper.report_texts", watching)
    config = TEXT_ONLY.model_copy(update={"max_pool_reports": 12})
    ids = tables[0]["report_id"].tolist()
    codings = pd.DataFrame([coding(r, "koulu") for r in ids[20:29]])
    assert fit(tables, config, codings).n_coded == 9
    assert laid_out == [(12, 12)]


@pytest.mark.parametrize(
    ("name", "value"),
    [("tick_sensitivity", 0.4), ("mean_themes", 0.5), ("max_evidence", 0), ("unknown", 1)],
)
def test_settings_out_of_range_are_refused(name, value):
    with pytest.raises(ValueError, match=name):
        AssignConfig(**{name: value})


def test_every_suggestion_has_a_sentence_even_when_none_reaches_the_lowest_score(tables, fit):
    config = TEXT_ONLY.model_copy(update={"min_segment_score": 1.0})
    report_themes, segment_themes = assign(Texts(*tables), NO_KINDS, config, fitted=fit(tables))
    carried = {
        (segment_id.split("/")[0], theme_id)
        for segment_id, theme_id in zip(
            segment_themes["segment_id"], segment_themes["theme_id"], strict=True
        )
    }
    chosen = report_themes[report_themes["assigned"]]
    assert carried == set(zip(chosen["report_id"], chosen["theme_id"], strict=True))


def test_held_out_scores_know_nothing_of_labels_dealt_at_random(tables, taxonomy, lemmatiser):
    texts = make_theme_texts(taxonomy, encoder=ENCODER, lemmatiser=lemmatiser)
    reports, _ = report_texts(Texts(*tables))
    features = fit_features(reports.whole, texts.descriptions.terms, min_df=1)
    rows = reports.rows(features)
    theme_rows, theme_labels = texts.rows(features)
    zero_shot = fit_zero_shot(
        rows.whole, theme_rows, theme_labels, features.n_terms, mean_themes=1.0, seed=0
    )
    truth = np.random.default_rng(2).random((30, 3)) < 0.4
    stack = Stack(zero_shot, theme_rows, theme_labels, rows.whole, seed=0)
    text, by_fold = stack.fit(rows, truth)
    held_out = rows.score_unseen(by_fold)
    unseen = held_out[truth].mean() - held_out[~truth].mean()
    assert abs(unseen) < 0.3
    assert not np.allclose(held_out, rows.score(text))


@pytest.mark.parametrize(
    ("tick", "n_fits"),
    [
        pytest.param([1, -1, -1], 1, id="a part offered"),
        pytest.param([1, 0, 0], 2, id="whole forms, which tell another mean"),
    ],
)
def test_the_taxonomy_alone_is_learnt_once_for_each_mean(
    tables, taxonomy, lemmatiser, monkeypatch, tick, n_fits
):
    fits = []

    def counted(*given, mean_themes, **rest):
        fits.append(mean_themes)
        return fit_zero_shot(*given, mean_themes=mean_themes, **rest)

    monkeypatch.setattr("pipeline.assign.zero_shot.fit_zero_shot", counted)
    texts = make_theme_texts(taxonomy, encoder=ENCODER, lemmatiser=lemmatiser)
    reports, report_ids = report_texts(Texts(*tables))
    ticks = np.tile(np.array(tick, np.int8), (len(report_ids), 1))
    ThemeMapper(texts, AssignConfig(ticks=True, min_df=1)).fit(reports, ticks)
    assert len(fits) == len(set(fits)) == n_fits


def test_forms_with_ticks_are_cut_at_even_odds_and_others_where_the_mean_is_met(tables, fit):
    config = AssignConfig(min_df=1)
    fitted = dataclasses.replace(fit(tables, config), cut=-2.0)
    log_odds = np.array([[3.0, -1.0, -3.0], [3.0, -1.0, -3.0]])
    ticks = np.array([[1, 0, 0], [-1, -1, -1]], np.int8)
    two = Documents(((), ()), np.zeros((2, ENCODER.n_dims)))
    assert fitted.decide(two, log_odds, ticks).sum(axis=1).tolist() == [1, 2]
    assert (
        fit(tables).decide(two, log_odds, ticks)[0].tolist()
        == fit(tables).decide(two, log_odds, np.full((2, 3), -1, np.int8))[0].tolist()
    )
