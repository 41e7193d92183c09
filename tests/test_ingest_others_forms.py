"""Exports of other programs and habits become the same reports."""

import datetime as dt
import json

import pytest
import xlsxwriter
from typer.testing import CliRunner

from pipeline.artifacts import Store
from pipeline.cli import app
from pipeline.errors import InputError
from pipeline.ingest.cells import as_date
from pipeline.ingest.html_text import plain
from pipeline.study import Study

TEXTS = [
    "Perhe joutui muuttamaan, kun vuokra nousi eikä asumistuki enää riittänyt syksyllä.",
    "Iäkäs mies jäi yksin kotiin, kun kyytipalvelu kylältä lakkautettiin kesän aikana.",
    "Nuori odottaa pääsyä terapiaan jo puoli vuotta ja on ollut pois koulusta syksyn.",
    "Asiakas ei osaa asioida verkossa, eikä puhelinpalvelu vastaa hänelle viikkoihin.",
    "Äiti hoitaa sairasta lastaan yksin, eikä lomitusta ole tarjottu koko vuonna.",
    "Vuokrarästi kasvoi, koska tulkkia ei saatu ajoissa eikä kirje auennut asiakkaalle.",
]
DAYS = [dt.date(2024, 9, 4), dt.date(2024, 9, 17), dt.date(2024, 10, 2),
        dt.date(2024, 10, 28), dt.date(2024, 11, 5), dt.date(2024, 12, 13)]  # fmt: skip
AREAS = ["Vuolinna", "Kiviranta", "Vuolinna", "Hirvelä", "Kiviranta", "Hirvelä"]
GROUPS = ["Ikääntyneet", "Työikäiset", "Lapset, nuoret ja perheet"] * 2


def invoke(*words):
    done = CliRunner().invoke(app, list(map(str, words)))
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def read(file, *options):
    """Run ``init`` and the ingest stage, and return the reports."""
    root = file.with_name("study")
    said = invoke("init", file, "--study", root, *options)
    invoke("run", root, "--to", "ingest")
    return Store(Study(root)).read("raw_reports"), said


def csv_file(folder, header, rows, name="e.csv"):
    lines = [header, *rows]
    text = "\n".join(
        ",".join(json.dumps(cell, ensure_ascii=False) for cell in row) for row in lines
    )
    (folder / name).write_text(text.replace('\\"', '""') + "\n", encoding="utf-8")
    return folder / name


def book_of(path, sheets, **options):
    with xlsxwriter.Workbook(path, options) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    return path


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-06-30T21:30:00Z", "2024-07-01"),
        ("2024-06-30T20:59:59.123Z", "2024-06-30"),
        ("2024-12-31 22:30:00+00:00", "2025-01-01"),
        ("2024-12-31T22:30:00+0200", "2024-12-31"),
        ("2024-12-31T20:30:00-05:00", "2025-01-01"),
        ("2024-12-31 22:15:00 UTC", "2025-01-01"),
        ("31.12.2024 klo 23.30", "2024-12-31"),
        ("keskiviikko 4. syyskuuta 2024 klo 13.45.22 UTC+3", "2024-09-04"),
        ("ti 17. syyskuuta 2024 klo 9.05", "2024-09-17"),
        ("perjantaina 13. joulukuuta 2024", "2024-12-13"),
        ("onsdag den 4 september 2024 kl. 13:45", "2024-09-04"),
        ("4 okt. 2024", "2024-10-04"),
        ("Wednesday, September 4, 2024 at 1:45 PM", "2024-09-04"),
        ("Sep 4, 2024, 11:45:10 PM", "2024-09-04"),
        ("4 September 2024 10:11 GMT", "2024-09-04"),
        ("Wed Sep 04 13:45:22 EEST 2024", "2024-09-04"),
        ("9/4/2024 1:45 PM", "2024-04-09"),
        ("1725451200", "2024-09-04"),
        ("1725451200000", "2024-09-04"),
        (1719783000, "2024-07-01"),
        (1719783000000.0, "2024-07-01"),
        (45536.5, "2024-09-01"),
        ("31. helmikuuta 2024", None),
        ("4. syysmyrsky 2024", None),
        ("2024-09-04 ja 2024-09-05", None),
        ("Noin 12.5.2024 tai myöhemmin", None),
        (123456, None),
        ("", None),
    ],
)
def test_a_day_is_read_as_programs_and_people_write_it(text, day):
    found = as_date(text)
    assert (found.isoformat() if found else None) == day


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("<p>Eka rivi.</p><p>&nbsp;</p><p>Toka</p>", "Eka rivi.\n\nToka"),
        ("Eka<br>toka<BR/>kolmas", "Eka\ntoka\nkolmas"),
        ("<ul><li>yksi</li><li>kaksi</li></ul>", "yksi\n\nkaksi"),
        ('Ks. <a href="https://x.fi/a?b=1&amp;c=2">ohje</a>', "Ks. ohje (https://x.fi/a?b=1&c=2)"),
        ('<a href="https://x.fi">https://x.fi</a>', "https://x.fi"),
        ("<style>p {color: red}</style><b>Lihava</b> teksti", "Lihava teksti"),
        ("h&#228;n &amp; h&auml;n &quot;ei&quot;", 'hän & hän "ei"'),
        ("alle <3 viikkoa, a<b ja b>c", "alle <3 viikkoa, a<b ja b>c"),
        ("R&D ja A&B;", "R&D ja A&B;"),
        ("Hinta <50 € <b>kuussa</b>", "Hinta <50 € kuussa"),
    ],
)
def test_markup_becomes_the_text_a_reader_sees(written, seen):
    assert plain(written) == seen
    assert plain(seen) == seen


def test_a_form_with_markup_gives_clean_texts(tmp_path):
    rows = [
        [str(day), f'<div class="x"><p>{text.replace("ä", "&auml;")}</p></div>']
        for day, text in zip(DAYS, TEXTS, strict=True)
    ]
    reports, _ = read(csv_file(tmp_path, ["Päivämäärä", "Kuvaa havaintosi"], rows))
    assert reports["observation"].tolist() == TEXTS


@pytest.mark.parametrize("kind", ["three", "legacy", "ids only", "workbook"])
def test_qualtrics_header_rows_are_no_answers(tmp_path, kind):
    names = ["StartDate", "EndDate", "ResponseId", "Q1", "Q2", "Q3"]
    questions = ["Aloitus", "Lopetuspäivä", "Tunnus", "Alue", "Asiakasryhmä", "Kuvaa havaintosi"]
    ids = [json.dumps({"ImportId": name}) for name in names]
    rows = [
        [f"{day} 10:01:12", f"{day} 10:11:12", f"R_{i}", AREAS[i], GROUPS[i], TEXTS[i]]
        for i, day in enumerate(DAYS)
    ]
    legacy = [
        ["V8", "V9", "V1", "Q1", "Q2", "Q3"],
        ["StartDate", "EndDate", "ResponseID", *questions[3:]],
    ]
    heads = {"three": [names, questions, ids], "legacy": legacy, "ids only": [questions, ids]}
    if kind == "workbook":
        file = book_of(tmp_path / "e.xlsx", {"Sheet0": [names, questions, ids, *rows]})
    else:
        head, *more = heads[kind]
        file = csv_file(tmp_path, head, [*more, *rows])
    reports, _ = read(file)
    assert reports["observation"].tolist() == TEXTS
    assert reports["date"].tolist() == DAYS
    assert [area for (area,) in reports["area"]] == AREAS
    assert set(reports["client_groups"].str[0]) == {
        "ikaantyneet", "tyoikaiset", "lapset-nuoret-perheet"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("date", lambda day: int(dt.datetime.combine(day, dt.time(9), dt.UTC).timestamp() * 1000)),
        ("submitted_at", lambda day: int(dt.datetime.combine(day, dt.time(9), dt.UTC).timestamp())),
        ("aikaleima", lambda day: f"{day - dt.timedelta(days=1)}T22:30:00Z"),
    ],
    ids=["milliseconds", "seconds", "universal time"],
)
def test_moments_in_json_are_days_in_finland(tmp_path, name, moment):
    file = tmp_path / "e.jsonl"
    lines = [
        json.dumps({name: moment(day), "observation": text}, ensure_ascii=False)
        for day, text in zip(DAYS, TEXTS, strict=True)
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert read(file)[0]["date"].tolist() == DAYS


def test_month_first_is_proved_by_the_file_or_asked(tmp_path):
    header = ["Timestamp", "Kuvaa havaintosi"]
    american = [f"{day.month}/{day.day}/{day.year} 13:45:22" for day in DAYS]
    rows = [list(pair) for pair in zip(american, TEXTS, strict=True)]
    (tmp_path / "a").mkdir()
    assert read(csv_file(tmp_path / "a", header, rows))[0]["date"].tolist() == DAYS
    unsure = [row for row, day in zip(rows, DAYS, strict=True) if day.day <= 12]
    unsure += [["8/5/2024 1:00", TEXTS[3]], ["7/2/2024 1:00", TEXTS[1]], ["6/3/2024", TEXTS[5]]]
    (tmp_path / "b").mkdir()
    _, said = read(csv_file(tmp_path / "b", header, unsure))
    assert "To be checked" in said
    assert "ingest.date_order" in said


@pytest.mark.parametrize("title", ["Päivämäärä", "Vastausaika", "Date"])
def test_bare_numbers_of_a_workbook_from_1904_are_its_days(tmp_path, title):
    numbers = [(day - dt.date(1904, 1, 1)).days for day in DAYS]
    rows = [[title, "Postinumero", "Kuvaa havaintosi"]]
    rows += [[n, 45100, text] for n, text in zip(numbers, TEXTS, strict=True)]
    file = book_of(tmp_path / "e.xlsx", {"Taul1": rows}, date_1904=True)
    assert read(file)[0]["date"].tolist() == DAYS


def test_a_sheet_is_chosen_by_name_and_the_error_names_the_others(tmp_path):
    answers = [["Päivämäärä", "Kuvaa havaintosi"]]
    answers += [[str(day), text] for day, text in zip(DAYS, TEXTS, strict=True)]
    summary = [["Yhteenveto", ""], ["Vastaajia", 6], ["Vastausprosentti", "80 %"]]
    file = book_of(tmp_path / "e.xlsx", {"Kooste": summary, "Vastaukset": answers})
    with pytest.raises(InputError, match=r"'Vastaukset'.*--sheet"):
        invoke("init", file, "--study", tmp_path / "other")
    reports, _ = read(file, "--sheet", "Vastaukset")
    assert len(reports) == 6
    assert 'sheet = "Vastaukset"' in (tmp_path / "study" / "study.toml").read_text("utf-8")
    with pytest.raises(InputError, match=r"no sheet 'Taul9'"):
        invoke("init", file, "--study", tmp_path / "third", "--sheet", "Taul9")


@pytest.mark.parametrize("change", [str.upper, lambda name: name.replace("/", "\\")])
def test_a_workbook_with_other_names_in_its_zip_is_read(tmp_path, change):
    import zipfile

    rows = [["Päivämäärä", "Kuvaa havaintosi"]]
    rows += [[str(day), text] for day, text in zip(DAYS, TEXTS, strict=True)]
    first = book_of(tmp_path / "first.xlsx", {"Taul1": rows})
    with zipfile.ZipFile(first) as old, zipfile.ZipFile(tmp_path / "e.xlsx", "w") as new:
        for entry in old.infolist():
            name = entry.filename
            is_inner = name.startswith("xl/") and not name.endswith(".rels")
            new.writestr(change(name) if is_inner else name, old.read(name))
    reports, _ = read(tmp_path / "e.xlsx")
    assert len(reports) == 6


@pytest.mark.parametrize("answer", [("Ja", "Nej"), ("Y", "N"), ("Kyllä", "Ei"), ("Yes", "")])
def test_ticks_in_other_languages_are_groups(tmp_path, answer):
    yes, no = answer
    header = ["Datum", "Klientgrupp [Äldre]", "Klientgrupp [Barn, unga och familjer]",
              "Beskriv din observation"]  # fmt: skip
    rows = [
        [f"{day}", yes if i % 2 else no, no if i % 2 else yes, TEXTS[i]]
        for i, day in enumerate(DAYS)
    ]
    reports, _ = read(csv_file(tmp_path, header, rows))
    assert [groups for groups in reports["client_groups"]] == [
        ["ikaantyneet"] if i % 2 else ["lapset-nuoret-perheet"] for i in range(6)
    ]


@pytest.mark.parametrize("word", ["anonymous", "Anonyymi", "anonym"])
def test_a_name_that_is_everybodys_is_no_reporter(tmp_path, word):
    rows = [[str(day), word, text] for day, text in zip(DAYS, TEXTS, strict=True)]
    file = csv_file(tmp_path, ["Päivämäärä", "Sähköpostiosoite", "Kuvaa havaintosi"], rows)
    reports, _ = read(file)
    assert set(reports["reporter_id"]) == {""}
