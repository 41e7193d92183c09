"""Disclosure control withstands attack: no small cell follows from what is shown."""

import json
import re
from html import unescape
from typing import Any

import numpy as np
import pandas as pd
import pytest
from deck_attack import attacked
from report_tables import frame, make_frames, page

from pipeline.report.disclosure import (
    SEARCHES_A_CELL,
    WITHHELD,
    Protected,
    exposed_cells,
    lone_areas,
    naming_segments,
    protect,
    protected_cross,
    rare_combinations,
)
from pipeline.report.table_reader import TableReader


def guarded(counts: list[list[int]], least: int = 3) -> Protected:
    table = np.array(counts)
    return protect(table, table.sum(axis=1), table.sum(axis=0), least)


def recomputed(table: Protected) -> set[tuple[int, int]]:
    """Attack a table: return the cells of 1 to the limit that no nought fits.

    The attacker sees the texts and the sums of rows and columns, and tries every count.
    """
    n_rows, n_columns = table.counts.shape
    rows, columns = table.counts.sum(axis=1), table.counts.sum(axis=0)
    fits: dict[tuple[int, int], set[int]] = {}

    def choices(i: int, j: int) -> range:
        text, top = table.text(i, j), int(min(rows[i], columns[j]))
        if text.isdigit():
            return range(int(text), int(text) + 1)
        return range(min(top, table.least - 1) + 1) if text != WITHHELD else range(top + 1)

    def tried(place: int, left: np.ndarray, below: np.ndarray, path: list[int]) -> None:
        if place == n_rows * n_columns:
            if not left.any() and not below.any():
                for k, value in enumerate(path):
                    fits.setdefault(divmod(k, n_columns), set()).add(value)
            return
        i, j = divmod(place, n_columns)
        if i and left[:i].any():
            return
        for value in choices(i, j):
            if value <= left[i] and value <= below[j]:
                left[i] -= value
                below[j] -= value
                tried(place + 1, left, below, [*path, value])
                left[i] += value
                below[j] += value

    tried(0, rows.copy(), columns.copy(), [])
    return {cell for cell, values in fits.items()
            if 0 not in values and 0 < table.counts[cell] < table.least}  # fmt: skip


TABLES = [
    pytest.param([[1, 7, 4], [5, 6, 8]], id="one small cell"),
    pytest.param([[1, 1, 9], [5, 6, 8]], id="two ones in a row sum to two"),
    pytest.param([[2, 2, 9], [5, 6, 8]], id="two twos in a row sum to four"),
    pytest.param([[1, 0, 0], [5, 6, 8]], id="a row of one report"),
    pytest.param([[2, 0], [0, 2], [4, 4]], id="diagonal"),
    pytest.param([[1, 2, 1], [2, 1, 2], [1, 2, 1]], id="all small"),
]


@pytest.mark.parametrize("counts", TABLES)
def test_no_small_cell_can_be_recomputed(counts: list[list[int]]) -> None:
    table = guarded(counts)
    assert table.is_safe
    assert recomputed(table) == set()


@pytest.mark.parametrize("seed", range(30))
def test_no_small_cell_of_a_random_table_can_be_recomputed(seed: int) -> None:
    rng = np.random.default_rng(seed)
    counts = rng.poisson(rng.choice([0.4, 1.5, 3.0]), size=(3, 3))
    table = guarded(counts.tolist())
    assert not table.is_safe or recomputed(table) == set()


def test_the_attack_succeeds_where_nothing_is_withheld() -> None:
    counts = np.array([[1, 7, 4], [5, 6, 8]])
    small = counts == 1
    bare = Protected(counts, small, np.zeros_like(small), 3, is_safe=True)
    assert recomputed(bare) == {(0, 0)}


def test_a_small_cell_says_so_and_nought_is_small_too() -> None:
    table = guarded([[1, 0, 0, 8], [0, 1, 0, 7], [5, 6, 8, 9]])
    assert [table.text(0, j) for j in range(4)] == ["<3", "<3", "<3", "8"]
    assert not table.withheld.any()


def test_a_cell_that_the_margins_would_give_away_is_withheld_with_others() -> None:
    table = guarded([[1, 7, 4], [5, 6, 8]])
    assert table.text(0, 0) == WITHHELD
    assert 4 <= table.withheld.sum() < 6


def test_a_table_without_small_cells_is_shown_whole() -> None:
    table = guarded([[3, 7], [5, 4]])
    assert not table.hidden.any()


def test_a_limit_of_one_shows_every_cell() -> None:
    assert not guarded([[1, 2], [2, 0]], least=1).hidden.any()


def test_a_table_that_cannot_be_protected_says_so() -> None:
    assert not guarded([[1], [7]]).is_safe


def test_a_large_table_of_few_reports_is_protected() -> None:
    rng = np.random.default_rng(5)
    table = guarded(rng.poisson(0.5, size=(18, 9)).tolist())
    assert table.is_safe


def national(n_areas: int, n_reports: int, seed: int = 0) -> np.ndarray:
    """Return the reports of 20 themes by areas of which few are large."""
    rng = np.random.default_rng(seed)
    areas = 1 / np.arange(1, n_areas + 1) ** 0.8
    chances = np.outer(rng.dirichlet(np.full(20, 0.8)), areas / areas.sum())
    return rng.multinomial(n_reports, chances.ravel()).reshape(20, n_areas)


@pytest.mark.parametrize(("n_areas", "n_reports"), [(140, 2000), (300, 3000), (300, 60_000)])
def test_a_nation_of_areas_is_protected_in_a_bounded_number_of_searches(
    n_areas: int, n_reports: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts, readers, told = national(n_areas, n_reports), [], []

    def made(*given: Any) -> TableReader:
        readers.append(TableReader(*given))
        return readers[-1]

    monkeypatch.setattr("pipeline.report.disclosure.TableReader", made)
    table = protect(
        counts, counts.sum(axis=1), counts.sum(axis=0), 3, lambda *done: told.append(done)
    )
    assert table.is_safe
    assert not table.is_coarse
    assert table.hidden.any()
    assert sum(reader.n_searches for reader in readers) < SEARCHES_A_CELL * counts.size
    assert told[-1][0] == told[-1][1] == ((counts > 0) & (counts < 3)).sum()
    top = np.minimum.outer(counts.sum(axis=1), counts.sum(axis=0))
    assert exposed_cells(counts, counts < 3, table.withheld, top, 3) == []


@pytest.mark.parametrize("seed", range(20))
def test_the_coarser_way_is_as_safe_and_says_so(seed: int) -> None:
    rng = np.random.default_rng(seed)
    counts = rng.poisson(rng.choice([0.6, 1.5, 3.0]), size=(3, 3))
    table = protect(counts, counts.sum(axis=1), counts.sum(axis=0), 3, searches_a_cell=0)
    fine = guarded(counts.tolist())
    assert table.is_coarse or (table.withheld == fine.withheld).all()
    assert not table.is_safe or recomputed(table) == set()
    assert table.is_safe == fine.is_safe


def test_what_a_reader_works_out_agrees_with_trying_every_table() -> None:
    rng = np.random.default_rng(3)
    for _ in range(40):
        counts = rng.poisson(1.5, size=(3, 3))
        small, withheld = counts < 3, rng.random((3, 3)) < 0.3
        bare = Protected(counts, small & ~withheld, withheld, 3, is_safe=True)
        top = np.minimum.outer(counts.sum(axis=1), counts.sum(axis=0))
        assert set(exposed_cells(counts, small, withheld, top, 3)) == recomputed(bare)


def test_many_areas_stand_under_each_other_and_are_found_by_name() -> None:
    reports = [
        {"id": f"R-{i:03}", "period": "2024H2", "area": [f"Kunta {i % 50:02}"]} for i in range(400)
    ]
    frames = make_frames(reports)
    text = page(frames)
    assert text.count('data-find="area"') == text.count('data-found="area"') == 1
    assert "Kunta 49" in text
    assert 'data-find="client_groups"' not in text


def members(*pairs: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["value", "report_id"])


def test_a_cross_table_counts_reports_that_stand_in_several_cells() -> None:
    themes = members(("asuminen", "a"), ("asuminen", "b"), ("palvelut", "a"))
    groups = members(("nuoret", "a"), ("nuoret", "b"), ("vanhat", "b"))
    table = protected_cross(themes, groups, ["asuminen", "palvelut"], ["nuoret", "vanhat"], 1)
    assert table.counts.tolist() == [[2, 1], [1, 0]]


def test_rare_combinations_are_listed_with_their_reports() -> None:
    found = rare_combinations(
        {
            "area": members(("Lahti", "a"), ("Lahti", "b"), ("Heinola", "c")),
            "theme": members(("asuminen", "a"), ("asuminen", "b"), ("asuminen", "c")),
        },
        2,
    )
    assert found.to_dict("records") == [
        {"area": "Heinola", "theme": "asuminen", "n": 1, "report_ids": ["c"]}
    ]


def test_an_area_that_one_report_names_is_lone() -> None:
    areas = members(("Lahti", "a"), ("Lahti", "b"), ("Kärkölä", "b"), ("", "c"))
    assert lone_areas(areas) == {"Kärkölä"}


TOPICS_OF_GROUPS = {"tyoikaiset": "AAAAABBBBC", "vammaiset": "AAAABBBCC"}


@pytest.fixture(scope="module")
def crossed_page() -> str:
    """Return the page of reports of one client group and one topic each."""
    told = [(group, topic) for group, topics in TOPICS_OF_GROUPS.items() for topic in topics]
    frames = make_frames(
        [{"id": f"R-{i:02}", "period": "2024H2", "client_groups": [group]}
         for i, (group, _) in enumerate(told)]
    )  # fmt: skip
    frames["topics"] = frame(
        "topics",
        ({"topic_id": f"T-{t}", "topic_no": i, "label": f"Aihe {t}", "terms": [], "n_reports": 3,
          "stability": 0.5} for i, t in enumerate("ABC")),
    )  # fmt: skip
    frames["report_topics"] = frame(
        "report_topics",
        ({"report_id": f"R-{i:02}", "topic_id": f"T-{topic}", "weight": 0.9, "is_main": True}
         for i, (_, topic) in enumerate(told)),
    )  # fmt: skip
    return page(frames)


def test_a_client_group_names_no_topic_whose_number_is_hidden(crossed_page: str) -> None:
    spreads = re.findall(r'<article class="spread".*?</article>', crossed_page, re.DOTALL)
    said = [
        dict(re.findall(r'class="name">Aihe (\w)</span> <[^>]*>([^<]*)<', unescape(spread)))
        for spread in spreads
    ]
    truth = [{t: topics.count(t) for t in "ABC"} for topics in TOPICS_OF_GROUPS.values()]
    assert len(said) == len(truth)
    for shown, counts in zip(said, truth, strict=True):
        assert "C" not in shown
        assert shown
        assert all(int(text) == counts[topic] for topic, text in shown.items())


def test_a_group_below_the_limit_has_no_spread() -> None:
    rows = [
        {"id": f"R-{i}", "period": "2024H2", "client_groups": ["pieni" if i < 2 else "suuri"]}
        for i in range(8)
    ]
    html = unescape(page(make_frames(rows)))
    spreads = re.findall(r'<article class="spread".*?</article>', html, re.DOTALL)
    assert len(spreads) == 1
    assert "suuri" in spreads[0]


@pytest.mark.parametrize("seed", range(3))
def test_an_attacker_works_no_hidden_cell_out_of_a_deck(seed: int) -> None:
    found = attacked(seed)
    assert found.exact == []
    assert found.positive == []
    assert found.needed == []


def test_the_attacker_succeeds_on_a_deck_without_protection(monkeypatch) -> None:
    def bare(counts, row_totals, column_totals, least, progress=None):
        small = counts < least
        return Protected(counts, small, np.zeros_like(small), least, is_safe=True)

    monkeypatch.setattr("pipeline.report.disclosure.protect", bare)
    assert any(attacked(seed).positive for seed in range(8))


@pytest.mark.parametrize(
    ("area", "text"),
    [
        ("Koski Tl", "Koskella asuva kyläkauppias menetti asuntonsa."),
        ("Vanha Vääksy", "Vanhassa Vääksyssä asuva menetti asuntonsa."),
        ("Iitti / Kausala", "Kausalassa asuva menetti asuntonsa."),
        ("Sysmä", "Sysmäläinen menetti asuntonsa."),
    ],
)
def test_a_sentence_that_names_a_lone_area_is_known(area: str, text: str) -> None:
    lemmas = {"koskella": "koski", "vanhassa": "vanha", "vääksyssä": "vääksy"}
    words = [word.strip(".") for word in text.split()]
    tokens = pd.DataFrame(
        {"segment_id": "a", "form": words, "lemma": [lemmas.get(w.lower(), w) for w in words]}
    )
    assert naming_segments(tokens, [area]) == {"a"}
    assert naming_segments(tokens, ["Padasjoki", "Vanha Kausala"]) == set()


def test_hidden_topics_of_a_client_group_come_last_and_leave_no_list_of_reports(
    crossed_page: str,
) -> None:
    (data,) = re.findall(r'id="report-data">(.*?)</script>', crossed_page, re.DOTALL)
    titles = {title: n for title, n, _ in json.loads(data)["sets"]}
    of_groups = {t: n for t, n in titles.items() if re.match(r"(Työikäiset|Vammaiset): Aihe", t)}
    assert not [title for title in of_groups if title.endswith("C")]
    for spread in re.findall(r'<article class="spread".*?</article>', crossed_page, re.DOTALL):
        texts = re.findall(r'class="name">Aihe \w</span> <[^>]*>([^<]*)<', unescape(spread))
        is_hidden = [not text.isdigit() for text in texts]
        assert is_hidden == sorted(is_hidden)
