"""What people code comes in by ``train``, and ``suggest`` says what to code next."""

import csv
import json

import pytest
from offline import havainto

from pipeline.assign.model_file import load_model
from pipeline.codings import COLUMNS
from pipeline.review.decisions_file import read_decisions
from pipeline.study import Study

THEMES = ("asuminen", "toimeentulo", "mielenterveys")


@pytest.fixture
def study(finished_copy) -> Study:
    return finished_copy


def write_codes(path, rows):
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerows((r, "", t, coder, "", "1.0.0", "") for r, t, coder in rows)


def test_what_is_suggested_can_be_coded_and_taught_and_is_not_suggested_again(study, tmp_path):
    form = tmp_path / "koodattavat.csv"
    havainto("suggest", study.root, "--n", "4", "--export", form)
    lines = form.read_text(encoding="utf-8-sig").splitlines()
    chosen = [row["report_id"] for row in csv.DictReader(lines)]
    assert len(set(chosen)) == 4
    write_codes(form, [(r, t, "AK") for r, t in zip(chosen, (*THEMES, ""), strict=True)])
    said = havainto("train", study.root, "--codes", form)
    assert "4 codings added; 4 coded reports in all" in said
    assert "no probabilities" in said
    log = read_decisions(study.human)
    read = log[log["target_table"] == "reports"]
    assert (read["target_id"].tolist(), set(read["verdict"])) == (chosen, {"read"})
    given = log[log["target_table"] == "report_themes"]
    assert (given["theme_id"].tolist(), set(given["mode"])) == (list(THEMES), {"import"})
    card = json.loads((study.models / "themes-v001.json").read_text())["card"]
    assert (card["n_coders"], card["calibrated"]) == (1, False)
    assert load_model(study.models / "themes-v001.json").fitted.n_coded == 4
    again = havainto("suggest", study.root, "--n", "4")
    assert not any(report_id in again for report_id in chosen)


def test_training_twice_on_the_same_file_adds_nothing_and_keeps_both_models(study, tmp_path):
    report_ids = read_report_ids(study)
    codes = tmp_path / "koodit.csv"
    write_codes(codes, [(report_ids[0], "asuminen", "AK"), (report_ids[1], "toimeentulo", "AK")])
    havainto("train", study.root, "--codes", codes)
    before = (study.human / "decisions.csv").read_bytes()
    assert "0 codings added" in havainto("train", study.root, "--codes", codes)
    assert (study.human / "decisions.csv").read_bytes() == before
    assert sorted(p.name for p in study.models.glob("*.json")) == [
        "themes-v001.json",
        "themes-v002.json",
    ]


@pytest.mark.parametrize(
    ("report_id", "theme_id", "message"),
    [("", "olematon", "line 2: theme_id"), ("P9-999", "asuminen", "line 2: report_id")],
    ids=["theme", "report"],
)
def test_a_coding_of_nothing_there_is_refused_and_nothing_is_written(
    study, tmp_path, report_id, theme_id, message
):
    codes = tmp_path / "koodit.csv"
    write_codes(codes, [(report_id or read_report_ids(study)[0], theme_id, "AK")])
    said = havainto("train", study.root, "--codes", codes, check=1)
    assert f"koodit.csv, {message} must be" in said
    assert not [cell for cell in ("olematon", "P9-999") if cell in said]
    assert not (study.human / "decisions.csv").exists()
    assert not list(study.models.glob("*"))


def read_report_ids(study):
    from pipeline.artifacts import Store

    return Store(study).read("report_embeddings")["report_id"].tolist()
