"""Quotations: central, short, one a report, never where personal data stood."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.report.quote_rulings import QuoteRulings
from pipeline.report.quotes import centrality, choose, content_words, quotable

NO_RULINGS = QuoteRulings()
TEXT = "Vuokra nousi taas ja perhe muutti. Se oli vaikeaa kaikille heille. Soita [NIMI-1] huomenna."
SENTENCES = ((0, 34), (35, 66), (67, 91))


def tables(
    report_id: str = "a", first_pos: tuple[str, ...] = ("NOUN", "PRON", "VERB")
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    reports = pd.DataFrame(
        {"report_id": [report_id], "observation": [TEXT], "proposal": [""], "reporter_id": [""]}
    )
    segments = pd.DataFrame(
        {
            "segment_id": [f"{report_id}/observation/{i:03}" for i in range(3)],
            "report_id": report_id,
            "field": "observation",
            "start": [start for start, _ in SENTENCES],
            "end": [end for _, end in SENTENCES],
            "kind": "havainto",
            "client_voice": False,
        }
    )
    tokens = pd.DataFrame({"segment_id": segments["segment_id"], "pos": first_pos})
    return reports, segments, tokens


def spans(*rows: tuple[str, str, int, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["report_id", "field", "start", "end"])


def test_a_sentence_that_leans_on_the_one_before_is_quoted_with_it() -> None:
    pool = quotable(*tables(), spans(), 10, 280, NO_RULINGS).set_index("segment_id")
    assert pool.loc["a/observation/001", "text"] == TEXT[0:66]
    assert pool.loc["a/observation/000", "text"] == TEXT[0:34]


def test_a_leaning_sentence_counts_half_when_both_do_not_fit() -> None:
    pool = quotable(*tables(), spans(), 10, 40, NO_RULINGS).set_index("segment_id")
    assert pool.loc["a/observation/001", "text"] == TEXT[35:66]
    assert pool.loc["a/observation/001", "weight"] == 0.5


def test_what_pseudonymise_flagged_is_not_quoted() -> None:
    pool = quotable(*tables(), spans(("a", "observation", 73, 81)), 10, 280, NO_RULINGS)
    assert "a/observation/002" not in set(pool["segment_id"])
    assert not pool["text"].str.contains("NIMI").any()


def test_a_joined_quotation_does_not_reach_over_personal_data_either() -> None:
    pool = quotable(*tables(), spans(("a", "observation", 0, 6)), 10, 280, NO_RULINGS)
    assert set(pool["segment_id"]) == {"a/observation/002"}


def test_reports_outside_the_table_are_not_quoted() -> None:
    _, segments, tokens = tables("b")
    reports, _, _ = tables("a")
    assert quotable(reports, segments, tokens, spans(), 10, 280, NO_RULINGS).empty


@given(
    start=st.integers(0, len(TEXT) - 1),
    size=st.integers(1, 30),
    longest=st.integers(25, 120),
)
def test_no_quotation_ever_touches_a_span(start: int, size: int, longest: int) -> None:
    end = min(start + size, len(TEXT))
    pool = quotable(*tables(), spans(("a", "observation", start, end)), 5, longest, NO_RULINGS)
    for text in pool["text"]:
        begin = TEXT.index(text)
        assert begin + len(text) <= start or end <= begin
        assert 5 <= len(text) <= longest


def pool_of(*rows: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "segment_id": [segment for segment, _ in rows],
            "report_id": [report for _, report in rows],
            "reporter": [report for _, report in rows],
            "text": [segment for segment, _ in rows],
            "weight": 1.0,
            "covers": [(segment,) for segment, _ in rows],
        }
    )


def test_one_quotation_a_report_and_the_best_first() -> None:
    pool = pool_of(("s1", "a"), ("s2", "a"), ("s3", "b"), ("s4", "c"))
    scores = {"s1": 0.2, "s2": 0.9, "s3": 0.5, "s4": 0.5}
    chosen = choose(pool, scores, 3)
    assert [quote.segment_id for quote in chosen] == ["s2", "s3", "s4"]


def test_one_quotation_a_reporter_where_the_reporter_is_known() -> None:
    pool = pool_of(("s1", "a"), ("s2", "b"), ("s3", "c")).assign(reporter=["x", "x", "y"])
    chosen = choose(pool, {"s1": 0.9, "s2": 0.8, "s3": 0.1}, 3)
    assert [quote.segment_id for quote in chosen] == ["s1", "s3"]


def test_a_text_that_the_second_pass_finds_personal_is_passed_over() -> None:
    pool = pool_of(("s1", "a"), ("s2", "b"))
    pool.loc[0, "text"] = "Soita numeroon 040 123 4567 jo tänään."
    assert [q.segment_id for q in choose(pool, {"s1": 0.9, "s2": 0.1}, 2)] == ["s2"]


def test_a_pinned_sentence_comes_first_whatever_its_length() -> None:
    pinned = QuoteRulings(pinned=frozenset({"a/observation/002"}))
    pool = quotable(*tables(), spans(), 30, 34, pinned)
    scores = dict.fromkeys(pool["segment_id"], 0.5)
    assert choose(pool, scores, 1)[0].segment_id == "a/observation/002"


def test_a_banned_sentence_is_not_quoted_nor_joined_to_another() -> None:
    banned = QuoteRulings(banned=frozenset({"a/observation/000"}))
    pool = quotable(*tables(), spans(), 10, 280, banned)
    assert set(pool["segment_id"]) == {"a/observation/002"}


def test_a_pinned_sentence_with_personal_data_is_refused_by_its_id() -> None:
    pinned = QuoteRulings(pinned=frozenset({"a/observation/002"}))
    with pytest.raises(InputError, match=r"pins 'a/observation/002', which touches personal"):
        quotable(*tables(), spans(("a", "observation", 73, 81)), 10, 280, pinned)


def test_what_is_quoted_elsewhere_is_not_quoted_again() -> None:
    pool = pool_of(("s1", "a"), ("s2", "b"))
    first = choose(pool, {"s1": 0.9, "s2": 0.1}, 1)
    second = choose(pool, {"s1": 0.9, "s2": 0.1}, 1, set(first[0].covers))
    assert (first[0].segment_id, second[0].segment_id) == ("s1", "s2")
    assert choose(pool, {"s1": 0.9, "s2": 0.1}, 1, {"s1", "s2"}) == ()


def test_the_central_sentence_shares_its_words_with_the_others() -> None:
    words = {
        "s1": frozenset({"vuokra", "häätö"}),
        "s2": frozenset({"vuokra", "häätö", "perhe"}),
        "s3": frozenset({"häätö", "perhe"}),
        "s4": frozenset({"kissa"}),
    }
    scores = centrality(words, words)
    assert max(scores, key=lambda segment: scores[segment]) == "s2"
    assert min(scores, key=lambda segment: scores[segment]) == "s4"
    assert all(0 <= score <= 1 + 1e-9 for score in scores.values())


def test_sentences_without_content_words_score_nothing() -> None:
    assert centrality(["s1"], {}) == {"s1": 0.0}


@pytest.mark.parametrize("pos", ["PRON", "ADV", "CCONJ", "PUNCT"])
def test_only_content_words_make_a_sentence_central(pos: str) -> None:
    tokens = pd.DataFrame({"segment_id": ["s1"], "pos": [pos], "lemma": ["se"]})
    assert content_words(tokens) == {}
