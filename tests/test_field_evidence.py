"""Fields of the form speak for themes without a label, and each says a bounded amount."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.assign.assign import AssignConfig
from pipeline.assign.field_evidence import (
    MAX_FIELD,
    WEIGHT,
    FieldEvidence,
    field_answers,
    field_terms,
    fit_fields,
    read_term,
)
from pipeline.assign.kinds_said import with_kinds
from pipeline.assign.linear import sigmoid
from pipeline.texts import Texts

N = 120
EVERYONE = np.ones((N, 3), bool)
UNCODED = np.full((N, 3), -1, np.int8)


def forms(groups, valences=None) -> pd.DataFrame:
    ids = [f"P1-{i:03d}" for i in range(len(groups))]
    valence = [""] * len(groups) if valences is None else valences
    return pd.DataFrame({"report_id": ids, "client_groups": groups, "valence": valence})


def themed(seed: int = 0) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Return forms whose second theme goes with a group, the truth, and a weak text's log odds."""
    rng = np.random.default_rng(seed)
    truth = rng.random((N, 3)) < 0.4
    groups = [["vanhat"] if has else ["nuoret", "muut"] for has in truth[:, 1]]
    text = np.where(truth, 0.8, -1.2) + rng.normal(0, 1.0, truth.shape)
    return forms(groups), truth, text


def _right_of_strongest(odds: np.ndarray, truth: np.ndarray) -> list[float]:
    """Return, for each theme, the share of its strongest reports that have it, as many as do."""
    return [
        float(truth[np.argsort(-odds[:, j])[: truth[:, j].sum()], j].mean())
        for j in range(truth.shape[1])
    ]


def fitted(*given: Any) -> FieldEvidence:
    found = fit_fields(*given)
    assert found
    return found


def test_a_group_that_goes_with_a_theme_is_found_without_a_label():
    gains = []
    for seed in range(12):
        reports, truth, text = themed(seed)
        answers = field_answers(reports, list(reports["report_id"]))
        n_themes = sigmoid(text).sum(axis=1).mean()
        found = fitted(answers, text, UNCODED, EVERYONE, n_themes)
        odds = text + found.log_odds(answers.held)
        assert sigmoid(odds).sum(axis=1).mean() == pytest.approx(n_themes)
        before, after = _right_of_strongest(text, truth), _right_of_strongest(odds, truth)
        gains.append(np.array(after) - before)
    gain = np.mean(gains, axis=0)
    assert gain[1] > 0.15
    assert gain[[0, 2]].min() > -0.07  # themes that no group goes with pay for chance


def test_codings_overrule_what_the_text_says_of_a_group():
    reports, truth, text = themed()
    answers = field_answers(reports, list(reports["report_id"]))
    misled = text.copy()
    misled[:, 1] = -misled[:, 1]
    blind = fitted(answers, misled, UNCODED, EVERYONE, 1.2)
    told = fitted(answers, misled, truth.astype(np.int8), EVERYONE, 1.2)
    old = blind.known.index(("client_groups", "vanhat"))
    assert blind.said[old, 1] < 0 < told.said[old, 1]


def test_a_theme_that_always_goes_with_a_field_does_not_take_every_report_with_it():
    rng = np.random.default_rng(1)
    is_good = rng.random(N) < 0.3
    truth = np.zeros((N, 3), bool)
    truth[:, 0] = is_good & (rng.random(N) < 0.6)
    text = np.where(truth, 3.0, -4.0) + rng.normal(0, 0.3, truth.shape)
    reports = forms([[]] * N, ["positiivinen" if good else "negatiivinen" for good in is_good])
    answers = field_answers(reports, list(reports["report_id"]))
    found = fitted(answers, text, UNCODED, EVERYONE, float(truth.sum(axis=1).mean()))
    part = found.parts(answers.held)["valence"]
    assert np.abs(part).max() <= WEIGHT * MAX_FIELD + 1e-9
    suggested = text + found.log_odds(answers.held) > 0
    np.testing.assert_array_equal(suggested[:, 0], truth[:, 0])


def test_a_field_that_was_not_answered_says_nothing():
    reports, _, text = themed()
    answers = field_answers(reports, list(reports["report_id"]))
    found = fitted(answers, text, UNCODED, EVERYONE, 1.2)
    blank = forms([[], ["vanhat"]])
    held = field_answers(blank, list(blank["report_id"]), found.known).held
    added = found.log_odds(held)
    assert not added[0].any()
    assert added[1].any()


def test_a_value_that_was_not_learnt_is_not_the_values_that_were():
    reports, _, text = themed()
    found = fitted(field_answers(reports, list(reports["report_id"])), text, UNCODED, EVERYONE, 1.2)
    other = forms([["uusi ryhmä"], ["nuoret", "muut"]])
    held = field_answers(other, list(other["report_id"]), found.known).held
    assert held.tolist() == [[0.0, 0.0, 0.0], [1.0, 1.0, 0.0]]


@pytest.mark.parametrize(
    "reports",
    [
        forms([[]] * N),
        forms([["kaikki"]] * N),
        forms([["a"]] * 2 + [["b"]] * (N - 2)),
        pd.DataFrame({"report_id": [f"P1-{i:03d}" for i in range(N)]}),
    ],
    ids=["never answered", "one value", "hardly ever another", "no such columns"],
)
def test_a_form_whose_fields_do_not_tell_reports_apart_leaves_themes_as_they_are(reports):
    text = np.random.default_rng(0).normal(size=(N, 3))
    answers = field_answers(reports, list(reports["report_id"]))
    assert fit_fields(answers, text, UNCODED, EVERYONE, 1.2) is None


def test_reports_whose_ticks_are_heeded_teach_and_are_left_as_they_are():
    reports, truth, text = themed()
    answers = field_answers(reports, list(reports["report_id"]))
    heeds = np.arange(N) < 20
    sure = np.where(heeds[:, None], text, np.where(truth, 6.0, -6.0))
    free = np.repeat(heeds[:, None], 3, axis=1)
    found = fitted(answers, sure, UNCODED, free, 1.2)
    odds = text[:20] + found.log_odds(answers.held[:20])
    assert sigmoid(odds).sum(axis=1).mean() == pytest.approx(1.2)
    old = found.known.index(("client_groups", "vanhat"))
    assert found.said[old, 1] > 1


def test_only_themes_that_a_form_did_not_ask_about_move_and_keep_their_number() -> None:
    reports, _, text = themed()
    answers = field_answers(reports, list(reports["report_id"]))
    free = EVERYONE.copy()
    free[:, 0] = False
    expected = sigmoid(text).sum(axis=1).mean()
    found = fitted(answers, text, UNCODED, free, expected)
    moved = np.where(free, text + found.log_odds(answers.held), text)
    assert sigmoid(moved).sum(axis=1).mean() == pytest.approx(expected)
    assert (moved[:, 0] == text[:, 0]).all()
    assert (moved[:, 1] != text[:, 1]).all()


def test_kinds_speak_of_a_stance_at_once_and_of_subjects_as_codings_grow():
    reports, truth, text = themed()
    kinds = [["hyva-kaytanto"] if has else ["havainto"] for has in truth[:, 1]]
    reports = reports.drop(columns=["client_groups", "valence"])
    reports["kinds"] = kinds
    answers = field_answers(reports, list(reports["report_id"]))
    stances = np.array([False, False, True])
    alone = fitted(answers, text, UNCODED, EVERYONE, 1.2)
    stance = fitted(answers, text, UNCODED, EVERYONE, 1.2, None, stances)
    coded = truth.astype(np.int8)
    told = fitted(answers, text, coded, EVERYONE, 1.2, None, stances)
    for silent in (alone.said, alone.unsaid, stance.said[:, :2], stance.unsaid[:, :2]):
        assert not silent.any()
    assert stance.said[:, 2].any()
    assert np.abs(told.said[:, 1]).max() > 1


def test_a_report_says_which_kinds_of_sentences_it_holds():
    reports = pd.DataFrame({"report_id": ["a", "b"]}, index=[7, 9])
    segments = pd.DataFrame(
        {"segment_id": ["a/1", "a/2", "a/3", "b/1"], "report_id": ["a", "a", "a", "b"]}
    )
    blank = pd.DataFrame()
    kinds = pd.DataFrame(
        {
            "segment_id": ["a/2", "a/1", "a/3", "b/1", "gone/1"],
            "kind": ["hyva-kaytanto", "havainto", "havainto", "", "havainto"],
        }
    )
    texts = with_kinds(Texts(reports, segments, blank, blank, blank), kinds)
    assert texts.reports["kinds"].tolist() == [["havainto", "hyva-kaytanto"], []]
    assert field_terms(texts.reports, ["a", "b"])[0] == {
        "kinds": "[kinds] havainto + hyva-kaytanto"
    }


def test_a_line_of_evidence_names_the_field_and_what_was_ticked():
    reports = forms([["vammaiset", "tyoikaiset"], []], ["", "neutraali"])
    assert field_terms(reports, list(reports["report_id"])) == (
        {"client_groups": "[client_groups] tyoikaiset + vammaiset"},
        {"valence": "[valence] neutraali"},
    )
    assert read_term("[valence] neutraali") == ("valence", ["neutraali"])
    assert read_term("koti") is None
    assert read_term("[rasti] koti") is None


def test_fields_are_used_unless_set_otherwise():
    assert AssignConfig().fields
    with pytest.raises(ValueError, match="fields"):
        AssignConfig(fields="perhaps")


def test_good_news_leans_on_what_the_taxonomy_says_until_reports_tell():
    reports = forms([[]] * N, ["positiivinen", "negatiivinen", "negatiivinen"] * (N // 3))
    answers = field_answers(reports, list(reports["report_id"]))
    text = np.full((N, 3), -1.0)
    leaning = np.zeros((3, 3))
    leaning[:, 2] = [-0.7, 0.0, 1.0]
    plain = fitted(answers, text, UNCODED, EVERYONE, 0.9)
    leant = fitted(answers, text, UNCODED, EVERYONE, 0.9, leaning)
    good = leant.known.index(("valence", "positiivinen"))
    assert abs(plain.said[good, 2]) < 0.05
    assert leant.said[good, 2] > 0.1
    assert abs(leant.said[good, 0]) < 0.05
