"""The words above a group carry its subject; its core hangs together."""

import re
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from test_name import MeantWords

from pipeline.cluster.core import core_reports, is_core
from pipeline.cluster.corpus import Corpus
from pipeline.name.clause_scores import Scorer
from pipeline.name.headings import Headings

COINS = ("kolikko", "raha", "keräilijä")


def headings_of(
    *reports: str,
    common: tuple[str, ...] = (),
    language: str = "fi",
    meant: tuple[str, ...] = COINS,
    lemmas: dict[str, str] | None = None,
    unknown: tuple[str, ...] = (),
) -> Headings:
    """Return the headings of reports, each of which is its words."""
    lemma_of = lemmas or {}
    words: list[tuple[Any, ...]] = [
        (row, f"s{row}", match.start(), match[0], lemma_of.get(match[0], match[0]), "NOUN", [],
         match[0] not in unknown, language)
        for row, text in enumerate(reports)
        for match in re.finditer(r"\S+", text)
    ]  # fmt: skip
    names = ("row", "segment_id", "start", "form", "lemma", "pos", "parts", "known", "language")
    content = pd.DataFrame(words, columns=list(names))
    return Headings(content, len(reports), MeantWords(meant, common=common), seed=1)


ON_COINS = ("kolikko keräilijä muutama", "kolikko raha muutama", "raha keräilijä kolikko")
OTHERS = tuple(f"aihe{n} sana{n} asia{n}" for n in range(20))


def test_the_words_of_a_clause_are_counted_among_the_other_members() -> None:
    headings = headings_of(*ON_COINS, *OTHERS)
    scorer = Scorer(cast(Corpus, None), headings, seed=0)
    has = headings.words.uses.toarray() > 0
    column = {lemma: i for i, lemma in enumerate(headings.words.lemmas)}
    for members in ([0, 1, 2], [2, 0], [0, 1, 2, 5], [1]):
        for owner in (0, 1, 2, 7):
            others = [member for member in members if member != owner]
            for lemmas in (COINS, ("muutama", "aihe3"), ("sana0", "tuntematon"), ()):
                known = [column[lemma] for lemma in lemmas if lemma in column]
                inside = has[others][:, known].sum(axis=0)
                share = float((inside > 0).mean()) if known and others else 0.0
                lift, found = scorer.shared(lemmas, owner, members)
                assert found == share
                assert (lift > 0) == (share > 0)
    assert scorer.shared(["kolikko"], 0, [0, 1, 2])[0] == pytest.approx(
        min(np.log(1.0 * 23 / 3) / 3, 1) * 1.0
    )


def test_a_word_that_means_nothing_near_the_reports_heads_no_group() -> None:
    found = headings_of(*ON_COINS, *OTHERS).of([0, 1, 2])
    assert set(found.words.split(", ")) == set(COINS)
    assert found.reach == pytest.approx(1.0)


def test_a_word_that_the_language_is_full_of_goes_behind_a_telling_one() -> None:
    reports = ("kolikko raha", "kolikko raha", "kolikko raha", *OTHERS)
    assert headings_of(*reports, common=("raha",)).of([0, 1, 2]).words.startswith("kolikko")
    assert headings_of(*reports, common=("kolikko",)).of([0, 1, 2]).words.startswith("raha")


@pytest.mark.parametrize(
    ("report", "n_words"),
    [
        pytest.param("asiakas kolikko", 1, id="whom reports are about in any case"),
        pytest.param("kolikkokokoelma kolikko", 1, id="a word within another"),
        pytest.param("narsismi narsisti", 1, id="a word of the same stem"),
        pytest.param("markka kolikko raha keräilijä", 3, id="a fourth"),
    ],
)
def test_a_heading_is_at_most_three_words_that_say_different_things(
    report: str, n_words: int
) -> None:
    meant = tuple(report.split())
    found = headings_of(*[report] * 3, *OTHERS, meant=meant).of([0, 1, 2]).words.split(", ")
    assert len(found) == n_words
    assert "asiakas" not in found


@pytest.mark.parametrize(
    ("word", "unknown"),
    [
        pytest.param("nursing", ("nursing",), id="a word that Finnish does not know"),
        pytest.param("tilanne", (), id="a word that stands in for another"),
        pytest.param("isoäiti", (), id="a person"),
    ],
)
def test_a_word_that_tells_nothing_more_is_in_no_heading(
    word: str, unknown: tuple[str, ...]
) -> None:
    reports = (f"kolikko {word}",) * 3
    found = headings_of(*reports, *OTHERS, meant=("kolikko", word), unknown=unknown).of([0, 1, 2])
    assert found.words == "kolikko"


def test_a_word_of_few_of_the_reports_is_in_no_heading() -> None:
    reports = ("raha kolikko", *("raha",) * 3, *OTHERS)
    assert headings_of(*reports).of([0, 1, 2, 3]).words == "raha"


def test_reports_told_in_many_words_are_headed_by_a_word_of_some_of_them() -> None:
    told = ("kolikko", "kolikko", "seteli", "markka", "penni", "valuutta", "hopea", "kulta")
    money = ("kolikko", "seteli", "markka")
    found = headings_of(*told, *OTHERS, meant=money).of(range(8))
    assert (found.words, found.is_common) == ("kolikko", False)
    assert headings_of(*told[1:], *OTHERS, meant=money).of(range(7)).words == ""


def test_what_stands_in_the_scene_heads_a_group_only_where_nothing_else_does() -> None:
    reports = ("kolikko purkki",) * 3
    beside = headings_of(*reports, *OTHERS, meant=("kolikko", "purkki")).of([0, 1, 2])
    assert beside.words == "kolikko"
    alone = headings_of(*("purkki",) * 3, *OTHERS, meant=("purkki",)).of([0, 1, 2])
    assert alone.words == "purkki"


def test_a_third_word_of_few_of_the_reports_is_counted_and_not_shown() -> None:
    reports = ("kolikko", "kolikko", "raha", "raha", "keräilijä", "keräilijä", *OTHERS * 3)
    found = headings_of(*reports, meant=()).of(range(6))
    assert len(found.words.split(", ")) == 2
    assert found.reach == pytest.approx(1.0)
    assert found.most == pytest.approx(1 / 3)


def test_a_noun_of_all_reports_heads_them_though_its_meaning_drowns_in_theirs() -> None:
    def told(name: str, n_words: int) -> str:
        return " ".join(f"{name}x{n}" for n in range(n_words))

    inside = [f"luuta {told(f'w{row}', 40)}" for row in range(4)]
    found = headings_of(*inside, *(told(f"v{row}", 41) for row in range(80)), meant=())
    assert found.of(range(4)).words == "luuta"
    assert found.nearness(["luuta"], range(4)) < 0.9


def test_two_words_of_which_one_modifies_the_other_stand_as_a_phrase() -> None:
    reports = ("kolikon keräilijä", "kolikon keräilijä", "kolikko rahat keräilijä", *OTHERS)
    lemmas = {"kolikon": "kolikko", "rahat": "raha"}
    found = headings_of(*reports, lemmas=lemmas, meant=("kolikko", "keräilijä")).of([0, 1, 2])
    assert found.words == "kolikon keräilijä"


@pytest.mark.parametrize(
    ("forms", "heading"),
    [
        pytest.param(("runoja", "runoissa", "runot"), "runot", id="the plural stands there"),
        pytest.param(("runoja", "runoissa", "runon"), "runot", id="made of the genitive"),
        pytest.param(("runoja", "runoissa", "runosta"), "runot", id="a stem that stays"),
        pytest.param(("runo", "runosta", "runoja"), "runot", id="alone, what can be counted"),
        pytest.param(("runo", "runosta", "runossa"), "runo", id="never several"),
    ],
)
def test_a_word_is_headed_in_the_number_that_reports_speak_of(
    forms: tuple[str, ...], heading: str
) -> None:
    lemmas = dict.fromkeys(forms, "runo")
    found = headings_of(*forms, *OTHERS, meant=("runo",), lemmas=lemmas).of([0, 1, 2])
    assert found.words == heading


@pytest.mark.parametrize(
    ("elsewhere", "heading"),
    [
        pytest.param("tulkit", "runot, tulkit", id="both can be counted"),
        pytest.param("tulkki", "runot, tulkki", id="one cannot"),
        pytest.param("tulkkeja", "runo, tulkki", id="no plural is known"),
    ],
)
def test_what_can_be_counted_stands_in_one_number(elsewhere: str, heading: str) -> None:
    reports = ("runot tulkki", "runoja tulkki", "runoissa tulkki")
    others = (*OTHERS, *[elsewhere] * 3)
    lemmas = dict.fromkeys(("runot", "runoja", "runoissa"), "runo")
    lemmas |= dict.fromkeys(("tulkit", "tulkkeja"), "tulkki")
    found = headings_of(*reports, *others, meant=("runo", "tulkki"), lemmas=lemmas).of([0, 1, 2])
    assert sorted(found.words.split(", ")) == sorted(heading.split(", "))


def test_a_telling_word_of_most_reports_goes_before_a_common_one_of_all() -> None:
    reports = ("kolikko raha", "kolikko raha", "raha", *OTHERS)
    assert headings_of(*reports, common=("raha",)).of([0, 1, 2]).words.startswith("kolikko")


def test_words_of_like_meaning_are_reached_in_part() -> None:
    reports = ("kolikko", "kolikko", "raha", *OTHERS)
    found = headings_of(*reports).of([0, 1, 2])
    assert found.words == "kolikko"
    assert found.reach > 2 / 3


def test_no_two_groups_are_headed_alike_where_a_further_word_tells() -> None:
    headings = headings_of(*ON_COINS, *OTHERS)
    first = headings.of([0, 1, 2])
    again = headings.of([0, 1, 2], frozenset({first.words}))
    assert again.words == f"{first.words}, muutama"


@pytest.mark.parametrize("members", [[], [4]])
def test_a_group_that_no_word_carries_has_no_words(members: list[int]) -> None:
    found = headings_of(*ON_COINS, *OTHERS).of(members)
    assert (found.words, found.worth) == ("", 0.0)


def test_words_of_another_language_are_left_to_their_counts() -> None:
    assert headings_of(*ON_COINS, *OTHERS, language="sv").of([0, 1, 2]).words == ""


def test_a_clause_is_near_the_reports_that_its_words_mean() -> None:
    headings = headings_of(*ON_COINS, *OTHERS)
    assert headings.nearness(["raha"], [0, 1]) > headings.nearness(["asia3"], [0, 1])
    assert headings.nearness(["tuntematon"], [0, 1]) == 0


@pytest.mark.parametrize(
    ("weights", "core"),
    [
        pytest.param([0.8, 0.7, 0.7, 0.3], 3, id="one that only touches upon it"),
        pytest.param([0.5] * 6, 6, id="all alike"),
        pytest.param([0.9] * 4 + [0.6] * 4, 4, id="the firmer half says what is firm"),
        pytest.param([0.25] * 6, 0, id="together by chance as often"),
        pytest.param([0.9, 0.9], 0, id="too few"),
        pytest.param([0.9, 0.8, 0.1, 0.1], 0, id="two and strangers"),
        pytest.param([], 0, id="none"),
    ],
)
def test_the_core_of_a_topic_hangs_together(weights: list[float], core: int) -> None:
    assert is_core(np.array(weights)).sum() == core


def test_only_main_topics_make_a_core() -> None:
    rows: list[tuple[Any, ...]] = [(f"R{n}", "T-1", 0.6, n != 3) for n in range(5)]
    table = pd.DataFrame(rows, columns=["report_id", "topic_id", "weight", "is_main"])
    assert core_reports(table) == {"T-1": frozenset({"R0", "R1", "R2", "R4"})}
