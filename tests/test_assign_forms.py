"""What a form offered and asked decides what a tick, and its absence, says."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.assign.features import Documents
from pipeline.assign.form_evidence import FormAnswers, FormEvidence, fit_leaning
from pipeline.assign.tick_check import check_ticks
from pipeline.assign.ticks import NOT_FIRST, UNKNOWN, TickReliability, tick_matrix, weakened

THEMES = ("asuminen", "koulu", "toimivat", "yksinaisyys")


def reliability(sensitivity: float, specificity: float) -> TickReliability:
    return TickReliability(np.full(4, sensitivity), np.full(4, specificity))


def evidence(**parts) -> FormEvidence:
    known: dict[str, Any] = {"is_used": True, "leaning": np.zeros((3, 4))} | parts
    return FormEvidence(reliability(0.9, 0.99), reliability(0.7, 0.99), **known)


def forms(**columns) -> pd.DataFrame:
    return pd.DataFrame({"report_id": ["a", "b", "c"], **columns})


def test_a_theme_not_offered_is_unknown_and_a_single_choice_names_the_first():
    reports = forms(
        themes_ticked=[["asuminen"], [], ["koulu"]],
        themes_offered=[["asuminen", "koulu"], [], ["asuminen", "koulu"]],
        themes_answers=["one", "", "several"],
    )
    assert tick_matrix(reports, ["a", "b", "c"], THEMES).tolist() == [
        [1, NOT_FIRST, UNKNOWN, UNKNOWN],
        [UNKNOWN] * 4,
        [0, 1, UNKNOWN, UNKNOWN],
    ]


def test_ticks_of_a_form_nothing_is_known_of_are_a_full_set():
    reports = forms(themes_ticked=[["koulu"], [], []])
    assert tick_matrix(reports, ["a", "b"], THEMES).tolist() == [[0, 1, 0, 0], [UNKNOWN] * 4]


def test_not_first_speaks_less_against_a_theme_than_not_ticked():
    ticks = np.array([[1, NOT_FIRST, -1, -1], [1, 0, -1, -1]], np.int8)
    odds = evidence().tick_odds(ticks)
    assert odds[1, 1] < odds[0, 1] < 0
    assert odds[0, 0] > 3
    assert (odds[:, 2:] == 0).all()


def test_ticks_that_are_not_used_change_nothing():
    ticks = np.array([[1, NOT_FIRST, -1, -1]], np.int8)
    assert not evidence(is_used=False).tick_odds(ticks).any()


def test_what_was_typed_speaks_for_themes_that_were_not_offered_only():
    typed = np.array([[3.0, 0.0, 0.0, 3.0]])
    form = evidence(typed_ids=("a",), typed_odds=typed)
    ticks = np.array([[NOT_FIRST, NOT_FIRST, -1, -1], [-1] * 4], np.int8)
    added = form.beside(["a", "b"], ["", ""], ticks)
    assert added.tolist() == [[0, 0, 0, 3.0], [0, 0, 0, 0]]


def test_a_theme_of_good_news_needs_stronger_text_on_a_negative_report():
    good = ("myönteinen", "toimiva", "onnistua")
    terms = [("koti",), ("koulu",), good, ("yksin",)]
    valences = np.array(["negatiivinen"] * 30 + ["positiivinen"] * 6, object)
    untold = fit_leaning(np.full((36, 4), UNKNOWN, np.int8), valences, terms)
    assert untold[0, 2] < 0 < untold[2, 2]
    assert not untold[:, 0].any()
    ticks = np.zeros((36, 4), np.int8)
    ticks[:15, 0], ticks[30:, 2] = 1, 1
    told = fit_leaning(ticks, valences, terms)
    assert told[0, 2] < untold[0, 2]
    added = evidence(leaning=told).beside(["x"], ["negatiivinen"], np.full((1, 4), UNKNOWN))
    assert added[0, 2] < -0.5


@pytest.mark.parametrize("is_random", [False, True])
def test_ticks_that_do_not_follow_the_texts_are_found_out(is_random):
    rng = np.random.default_rng(3)
    truth = rng.random((120, 4)) < 0.3
    text = np.where(truth, 1.5, -1.5) + rng.normal(0, 1.5, truth.shape)
    ticks = truth.astype(np.int8)
    if is_random:
        ticks = ticks[rng.permutation(120)]
    found = check_ticks(text, ticks, seed=0)
    assert found.is_asked
    assert found.helps != is_random
    assert (found.quality < 0.6).all() == is_random


def test_too_few_ticks_to_ask_are_believed_as_set():
    ticks = np.full((30, 4), UNKNOWN, np.int8)
    ticks[:5] = [1, 0, 0, 0]
    found = check_ticks(np.zeros((30, 4)), ticks, seed=0)
    assert found.helps
    assert not found.is_asked
    assert found.quality.tolist() == [1.0] * 4


def test_ticks_dealt_by_chance_say_nothing():
    chance = weakened(reliability(0.7, 0.99), np.zeros(4), np.full(4, 0.2))
    odds = chance.log_odds(np.array([[1, 0, -1, 1]], np.int8))
    np.testing.assert_allclose(odds, 0.0, atol=1e-12)


def test_answers_of_a_sample_keep_their_typed_words():
    typed = Documents((("raha",), ("koulu",)), np.eye(2))
    all_three = FormAnswers(("a", "b", "c"), np.array(["", "x", "y"], object), typed,
                            np.array([0, 2]))  # fmt: skip
    two = all_three.take([1, 2])
    assert (two.report_ids, two.typed.terms, two.typed_rows.tolist()) == (
        ("b", "c"), (("koulu",),), [1],
    )  # fmt: skip
