"""Words of social work, in a sentence each: the table was written before the lexicon."""

import csv
from pathlib import Path

import pytest

from pipeline.lemmatise.lemmatise import LemmatiseConfig
from pipeline.lemmatise.voikko_lemmatiser import VoikkoLemmatiser, load_lemmatiser

TABLE = Path(__file__).parent / "data" / "domain_lemmas.csv"
MIN_SHARE_RIGHT = 0.98
MIN_SHARE_TAGS = 0.95


def read_rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS = read_rows()


@pytest.fixture(scope="module")
def lemmatiser() -> VoikkoLemmatiser:
    return load_lemmatiser(LemmatiseConfig())


def as_parameter(row: dict[str, str]) -> object:
    reason = row["known_failure"]
    marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
    return pytest.param(row, id=row["form"], marks=marks)


@pytest.mark.parametrize("row", [as_parameter(row) for row in ROWS])
def test_a_word_of_the_field_has_its_lemma_and_parts(
    row: dict[str, str], lemmatiser: VoikkoLemmatiser
) -> None:
    tokens = [token for token in lemmatiser.tokens(row["context"]) if token.form == row["form"]]
    assert len(tokens) == 1
    assert tokens[0].lemma == row["lemma"]
    assert tokens[0].parts == tuple(row["parts"].split())


def test_few_words_of_the_field_are_known_failures() -> None:
    n_failures = sum(bool(row["known_failure"]) for row in ROWS)
    assert len(ROWS) >= 300
    assert 1 - n_failures / len(ROWS) >= MIN_SHARE_RIGHT


def test_tags_are_mostly_right(lemmatiser: VoikkoLemmatiser) -> None:
    n_right = 0
    for row in ROWS:
        tokens = lemmatiser.tokens(row["context"])
        n_right += any(t.form == row["form"] and t.pos == row["pos"] for t in tokens)
    assert n_right / len(ROWS) >= MIN_SHARE_TAGS
