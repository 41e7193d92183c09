"""Rulings are appended, come back as they were made, and never as a spreadsheet formula."""

import pandas as pd
import pytest

from pipeline.codings import read_codings
from pipeline.errors import InputError
from pipeline.review.decisions_file import COLUMNS, FILE_NAME, FIRST_COLUMNS, read_decisions
from pipeline.review.log import CsvLog
from pipeline.review.review import ReviewConfig, review
from pipeline.review.rulings import read_rulings
from pipeline.taxonomy.read import find_taxonomy, load_taxonomy


def ruling(**changes):
    return {
        "decision_id": "D-0123456789ab",
        "batch": "B-0123456789ab",
        "at": "2025-01-31T12:00:00.000001+02:00",
        "coder": "Aino",
        "target_table": "report_themes",
        "target_id": "P1-001",
        "theme_id": "asuminen",
        "verdict": "accept",
        "new_value": "",
        "memo": "",
        "taxonomy_version": "1.0.0",
        "mode": "sheet",
        "shown": "",
        "basis": "",
        **changes,
    }


def append(folder, *rows):
    return CsvLog(folder).append(rows)


def test_rulings_come_back_as_they_were_made_and_are_added_once(tmp_path):
    made = [
        ruling(memo='=HYPERLINK("x")'),
        ruling(decision_id="D-1", target_id="-1", memo="kaksi\nriviä, 'lainaus'"),
    ]
    assert len(append(tmp_path, *made)) == 2
    assert append(tmp_path, *made) == []
    assert read_decisions(tmp_path).to_dict("records") == made


def test_no_cell_of_the_file_is_a_formula(tmp_path):
    append(tmp_path, ruling(memo="=1+1", coder="@a", new_value="+1", target_id="-1"))
    cells = pd.read_csv(tmp_path / FILE_NAME, dtype=str, keep_default_na=False).iloc[0]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_a_file_edited_by_hand_is_added_to_in_its_own_order(tmp_path):
    first, second = ruling(), ruling(decision_id="D-2", target_id="P1-002")
    header = list(reversed(COLUMNS))
    line = ",".join(first[name] for name in header)
    (tmp_path / FILE_NAME).write_text(",".join(header) + "\n" + line, encoding="utf-8")
    append(tmp_path, second)
    assert (tmp_path / FILE_NAME).read_text(encoding="utf-8").startswith(",".join(header))
    assert read_decisions(tmp_path).to_dict("records") == [first, second]


def old_file(folder, *rows, separator=",", encoding="utf-8", end="\n"):
    lines = [separator.join(FIRST_COLUMNS)]
    lines += [separator.join(row[name] for name in FIRST_COLUMNS) for row in rows]
    (folder / FILE_NAME).write_bytes((end.join(lines) + end).encode(encoding))


SAVED_BY = {
    "havainto": {},
    "finnish-excel": {"separator": ";", "encoding": "utf-8-sig", "end": "\r\n"},
    "old-excel": {"separator": ";", "encoding": "cp1252", "end": "\r\n"},
    "unicode-text": {"separator": "\t", "encoding": "utf-16", "end": "\r\n"},
}


@pytest.mark.parametrize("program", SAVED_BY)
def test_a_file_of_the_first_version_is_read_as_it_is_whoever_saved_it(tmp_path, program):
    old = ruling(decision_id="D-1", batch="D-1", coder="Väinö", at="2025-01-31T12:00:00+02:00")
    old_file(tmp_path, old, **SAVED_BY[program])
    before = (tmp_path / FILE_NAME).read_bytes()
    assert read_decisions(tmp_path).to_dict("records") == [old]
    assert (tmp_path / FILE_NAME).read_bytes() == before
    append(tmp_path, ruling(decision_id="D-2"))
    assert read_decisions(tmp_path)["decision_id"].tolist() == ["D-1", "D-2"]
    kept = [path.read_bytes() for path in (tmp_path / "backups").iterdir()]
    assert before in kept


def test_a_version_that_excel_took_for_a_date_and_its_times_are_read_back(tmp_path):
    old = ruling(taxonomy_version="1.2.2003", at="31.1.2025 12.30")
    old_file(tmp_path, old, separator=";")
    read = read_decisions(tmp_path).iloc[0]
    assert (read["taxonomy_version"], read["at"]) == ("1.2.3", "2025-01-31T12:30:00")


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("verdict", "ehkä", "verdict must be"),
        ("target_table", "raportit", "target_table must be"),
        ("mode", "sokko", "mode must be"),
        ("at", "eilen", "at must be a time"),
        ("decision_id", "", "must be there"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named(tmp_path, column, value, words):
    append(tmp_path, ruling())
    frame = pd.DataFrame([ruling() | {column: value}], columns=list(COLUMNS))
    frame.to_csv(tmp_path / FILE_NAME, index=False)
    with pytest.raises(InputError, match=f"line 2: .*{words}") as raised:
        read_decisions(tmp_path)
    assert not value or value not in str(raised.value)


def test_a_copied_row_with_another_verdict_is_not_lost_in_silence(tmp_path):
    rows = [ruling(), ruling() | {"verdict": "reject"}]
    pd.DataFrame(rows, columns=list(COLUMNS)).to_csv(tmp_path / FILE_NAME, index=False)
    with pytest.raises(InputError, match="line 3: each decision_id"):
        read_decisions(tmp_path)


def test_a_ruling_on_a_report_that_was_taken_out_is_not_in_the_table(make_reports, tmp_path):
    made = [
        ruling(),
        ruling(decision_id="D-2", target_id="P1-009"),
        ruling(decision_id="D-3", target_table="topics", target_id="T-1", theme_id=""),
    ]
    table, *_ = review(
        make_reports({}),
        ReviewConfig(),
        decisions_file=pd.DataFrame(made),
        codings_file=read_codings(tmp_path),
        taxonomy=load_taxonomy(find_taxonomy("sosiaalinen-raportointi")),
    )
    assert table["target_id"].tolist() == ["P1-001", "T-1"]


def test_a_file_that_is_no_spreadsheet_is_refused_before_it_is_unpacked(tmp_path):
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
    taxonomy = load_taxonomy(find_taxonomy("sosiaalinen-raportointi"))
    with pytest.raises(InputError, match="protected with a password"):
        read_rulings(path, "Aino", taxonomy, {})
