"""A person ticks members blind, and the groups are tested again."""

import re

import numpy as np
import pandas as pd
import pytest

from pipeline.detect.detect import DetectConfig
from pipeline.detect.sheet import (
    COLUMNS,
    blind_rows,
    hidden_texts,
    read_ticks,
    retest,
    write_blind_sheet,
)
from pipeline.errors import InputError
from pipeline.row_codes import row_code

from test_detect_self_test import PERIODS  # isort: skip

RISING = ["1-1", "2-1", "2-2", "3-1", "3-2", "3-3"]


@pytest.fixture
def tables(make_reports):
    rows = [
        {"report_id": f"{i}-{j}", "period": period, "area": ["Vuolinna"]}
        for i, period in enumerate(PERIODS["period"])
        for j in range(20)
    ]
    reports = make_reports(*rows)
    ids = reports["report_id"].tolist()
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(80, 6)).astype(np.float32)
    vectors[[ids.index(r) for r in RISING]] += 5
    segments = pd.DataFrame(
        {
            "segment_id": [f"{r}/observation/001" for r in ids],
            "report_id": ids,
            "start": 10,
            "text": [f"Vuolinnassa sataa {r}.".replace("-", "x") for r in ids],
        }
    )
    tokens = pd.DataFrame(
        {"segment_id": segments["segment_id"], "start": 10, "end": 21, "form": "Vuolinnassa"}
    ).assign(lemma="Vuolinna", pos="PROPN")
    signals = pd.DataFrame(
        [
            {"signal_id": "S-1", "rank": 1, "label": "=nousu", "report_ids": RISING},
            {"signal_id": "S-2", "rank": None, "label": "muu", "report_ids": ids[:5]},
        ]
    )
    return {
        "periods": PERIODS,
        "reports": reports,
        "segments": segments,
        "tokens": tokens,
        "report_embeddings": pd.DataFrame({"report_id": ids, "vector": list(vectors)}),
        "signals": signals,
    }


def rows_of(sheet):
    return [dict(zip(COLUMNS, row, strict=True)) for row in sheet]


def test_the_sheet_has_the_members_and_the_twelve_nearest_in_an_order_that_tells_nothing(tables):
    rows = rows_of(blind_rows(tables, 0))
    assert tuple(rows[0]) == COLUMNS
    codes = [row["rivi"] for row in rows]
    members = [row_code("S-1", r) for r in RISING]
    assert len(codes) == len(set(codes)) == len(RISING) + 12
    assert set(members) < set(codes)
    assert codes[: len(RISING)] != members
    assert {row["ryhmä"] for row in rows} == {"S-1"}
    assert {row["kuuluu"] for row in rows} == {""}
    assert rows[0]["nimi"] == "=nousu"  # write_sheet and write_blind_sheet make it safe


def test_the_sheet_names_neither_reports_nor_periods_nor_places(tables):
    sheet = "\n".join(",".join(row) for row in blind_rows(tables, 0))
    assert "Vuolinna" not in sheet
    assert "[PAIKKA] sataa" in sheet
    assert not any(f",{r}," in sheet for r in RISING)
    assert not any(period in sheet for period in PERIODS["period"])


@pytest.mark.parametrize(
    ("form", "lemma", "pos", "shown"),
    [
        ("maaliskuussa", "maaliskuu", "NOUN", "[AIKA]"),
        ("syksyllä", "syksy", "NOUN", "[AIKA]"),
        ("2024", "2024", "NUM", "[AIKA]"),
        ("2024-luvulla", "2024-luku", "NOUN", "[AIKA]"),
        ("Turussa", "Turku", "PROPN", "[PAIKKA]"),
        ("vuolinnassa", "vuolinna", "NOUN", "[PAIKKA]"),
        ("KELA", "KELA", "PROPN", "KELA"),
        ("kuukausi", "kuukausi", "NOUN", "kuukausi"),
        ("kesäsulku", "kesäsulku", "NOUN", "kesäsulku"),
    ],
)
def test_words_of_place_and_time_are_hidden_and_others_not(tables, form, lemma, pos, shown):
    text = f"Nyt {form} taas."
    one = {"segment_id": ["0-0/observation/001"], "start": [10 + 4], "end": [10 + 4 + len(form)]}
    tables["tokens"] = pd.DataFrame(one).assign(form=form, lemma=lemma, pos=pos)
    tables["segments"] = tables["segments"][:1].assign(text=text)
    assert hidden_texts(tables)["0-0"] == f"Nyt {shown} taas."


def test_days_in_figures_are_hidden(tables):
    tables["segments"] = tables["segments"][:1].assign(text="Tapaaminen 3.4.2024 ja 5.6. oli.")
    tables["tokens"] = tables["tokens"][:0]
    assert hidden_texts(tables)["0-0"] == "Tapaaminen [AIKA] ja [AIKA] oli."


def test_near_copies_are_not_offered(tables):
    vectors = tables["report_embeddings"]["vector"]
    vectors[0][:] = vectors[40 + 1]
    tables["reports"].loc[0, "duplicate_of"] = RISING[1]
    assert row_code("S-1", "0-0") not in {row[2] for row in blind_rows(tables, 0)}


def test_ticks_change_members_and_both_tests_are_reported(tables):
    ticks = {
        ("S-1", row_code("S-1", "1-1")): "e",
        ("S-1", row_code("S-1", "3-9")): "k",
        ("S-1", row_code("S-1", "0-9")): "",
        ("S-1", row_code("S-1", "2-1")): "k",
    }
    (one,) = retest(tables, ticks, DetectConfig(), seed=0)
    assert one.counts_before == [0, 1, 2, 3]
    assert one.counts_after == [0, 0, 2, 4]
    assert one.p_after < one.p_before < 0.2
    assert one.n_unanswered == 1


@pytest.mark.parametrize("name", ["s.xlsx", "s.csv"])
def test_the_sheet_comes_back_as_it_went_out(tables, tmp_path, name):
    file = tmp_path / name
    write_blind_sheet(file, [(*row[:-1], "k") for row in blind_rows(tables, 0)])
    ticks = read_ticks(file)
    assert (ticks.unknown(tables), ticks.unread) == ((), ())
    (one,) = retest(tables, ticks.answers, DetectConfig(), seed=0)
    assert sum(one.counts_after) == len(RISING) + 12
    assert one.n_unanswered == 0


def test_a_text_sheet_has_semicolons_and_a_byte_order_mark_and_other_kinds_are_refused(
    tables, tmp_path
):
    rows = blind_rows(tables, 0)
    write_blind_sheet(tmp_path / "s.csv", rows)
    data = (tmp_path / "s.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfryhm")
    assert data.splitlines()[0].count(b";") == 4
    with pytest.raises(InputError, match=r"s\.txt must be an \.xlsx file"):
        write_blind_sheet(tmp_path / "s.txt", rows)


def test_a_row_whose_code_was_changed_is_named_and_stops_nothing(tables, tmp_path):
    rows = [[*row[:-1], "k"] for row in blind_rows(tables, 0)]
    rows[0][2], rows[3][2], rows[5][0] = "1,23E+45", "", "S-9"
    rows[7][4] = "ehkä"
    file = tmp_path / "s.xlsx"
    write_blind_sheet(file, rows)
    ticks = read_ticks(file)
    assert ticks.unknown(tables) == (2, 5, 7)
    assert ticks.unread == (9,)
    (one,) = retest(tables, ticks.answers, DetectConfig(), seed=0)
    assert one.n_unanswered == 1


def test_no_code_can_be_read_as_a_number_a_day_or_a_word():
    codes = [row_code("S-1", f"P{i}") for i in range(3000)]
    assert len(set(codes)) == 3000
    assert all(re.fullmatch("[BCDFGHJKMNPQRSTVWXZ]{9}", code) for code in codes)


@pytest.mark.parametrize("change", [str.lower, lambda code: f" {code} ", str])
def test_a_code_is_known_in_small_letters_and_with_blanks(tables, tmp_path, change):
    rows = [[*row[:-1], "k"] for row in blind_rows(tables, 0)]
    rows[0][2] = change(rows[0][2])
    write_blind_sheet(tmp_path / "s.csv", rows)
    assert read_ticks(tmp_path / "s.csv").unknown(tables) == ()


@pytest.mark.parametrize(
    ("answer", "tick"),
    [("k", "k"), ("Kyllä", "k"), ("x", "k"), ("E", "e"), ("ei", "e"), ("0", "e"), (" ", "")],
)
def test_answers_are_read_as_people_write_them(tmp_path, answer, tick):
    file = tmp_path / "s.csv"
    file.write_text(f"ryhmä;nimi;rivi;teksti;kuuluu\nS-1;a;ab;t;{answer}\n", encoding="utf-8")
    assert read_ticks(file).answers == {("S-1", "AB"): tick}


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "does not exist"),
        ("ryhmä,rivi\nS-1,a\n", "lacks the columns kuuluu"),
    ],
    ids=["missing", "column"],
)
def test_a_wrong_sheet_is_refused_with_the_place(tmp_path, content, complaint):
    file = tmp_path / "s.csv"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=complaint):
        read_ticks(file)


def test_a_sheet_of_another_list_is_refused(tables):
    with pytest.raises(InputError, match="list has changed"):
        retest(tables, {("S-9", "ab"): "k"}, DetectConfig(), seed=0)
