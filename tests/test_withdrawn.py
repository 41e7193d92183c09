"""A run that cannot finish leaves nothing that tells of a report which is gone or reworded."""

import csv
import re

import pyarrow.parquet as pq
import pytest
from offline import havainto
from small_export import COLUMNS

from pipeline.artifacts import Store
from pipeline.cluster.memory import FILE_NAME, recall
from pipeline.config import load_settings
from pipeline.run import Plan, Silence, run
from pipeline.withdrawn import NOTE

GONE = "R03"
STOPS = {
    "cluster": ("edits.toml", "[[muokkaus"),
    "review": ("quotes.toml", "pin = ["),
}


def rewrite(study, change):
    """Write the export anew with what ``change`` makes of its rows."""
    path = study.inputs / "raportit.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        held = list(csv.DictReader(stream, delimiter=";"))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, delimiter=";")
        writer.writeheader()
        writer.writerows(row for row in map(change, held) if row)


def without_gone(row):
    return None if row["report_id"] == GONE else row


def reworded(row):
    text = "Aivan muuta kuin ennen, hakemus odottaa." if row["report_id"] == GONE else None
    return row | {"observation": text or row["observation"]}


def names_of_gone(study):
    """Return the files of the study, but for inputs and what people wrote, that name the report."""
    found = []
    for path in study.root.rglob("*"):
        if path.is_file() and path.relative_to(study.root).parts[0] != "inputs":
            content = path.read_bytes()
            if path.suffix == ".parquet":
                content = pq.read_table(path).to_pandas().to_csv().encode()
            if re.search(rb"\bR03\b", content):
                found.append(str(path.relative_to(study.root)))
    return found


@pytest.mark.parametrize(("stage", "stop"), STOPS.items(), ids=STOPS)
def test_a_stopped_run_leaves_nothing_of_a_deleted_row(finished_copy, stage, stop):
    assert names_of_gone(finished_copy)
    rewrite(finished_copy, without_gone)
    (finished_copy.human / stop[0]).write_text(stop[1])
    havainto("run", finished_copy.root, check=1)
    assert (finished_copy.tables / "topics.json").exists() == (stage == "review")
    assert names_of_gone(finished_copy) == []
    assert list(finished_copy.report.iterdir()) == []


def test_a_reworded_report_is_not_read_in_its_old_words(finished_copy):
    before = Store(finished_copy).read("topics")["topic_id"].tolist()
    rewrite(finished_copy, reworded)
    (finished_copy.human / "edits.toml").write_text("[[muokkaus")
    havainto("run", finished_copy.root, check=1)
    assert list(finished_copy.report.iterdir()) == []
    assert not Store(finished_copy).path("segment_themes").exists()
    kept = recall(Store(finished_copy), finished_copy.human)
    assert set(before) <= set(kept["topic_id"])
    assert any(GONE in ids for ids in kept["report_ids"])


def test_a_stopped_run_after_new_rows_marks_the_old_report(finished_copy):
    page = (finished_copy.report / "report.html").read_bytes()
    with (finished_copy.inputs / "raportit.csv").open("a", encoding="utf-8") as stream:
        stream.write("R77;01.02.2023;Vuolinna;tyoikaiset;negatiivinen;Jono venyi taas.;\n")
    (finished_copy.human / "quotes.toml").write_text("pin = [")
    havainto("run", finished_copy.root, check=1)
    assert (finished_copy.report / "report.html").read_bytes() == page
    assert "stage review" in (finished_copy.report / NOTE).read_text(encoding="utf-8")
    (finished_copy.human / "quotes.toml").unlink()
    havainto("run", finished_copy.root)
    assert not (finished_copy.report / NOTE).exists()


def test_a_run_killed_after_the_new_reports_still_withdraws(finished_copy, monkeypatch):
    rewrite(finished_copy, without_gone)
    monkeypatch.setattr("pipeline.artifacts.Store.finish", lambda *_: 1 / 0)
    settings = load_settings(finished_copy.settings_file)
    with pytest.raises(ZeroDivisionError):
        run(finished_copy, settings, Plan(first="pseudonymise", last="segment"), Silence())
    monkeypatch.undo()
    havainto("run", finished_copy.root)
    assert names_of_gone(finished_copy) == []
    assert GONE not in (finished_copy.human / FILE_NAME).read_text(encoding="utf-8")
