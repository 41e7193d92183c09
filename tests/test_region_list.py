"""The shipped list of municipalities by county agrees with itself and with the list of names."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from pipeline.resources import shipped

A_COUNTY = {
    "Etelä-Karjala": 9,
    "Etelä-Pohjanmaa": 18,
    "Etelä-Savo": 11,
    "Helsinki": 1,
    "Itä-Uusimaa": 7,
    "Kainuu": 8,
    "Kanta-Häme": 11,
    "Keski-Pohjanmaa": 8,
    "Keski-Suomi": 22,
    "Keski-Uusimaa": 6,
    "Kymenlaakso": 6,
    "Lappi": 21,
    "Länsi-Uusimaa": 10,
    "Pirkanmaa": 23,
    "Pohjanmaa": 14,
    "Pohjois-Karjala": 13,
    "Pohjois-Pohjanmaa": 30,
    "Pohjois-Savo": 19,
    "Päijät-Häme": 10,
    "Satakunta": 16,
    "Vantaa ja Kerava": 2,
    "Varsinais-Suomi": 27,
}
"""Municipalities of each county in 2025, Statistics Finland."""

MERGED = {"Honkajoki", "Pertunmaa", "Valtimo"}
"""No municipalities any more; older reports name them."""

ALAND = {
    *("brändö", "eckerö", "finström", "föglö", "geta", "hammarland", "jomala", "kumlinge", "kökar"),
    *(
        "lemland",
        "lumparland",
        "maarianhamina",
        "mariehamn",
        "saltvik",
        "sottunga",
        "sund",
        "vårdö",
    ),
}
OTHER_FORMS = {"ekenäs", "kimito", "koski"}
"""Names of places that the list of names has and that are no municipality by that name."""


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with shipped("configs", "areas", "regions.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def known() -> set[str]:
    """Return the names of municipalities that pseudonymise allows, in lower case."""
    path: Path = shipped("configs", "names", "municipalities.txt")
    lines = path.read_text(encoding="utf-8").splitlines()
    return {line.strip().casefold() for line in lines if line.strip() and line[0] != "#"}


def finnish_names(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the rows of municipalities: those before the counties' own name in their county."""
    found, is_done = [], set()
    for row in rows:
        if "hyvinvointialue" in row["municipality"]:
            is_done.add(row["region"])
        elif row["region"] not in is_done and row["municipality"] != "Helsingfors":
            found.append(row)
    return found


def test_every_county_has_its_municipalities_once(rows: list[dict[str, str]]) -> None:
    names = Counter(row["municipality"].casefold() for row in rows)
    assert {name for name, n in names.items() if n > 1} == set()
    own = [row for row in finnish_names(rows) if row["municipality"] not in MERGED]
    assert Counter(row["region"] for row in own) == A_COUNTY
    assert len(own) == 292


def test_the_list_and_the_names_that_are_allowed_agree(
    rows: list[dict[str, str]], known: set[str]
) -> None:
    listed = {row["municipality"].casefold() for row in rows}
    assert known - listed == ALAND | OTHER_FORMS
    finnish = {row["municipality"].casefold() for row in finnish_names(rows)}
    assert finnish - known <= {"koski tl"}
