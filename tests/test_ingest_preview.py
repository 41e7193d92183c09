"""An unknown export gives settings that read it, each guess with its reason."""

import datetime as dt
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from pipeline.errors import ArtifactError, InputError
from pipeline.ingest.ingest import IngestConfig, ingest
from pipeline.ingest.preview import inspect_file, study_toml, write_study_toml
from pipeline.taxonomy.read import find_taxonomy, load_taxonomy

ROOT = Path(__file__).resolve().parents[1]
DEMO = ROOT / "corpora" / "jarvimaa" / "jarvimaa_webropol.xlsx"
TAXONOMY = load_taxonomy(find_taxonomy("sosiaalinen-raportointi"))
TEXTS = (
    "Vuokra nousi taas ja perhe joutui muuttamaan kauas lasten koulusta.",
    "Ikäihminen jäi yksin kotiin, kun kuljetuspalvelu lakkautettiin kesällä.",
    "Nuori ei saanut harjoittelupaikkaa, koska junaa ei enää kulje iltaisin.",
    "Sähkölasku kasvoi niin suureksi, että asiakas luopui lääkkeistään.",
)


def write_xlsx(path: Path, *rows: Sequence[Any]) -> Path:
    with xlsxwriter.Workbook(path, {"default_date_format": "d.m.yyyy"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(number, column, cell)
    return path


def settings(toml: str) -> dict[str, Any]:
    return tomllib.loads(toml)["ingest"]


def test_the_demo_export_is_understood_without_help() -> None:
    preview = inspect_file(DEMO, TAXONOMY)
    columns = preview.guess.form.columns
    assert columns.report_id == ("Vastausnumero",)
    assert columns.date == ("Havainnon päivämäärä",)
    assert columns.area == ("Mitä aluetta havaintosi koskee?",)
    assert columns.observation == ("Kuvaa havaintosi",)
    assert columns.proposal == ("Ehdotuksesi ratkaisuksi",)
    assert columns.valence == ("Millainen havaintosi on?",)
    assert not preview.guess.left_out
    assert preview.periods == dict.fromkeys(
        ("2022H1", "2022H2", "2023H1", "2023H2", "2024H1", "2024H2"), 40
    )
    assert (preview.n_reports, preview.n_rejected, preview.problems) == (240, 0, ())


def test_guessed_settings_read_the_demo_as_the_shipped_form_does() -> None:
    guessed = IngestConfig.model_validate(settings(study_toml(inspect_file(DEMO, TAXONOMY))))
    tables = [
        ingest([DEMO], config, secret=bytes(32), taxonomy=TAXONOMY)[0]
        for config in (guessed, IngestConfig(form="jarvimaa"))
    ]
    assert tables[0].drop(columns="form_id").equals(tables[1].drop(columns="form_id"))


def test_every_setting_has_its_reason_in_the_line_above() -> None:
    lines = study_toml(inspect_file(DEMO, TAXONOMY)).splitlines()
    start = lines.index("[ingest.columns]")
    more = ("answers = ", "other = ", "other_text = ")
    guesses = [
        i
        for i, line in enumerate(lines)
        if " = " in line and line[:1].islower() and not line.startswith(more)
    ]
    assert len(guesses) > 8
    assert all(lines[i - 1].startswith("# ") for i in guesses if i > start)


def test_columns_of_ticks_without_a_question_are_known_by_their_names(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "a.xlsx",
        ("Pvm", "Työikäiset", "Ikääntyneet", "Mielenterveys", "Havainto"),
        *((dt.date(2024, 9, i + 1), i % 2, 1, i // 2, text) for i, text in enumerate(TEXTS)),
    )
    preview = inspect_file(path, TAXONOMY)
    config = IngestConfig.model_validate(settings(study_toml(preview)))
    reports = ingest([path], config, secret=bytes(32), taxonomy=TAXONOMY)[0]
    assert reports["client_groups"].tolist()[:2] == [["ikaantyneet"], ["tyoikaiset", "ikaantyneet"]]
    assert reports["themes_ticked"].tolist()[2:] == [["mielenterveys"]] * 2


@pytest.mark.parametrize(
    ("cells", "separator"),
    [
        pytest.param(["Vuolinna; Kiviranta", "Vuolinna", "Kiviranta", "Salmenperä"], ";", id=";"),
        pytest.param(["Vuolinna, Kiviranta", "Vuolinna", "Kiviranta", "Salmenperä"], ",", id=","),
        pytest.param(["Vuolinna|Kiviranta", "Vuolinna", "Kiviranta", "Salmenperä"], "|", id="|"),
    ],
)
def test_separator_of_choices_is_seen(cells: list[str], separator: str, tmp_path: Path) -> None:
    rows = [(text, cell) for text, cell in zip(TEXTS, cells, strict=True)]
    path = write_xlsx(tmp_path / "a.xlsx", ("Havaintosi", "Kunta"), *rows)
    preview = inspect_file(path, TAXONOMY)
    assert preview.guess.form.separators.area == separator


def test_a_comma_inside_a_label_is_not_a_separator(tmp_path: Path) -> None:
    labels = ["Lapset, nuoret ja perheet", "Työikäiset", "Ikääntyneet", "Työikäiset"]
    rows = [(text, label) for text, label in zip(TEXTS, labels, strict=True)]
    path = write_xlsx(tmp_path / "a.xlsx", ("Havaintosi", "Asiakasryhmä"), *rows)
    guess = inspect_file(path, TAXONOMY).guess
    assert guess.form.separators.client_groups == ";"
    assert guess.form.values.client_groups["Lapset, nuoret ja perheet"] == "lapset-nuoret-perheet"


def test_running_numbers_are_no_ids_because_the_next_export_has_them_too(tmp_path: Path) -> None:
    rows = [(i + 1, text) for i, text in enumerate(TEXTS)]
    path = write_xlsx(tmp_path / "a.xlsx", ("Vastausnumero", "Kuvaa havaintosi"), *rows)
    preview = inspect_file(path, TAXONOMY)
    assert preview.guess.form.columns.report_id == ()
    assert "would number anew" in preview.guess.left_out["Vastausnumero"]
    assert 'Left out: "Vastausnumero"' in study_toml(preview)


def test_first_problems_are_shown_without_the_text_of_cells(tmp_path: Path) -> None:
    days = ["1.9.2024", "31.9.2024", "2.9.2024", "3.9.2024"]
    rows = [(day, text) for day, text in zip(days, TEXTS, strict=True)]
    path = write_xlsx(tmp_path / "a.xlsx", ("Päivämäärä", "Kuvaa havaintosi"), *rows)
    preview = inspect_file(path, TAXONOMY)
    assert [problem[:2] for problem in preview.problems[:1]] == [(3, "Päivämäärä")]
    assert preview.periods == {"2024H2": 3, "": 1}
    toml = study_toml(preview)
    assert "31.9.2024" not in toml
    assert not any(text in toml for text in TEXTS)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        pytest.param(
            [("Pvm", "Kunta"), ("1.9.2024", "Vuolinna")], "can be the observation", id="no text"
        ),
        pytest.param([("Pvm", "Havainto")], "no row of column names", id="no answers"),
        pytest.param([("1.9.2024", 3), ("2.9.2024", 4)], "no row of column names", id="no header"),
    ],
)
def test_an_export_that_cannot_be_understood_gives_one_line(
    rows: list[tuple[object, ...]], message: str, tmp_path: Path
) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", *rows)
    with pytest.raises(InputError, match=message):
        inspect_file(path, TAXONOMY)


def test_settings_that_exist_are_not_written_over(tmp_path: Path) -> None:
    file = tmp_path / "study.toml"
    preview = inspect_file(DEMO, TAXONOMY)
    write_study_toml(preview, file)
    before = file.read_bytes()
    with pytest.raises(ArtifactError, match="was left as it is"):
        write_study_toml(preview, file)
    assert file.read_bytes() == before


OPEN_ANSWERS = ("Haapasalon perhe", "040 123 4567", "131052-308T", "Teuvo Lehtinen", "Ritva")


def test_what_people_typed_among_choices_is_never_written_into_the_settings(tmp_path: Path) -> None:
    """A value is a choice when it repeats or is known, and holds no personal data."""
    groups = ["Työikäiset", "Ikääntyneet"] * 4 + [
        "Muu: Pirjo Haapasalon perhe, puh. 040 123 4567",
        "Ikääntyneet;Teuvo Lehtinen 131052-308T, naapuri",
    ]
    valences = ["Kielteinen", "Myönteinen"] * 4 + ["Kielteinen", "kielteinen, Ritva huonona"]
    rows = [
        (f"{TEXTS[i % 4]} Kohta {i}.", group, valence)
        for i, (group, valence) in enumerate(zip(groups, valences, strict=True))
    ]
    header = ("Kuvaa havaintosi", "Asiakasryhmä", "Millainen havainto on")
    preview = inspect_file(write_xlsx(tmp_path / "a.xlsx", header, *rows), TAXONOMY)
    toml = study_toml(preview)
    assert not [word for word in OPEN_ANSWERS if word in toml]
    assert {doubt.field for doubt in preview.guess.doubts} == {"client_groups", "valence"}
    assert settings(toml)["offered"]["client_groups"]["choices"] == ["Ikääntyneet", "Työikäiset"]
    config = IngestConfig.model_validate(settings(toml))
    made = ingest([tmp_path / "a.xlsx"], config, secret=bytes(32), taxonomy=TAXONOMY)
    read = {row["observation"]: row for row in made[0].to_dict("records")}
    last = [read[text] for text, _, _ in rows[-2:]]
    assert [row["client_groups"] for row in last] == [[], ["ikaantyneet"]]
    assert [row["valence"] for row in last] == ["negatiivinen", ""]
    safe = made[2].to_csv() + made[3].to_csv() + made[4].to_csv()
    assert not [word for word in OPEN_ANSWERS if word in safe]


def test_a_question_about_a_supervisor_is_no_unit(tmp_path: Path) -> None:
    header = ("Kuvaa havaintosi", "Oletko puhunut asiasta esihenkilölle yksikössäsi?", "Yksikkösi")
    rows = [(text, "Kyllä", f"Tiimi {i % 2}") for i, text in enumerate(TEXTS)]
    preview = inspect_file(write_xlsx(tmp_path / "a.xlsx", header, *rows), TAXONOMY)
    assert preview.guess.form.columns.unit == ("Yksikkösi",)
    assert preview.guess.left_out[header[1]] == "answered with yes or no"


def test_codes_that_nothing_explains_are_asked_about_and_feed_nothing(tmp_path: Path) -> None:
    rows = [(f"{TEXTS[i % 4]} Kohta {i}.", 1 + i % 3) for i in range(12)]
    path = write_xlsx(tmp_path / "a.xlsx", ("Kuvaa havaintosi", "Millainen havainto on?"), *rows)
    guess = inspect_file(path, TAXONOMY).guess
    assert guess.form.columns.valence == ()
    assert [doubt.field for doubt in guess.doubts] == ["valence"]


def test_a_month_written_first_is_seen_from_days_past_the_twelfth(tmp_path: Path) -> None:
    rows = [(f"9/{13 + i}/2024", text) for i, text in enumerate(TEXTS)]
    path = write_xlsx(tmp_path / "a.xlsx", ("Date", "Observation"), *rows)
    preview = inspect_file(path, TAXONOMY)
    assert preview.guess.form.date_order == "month-first"
    assert preview.periods == {"2024H2": 4}
