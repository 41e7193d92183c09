"""Texts that would do harm are shown as text, wherever they stand."""

import csv
import html
import re

import pytest
from small_export import COLUMNS, QUICK, rows
from workbench_study import Tab, desk_of

from pipeline.commands.settings import study_settings
from pipeline.run import Plan, Silence, run
from pipeline.stages import STAGES
from pipeline.study import create_study
from pipeline.workbench.menu import SCREENS

HARM = {
    "R01": '<script>window.broken = 1</script> "><img src=x onerror=alert(1)> Vuokra nousi.',
    "R02": "‮Käänteinen‬ teksti ja {{ 7*7 }} ja מימין. Häätö uhkaa perhettä.",
    "R03": "Pitkä on tämä lause. " * 1_500,
    "R04": "Rivi\nja </span></p></main> toinen & kolmas. Jono on pitkä.",
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    study = create_study(tmp_path_factory.mktemp("harm") / "<b>tutkimus & muut")
    study.secret_file.write_text("5e" * 32 + "\n", encoding="ascii")
    study.settings_file.write_text(f"{QUICK}[workbench]\nread_first_share = 0\n", encoding="utf-8")
    given = [
        {**row, "observation": HARM.get(row["report_id"], row["observation"])} for row in rows()
    ]
    given[4]["area"] = "<script>alue</script>"
    with (study.inputs / "raportit <i>.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, delimiter=";")
        writer.writeheader()
        writer.writerows(given)
    run(study, study_settings(study), Plan(last=STAGES[-2].name), Silence())
    return desk_of(study)


def plain(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", page))


@pytest.mark.slow
def test_nothing_a_report_or_a_name_holds_becomes_markup(desk) -> None:
    tab = Tab(desk)
    seen = tab.get("/ilmiot").text.split('name="nahty" value="')[1].split('"')[0]
    topic = desk.table("topics")["topic_id"].iloc[0]
    tab.post("/ilmiot", do="rename", aihe=topic, nimi="<script>nimi</script>", nahty=seen)
    texts = {"label_fi": "<script>teema</script>", "definition": '"><img src=x>'}
    version = tab.get("/luokitus").text.split('name="versio" value="')[1].split('"')[0]
    tab.post("/luokitus", do="add", versio=version, **texts)
    paths = [entry.path for entry in SCREENS] + ["/raportit?haku=lause", f"/ilmio?id={topic}"]
    paths += [f"/raportti?id={report_id}" for report_id in HARM]
    for path in paths:
        answer = tab.get(path)
        assert answer.status_code == 200, path
        page = answer.text
        assert page.count("<script") == 1, path
        assert "<img" not in page, path
        assert "<b>tutkimus" not in page
        assert page.count("<main") == page.count("</main>") == 1
    assert "{{ 7*7 }}" in plain(tab.get("/raportti?id=R02").text)
    assert plain(tab.get("/raportti?id=R03").text).count("Pitkä on tämä lause") >= 1_500
    tab.open("R03", "")
    tab.press("confirm")
    assert desk.mine("R03").state == "read"


@pytest.mark.slow
def test_markup_that_reached_the_tables_is_still_shown_as_text(desk, monkeypatch) -> None:
    """Reading forms takes markup out; a table made otherwise may hold it."""
    unpack = desk.page_of

    def with_markup(row):
        page = unpack(row)
        page["segments"] = [[*s[:4], HARM["R01"], *s[5:]] for s in page["segments"]]
        return page

    monkeypatch.setattr(desk, "page_of", with_markup)
    tab = Tab(desk)
    for path in ("/raportti?id=R02", "/raportit", "/sitaatit"):
        page = tab.get(path).text
        assert page.count("<script") == 1, path
        assert "<img" not in page, path
    assert "<script>window.broken" in plain(tab.get("/raportti?id=R02").text)
