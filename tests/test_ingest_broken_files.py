"""Every broken file gives a finished run with its rows accounted for, or one clear line."""

from pathlib import Path

import pandas as pd
import pytest
from broken_files import BROKEN_FILES, MARK, OTHER, TEXT, BrokenFile

from pipeline.errors import InputError
from pipeline.frames import to_arrow
from pipeline.ingest.ingest import IngestConfig, ingest
from pipeline.taxonomy.read import find_taxonomy, load_taxonomy

TAXONOMY = load_taxonomy(find_taxonomy("lajit"))
TABLES = ("raw_reports", "raw_rejected", "periods", "rejected", "forms")


def run(path: Path) -> dict[str, pd.DataFrame]:
    made = ingest([path], IngestConfig(), secret=bytes(32), taxonomy=TAXONOMY)
    return dict(zip(TABLES, made, strict=True))


def cases(*, error: bool) -> list[object]:
    return [pytest.param(case, id=case.name) for case in BROKEN_FILES if case.error is error]


def test_there_are_at_least_forty_cases_with_names_of_their_own() -> None:
    assert len({case.name for case in BROKEN_FILES}) == len(BROKEN_FILES) >= 40


@pytest.mark.parametrize("case", cases(error=False))
def test_rows_of_a_broken_file_are_accounted_for(case: BrokenFile, tmp_path: Path) -> None:
    path = tmp_path / case.name
    case.make(path)
    made = run(path)
    rejected = made["rejected"]
    dropped = rejected[rejected["is_row_dropped"].astype(bool)]
    assert len(made["raw_reports"]) == case.n_reports
    assert dropped["row"].nunique() == case.n_dropped
    reasons = " ".join(rejected["reason"])
    assert case.says in reasons
    assert bool(reasons) == bool(case.says)
    for name, frame in made.items():
        to_arrow(name, frame)


@pytest.mark.parametrize("case", cases(error=False))
def test_every_rejected_row_keeps_its_cells_in_raw_only(case: BrokenFile, tmp_path: Path) -> None:
    path = tmp_path / case.name
    case.make(path)
    made = run(path)
    rows = set(made["rejected"]["row"]) - {0}
    assert set(made["raw_rejected"]["row"]) == rows
    assert MARK not in " ".join(made["rejected"].astype(str).to_numpy().ravel())


@pytest.mark.parametrize("case", cases(error=True))
def test_a_file_that_cannot_be_read_gives_one_clear_line(case: BrokenFile, tmp_path: Path) -> None:
    path = tmp_path / case.name
    case.make(path)
    with pytest.raises(InputError) as caught:
        run(path)
    message = str(caught.value)
    assert case.says in message
    assert case.name in message or "No report was found" in message
    assert "\n" not in message
    assert MARK not in message


@pytest.mark.parametrize(
    "name",
    [
        "windows-1252.csv",
        "latin-1-comma.csv",
        "mac-roman.csv",
        "dos.csv",
        "utf-8-mark.csv",
        "utf-16.csv",
        "utf-16-no-mark.csv",
        "double-encoded.csv",
        "two-encodings.csv",
        "sep-line.csv",
        "unclosed-quote.csv",
        "unclosed-quote-closed-by-next.csv",
        "first-sheet-empty.xlsx",
        "plain.ods",
    ],
)
def test_texts_come_back_letter_by_letter(name: str, tmp_path: Path) -> None:
    case = next(case for case in BROKEN_FILES if case.name == name)
    path = tmp_path / case.name
    case.make(path)
    assert {TEXT, OTHER} <= set(run(path)["raw_reports"]["observation"])


def test_cells_that_look_like_formulas_stay_as_they_were_written(tmp_path: Path) -> None:
    case = next(case for case in BROKEN_FILES if case.name == "formula-injection.csv")
    path = tmp_path / case.name
    case.make(path)
    report = run(path)["raw_reports"].set_index("report_id").loc["A-3"]
    assert report["observation"].startswith("=cmd|'/c calc'!A0")
    assert report["proposal"] == "@SUM(1+1)"
