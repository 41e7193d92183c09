"""The checklist for qualitative research says what the program knows, and no more."""

import re
from html import unescape

import pytest
from report_tables import page, ruled, small_study, write

from pipeline.report.catalogue import load_catalogue
from pipeline.report.facts.srqr import KNOWN, N_ITEMS


def items(html: str) -> dict[int, list[str]]:
    """Return the cells of the checklist on the page, by item."""
    table = html.split('class="plain srqr"')[1].split("</table>")[0]
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in table.split("<tr>")[2:]]
    return {int(row[0]): [unescape(cell) for cell in row[1:]] for row in rows}


@pytest.mark.parametrize("language", ["fi", "en"])
def test_all_items_are_there_and_each_is_told_or_left_to_the_researcher(language: str) -> None:
    words = load_catalogue(language)
    found = items(page(small_study(), language=language))
    assert list(found) == list(range(1, N_ITEMS + 1))
    for number, (name, told, left) in found.items():
        assert name == words(f"srqr.name_{number}")
        assert bool(told) == (number in KNOWN)
        assert told or left
        assert "{" not in told


def test_the_data_are_described_by_their_numbers() -> None:
    told = {number: cells[1] for number, cells in items(page(small_study())).items()}
    assert "9, joista sisältöä oli 8 raportissa" in told[8]
    assert "Tämän jakson raportteja on 4." in told[8]
    assert "1.1.2024–31.12.2024 (2 jaksoa); niissä on mainittu alueita 1 ja asiakasryhmiä 1" in (
        told[7].replace("\N{NO-BREAK SPACE}", " ")
    )
    assert "hylättyjä rivejä 1" in told[11]
    assert "pysyvyyden mediaani on 0,80 (vaihteluväli 0,80–0,80)" in told[15]
    assert "enintään 8 %" in told[15].replace("\N{NO-BREAK SPACE}", " ")


def test_a_setting_the_run_did_not_record_is_a_dash() -> None:
    assert "siemenluku –" in items(page(small_study()))[14][1]


def test_rulings_make_the_share_that_was_accepted() -> None:
    frames = small_study()
    assert "ei ole vielä tarkistanut" in items(page(frames))[15][1]
    frames["decisions"] = ruled(
        ("report_themes", "2015H2-0", "asuminen", "reject", ""),
        ("report_themes", "2015H2-1", "asuminen", "accept", ""),
    )
    told = items(page(frames))[15][1].replace("\N{NO-BREAK SPACE}", " ")
    assert "tarkistanut 2 teemaehdotusta ja hyväksynyt niistä 50 %" in told


@pytest.mark.parametrize("language", ["fi", "en"])
def test_the_methods_section_has_the_same_checklist(language: str) -> None:
    files = write(small_study(), language=language)
    text = files["methods.md"].decode("utf-8")
    words = load_catalogue(language)
    rows = text.split(words("srqr.title"))[1].split("\n\n")[2].splitlines()[2:]
    cells = [[cell.strip() for cell in row.split("|")[1:-1]] for row in rows]
    assert {int(row[0]): row[1:] for row in cells} == items(files["report.html"].decode("utf-8"))
