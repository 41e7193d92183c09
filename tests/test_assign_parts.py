"""The parts of the mapper: features, decisions, ticks, codings and topics, each by itself."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.assign.assign import AssignConfig
from pipeline.assign.coded import coded_labels
from pipeline.assign.decision import assign_by_cut, cut_for_mean, strongest
from pipeline.assign.features import Documents, fit_features, index_word
from pipeline.assign.ticks import fit_reliability, tick_matrix, true_mean
from pipeline.assign.topic_mapping import map_topics
from pipeline.frames import to_arrow, to_frame
from pipeline.taxonomy.model import Taxonomy, Theme

THEMES = ("asuminen", "koulu", "raha")


def documents(*terms: tuple[str, ...]) -> Documents:
    return Documents(terms, np.eye(len(terms), 4))


@pytest.mark.parametrize(
    ("lemma", "parts", "pos", "terms"),
    [
        ("Vuokra-asunto", ["vuokra", "asunto"], "NOUN", ("vuokra-asunto", "vuokra", "asunto")),
        ("koulu", ["koulu"], "NOUN", ("koulu",)),
        ("hän", [], "PRON", ()),
        ("112", [], "NOUN", ()),
        ("työ", [], "NOUN", ("työ",)),
        ("yö", [], "NOUN", ()),
    ],
    ids=["compound", "own part", "function word", "number", "three letters", "two letters"],
)
def test_a_word_is_indexed_by_lemma_and_parts(lemma, parts, pos, terms):
    assert index_word(lemma, parts, pos).terms == terms


def test_features_match_scikit_learn_and_both_halves_have_length_one():
    from sklearn.feature_extraction.text import TfidfVectorizer

    pool = documents(("vuokra", "vuokra", "velka"), ("velka", "koulu"), ("koulu", "vain"))
    features = fit_features(pool, [("koulu", "vuokra")], min_df=2)
    assert list(features.vocabulary) == ["koulu", "velka", "vuokra"]
    peer = TfidfVectorizer(analyzer=lambda terms: terms, sublinear_tf=True, min_df=2)
    peer.fit([*pool.terms, ("koulu", "vuokra")])
    rows = features.transform(pool).toarray()
    np.testing.assert_allclose(rows[:, :3], peer.transform(pool.terms).toarray())
    np.testing.assert_allclose(np.linalg.norm(rows[:, 3:], axis=1), 1)


def test_a_document_without_a_known_word_has_a_row_of_zeros():
    pool = documents(("vuokra",), ("vuokra",))
    rows = fit_features(pool, [], min_df=2).transform(documents(("muu",), ())).toarray()
    assert not rows[:, 0].any()


@given(
    st.integers(1, 12).flatmap(
        lambda n: st.lists(
            st.lists(st.integers(-500, 500), min_size=4, max_size=4), min_size=n, max_size=n
        )
    ),
    st.floats(0.5, 3.5),
)
def test_the_cut_gives_the_wanted_mean_and_nobody_goes_without(scores, mean_themes):
    scores = np.array(scores) / 100
    assigned = assign_by_cut(scores, cut_for_mean(scores, mean_themes))
    assert assigned.any(axis=1).all()
    if len(np.unique(scores)) == scores.size:
        passed = scores > cut_for_mean(scores, mean_themes)
        assert passed.sum() == min(max(round(mean_themes * len(scores)), 1), scores.size - 1)
        assert assigned.sum() - passed.sum() == (~passed.any(axis=1)).sum()


def test_ticks_are_1_0_and_minus_1_where_the_form_has_none():
    reports = pd.DataFrame(
        {"report_id": ["a", "b", "c"], "themes_ticked": [["raha"], [], ["tuntematon"]]}
    )
    assert tick_matrix(reports, ["c", "a", "b"], THEMES).tolist() == [
        [-1, -1, -1],
        [0, 0, 1],
        [-1, -1, -1],
    ]


def test_with_nothing_coded_every_theme_has_the_prior_reliability():
    none = np.zeros((0, 3))
    reliability = fit_reliability(none.astype(np.int8), none.astype(bool), 0.9, 0.98)
    np.testing.assert_allclose(reliability.sensitivity, 0.9)
    np.testing.assert_allclose(reliability.specificity, 0.98)


def test_coded_reports_teach_which_theme_is_ticked_badly():
    labels = np.zeros((60, 3), bool)
    labels[:, 0] = labels[:, 1] = np.arange(60) < 30
    ticks = labels.astype(np.int8)
    ticks[:15, 1] = 0
    reliability = fit_reliability(ticks, labels, 0.92, 0.99)
    assert reliability.sensitivity[1] < reliability.sensitivity[0] - 0.03
    odds = reliability.log_odds(np.array([[1, 1, -1], [0, 0, 0]], np.int8))
    assert odds[0, 2] == 0
    assert odds[0, 0] > 0 > odds[1, 1] > odds[1, 0]


def test_the_true_mean_undoes_missing_and_stray_ticks():
    rng = np.random.default_rng(0)
    truth = rng.random((4000, 10)) < 0.2
    ticked = np.where(truth, rng.random(truth.shape) < 0.8, rng.random(truth.shape) < 0.05)
    assert true_mean(ticked, 0.8, 0.95) == pytest.approx(truth.sum(axis=1).mean(), abs=0.05)


def test_codings_of_several_coders_count_from_half_of_those_who_read_the_report():
    rows = [
        ("a", "raha", "1"),
        ("a", "raha", "2"),
        ("a", "koulu", "3"),
        ("b", "koulu", "1"),
        ("b", "", "2"),
        ("c", "", "1"),
        ("unknown", "raha", "1"),
    ]
    codings = pd.DataFrame(rows, columns=["report_id", "theme_id", "coder"])
    assert coded_labels(codings, ["a", "b", "c", "d"], THEMES).tolist() == [
        [0, 0, 1],
        [0, 1, 0],
        [0, 0, 0],
        [-1, -1, -1],
    ]


@pytest.fixture
def taxonomy() -> Taxonomy:
    themes = tuple(Theme(theme_id=t, label_fi=t, definition=t) for t in THEMES)
    return Taxonomy(
        name="pieni",
        version="1.0.0",
        base_uri="https://example.org/",
        title_fi="",
        title_en="",
        licence="",
        themes=themes,
        terms={t: () for t in THEMES},
        examples={t: () for t in THEMES},
    )


def mapped(taxonomy: Taxonomy, topic: range, themes: dict[str, range]) -> pd.DataFrame:
    """Map one topic of a study of 20 reports."""
    topics = pd.DataFrame({"topic_id": ["T-1"]})
    report_topics = pd.DataFrame(
        {"report_id": [f"r{i}" for i in topic], "topic_id": "T-1", "is_main": True}
    )
    pairs = [(f"r{i}", t, i in themes.get(t, range(0))) for i in range(20) for t in THEMES]
    report_themes = pd.DataFrame(pairs, columns=["report_id", "theme_id", "assigned"])
    table = map_topics(topics, report_topics, report_themes, AssignConfig(), taxonomy=taxonomy)
    return to_frame(to_arrow("topic_themes", table))


@pytest.mark.parametrize(
    ("theme", "relation"),
    [
        (range(0, 6), "exact"),
        (range(0, 18), "broad"),
        (range(0, 2), "narrow"),
        (range(4, 9), "related"),
        (range(5, 6), "none"),
        (range(3, 20), "none"),
    ],
    ids=["same", "theme holds topic", "topic holds theme", "overlap", "one report", "elsewhere"],
)
def test_relations_follow_their_rules(taxonomy, theme, relation):
    table = mapped(taxonomy, range(6), {"koulu": theme})
    assert table["relation"].tolist() == [relation]
    assert table["theme_id"].tolist() == ["" if relation == "none" else "koulu"]


def test_a_topic_maps_to_several_themes_strongest_first_with_intervals(taxonomy):
    table = mapped(taxonomy, range(8), {"koulu": range(0, 4), "raha": range(0, 7)})
    assert table["theme_id"].tolist() == ["raha", "koulu"]
    assert table["weight"].tolist() == [7 / 8, 4 / 8]
    assert (table["ci_low"] < table["weight"]).all()
    assert (table["weight"] < table["ci_high"]).all()


def test_without_topics_there_is_no_row(taxonomy):
    empty = pd.DataFrame(columns=["report_id", "topic_id", "is_main"], dtype=object)
    themes = pd.DataFrame(columns=["report_id", "theme_id", "assigned"], dtype=object)
    table = map_topics(empty[["topic_id"]], empty, themes, AssignConfig(), taxonomy=taxonomy)
    assert len(to_frame(to_arrow("topic_themes", table))) == 0


@pytest.mark.parametrize("n_most", [1, 2, 4])
def test_no_report_has_more_themes_than_set_and_those_kept_are_the_strongest(n_most):
    scores = np.random.default_rng(0).normal(size=(30, 6))
    kept = strongest(scores, n_most)
    assert (kept.sum(axis=1) == n_most).all()
    for row, own in zip(scores, kept, strict=True):
        assert row[own].min() > row[~own].max()
