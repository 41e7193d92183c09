"""No form, nor forms held together or published in a row, gives a small number away."""

from typing import Any

import pytest
from form_attack import LEAST, Leaks, Margins, attack, attacked

WORTH_ATTACKING = 4
"""A study in which a sentence under a group once stood under a topic in another audience's file."""


def attacked_by_hand(found: Margins, later: Margins | None = None, n: int = 10) -> Leaks:
    truth = {("nimi0", "ryhma0"): 1, ("nimi0", "ryhma1"): 4}
    return attack(found, truth, n, is_single=True, later=later or Margins())


def sizes(**more: Any) -> Margins:
    return Margins(topics={"nimi0": 5}, groups={"ryhma0": 3, "ryhma1": 7}, **more)


def test_no_form_gives_a_small_number_away() -> None:
    found = attacked(WORTH_ATTACKING)
    assert {form: leaks for form, leaks in found.items() if leaks.n} == {}
    assert sum(leaks.n_small for leaks in found.values()) > 100
    assert [form for form, leaks in found.items() if leaks.n_read < 4] == []


def test_the_attack_solves_for_a_cell_that_follows_from_the_rest() -> None:
    shown = {("nimi0", "ryhma1"): 4}
    none = Margins(topics={"nimi0": 5}, groups={"ryhma0": 3, "ryhma1": 7})
    assert attacked_by_hand(none).n == 0
    assert attacked_by_hand(sizes(pairs=shown)).exact == [("nimi0", "ryhma0")]


def test_the_attack_tells_a_small_number_from_nought_by_a_limit() -> None:
    capped = sizes(most={("nimi0", "ryhma1"): LEAST - 1})
    truth = {("nimi0", "ryhma0"): 2, ("nimi0", "ryhma1"): 2}
    leaks = attack(
        Margins(topics={"nimi0": 4}, groups=capped.groups, most=capped.most),
        truth, 10, is_single=True, later=Margins(),
    )  # fmt: skip
    assert leaks.exact + leaks.positive == [("nimi0", "ryhma0")]


SHOWN = {("nimi0", "ryhma0"): 3, ("nimi0", "ryhma1"): 3}
LISTED = {"ryhma0": 10, "ryhma1": 7, "ryhma2": 5}


@pytest.mark.parametrize(
    ("unlisted", "given"), [((), [("nimi0", "ryhma2")]), (("ryhma3", "ryhma4"), [])]
)
def test_a_list_that_leaves_groups_out_is_not_taken_for_whole(
    unlisted: tuple[str, ...], given: list[tuple[str, str]]
) -> None:
    found = Margins(topics={"nimi0": 8}, groups=LISTED, pairs=SHOWN)
    truth = SHOWN | {("nimi0", "ryhma2"): 2} | {("nimi0", group): 1 for group in unlisted}
    leaks = attack(found, truth, 22, is_single=False, later=Margins())
    assert leaks.exact + leaks.positive == given


def test_the_attack_reads_a_list_of_areas_too_short_for_the_topics() -> None:
    found = Margins(topics={"nimi0": 7, "nimi1": 4}, areas={"Alue0": 10})
    truth = {("nimi0", "Alue0"): 6, ("nimi1", "Alue0"): 2,
             ("nimi0", "Alue1"): 1, ("nimi1", "Alue1"): 2}  # fmt: skip
    leaks = attack(found, truth, 15, is_single=False, later=Margins())
    assert (leaks.n_small, leaks.n) == (3, 0)


def test_the_attack_bounds_the_cells_of_a_theme_by_its_size() -> None:
    found = Margins(themes={"Asuminen": 9}, areas={"Alue0": 14, "Alue1": 8},
                    pairs={("Asuminen", "Alue0"): 8})  # fmt: skip
    truth = found.pairs | {("Asuminen", "Alue1"): 2}
    leaks = attack(found, truth, 20, is_single=False, later=Margins())
    assert leaks.positive == [("Asuminen", "Alue1")]


def test_the_attack_links_a_sentence_under_a_topic_and_under_a_group() -> None:
    assert attacked_by_hand(sizes(under={7: {"nimi0", "ryhma0"}})).linked == [("nimi0", "ryhma0")]


def test_the_attack_reads_a_later_report() -> None:
    later = Margins(past={("nimi0", "ryhma0"): 1})
    assert attacked_by_hand(sizes(), later).told_later == [("nimi0", "ryhma0")]
