"""Rulings are appended, come back as they were made, and never as a spreadsheet formula."""

import pandas as pd
import pytest

from pipeline.errors import InputError
from pipeline.review.decisions_file import (
    COLUMNS,
    FILE_NAME,
    append_decisions,
    decision_id,
    read_decisions,
)
from pipeline.review.review import ReviewConfig, review
from pipeline.review.sheet import read_rulings
from pipeline.taxonomy.model import find_taxonomy, load_taxonomy


def ruling(**changes):
    made = {
        "at": "2025-01-31T12:00:00+02:00",
        "coder": "Aino",
        "target_table": "report_themes",
        "target_id": "P1-001",
        "theme_id": "asuminen",
        "verdict": "accept",
        "new_value": "",
        "memo": "",
        "taxonomy_version": "1.0.0",
        **changes,
    }
    return {"decision_id": decision_id(made), **made}


def test_rulings_come_back_as_they_were_made_and_are_added_once(tmp_path):
    made = [ruling(memo='=HYPERLINK("x")'), ruling(target_id="-1", memo="kaksi\nriviä, 'lainaus'")]
    assert append_decisions(tmp_path, made) == 2
    assert append_decisions(tmp_path, made) == 0
    assert read_decisions(tmp_path).to_dict("records") == made


def test_no_cell_of_the_file_is_a_formula(tmp_path):
    append_decisions(tmp_path, [ruling(memo="=1+1", coder="@a", new_value="+1", target_id="-1")])
    cells = pd.read_csv(tmp_path / FILE_NAME, dtype=str, keep_default_na=False).iloc[0]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_a_file_edited_by_hand_is_added_to_in_its_own_order(tmp_path):
    first, second = ruling(), ruling(target_id="P1-002")
    header = list(reversed(COLUMNS))
    line = ",".join(first[name] for name in header)
    (tmp_path / FILE_NAME).write_text(",".join(header) + "\n" + line, encoding="utf-8")
    append_decisions(tmp_path, [second])
    assert read_decisions(tmp_path).to_dict("records") == [first, second]


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("verdict", "ehkä", "verdict must be"),
        ("target_table", "reports", "target_table must be"),
        ("at", "eilen", "at must be a time"),
        ("decision_id", "", "must have its own"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named(tmp_path, column, value, words):
    append_decisions(tmp_path, [ruling()])
    frame = pd.DataFrame([ruling() | {column: value}], columns=list(COLUMNS))
    frame.to_csv(tmp_path / FILE_NAME, index=False)
    with pytest.raises(InputError, match=f"row 2: .*{words}"):
        read_decisions(tmp_path)


def test_a_copied_row_with_another_verdict_is_not_lost_in_silence(tmp_path):
    rows = [ruling(), ruling() | {"verdict": "reject"}]
    pd.DataFrame(rows, columns=list(COLUMNS)).to_csv(tmp_path / FILE_NAME, index=False)
    with pytest.raises(InputError, match="row 3: decision_id"):
        read_decisions(tmp_path)


def test_a_ruling_on_a_report_that_was_taken_out_is_not_in_the_table(make_reports):
    made = [
        ruling(),
        ruling(target_id="P1-009"),
        ruling(target_table="topics", target_id="T-1", theme_id=""),
    ]
    table = review(make_reports({}), ReviewConfig(), decisions_file=pd.DataFrame(made))
    assert table["target_id"].tolist() == ["P1-001", "T-1"]


def test_a_file_that_is_no_spreadsheet_is_refused_before_it_is_unpacked(tmp_path):
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
    taxonomy = load_taxonomy(find_taxonomy("sosiaalinen-raportointi"))
    with pytest.raises(InputError, match="protected with a password"):
        read_rulings(path, "Aino", "2025-01-31T12:00:00+02:00", taxonomy, {})
