"""Candidates stand apart, and groups are named by words a person would use."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency

from pipeline.cluster.candidates import (
    branches,
    candidate_groups,
    like_neighbourhoods,
    neighbourhoods,
    separation,
)
from pipeline.cluster.consensus import average_linkage
from pipeline.cluster.content_words import (
    content_tokens,
    gather_words,
    lemma_documents,
    word_counts,
)
from pipeline.cluster.terms import log_likelihood, natural_form, strongest


def shares(n_reports=40, n_groups=5, seed=0):
    """Make a co-association with planted groups."""
    rng = np.random.default_rng(seed)
    group = np.arange(n_reports) % n_groups
    base = np.where(group[:, None] == group[None, :], 0.7, 0.05)
    noise = rng.uniform(-0.05, 0.05, size=base.shape)
    share = np.clip(base + (noise + noise.T) / 2, 0, 1).astype(np.float32)
    np.fill_diagonal(share, 1)
    return share


@pytest.mark.parametrize(("n_reports", "n_groups", "most"), [(60, 4, 12), (400, 20, 20)])
def test_branches_have_at_most_twelve_or_a_twentieth_and_are_nested_or_apart(
    n_reports, n_groups, most
):
    found = branches(average_linkage(shares(n_reports, n_groups)))
    sizes = {len(branch) for branch in found}
    assert sizes <= set(range(4, most + 1))
    assert (max(sizes) > 12) == (most > 12)
    for one in found:
        assert all(one <= other or other <= one or not one & other for other in found)


def test_separation_is_inside_less_the_three_nearest_outsiders():
    share = shares()
    members = [0, 5, 10, 15, 1]
    inside = np.mean([share[i, j] for i in members for j in members if i != j])
    outsiders = [share[members, j].mean() for j in range(40) if j not in members]
    expected = inside - np.mean(sorted(outsiders)[-3:])
    assert separation(share, members) == pytest.approx(expected, abs=1e-5)


def test_neighbourhoods_are_the_planted_groups_and_never_nearly_alike():
    share = shares()
    found = neighbourhoods(share, np.zeros_like(share))
    planted = {frozenset(range(g, 40, 5)) for g in range(5)}
    assert set(found[:5]) == planted
    for i, one in enumerate(found):
        assert all(len(one & other) / len(one | other) < 0.85 for other in found[:i])


def test_neighbours_by_likeness_are_candidates_too_where_others_are_nearer_by_consensus():
    share = shares()
    rng = np.random.default_rng(0)
    similarity = rng.normal(size=share.shape).astype(np.float32)
    similarity = (similarity + similarity.T) / 2
    alike = [0, 1, 2, 3, 4]  # one of each planted group
    similarity[np.ix_(alike, alike)] += 9
    share[np.ix_(alike, alike)] = 0.3
    np.fill_diagonal(share, 1)
    assert frozenset(alike) in like_neighbourhoods(share, similarity)
    assert frozenset(alike) not in neighbourhoods(share, np.zeros_like(share))
    groups = candidate_groups(share, similarity, average_linkage(share))
    assert frozenset(alike) in {frozenset(group.members) for group in groups}


def test_neighbours_by_likeness_that_the_consensus_parts_are_no_candidate():
    share = shares()
    similarity = np.zeros_like(share)
    alike = [0, 1, 2, 3, 4]
    similarity[np.ix_(alike, alike)] = 9
    assert frozenset(alike) not in like_neighbourhoods(share, similarity)


def test_a_crowd_without_gaps_has_no_neighbourhood():
    share = (shares(40, 1) - 0.4).clip(0, 1)
    np.fill_diagonal(share, 1)
    assert neighbourhoods(share, np.zeros_like(share)) == []


def test_members_come_from_the_most_central_and_the_separation_is_theirs():
    share = shares()
    for group in candidate_groups(share, np.zeros_like(share), average_linkage(share)):
        members = list(group.members)
        centrality = share[np.ix_(members, members)].sum(axis=1)
        assert (np.diff(centrality) <= 1e-6).all()
        assert group.separation == pytest.approx(separation(share, sorted(members)), abs=1e-6)
        assert group.separation > 0


@pytest.mark.parametrize("n_reports", [1, 2, 3, 4, 5])
def test_few_reports_give_few_candidates_and_no_error(n_reports):
    share = shares(n_reports, 1)
    groups = candidate_groups(share, np.zeros_like(share), average_linkage(share))
    assert len(groups) <= 3


def test_log_likelihood_is_the_g_statistic_of_the_table_of_reports():
    table = np.array([[6, 4], [10, 80]])
    expected = chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
    found = log_likelihood(np.array([6.0]), np.array([16.0]), 10, 100)
    assert found[0] == pytest.approx(expected)


def test_words_less_common_inside_have_no_strength():
    assert log_likelihood(np.array([1.0]), np.array([50.0]), 10, 100)[0] == 0


def words_of(*reports, pos=None, known=True, parts=None):
    """Make Words from reports given as strings of form/lemma pairs."""
    segments, tokens = [], []
    for row, text in enumerate(reports):
        segment_id = f"r{row}/observation/001"
        pairs = [pair.split("/") for pair in text.split()]
        segments.append((segment_id, f"r{row}", 0, " ".join(form for form, _ in pairs)))
        start = 0
        for form, lemma in pairs:
            tag = (pos or {}).get(lemma, "NOUN")
            tokens.append((segment_id, start, form, lemma, tag, (parts or {}).get(lemma, [])))
            start += len(form) + 1
    token_columns = ["segment_id", "start", "form", "lemma", "pos", "parts"]
    content = content_tokens(
        pd.DataFrame(segments, columns=["segment_id", "report_id", "start", "text"]).assign(
            language="fi"
        ),
        pd.DataFrame(tokens, columns=token_columns).assign(known=known),
        {f"r{row}": row for row in range(len(reports))},
    )
    return content, gather_words(content, len(reports))


@pytest.mark.parametrize(
    ("reports", "lemma", "shown"),
    [
        pytest.param(["Jonot/jono jonossa/jono", "jonot/jono"], "jono", "jonot", id="plural"),
        pytest.param(["jono/jono jonot/jono", "jono/jono"], "jono", "jono", id="singular"),
        pytest.param(["jonossa/jono", "jonoon/jono"], "jono", "jono", id="never nominative"),
        pytest.param(["avustajaa/avustaja " * 6], "avustaja", "avustaja", id="an object"),
        pytest.param(["kotona/koto " * 5, "koti/koti"], "koto", "kotona", id="one fixed form"),
        pytest.param(["VAVE/vave", "VAVE/vave"], "vave", "vave", id="an acronym"),
    ],
)
def test_a_word_is_shown_in_a_natural_form(reports, lemma, shown):
    _, words = words_of(*reports)
    assert natural_form(words, words.lemmas.index(lemma), range(len(reports))) == shown


@pytest.mark.parametrize("rows", [{0}, {7, 39}, set(range(0, 40, 3)), set(range(40)), set()])
def test_the_forms_of_some_reports_are_those_of_all_that_stand_in_them(rows):
    _, words = words_of(*(f"jono/jono jonot/jono x{i}/muu{i} jonot/jono" for i in range(40)))
    jono = words.lemmas.index("jono")
    every = words.forms.of(jono)
    assert every == [one for i in range(40) for one in ((i, "jono", 1), (i, "jonot", 2))]
    assert words.forms_in(jono, rows) == [one for one in every if one[0] in rows]
    assert words.usage(jono) == ({"jono": 40, "jonot": 80}, "jonot", 120)


def test_a_verb_is_shown_in_its_dictionary_form():
    _, words = words_of("odotat/odottaa odotat/odottaa", pos={"odottaa": "VERB"})
    assert natural_form(words, 0, [0]) == "odottaa"


def test_a_guess_that_never_stands_as_such_is_shown_as_it_is_written():
    _, words = words_of("vapettaa/vapetta", "vapettaa/vapetta", known=False)
    assert natural_form(words, 0, [0, 1]) == "vapettaa"


def test_a_word_in_one_report_only_names_nothing():
    _, words = words_of("ainoa/ainoa jono/jono", "jono/jono", *["muu/muu"] * 6)
    found = [words.lemmas[i] for i, _ in strongest(words.uses, [0, 1], 10)]
    assert found == ["jono"]


def test_a_part_that_stands_alone_somewhere_counts_and_a_stem_does_not():
    parts = {"ammattitulkki": ["ammatti", "tulkki"], "mielipide": ["miele", "pide"]}
    texts = ["ammattitulkki/ammattitulkki", "tulkki/tulkki", "mielipide/mielipide"]
    content, words = words_of(*texts, parts=parts)
    assert words.lemmas == ["ammattitulkki", "mielipide", "tulkki"]
    assert words.uses.toarray()[:, 2].tolist() == [1, 1, 0]
    assert lemma_documents(content, 3)[0].split() == ["ammattitulkki", "tulkki"]
    assert word_counts(content, 3).sum() == 7


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param("jono/jono maanantai/maanantai", ["jono"], id="weekday"),
        pytest.param("jono/jono syyskuussa/syyskuu", ["jono"], id="month"),
        pytest.param("jono/jono 58-vuotias/58-vuotias", ["jono"], id="number"),
        pytest.param("jono/jono e/e", ["jono"], id="single letter"),
        pytest.param("[NIMI-1]/[NIMI-1] jono/jono", ["jono"], id="stand-in"),
    ],
)
def test_what_is_no_content_word_is_left_out(text, kept):
    content, words = words_of(text)
    assert words.lemmas == kept
    assert Counter(content["lemma"]) == Counter(kept)
