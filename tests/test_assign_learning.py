"""What the mapper learns from people: mistaken ticks, words ruled out, what to code, and models."""

import dataclasses
import json

import numpy as np
import pandas as pd
import pytest

from pipeline.assign.familiar import MIN_REPORTS, fit_familiarity
from pipeline.assign.features import Documents, Features, fit_features
from pipeline.assign.field_evidence import FieldEvidence
from pipeline.assign.fitted import FittedThemes
from pipeline.assign.flips import DEFAULTS, FlipModel, fit_flips
from pipeline.assign.linear import Linear
from pipeline.assign.model_file import load_model, save_model
from pipeline.assign.next_to_code import next_to_code
from pipeline.assign.not_evidence import read_not_evidence, without_rejected
from pipeline.assign.self_training import MIN_UNCODED, SelfTraining
from pipeline.assign.sentences import N_FOLDS, ReportTexts, fold_of, joint_score
from pipeline.assign.ticks import TickReliability
from pipeline.errors import ArtifactError, InputError
from pipeline.packing import pack, unpack
from pipeline.taxonomy.model import Change, Taxonomy, Theme
from pipeline.taxonomy.old_codings import (
    bring_up_to_date,
    changed_since,
    list_old_codings,
    successors,
)

N_THEMES = 4
RELIABILITY = TickReliability(np.full(N_THEMES, 0.92), np.full(N_THEMES, 0.99))
NOBODY = np.zeros((0, N_THEMES))


def untaught(ticks: np.ndarray):
    return fit_flips(RELIABILITY, ticks, NOBODY, NOBODY.astype(np.int8), NOBODY.astype(bool))


def documents(n: int, word: str = "vuokra", direction: int = 0) -> Documents:
    vectors = np.full((n, 3), 0.1)
    vectors[:, direction] = 1.0
    return Documents(tuple((word, "asunto") for _ in range(n)), vectors)


def fitted(*, with_ticks: bool = True) -> FittedThemes:
    rng = np.random.default_rng(4)
    texts = [Linear(rng.normal(size=(5, N_THEMES)), rng.normal(size=N_THEMES)) for _ in range(3)]
    pool = documents(MIN_REPORTS)
    return FittedThemes(
        theme_ids=("a", "b", "c", "d"),
        features=Features({"vuokra": 0, "asunto": 1}, np.ones(2), np.zeros(3)),
        text=texts[0],
        unseen=tuple(texts[1:]),
        scale=1.5,
        shift=-0.25,
        flips=untaught(np.eye(N_THEMES, dtype=np.int8)) if with_ticks else None,
        familiarity=fit_familiarity(pool, fit_features(pool, [], 2), -5.0) if with_ticks else None,
        cut=0.5,
        ticked_cut=0.0,
        min_score=0.0,
        n_coded=12,
    )


def test_a_fold_whose_fields_taught_nothing_is_not_given_those_of_the_next():
    own = FieldEvidence(("area",), ("x",), np.ones((1, 4)), np.zeros((1, 4)), 0.5)
    known = dataclasses.replace(fitted(), fields=own, unseen_fields=(None, own))
    arrays: dict[str, np.ndarray] = {}
    packed = pack(known, "themes", arrays)
    back = unpack(FittedThemes, packed, arrays)
    assert known.without_fold(0).fields is back.without_fold(0).fields is None
    assert back.without_fold(1).fields.constant == 0.5


def test_a_form_is_taken_to_hold_one_mistake_at_most():
    ticks = np.array([[1, 0, 0, 0]], np.int8)
    text = np.array([[3.0, 8.0, 8.0, -3.0]])
    odds = untaught(ticks).log_odds(text, ticks)[0]
    believed = 1 / (1 + np.exp(-odds))
    assert believed[1] == pytest.approx(believed[2])
    assert believed[1] + believed[2] < 1
    alone = untaught(ticks).log_odds(np.array([[3.0, 8.0, -3.0, -3.0]]), ticks)[0]
    assert alone[1] > 0 > odds[1]


def test_text_that_is_silent_leaves_the_ticks_as_they_are():
    ticks = np.array([[1, 1, 0, 0], [0, 0, 0, 1]], np.int8)
    odds = untaught(ticks).log_odds(np.full((2, N_THEMES), -1.5), ticks)
    assert ((odds > 0) == (ticks == 1)).all()


def test_themes_ticked_together_vouch_for_one_another():
    ticks = np.array([[1, 1, 0, 0]] * 20 + [[0, 0, 1, 1]] * 20, np.int8)
    form = np.array([[1, 0, 0, 0]], np.int8)
    odds = untaught(ticks).log_odds(np.zeros((1, N_THEMES)), form)[0]
    assert odds[1] > odds[2]


def test_with_many_ticks_a_doubtful_one_is_rather_stray_and_with_few_one_is_rather_missing():
    model = FlipModel(RELIABILITY, np.zeros((N_THEMES, N_THEMES)), 1.5, DEFAULTS)
    few, many = np.array([[1, 0, 0, 0]], np.int8), np.array([[1, 1, 1, 0]], np.int8)
    of_few = model.log_odds(np.array([[-1.0, -9.0, -9.0, 1.0]]), few)[0]
    of_many = model.log_odds(np.array([[-1.0, 9.0, 9.0, 1.0]]), many)[0]
    assert of_many[0] < of_few[0]
    assert of_many[3] < of_few[3]


def test_coded_forms_teach_that_the_text_finds_missing_ticks():
    rng = np.random.default_rng(0)
    truth = rng.random((150, N_THEMES)) < 0.4
    truth[:, 0] |= ~truth.any(axis=1)
    text = np.where(truth, 3.0, -3.0)
    ticks = truth.astype(np.int8)
    forgets = np.flatnonzero(truth.sum(axis=1) > 1)[::2]
    ticks[forgets, truth[forgets].argmax(axis=1)] = 0
    taught = fit_flips(RELIABILITY, ticks, text, ticks, truth)
    assert taught.weights[2] > DEFAULTS[2]
    right = (taught.log_odds(text, ticks) > 0) == truth
    assert right.mean() > ((ticks == 1) == truth).mean()
    untouched = fit_flips(RELIABILITY, ticks, text, np.full_like(ticks, -1), truth)
    assert untouched.weights.tolist() == DEFAULTS.tolist()


def self_training(n_uncoded: int) -> tuple[Features, SelfTraining]:
    words = ("velka", "perintä", "koulu", "vihko")
    features = Features({word: i for i, word in enumerate(words)}, np.ones(4), np.zeros(2))
    uncoded = (("velka", "perintä"), ("koulu", "vihko")) * (n_uncoded // 2)
    themes = Documents((("velka",), ("koulu",)), np.zeros((2, 2)))
    teach = SelfTraining(
        uncoded_rows=features.transform(Documents(uncoded, np.zeros((len(uncoded), 2)))),
        theme_rows=features.transform(themes),
        theme_labels=np.eye(2, dtype=bool),
        mean_themes=1.0,
        seed=0,
    )
    return features, teach


def taught(n_uncoded: int, truth: np.ndarray):
    features, teach = self_training(n_uncoded)
    terms = (("velka",), ("koulu",)) * (len(truth) // 2)
    coded = ReportTexts.unsplit(Documents(terms, np.zeros((len(truth), 2)))).rows(features)
    weights = np.zeros((6, 2))
    weights[0, 0] = weights[2, 1] = 3.0
    text = Linear(weights, np.full(2, -1.0))
    return features, text, *teach.improve(text, (text,) * N_FOLDS, coded, truth)


def test_uncoded_reports_teach_a_word_that_no_coded_report_has():
    features, before, after, _ = taught(MIN_UNCODED, np.eye(2, dtype=bool)[[0, 1] * 10])
    debt = features.transform(Documents((("perintä",),), np.zeros((1, 2))))
    assert before(debt)[0, 0] == before(debt)[0, 1]
    assert after(debt)[0, 0] > after(debt)[0, 1] + 0.1


def test_of_a_few_uncoded_reports_nothing_is_learnt():
    _, before, after, _ = taught(MIN_UNCODED - 2, np.eye(2, dtype=bool)[[0, 1] * 10])
    assert after is before


def test_what_uncoded_reports_teach_for_a_fold_has_no_trace_of_its_codings():
    truth = np.eye(2, dtype=bool)[[0, 1] * 10]
    other = truth.copy()
    other[::N_FOLDS] = ~other[::N_FOLDS]
    *_, first = taught(MIN_UNCODED, truth)
    *_, second = taught(MIN_UNCODED, other)
    np.testing.assert_array_equal(first[0].weights, second[0].weights)
    assert not np.allclose(first[1].weights, second[1].weights)


def test_a_report_unlike_all_others_is_off_topic_and_one_like_them_is_not():
    pool = documents(MIN_REPORTS)
    features = fit_features(pool, [], 2)
    learnt = fit_familiarity(pool, features, -5.0)
    assert learnt is not None
    assert learnt.is_off_topic(documents(1, "pysäköinti", 2), features).tolist() == [True]
    assert not learnt.is_off_topic(pool, features).any()


def test_a_small_pool_calls_nothing_off_topic():
    pool = documents(MIN_REPORTS - 1)
    assert fit_familiarity(pool, fit_features(pool, [], 2), -5.0) is None


def test_a_sentence_alone_scores_as_a_report_of_that_sentence():
    own = np.array([[2.0, -1.0]])
    np.testing.assert_allclose(joint_score(own, own), own - 0.5)


def test_reports_taken_by_place_keep_their_sentences_and_folds():
    whole = Documents((("a",), ("b",), ("c",)), np.eye(3))
    sentences = Documents((("b1",), ("a1",), ("c1",), ("b2",)), np.ones((4, 3)))
    texts = ReportTexts(whole, sentences, np.array([1, 0, 2, 1]), np.array([4, 0, 2]))
    taken = texts.take([2, 1])
    assert taken.whole.terms == (("c",), ("b",))
    assert taken.sentences.terms == (("b1",), ("c1",), ("b2",))
    assert taken.of_report.tolist() == [1, 0, 1]
    assert taken.folds.tolist() == [2, 0]


def test_folds_are_about_even():
    folds = [fold_of(f"P{p}-{i:03d}") for p in range(1, 7) for i in range(1, 41)]
    assert np.bincount(folds, minlength=N_FOLDS).min() > 240 / N_FOLDS / 2


def test_a_word_ruled_out_has_no_weight_for_its_theme_and_keeps_the_others():
    before = fitted()
    ruled = pd.DataFrame([("b", "Vuokra"), ("b", "tuntematon")], columns=["theme_id", "lemma"])
    after = without_rejected(before, ruled)
    for old, new in zip((before.text, *before.unseen), (after.text, *after.unseen), strict=True):
        changed = old.weights != new.weights
        assert np.argwhere(changed).tolist() == [[0, 1]]
        assert new.weights[0, 1] == 0


def test_a_word_ruled_out_for_a_theme_that_is_gone_changes_nothing():
    before = fitted()
    ruled = pd.DataFrame([("z", "vuokra")], columns=["theme_id", "lemma"])
    after = without_rejected(before, ruled)
    np.testing.assert_array_equal(before.text.weights, after.text.weights)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"theme_id,word\na,b\n", "lemma"),
        (b"theme_id,lemma\n\x00\x81\xff\n", "text"),
        (b"", "theme_id, lemma"),
    ],
    ids=["column", "encoding", "empty"],
)
def test_a_broken_list_of_ruled_out_words_is_refused(tmp_path, content, message):
    (tmp_path / "not_evidence.csv").write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_not_evidence(tmp_path)


def test_no_list_rules_nothing_out(tmp_path):
    assert read_not_evidence(tmp_path).empty


@pytest.mark.parametrize("with_ticks", [True, False], ids=["ticks", "text"])
def test_a_saved_model_scores_to_the_same_bit(tmp_path, with_ticks):
    model = fitted(with_ticks=with_ticks)
    card = {
        "use": "koe",
        "taxonomy": {"name": "koe", "version": "1.0.0", "sha256": "0"},
        "encoder": "koe",
        "settings": {},
    }
    save_model(model, tmp_path / "themes-v001.json", card)
    saved = load_model(tmp_path / "themes-v001.json")
    assert saved.card == card
    read = saved.fitted
    texts = ReportTexts.unsplit(documents(6))
    ticks = np.array([[1, 0, 0, 0], [-1] * 4] * 3, np.int8)
    first = model.log_odds(texts.rows(model.features), ticks)
    second = read.log_odds(texts.rows(read.features), ticks)
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(
        model.decide(texts.whole, first, ticks), read.decide(texts.whole, second, ticks)
    )


@pytest.mark.parametrize("damage", ["arrays", "format", "missing"])
def test_a_damaged_model_is_refused(tmp_path, damage):
    card = tmp_path / "themes-v001.json"
    save_model(fitted(), card, {})
    if damage == "arrays":
        card.with_suffix(".npz").write_bytes(b"no")
    elif damage == "format":
        card.write_text(json.dumps(json.loads(card.read_text()) | {"format": 99}))
    else:
        card.unlink()
    with pytest.raises(ArtifactError, match=r"themes-v001.*[Tt]rain"):
        load_model(card)


def test_the_next_reports_to_code_are_far_from_those_coded_and_from_one_another():
    rng = np.random.default_rng(1)
    centres = np.repeat(np.eye(4, 8), 10, axis=0)
    vectors = centres + rng.normal(scale=0.02, size=centres.shape)
    is_coded = np.zeros(40, bool)
    is_coded[:3] = True
    chosen = next_to_code(np.full((40, 2), 0.5), vectors, is_coded, 3)
    assert sorted(i // 10 for i in chosen.tolist()) == [1, 2, 3]


def test_the_first_report_to_code_is_the_least_sure_and_none_is_suggested_twice():
    scores = np.array([[0.9], [0.5], [0.1]])
    nobody = np.zeros(3, bool)
    chosen = next_to_code(scores, np.eye(3), nobody, 9)
    assert chosen[0] == 1
    assert sorted(chosen.tolist()) == [0, 1, 2]
    assert next_to_code(scores, np.eye(3), ~nobody, 2).tolist() == []


@pytest.fixture
def taxonomy() -> Taxonomy:
    ids = ("koti", "koulu")
    return Taxonomy(
        name="pieni",
        version="3.0.0",
        base_uri="https://example.org/",
        title_fi="Pieni",
        title_en="",
        licence="CC0-1.0",
        themes=tuple(Theme(theme_id=i, label_fi=i.title(), definition="Jotakin.") for i in ids),
        terms={i: () for i in ids},
        examples={i: () for i in ids},
        history=(
            Change(version="1.0.0", date="2024-01-01", action="create", to_ids=("asuminen",)),
            Change(
                version="2.0.0",
                date="2025-01-01",
                action="merge",
                from_ids=("asuminen", "vuokra"),
                to_ids=("asunto",),
            ),
            Change(
                version="3.0.0",
                date="2026-01-01",
                action="merge",
                from_ids=("asunto", "koti"),
                to_ids=("koti",),
            ),
            Change(
                version="3.0.0",
                date="2026-01-01",
                action="split",
                from_ids=("nuoret",),
                to_ids=("koulu", "vapaa"),
            ),
        ),
    )


def codings(*rows: tuple[str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["report_id", "theme_id", "taxonomy_version"])
    return frame.assign(coder="A", segment_id="")


def test_old_themes_go_on_as_what_they_became(taxonomy):
    assert successors(taxonomy) == {
        "asuminen": "koti",
        "vuokra": "koti",
        "asunto": "koti",
        "nuoret": "",
    }
    old = codings(("r1", "vuokra", "1.0.0"), ("r1", "koulu", "1.0.0"), ("r2", "nuoret", "1.0.0"))
    old = pd.concat([old, codings(("r3", "", "1.0.0"))])
    now = bring_up_to_date(old, taxonomy)
    assert list(zip(now["report_id"], now["theme_id"], strict=True)) == [
        ("r1", "koti"),
        ("r1", "koulu"),
        ("r3", ""),
    ]


def test_codings_are_not_old_where_only_terms_and_examples_have_changed(taxonomy):
    line = Change(version="3.0.1", date="2026-11-28", action="illustrate", to_ids=("koulu",))
    newer = dataclasses.replace(taxonomy, version="3.0.1", history=(*taxonomy.history, line))
    made = codings(("r1", "koulu", "3.0.0"), ("r2", "vuokra", "1.0.0"))
    listed = list_old_codings(made, newer)
    assert listed["taxonomy_version"].tolist() == ["1.0.0"]
    assert not changed_since(newer, "koulu", "3.0.0")


def test_codings_of_another_version_are_listed_with_what_they_count_as(taxonomy):
    made = codings(
        ("r1", "vuokra", "1.0.0"),
        ("r2", "vuokra", "1.0.0"),
        ("r3", "nuoret", "2.0.0"),
        ("r4", "koulu", "3.0.0"),
        ("r5", "koulu", ""),
    )
    listed = list_old_codings(made, taxonomy)
    assert listed.to_numpy().tolist() == [
        ["1.0.0", "vuokra", "koti", 2],
        ["2.0.0", "nuoret", "", 1],
    ]
