"""Form exports become reports: columns, choices, ids, periods, quality, and the demo corpus."""

import csv
import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlsxwriter
from pydantic import ValidationError

from pipeline.errors import ConfigError, InputError
from pipeline.frames import each_row, to_arrow
from pipeline.ingest.ingest import IngestConfig, ingest, resolve_form
from pipeline.tables import TABLES
from pipeline.taxonomy.read import find_taxonomy, load_taxonomy

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "corpora" / "jarvimaa"
TAXONOMY = load_taxonomy(find_taxonomy("sosiaalinen-raportointi"))
SECRET = bytes(range(32))
ONE = "Vuokra nousi ja perhe joutui muuttamaan kauas koulusta."
TWO = "Ikäihminen jäi yksin kotiin, kun kuljetus lakkautettiin."
THREE = "Nuori ei saanut harjoittelupaikkaa, koska juna ei kulje."
Made = dict[str, pd.DataFrame]


def write_csv(path: Path, *rows: Sequence[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    return path


def write_xlsx(path: Path, *rows: Sequence[Any]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path


def write_jsonl(path: Path, *reports: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(report) + "\n" for report in reports), encoding="utf-8")
    return path


def run(*files: Path, secret: bytes = SECRET, **settings: Any) -> Made:
    config = IngestConfig.model_validate(settings)
    made = ingest(files, config, secret=secret, taxonomy=TAXONOMY)
    tables = dict(
        zip(("raw_reports", "raw_rejected", "periods", "rejected", "forms"), made, strict=True)
    )
    for name, frame in tables.items():
        to_arrow(name, frame)
    return tables


def by_id(made: Made) -> dict[str, dict[str, Any]]:
    return {row.report_id: row._asdict() for row in each_row(made["raw_reports"])}


# The demo corpus.


@pytest.fixture(scope="module")
def demo() -> Made:
    return run(CORPUS / "jarvimaa_webropol.xlsx", form="jarvimaa")


def test_demo_export_gives_back_every_id_and_text(demo: Made) -> None:
    reports = demo["raw_reports"]
    found = {
        row.report_id: hashlib.sha256(f"{row.observation}\x1f{row.proposal}".encode()).hexdigest()
        for row in reports.itertuples()
    }
    with (CORPUS / "checksums.csv").open(encoding="utf-8", newline="") as file:
        assert found == {row["report_id"]: row["sha256"] for row in csv.DictReader(file)}
    assert len(reports) == 240


def test_demo_export_loses_nothing_and_has_forty_reports_a_half_year(demo: Made) -> None:
    assert demo["rejected"].empty
    assert demo["raw_rejected"].empty
    assert demo["periods"]["n_reports"].tolist() == [40] * 6
    assert demo["periods"]["period"].tolist()[::5] == ["2022H1", "2024H2"]
    assert set(demo["raw_reports"]["quality"]) == {"ok"}


def test_demo_choices_are_the_values_of_the_contract(demo: Made) -> None:
    reports = demo["raw_reports"]
    groups = {"tyoikaiset", "lapset-nuoret-perheet", "vammaiset", "ikaantyneet"}
    assert {g for row in reports["client_groups"] for g in row} == groups | {"paihde-riippuvuus"}
    assert set(reports["valence"]) == {"negatiivinen", "positiivinen", "neutraali"}
    assert {t for row in reports["themes_ticked"] for t in row} <= set(TAXONOMY.theme_ids)
    assert {area for row in reports["area"] for area in row} >= {"Vuolinna", "valtakunnallinen"}
    assert reports["area"].map(len).max() == 2


# Columns and choices.


def test_columns_named_as_in_the_contract_need_no_map(tmp_path: Path) -> None:
    path = write_jsonl(
        tmp_path / "a.jsonl",
        {
            "report_id": "P1-1",
            "date": "2024-09-01",
            "area": ["Vuolinna", "Kiviranta"],
            "client_groups": ["tyoikaiset"],
            "valence": "negatiivinen",
            "themes_ticked": ["asuminen"],
            "observation": ONE,
            "proposal": "Lisää asuntoja.",
            "reporter_id": "r1",
            "unit": "Aikuissosiaalityö",
            "data_source": "jalkautuva-tyo",
        },
    )
    report = by_id(run(path))["P1-1"]
    assert report["area"] == ["Vuolinna", "Kiviranta"]
    assert report["date"] == dt.date(2024, 9, 1)
    assert (report["reporter_id"], report["unit"]) == ("r1", "Aikuissosiaalityö")
    assert (report["data_source"], report["period"]) == ("jalkautuva-tyo", "2024H2")


def test_every_column_but_the_observation_may_be_missing(tmp_path: Path) -> None:
    made = run(write_csv(tmp_path / "a.csv", ("observation",), (ONE,)))
    report = made["raw_reports"].iloc[0]
    assert (report["period"], report["date"], report["valence"]) == ("", None, "")
    assert report["area"] == report["client_groups"] == report["themes_ticked"] == []
    assert made["periods"].empty
    assert "counted in no period" in made["rejected"]["reason"][0]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        pytest.param("Vuolinna;Kiviranta", ["Vuolinna", "Kiviranta"], id="semicolon"),
        pytest.param('["Vuolinna", "Kiviranta"]', ["Vuolinna", "Kiviranta"], id="json"),
        pytest.param("Vuolinna\nKiviranta", ["Vuolinna", "Kiviranta"], id="line end"),
        pytest.param("Vuolinna; ;Vuolinna", ["Vuolinna"], id="blank and double"),
        pytest.param("", [], id="empty"),
    ],
)
def test_a_list_cell_is_cut_into_its_choices(
    cell: str, expected: list[str], tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "a.csv", ("observation", "area"), (ONE, cell))
    assert run(path)["raw_reports"]["area"][0] == expected


FORM: dict[str, Any] = {
    "columns": {
        "date": "Päivä",
        "client_groups": "Ryhmä",
        "observation": "Kuvaa havaintosi",
        "themes_ticked": "Teema",
    },
    "values": {"client_groups": {"Lapset, nuoret ja perheet": "lapset-nuoret-perheet"}},
}


@pytest.mark.parametrize(
    "header_rows",
    [
        pytest.param(
            [("Päivä", "Ryhmä: Lapset, nuoret ja perheet", "Ryhmä: Muu", "Kuvaa havaintosi")],
            id="one row",
        ),
        pytest.param(
            [
                ("Päivä", "Ryhmä", "", "Kuvaa havaintosi"),
                ("", "Lapset, nuoret ja perheet", "Muu", ""),
            ],
            id="two rows",
        ),
        pytest.param(
            [
                ("Raportti",),
                (),
                ("1. Päivä", "2. RYHMÄ *", "", "3. Kuvaa havaintosi:"),
                ("", "Lapset, nuoret ja perheet", "Muu", ""),
            ],
            id="titles and numbers",
        ),
    ],
)
@pytest.mark.parametrize(("yes", "no"), [(1, 0), ("x", ""), ("Kyllä", "Ei"), (True, False)])
def test_ticks_give_the_choices_of_their_columns(
    header_rows: list[tuple[str, ...]], yes: object, no: object, tmp_path: Path
) -> None:
    path = write_xlsx(
        tmp_path / "a.xlsx",
        *header_rows,
        ("1.9.2024", yes, no, ONE),
        ("2.9.2024", no, yes, TWO),
        ("3.9.2024", yes, yes, THREE),
    )
    groups = run(path, **FORM)["raw_reports"]["client_groups"].tolist()
    own = ["lapset-nuoret-perheet"]
    assert groups == [own, [], own], "the other choice is no group of its own"


def test_a_choice_column_with_its_label_as_the_tick_is_ticked(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "a.csv",
        ("Kuvaa havaintosi", "Ryhmä: Lapset, nuoret ja perheet", "Ryhmä: Muu, mikä?"),
        (ONE, "Lapset, nuoret ja perheet", "Omaishoitajat"),
    )
    groups = run(path, **FORM)["raw_reports"]["client_groups"][0]
    assert groups == ["lapset-nuoret-perheet", "Omaishoitajat"]


def test_a_separator_inside_a_known_label_does_not_cut_it(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "a.csv",
        ("Kuvaa havaintosi", "Ryhmä"),
        (ONE, "Vammaiset, Lapset, nuoret ja perheet"),
    )
    groups = run(path, **FORM, separators={"client_groups": ","})["raw_reports"]["client_groups"]
    assert groups[0] == ["Vammaiset", "lapset-nuoret-perheet"]


def test_themes_come_by_id_and_by_label_and_others_are_left_out(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "a.csv",
        ("observation", "date", "themes_ticked"),
        (ONE, "1.9.2024", "asuminen;Mielenterveys;Avaruus"),
    )
    made = run(path)
    assert made["raw_reports"]["themes_ticked"][0] == ["asuminen", "mielenterveys"]
    row = made["rejected"].iloc[0].to_dict()
    assert (row["row"], row["column"], row["is_row_dropped"]) == (2, "themes_ticked", False)
    assert "Avaruus" not in row["reason"]
    assert "Avaruus" in made["raw_rejected"]["cells"][0]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Kielteinen", "negatiivinen"),
        ("POSITIIVINEN", "positiivinen"),
        ("Outo juttu", ""),
    ],
)
def test_valence_is_a_value_of_the_contract_or_left_out(
    cell: str, expected: str, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "a.csv", ("observation", "valence"), (ONE, cell))
    assert run(path)["raw_reports"]["valence"][0] == expected


def test_two_text_columns_are_joined_and_extra_columns_are_listed(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "a.csv", ("Mitä", "Tausta", "Puhelin", "pvm"), (ONE, TWO, "", "1.9.2024")
    )
    made = run(path, columns={"observation": ["Mitä", "Tausta"], "date": "pvm"})
    assert made["raw_reports"]["observation"][0] == f"{ONE}\n\n{TWO}"
    assert made["rejected"][["row", "column"]].values.tolist() == [[0, "Puhelin"]]


def test_a_mapped_column_that_is_not_in_the_file_is_noted(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", ("Mitä", "pvm"), (ONE, "1.9.2024"))
    made = run(path, columns={"observation": "Mitä", "date": "pvm", "area": "Kunta"})
    assert made["rejected"][["row", "column"]].values.tolist() == [[0, "Kunta"]]


# Ids.


def test_a_report_imported_again_from_another_kind_of_file_keeps_its_id(tmp_path: Path) -> None:
    first = write_csv(tmp_path / "a.csv", ("observation", "date"), (ONE, "1.9.2024"))
    second = write_jsonl(tmp_path / "b.jsonl", {"date": "2024-09-01", "observation": f" {ONE}\r\n"})
    ids = [list(by_id(run(path))) for path in (first, second)]
    assert ids[0] == ids[1]
    both = run(first, second)
    assert list(by_id(both)) == ids[0]
    assert "imported before, from a.csv, row 2" in both["rejected"]["reason"][0]


def test_an_id_depends_on_the_secret_and_shows_nothing(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", ("observation", "date"), (ONE, "1.9.2024"))
    ids = {next(iter(by_id(run(path, secret=secret)))) for secret in (SECRET, bytes(32))}
    assert len(ids) == 2
    assert all(len(i) == 14 and i.startswith("R-") for i in ids)


def test_reports_with_one_text_and_day_but_other_areas_are_all_kept(tmp_path: Path) -> None:
    rows = [("-", "1.9.2024", area) for area in ("Vuolinna", "Kiviranta", "Salmenperä")]
    path = write_csv(tmp_path / "a.csv", ("observation", "date", "area"), *rows, rows[1])
    made = run(path)
    assert made["raw_reports"]["report_id"].nunique() == 3
    assert made["rejected"]["row"].tolist() == [5]
    assert set(by_id(run(path))) == set(by_id(made))


def test_a_new_half_year_is_one_more_file_and_leaves_the_old_ids(tmp_path: Path) -> None:
    old = write_csv(tmp_path / "a.csv", ("observation", "date"), (ONE, "1.3.2024"))
    new = write_csv(tmp_path / "b.csv", ("observation", "date"), (TWO, "1.9.2024"))
    before, after = list(by_id(run(old))), list(by_id(run(old, new)))
    assert after[:1] == before
    assert len(after) == 2
    assert run(old, new)["periods"]["n_reports"].tolist() == [1, 1]


def test_equal_file_names_are_refused(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    files = [write_csv(d / "a.csv", ("observation",), (ONE,)) for d in (tmp_path, tmp_path / "b")]
    with pytest.raises(InputError, match=r"Two input files are named a\.csv"):
        run(*files)


# Periods, order, quality, duplicates.


def dated(tmp_path: Path, *days: str, extra: Sequence[str] = ()) -> Path:
    rows = [(f"{ONE} Päivä {i} {day}.", day, *extra) for i, day in enumerate(days)]
    header = ("observation", "date", "period")[: 2 + len(extra)]
    return write_csv(tmp_path / "a.csv", header, *rows)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        pytest.param({}, [("2023H1", 1), ("2023H2", 0), ("2024H1", 1)], id="half-year"),
        pytest.param(
            {"period": "quarter"},
            [("2023Q1", 1), ("2023Q2", 0), ("2023Q3", 0), ("2023Q4", 0), ("2024Q1", 1)],
            id="quarter",
        ),
        pytest.param({"period": "year"}, [("2023", 1), ("2024", 1)], id="year"),
        pytest.param(
            {
                "period": "own",
                "period_starts": {"I": "2023-01-01", "II": "2023-05-01", "III": "2024-02-01"},
            },
            [("I", 1), ("II", 0), ("III", 1)],
            id="own",
        ),
    ],
)
def test_periods_follow_from_dates_and_gaps_are_filled(
    settings: dict[str, Any], expected: list[tuple[str, int]], tmp_path: Path
) -> None:
    periods = run(dated(tmp_path, "1.2.2023", "29.2.2024"), **settings)["periods"]
    assert list(zip(periods["period"], periods["n_reports"], strict=True)) == expected
    starts, ends = periods["start"].tolist(), periods["end"].tolist()
    assert all(start <= end for start, end in zip(starts, ends, strict=True))
    assert all(
        before + dt.timedelta(days=1) == after
        for before, after in zip(ends, starts[1:], strict=False)
    )


def test_a_period_given_in_the_export_is_used(tmp_path: Path) -> None:
    made = run(dated(tmp_path, "1.9.2024", extra=("2024 h1",)))
    assert made["raw_reports"]["period"][0] == "2024H1"
    assert made["periods"]["period"].tolist() == ["2024H1"]


def test_a_day_before_the_first_own_period_is_counted_in_none(tmp_path: Path) -> None:
    path = dated(tmp_path, "1.1.2020", "1.9.2024")
    made = run(path, period="own", period_starts={"syksy": "2024-08-01"})
    assert made["raw_reports"]["period"].tolist() == ["syksy", ""]
    assert made["periods"]["n_reports"].tolist() == [1]


def test_a_lone_mistyped_year_does_not_stretch_the_study(tmp_path: Path) -> None:
    days = [f"{n}.9.2024" for n in range(1, 25)]
    made = run(dated(tmp_path, *days, "3.9.2042"))
    assert made["periods"]["period"].tolist() == ["2024H2"]
    assert made["periods"]["n_reports"].tolist() == [24]
    assert "Is the year right?" in made["rejected"]["reason"][0]
    assert len(made["raw_reports"]) == 25


def test_reports_are_in_order_of_period_date_and_id(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "a.csv",
        ("report_id", "date", "observation"),
        ("c", "", ONE + " a"),
        ("b", "2.9.2024", ONE + " b"),
        ("d", "1.3.2024", ONE + " c"),
        ("a", "2.9.2024", ONE + " d"),
    )
    assert run(path)["raw_reports"]["report_id"].tolist() == ["d", "a", "b", "c"]


def test_within_a_period_the_day_decides_the_order_before_the_id(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "a.csv",
        ("report_id", "date", "observation"),
        ("a", "3.11.2024", ONE + " a"),
        ("b", "20.9.2024", ONE + " b"),
        ("c", "1.8.2024", ONE + " c"),
    )
    assert run(path)["raw_reports"]["report_id"].tolist() == ["c", "b", "a"]


def test_empty_and_junk_answers_are_marked_kept_and_not_counted(tmp_path: Path) -> None:
    answers = ["", "-", "En tiedä.", "xxxxxxxx", "EOS", ONE]
    rows = [(f"r{i}", "1.9.2024", answer, "") for i, answer in enumerate(answers)]
    rows.append(("r6", "1.9.2024", "", "Lisää asuntoja perheille."))
    made = run(
        write_csv(tmp_path / "a.csv", ("report_id", "date", "observation", "proposal"), *rows)
    )
    qualities = made["raw_reports"].set_index("report_id")["quality"]
    assert qualities.tolist() == ["empty", "junk", "junk", "junk", "junk", "ok", "ok"]
    assert made["periods"]["n_reports"].tolist() == [2]


def test_duplicates_are_marked_from_the_later_to_the_earlier_and_counted(tmp_path: Path) -> None:
    rows = [
        ("late", "3.9.2024", TWO.upper()),
        ("first", "1.9.2024", TWO),
        ("near", "2.9.2024", TWO.replace("kuljetus", "kuljetukset")),
        ("other", "2.9.2024", THREE),
    ]
    made = run(write_csv(tmp_path / "a.csv", ("report_id", "date", "observation"), *rows))
    reports = by_id(made)
    assert {i: reports[i]["duplicate_of"] for i in reports} == {
        "first": "",
        "near": "first",
        "other": "",
        "late": "first",
    }
    assert reports["late"]["duplicate_score"] == 1
    assert 0.9 <= reports["near"]["duplicate_score"] < 1
    assert made["periods"]["n_reports"].tolist() == [4]


# Settings.


def test_a_named_form_is_written_into_the_settings_so_that_a_manifest_shows_it(
    tmp_path: Path,
) -> None:
    (tmp_path / "oma.toml").write_text('[columns]\nobservation = "Mitä"\narea = "Kunta"\n')
    config = IngestConfig(form="oma.toml", columns={"area": "Alue"})
    resolved = resolve_form(config, tmp_path)
    assert resolved.form is None
    assert resolved.columns.observation == ("Mitä",)
    assert resolved.columns.area == ("Alue",)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        pytest.param({"form": "ei-ole"}, "must be one of jarvimaa", id="unknown form"),
        pytest.param({"form": "ei-ole.toml"}, "is not a file", id="missing file"),
        pytest.param(
            {"values": {"themes_ticked": {"Muu": "avaruus"}}}, "not a theme", id="unknown theme"
        ),
    ],
)
def test_a_wrong_form_is_a_config_error(
    settings: dict[str, Any], message: str, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "a.csv", ("observation",), (ONE,))
    with pytest.raises(ConfigError, match=message):
        run(path, **settings)


@pytest.mark.parametrize(
    "settings",
    [
        {"period": "own"},
        {"period_starts": {"a": "2024-01-01", "b": "2024-01-01"}},
        {"columns": {"gold_themes": "x"}},
        {"duplicate_min_score": 0.2},
    ],
)
def test_settings_that_cannot_work_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        IngestConfig.model_validate(settings)


def test_no_files_and_no_reports_are_input_errors(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No input file"):
        run()
    with pytest.raises(InputError, match="is not a file"):
        run(tmp_path / "ei.csv")


def test_the_same_files_give_the_same_tables(tmp_path: Path, demo: Made) -> None:
    again = run(CORPUS / "jarvimaa_webropol.xlsx", form="jarvimaa")
    for name in demo:
        assert to_arrow(name, again[name]).equals(to_arrow(name, demo[name])), name
    assert list(demo["raw_reports"].columns) == [c.name for c in TABLES["raw_reports"].columns]
