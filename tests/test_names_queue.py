"""Words in doubt wait for a person, places that may tell who is meant are flagged."""

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.errors import ResourceError
from pipeline.frames import each_row
from pipeline.lemmatise.voikko import open_voikko
from pipeline.pseudonymise.indirect import find_indirect, indirect_places
from pipeline.pseudonymise.lists import PiiLists
from pipeline.pseudonymise.name_queue import KEPT, REPLACED
from pipeline.pseudonymise.persons import VoikkoPersonFinder
from pipeline.pseudonymise.pseudonymise import PseudonymiseConfig, pseudonymise

SECRET = bytes(range(32))
NO_LISTS = PiiLists()
TEXTS = (
    "Lilja tuoksuu kerhossa. Ranta hiljeni illaksi.",
    "Pirjo Haapala soitti. Sitten Zorvanta otti yhteyttä.",
    "Kylän ainoa pyörätuolinkäyttäjä jäi kotiin. Jono oli pitkä.",
)


@pytest.fixture(scope="module")
def finder() -> VoikkoPersonFinder:
    try:
        open_voikko()
    except ResourceError as err:
        pytest.skip(str(err))
    return VoikkoPersonFinder()


def made(
    finder: VoikkoPersonFinder, level: str, lists: PiiLists = NO_LISTS
) -> tuple[pd.DataFrame, ...]:
    raw = pd.DataFrame(
        {
            "report_id": [f"Q-{i}" for i in range(len(TEXTS))],
            "area": [[] for _ in TEXTS],
            "client_groups": [[] for _ in TEXTS],
            "valence": "",
            "observation": list(TEXTS),
            "proposal": "",
            "reporter_id": "",
            "unit": "",
        }
    )
    config = PseudonymiseConfig(level=level)
    return pseudonymise(raw, config, person_finder=finder, pii_lists=lists, secret=SECRET)


def test_a_word_in_doubt_is_listed_without_the_word(finder):
    reports, _, queue, _ = made(finder, "recall")
    by_id = reports.set_index("report_id")["observation"]
    kept = queue[queue["verdict"] == KEPT]
    words = {by_id[r.report_id][r.start : r.end] for r in each_row(kept)}
    assert "Ranta" in words
    replaced = queue[queue["verdict"] == REPLACED]
    assert len(replaced)
    assert all(by_id[r.report_id][r.start : r.end].startswith("[NIMI-") for r in each_row(replaced))
    dump = queue.to_csv()
    assert not any(word in dump for word in ("Zorvanta", "Ranta", "Haapala"))


def test_the_levels_are_nested(finder):
    replaced = [len(made(finder, level)[1]) for level in ("recall", "balanced", "precision")]
    assert replaced == sorted(replaced, reverse=True)
    assert replaced[0] > replaced[2]


def test_what_a_person_settled_waits_no_more(finder):
    always, never = PiiLists(always=("Ranta",)), PiiLists(never=("Ranta",))
    for lists in (always, never):
        reports, _, queue, _ = made(finder, "recall", lists)
        assert ("Ranta" in reports["observation"][0]) == (lists is never)
        assert not (queue["report_id"].eq("Q-0") & queue["rule"].eq("sukunimi")).any()


def test_the_verb_lists_settles_and_says_when_nothing_waits(finder, tmp_path: Path, monkeypatch):
    source = tmp_path / "reports.jsonl"
    lines = (f'{{"report_id": "Q-{i}", "date": "2024-09-01", "observation": "{text}"}}' for i, text
             in enumerate(TEXTS))  # fmt: skip
    source.write_text("\n".join(lines), encoding="utf-8")
    study = tmp_path / "study"
    runner = CliRunner()
    assert runner.invoke(app, ["init", str(source), "--study", str(study)]).exit_code == 0
    monkeypatch.setenv("COLUMNS", "200")
    early = runner.invoke(app, ["names", str(study)])
    assert early.exit_code == 1
    ran = runner.invoke(app, ["run", str(study), "--to", "pseudonymise"])
    assert ran.exit_code == 0, ran.output
    shown = runner.invoke(app, ["names", str(study)]).output
    assert "ranta" in shown
    told = runner.invoke(app, ["status", str(study)]).output
    assert "havainto names" in told
    assert "Kylän ainoa pyörätuolinkäyttäjä jäi kotiin." in told
    args = ["names", str(study), "--always", "Zorvanta", "--never", "lilja", "--never", "ranta"]
    assert runner.invoke(app, args).exit_code == 0
    assert (study / "human" / "pii_always.txt").read_text(encoding="utf-8") == "Zorvanta\n"
    assert (study / "human" / "pii_never.txt").read_text(encoding="utf-8") == "lilja\nranta\n"
    assert runner.invoke(app, ["run", str(study), "--to", "pseudonymise"]).exit_code == 0
    again = runner.invoke(app, ["names", str(study)]).output
    assert "ranta" not in again
    assert "No word waits" in again


FLAGGED = [
    ("Kärkölän kunnanjohtaja soitti.", "office"),
    ("Sysmän päiväkodin johtaja valitti.", "office"),
    ("Entinen kansanedustaja jonotti.", "office"),
    ("Kylän ainoa viisilapsinen perhe muutti.", "only-one"),
    ("Kunnan ainut kuuro oppilas jäi yksin.", "only-one"),
    ("Tapanilan koulun 7 B:n oppilas karkasi.", "school-class"),
    ("Seitsenlapsinen perhe odottaa.", "rare-family"),
]


@pytest.mark.parametrize(("text", "rule"), FLAGGED)
def test_what_may_tell_who_is_meant_is_flagged(finder, text, rule):
    assert [found for _, _, found in indirect_places(text)] == [rule]


@pytest.mark.parametrize(
    "text",
    ["Ainoa keino on odottaa.", "Rehtori ei vastaa.", "Bussi 7 B ei kulje.", "Perhe odottaa."],
)
def test_what_fits_many_is_not_flagged(finder, text):
    assert list(indirect_places(text)) == []


def test_flags_are_places_of_the_safe_text(finder):
    reports = pd.DataFrame({"report_id": ["a"], "observation": [TEXTS[2]], "proposal": [""]})
    (row,) = each_row(find_indirect(reports))
    assert TEXTS[2][row.start : row.end] == "ainoa pyörätuolinkäyttäjä"
