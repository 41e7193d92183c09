"""What people decide counts, teaches, and is never lost: on the commands a researcher uses."""

import csv
import json
import threading

import pytest
from filled_sheets import fill, read_rows
from offline import havainto

from pipeline.artifacts import Store, sha256_file
from pipeline.config import load_settings
from pipeline.report.decisions import effective_themes
from pipeline.review import adjudication, blind_sheet, sheet
from pipeline.review.decisions_file import read_decisions
from pipeline.review.log import CsvLog
from pipeline.run import Plan, Silence, run
from pipeline.study import Study
from pipeline.taxonomy.read import find_taxonomy, load_taxonomy

TAXONOMY = load_taxonomy(find_taxonomy("sosiaalinen-raportointi"))
LABELS = {theme.theme_id: theme.label_fi for theme in TAXONOMY.themes}


@pytest.fixture
def study(finished_copy) -> Study:
    return finished_copy


def go(study, *, first=None, last=None):
    return run(
        study, load_settings(study.settings_file), Plan(first=first, last=last), Silence()
    )  # fmt: skip


def counts(study):
    store = Store(study)
    held = effective_themes(
        store.read("report_themes"), store.read("settled_themes"), store.read("report_states")
    )
    held = held[held["counted"]]
    return set(zip(held["report_id"], held["theme_id"], strict=True))


def report_ids(study):
    return Store(study).read("reports")["report_id"].tolist()


def write_codes(path, rows):
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("report_id", "theme_id", "coder"))
        writer.writerows(rows)


def test_coding_ten_reports_alone_changes_their_counts_and_teaches_the_mapper(study, tmp_path):
    ids = report_ids(study)[:10]
    write_codes(tmp_path / "koodit.csv", [(i, "digiasiointi", "Aino") for i in ids])
    before = Store(study).read("report_themes")
    havainto("train", study.root, "--codes", tmp_path / "koodit.csv")
    ran = {outcome.stage: outcome.state for outcome in go(study, last="detect")}
    assert {i for i in counts(study) if i[0] in ids} == {(i, "digiasiointi") for i in ids}
    after = Store(study).read("report_themes")
    assert (before["score"] != after["score"]).any()
    assert (ran["cluster"], ran["review"], ran["assign"]) == ("skipped", "ran", "ran")
    assert ran["label"] == "skipped"  # kinds and valences come from forms and texts alone


def test_a_sheet_takes_other_themes_none_fits_a_memo_and_the_coders_name(study, tmp_path):
    file = tmp_path / "arvio.xlsx"
    havainto("review", study.root, "--export", file)
    first, second, third = report_ids(study)[:3]
    said = {
        first: {
            "ratkaisu": "luettu",
            "muu teema": f"{LABELS['yksinaisyys']}; paihteet-riippuvuudet",
        },
        second: {"ratkaisu": "ei mikään", "muistio": "Ei kuulu meille"},
        third: {"ratkaisu": "epävarma", "koodaaja": "Veikko"},
    }

    def change(row):
        return said.get(row["tunnus"], {}) if row["kohde"] == "raportti" else {}

    suggested = {
        row["teema_tunnus"]
        for row in read_rows(file, sheet.SHEET)
        if row["tunnus"] == first and row["teema_tunnus"] and not row["ehdotus"].startswith("(")
    }
    fill(file, sheet.SHEET, change)
    told = havainto("review", study.root, "--import", file, "--coder", "Aino")
    go(study, last="review")
    states = Store(study).read("report_states").set_index("report_id")
    assert states["state"].to_dict() == {first: "read", second: "read", third: "unsure"}
    assert states["coder"].to_dict() == {first: "Aino", second: "Aino", third: "Veikko"}
    given = {theme for report, theme in counts(study) if report == first}
    assert given == suggested | {"yksinaisyys", "paihteet-riippuvuudet"}
    assert not [pair for pair in counts(study) if pair[0] == second]
    log = read_decisions(study.human)
    assert log["batch"].nunique() == 1
    assert "Ei kuulu meille" in log["memo"].tolist()
    shown = json.loads(log.loc[log["shown"] != "", "shown"].iloc[0])
    assert len(shown["run"]) == 12
    assert f"--undo {log['batch'][0]}" in told


def test_an_imported_sheet_is_taken_back_and_brought_back_whole(study, tmp_path):
    before = counts(study)
    file = tmp_path / "arvio.xlsx"
    havainto("review", study.root, "--export", file)
    fill(file, sheet.SHEET, lambda row: {"ratkaisu": "ei mikään"} if not row["ehdotus"] else {})
    havainto("review", study.root, "--import", file, "--coder", "Aino")
    go(study, last="review")
    assert not counts(study)
    batch = read_decisions(study.human)["batch"][0]
    told = havainto("review", study.root, "--undo", batch)
    go(study, last="review")
    assert counts(study) == before
    havainto("review", study.root, "--undo", told.split()[-1])
    go(study, last="review")
    assert not counts(study)
    assert "no batch" in havainto("review", study.root, "--undo", "B-nothing", check=1)


def test_accept_reject_accept_within_a_second_leaves_accept(study):
    report = report_ids(study)[0]
    row = {"target_table": "report_themes", "target_id": report, "theme_id": "yksinaisyys"}
    log = CsvLog(study.human)
    for verdict in ("accept", "reject", "accept"):
        log.append([row | {"verdict": verdict, "coder": "Aino"}])
    go(study, last="review")
    assert (report, "yksinaisyys") in counts(study)


def test_a_blind_sheet_shows_neither_suggestions_nor_rulings_and_judges(study, tmp_path):
    report = report_ids(study)[0]
    row = {"target_table": "report_themes", "target_id": report, "theme_id": "yksinaisyys"}
    CsvLog(study.human).append([row | {"verdict": "accept", "coder": "Salla", "memo": "SALAISUUS"}])
    file = tmp_path / "sokko.xlsx"
    havainto("review", study.root, "--export", file, "--blind", "--coder", "Aino")
    rows = read_rows(file, blind_sheet.SHEET)
    assert {*rows[0]} == {*blind_sheet.HEADER}
    assert not [row for row in rows if row["teemat"] or row["ratkaisu"] or row["muistio"]]
    assert "SALAISUUS" not in str(rows)
    assert "Salla" not in str(rows)
    first, second = (row["tunnus"] for row in rows[:2])
    said = {first: {"teemat": "asuminen"}, second: {"ratkaisu": "ei mikään"}}
    fill(file, blind_sheet.SHEET, lambda row: said.get(row["tunnus"], {}))
    havainto("review", study.root, "--import", file, "--coder", "Aino")
    told = havainto("evaluate", study.root)
    assert "Machine against Aino, 2 reports" in told


def test_assisted_rulings_teach_and_do_not_judge(study, tmp_path):
    file = tmp_path / "arvio.xlsx"
    havainto("review", study.root, "--export", file)
    fill(file, sheet.SHEET, lambda row: {"ratkaisu": "luettu"} if not row["ehdotus"] else {})
    havainto("review", study.root, "--import", file, "--coder", "Aino")
    assert "none of them blind" in havainto("evaluate", study.root, check=1)
    assert "24 coded reports" in havainto("train", study.root)


def test_a_ruling_on_a_merged_theme_counts_under_its_successor(study):
    report = report_ids(study)[0]
    row = {"target_table": "report_themes", "target_id": report, "verdict": "accept"}
    log = CsvLog(study.human)
    log.append(
        [
            row | {"theme_id": theme, "coder": "Aino"}
            for theme in ("vanha", "hylkyteema", "outoteema")
        ]
    )
    folder = study.root / "taxonomy"
    from pipeline.taxonomy.model import Change
    from pipeline.taxonomy.save import save_taxonomy

    history = (
        *TAXONOMY.history,
        Change(version="1.1.0", date="2026-11-25", action="merge",
               from_ids=("vanha",), to_ids=("asuminen",)),
        Change(version="1.1.0", date="2026-11-25", action="retire", from_ids=("hylkyteema",)),
    )  # fmt: skip
    import dataclasses

    save_taxonomy(dataclasses.replace(TAXONOMY, version="1.1.0", history=history), folder)
    with study.settings_file.open("a", encoding="utf-8") as stream:
        stream.write('\n[study]\ntaxonomy = "taxonomy"\n')
    go(study)
    assert (report, "asuminen") in counts(study)
    ends = Store(study).read("loose_ends")
    listed = set(zip(ends["kind"], ends["reason"], ends["n_rows"], strict=True))
    assert listed == {("theme", "retired", 1), ("theme", "unknown", 1)}
    page = (study.report / "report.html").read_text(encoding="utf-8")
    assert "hylkyteema" not in page
    told = havainto("status", study.root)
    assert "hylkyteema" in told


@pytest.fixture
def two_coders(study, tmp_path):
    ids = report_ids(study)
    codes = [
        *((i, "asuminen", coder) for i in ids[:8] for coder in ("Aino", "Veikko")),
        (ids[8], "asuminen", "Aino"),
        (ids[8], "mielenterveys", "Veikko"),
        (ids[9], "asuminen", "Aino"),
        (ids[9], "", "Veikko"),
        *((i, "", coder) for i in ids[10:12] for coder in ("Aino", "Veikko")),
        (ids[12], "toimeentulo", "Aino"),
    ]
    write_codes(tmp_path / "koodit.csv", codes)
    havainto("train", study.root, "--codes", tmp_path / "koodit.csv")
    return ids


def test_two_coders_both_stand_and_a_lead_settles_what_they_dispute(study, two_coders, tmp_path):
    ids, file = two_coders, tmp_path / "ratkaistavat.xlsx"
    told = havainto("review", study.root, "--agreement", "--export", file)
    assert "Aino, Veikko: 12 reports read by two or more" in told
    assert "Disputed reports: 2" in told
    rows = read_rows(file, adjudication.SHEET)
    assert {row["tunnus"] for row in rows} == {ids[8], ids[9]}
    assert {row["Aino antoi"] for row in rows} == {LABELS["asuminen"]}
    assert {row["Veikko antoi"] for row in rows} == {LABELS["mielenterveys"], "ei mikään"}
    said = {
        ids[8]: {"ratkaisu": "Veikko", "syy": "virhe", "muistio": "Puhuu jonosta"},
        ids[9]: {"ratkaisu": "ei mikään", "syy": "reunatapaus"},
    }
    go(study, last="review")
    disputed = Store(study).read("settled_themes")
    disputed = disputed[disputed["report_id"] == ids[8]].set_index("theme_id")
    assert disputed["source"].tolist() == ["disputed", "disputed"]
    assert disputed["counted"].tolist() == [True, True]
    fill(file, adjudication.SHEET, lambda row: said[row["tunnus"]])
    havainto("review", study.root, "--adjudicate", file, "--coder", "Lea")
    go(study, last="detect")
    settled = Store(study).read("settled_themes")
    sources = settled.set_index("report_id")["source"].to_dict()
    assert (sources[ids[0]], sources[ids[12]], sources[ids[8]]) == (
        "agreed", "one reader", "adjudicated",
    )  # fmt: skip
    held = counts(study)
    assert {pair for pair in held if pair[0] in ids[8:12]} == {(ids[8], "mielenterveys")}
    assert "Disputed reports: 0" in havainto("review", study.root, "--agreement")
    assert len(read_decisions(study.human).query("mode == 'adjudication'")) == 5


def test_a_run_during_500_rulings_reads_one_frozen_copy_and_keeps_nobody_waiting(study):
    report = report_ids(study)[0]
    row = {"target_table": "report_themes", "target_id": report, "theme_id": "asuminen"}
    log, failures = CsvLog(study.human), []

    def rule():
        try:
            for number in range(500):
                verdict = ("accept", "reject")[number % 2]
                log.append([row | {"verdict": verdict, "coder": "Aino"}])
        except Exception as err:
            failures.append(err)

    ruling = threading.Thread(target=rule)
    ruling.start()
    while not (study.human / "decisions.csv").exists():
        pass
    go(study, first="review", last="assign")
    ruling.join()
    assert not failures
    assert len(read_decisions(study.human)) == 500
    store, frozen = Store(study), study.tables / ".human" / "decisions.csv"
    manifest = store.manifest("decisions")
    assert manifest
    named = manifest["resources"]["decisions_file"]["decisions.csv"]
    assert named == sha256_file(frozen)
    assert len(store.read("decisions")) == len(read_decisions(frozen.parent))
    assert (
        frozen.read_bytes() == (study.human / "decisions.csv").read_bytes()[: frozen.stat().st_size]
    )
    n_waiting = 500 - len(store.read("decisions"))
    assert f"{n_waiting} rulings wait" in havainto("status", study.root) or n_waiting == 0


def test_a_report_taken_out_of_the_inputs_leaves_tables_and_report_and_stops_nothing(study):
    from small_export import rows, write_export

    gone = report_ids(study)[2]
    row = {"target_table": "report_themes", "target_id": gone, "theme_id": "asuminen"}
    CsvLog(study.human).append([row | {"verdict": "accept", "coder": "Aino"}])
    codes = f"report_id,theme_id,coder\n{gone},asuminen,Aino\n"
    (study.human / "codings.csv").write_text(codes, encoding="utf-8")
    (study.human / "quotes.toml").write_text(f'pin = ["{gone}/observation/000"]\n')
    go(study, last="detect")
    write_export(study.inputs / "raportit.csv", [r for r in rows() if r["report_id"] != gone])
    go(study)
    for folder in (study.tables, study.report):
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            assert gone not in text_of(path), path.name
    told = havainto("status", study.root)
    assert gone in told
    assert "rulings wait" not in told
    page = (study.report / "report.html").read_text(encoding="utf-8")
    assert "codings.csv" in page


def text_of(path):
    """Return what a file says, unpacked."""
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        return pq.ParquetFile(path).read().to_pandas().to_csv()
    import zipfile

    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return "".join(archive.read(n).decode("utf-8", "replace") for n in archive.namelist())
    return path.read_text(encoding="utf-8", errors="replace")
