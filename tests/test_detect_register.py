"""The register takes new signals in and never touches what the analyst wrote."""

import pandas as pd
import pytest

from pipeline.detect.register import COLUMNS, merge_register, read_register, write_register
from pipeline.errors import InputError


def signals(*groups, strength="signal"):
    rows = [
        {
            "signal_id": f"S-{'-'.join(ids)}",
            "rank": rank,
            "strength": strength,
            "status": "emerging",
            "label": f"ryhmä {ids[0]}",
            "counts": [0, len(ids)],
            "report_ids": list(ids),
        }
        for rank, ids in enumerate(groups, 1)
    ]
    columns = ["signal_id", "rank", "strength", "status", "label", "counts", "report_ids"]
    return pd.DataFrame(rows, columns=columns)


def states(rows):
    return [row["tilanne"] for row in rows]


def test_a_first_merge_registers_signals_and_watched_ones_but_no_mere_candidates():
    rows = merge_register([], signals("abc", "xyz", strength="watch"), "2024H1")
    assert states(rows) == ["uusi", "uusi"]
    assert rows[0]["historia"] == "2024H1: 1. seurattava"
    assert merge_register([], signals("abc", strength="candidate"), "2024H1") == []


def test_merging_the_same_list_again_changes_nothing(tmp_path):
    for listed in (signals("abc", "xyz"), signals("xyz")):
        rows = merge_register(read_register(tmp_path), listed, "2024H1")
        write_register(tmp_path, rows)
        content = (tmp_path / "register.csv").read_bytes()
        again = merge_register(read_register(tmp_path), listed, "2024H1")
        assert again == read_register(tmp_path) == rows
        write_register(tmp_path, again)
        assert (tmp_path / "register.csv").read_bytes() == content


def test_what_the_analyst_wrote_stays_whatever_the_list_says(tmp_path):
    own = {
        **dict.fromkeys(("merkki", "ilmiö", "tulkinta", "ratkaisu", "muistio"), "=oma"),
        "nimi": "Häädöt",
        "seuraava_katselmus": "2025-01",
        "oma sarake": "x",
    }
    first = merge_register([], signals("abcd"), "2024H1")
    write_register(tmp_path, [{**first[0], **own}])
    rows = merge_register(read_register(tmp_path), signals("xyz", "abce"), "2024H2")
    write_register(tmp_path, rows)
    kept, fresh = read_register(tmp_path)
    assert {name: kept[name] for name in own} == own
    assert (kept["viimeisin_jakso"], kept["sijoitus"], kept["tilanne"]) == ("2024H2", "2", "jatkuu")
    assert kept["historia"] == "2024H1: 1. signaali; 2024H2: 2. signaali"
    assert (kept["ensimmäinen_jakso"], fresh["ensimmäinen_jakso"]) == ("2024H1", "2024H2")
    assert fresh["oma sarake"] == ""


def test_a_signal_that_is_not_listed_any_more_stays_in_the_register():
    rows = merge_register(merge_register([], signals("abc"), "2024H1"), signals("xyz"), "2024H2")
    assert states(rows) == ["ei listalla", "uusi"]
    assert rows[0]["viimeisin_jakso"] == "2024H1"


def test_a_dismissed_signal_that_returns_is_shown_as_returning():
    (row,) = merge_register([], signals("abcd"), "2024H1")
    row["ratkaisu"] = "Hylätty"
    same = merge_register([row], signals("abcd"), "2024H1")
    assert states(same) == ["hylätty"]
    returned = merge_register(same, signals("abcde", strength="candidate"), "2024H2")
    assert states(returned) == ["palannut"]
    assert states(merge_register(returned, signals("abcde"), "2024H2")) == ["palannut"]
    away = merge_register(same, signals(), "2024H2")
    assert states(merge_register(away, signals("abcd"), "2024H2")) == ["palannut"]


def test_one_group_renews_one_row_the_most_alike():
    rows = merge_register([], signals("abcd", "abcx"), "2024H1")
    again = merge_register(rows, signals("abcxy"), "2024H2")
    assert states(again) == ["ei listalla", "jatkuu"]


def test_a_register_saved_by_a_spreadsheet_with_semicolons_is_read(tmp_path):
    text = ";".join(COLUMNS) + "\n" + ";".join(["x"] * len(COLUMNS)) + "\n"
    (tmp_path / "register.csv").write_text(text, encoding="utf-8-sig")
    assert read_register(tmp_path)[0]["muistio"] == "x"


def test_a_register_without_its_columns_is_refused(tmp_path):
    (tmp_path / "register.csv").write_text("tunnus,nimi\nS-1,x\n", encoding="utf-8")
    with pytest.raises(InputError, match="lacks the columns"):
        read_register(tmp_path)
