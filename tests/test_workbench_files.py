"""What the workbench writes to files people also edit: topics, quotations; undone and redone."""

import re
import shutil

import pandas as pd
import pytest
from workbench_study import PERIOD, Tab, copied, desk_of

from pipeline.assign.not_evidence import read_not_evidence
from pipeline.cluster.edits_file import read_edits
from pipeline.commands.settings import study_settings
from pipeline.detect.register import read_register
from pipeline.errors import ArtifactError
from pipeline.report.quote_rulings import read_quote_rulings
from pipeline.study import Study, create_study


@pytest.fixture
def study(finished_study, tmp_path):
    return copied(finished_study, tmp_path / "study")


@pytest.fixture
def tab(study):
    return Tab(desk_of(study))


def seen_on(tab, path: str) -> str:
    return tab.get(path).text.split('name="nahty" value="')[1].split('"')[0]


def topic_ids(desk) -> list[str]:
    return desk.table("topics")["topic_id"].tolist()


def test_a_rename_shows_at_once_and_waits_for_a_run(tab) -> None:
    topic = topic_ids(tab.desk)[0]
    seen = seen_on(tab, "/ilmiot")
    name = 'Vuokrat <i>"kallistuvat"</i>'
    tab.post("/ilmiot", do="rename", aihe=topic, nimi=name, nahty=seen, kortti="1")
    assert [(e.action, e.topic, e.name) for e in read_edits(tab.desk.study.human)] == [
        ("nimeä", topic, name)
    ]
    assert "odottaa ajoa" in tab.page.text
    assert "<i>" not in tab.page.text
    assert "Vuokrat &lt;i&gt;" in tab.page.text


def test_each_change_of_a_topic_becomes_its_paragraph(tab) -> None:
    desk = tab.desk
    first, second = topic_ids(desk)[:2]
    members = desk.table("report_topics")
    own = members[members["topic_id"] == first]["report_id"].tolist()[:2]
    for fields in (
        {"do": "merge", "toinen": second},
        {"do": "split", "raportti": own, "nimi": "Oma"},
        {"do": "remove", "raportti": own[:1]},
        {"do": "move", "raportti": own[:1], "toinen": second},
        {"do": "junk"},
    ):
        tab.post("/ilmiot", aihe=first, nahty=seen_on(tab, f"/ilmio?id={first}"), **fields)
    assert [edit.action for edit in read_edits(desk.study.human)] == [
        "yhdistä", "jaa", "poista", "lisää", "roska",
    ]  # fmt: skip
    for wrong in ({"do": "merge", "toinen": first}, {"do": "split"}, {"do": "rename"}, {"do": "x"}):
        tab.post("/ilmiot", aihe=first, nahty=seen_on(tab, "/ilmiot"), **wrong)
    assert len(read_edits(desk.study.human)) == 5


def test_a_change_is_undone_and_redone_as_long_as_nobody_else_changed_the_file(tab) -> None:
    topic = topic_ids(tab.desk)[0]
    path = tab.desk.study.human / "edits.toml"
    tab.post("/ilmiot", do="junk", aihe=topic, nahty=seen_on(tab, "/ilmiot"))
    written = path.read_bytes()
    tab.post("/kumoa")
    assert not path.exists()
    tab.post("/tee-uudelleen")
    assert path.read_bytes() == written
    path.write_bytes(written + b"# omin sanoin\n")
    n_rows = len(tab.desk.people.rows)
    tab.post("/kumoa")
    assert path.read_bytes() == written + b"# omin sanoin\n"
    assert len(tab.desk.people.rows) == n_rows


def test_a_file_changed_since_the_page_was_made_is_not_written_over(tab) -> None:
    topic = topic_ids(tab.desk)[0]
    seen = seen_on(tab, "/ilmiot")
    path = tab.desk.study.human / "edits.toml"
    path.write_text(f'[[muokkaus]]\ntee = "roska"\naihe = "{topic}"\n', encoding="utf-8")
    before = path.read_bytes()
    answer = tab.post("/ilmiot", do="rename", aihe=topic, nimi="Toinen", nahty=seen)
    assert answer.status_code == 409
    assert path.read_bytes() == before


def test_a_sentence_is_pinned_moved_banned_and_freed(tab) -> None:
    desk = tab.desk
    one, two = (
        desk.page_of(desk.report_row(r))["segments"][0][0] for r in desk.periods[PERIOD][:2]
    )
    for segment in (one, two):
        tab.post("/sitaatit", do="pin", lause=segment, nahty=seen_on(tab, "/sitaatit"))
    tab.post("/sitaatit", do="up", lause=two, nahty=seen_on(tab, "/sitaatit"))
    text = (desk.study.human / "quotes.toml").read_text(encoding="utf-8")
    assert text.index(two) < text.index(one)
    tab.post("/sitaatit", do="ban", lause=one)
    held = read_quote_rulings(desk.study.human)
    assert (held.pinned, held.banned) == (frozenset({two}), frozenset({one}))
    tab.post("/sitaatit", do="free", lause=one)
    assert read_quote_rulings(desk.study.human).banned == frozenset()
    tab.post("/kumoa")
    assert read_quote_rulings(desk.study.human).banned == {one}


def test_a_sentence_where_personal_data_stood_cannot_be_pinned(tab) -> None:
    desk = tab.desk
    span = desk.table("pii_spans").iloc[0]
    page = desk.page_of(desk.report_row(span["report_id"]))
    segment = next(
        s[0] for s in page["segments"] if s[1] == span["field"] and s[2] <= span["start"] < s[3]
    )
    assert tab.post("/sitaatit", do="pin", lause=segment).status_code == 409
    assert read_quote_rulings(desk.study.human).pinned == frozenset()


def test_memos_are_listed_by_kind_and_taken_out_as_text(tab) -> None:
    report_id = tab.desk.periods[PERIOD][0]
    for kind, text in (("kysymys", "# Onko tämä\x07 uusi?"), ("havainto", "Vain havainto")):
        tab.post("/muistio", id=report_id, laji=kind, teksti=text)
    page = tab.get("/muistiot?laji=kysymys").text
    assert "Onko tämä" in page
    assert "Vain havainto" not in page.split('aria-labelledby="log"')[0]
    file = tab.get("/muistiot.md?laji=kysymys")
    assert "> # Onko tämä uusi?" in file.text
    assert "attachment" in file.headers["content-disposition"]


def test_any_own_batch_is_taken_back_from_the_log_and_none_of_others(tab, study) -> None:
    first, second = tab.desk.periods[PERIOD][:2]
    for report_id in (first, second):
        tab.open(report_id)
        tab.press("none")
    batch = next(iter(tab.desk.people.batches))
    other = Tab(desk_of(study, "Toinen"))
    other.post("/peru", era=batch)
    assert other.desk.people.retracted == set()
    tab.post("/peru", era=batch)
    assert tab.desk.mine(first) is None
    assert tab.desk.mine(second).state == "read"


def listed(desk):
    signals = desk.table("signals")
    return signals[signals["rank"].notna()].sort_values("rank").iloc[0]


def test_signals_say_where_they_were_first_seen_and_what_rises_in_a_region(tab) -> None:
    desk, signal = tab.desk, listed(tab.desk)
    n_periods = len(desk.table("periods"))
    assert "Alueittain" not in tab.get("/signaalit").text
    rise = {"region": "Kainuu", "rank": 1, "strength": "signal", "label": "Öinen <i>soittelu</i>",
            "report_ids": list(signal["report_ids"])[:3], "q_value": 0.04,
            "counts": [0] * (n_periods - 1) + [3]}  # fmt: skip
    chance = rise | {"rank": 2, "strength": "candidate", "label": "Ei mitään"}
    seen = {"signal_id": signal["signal_id"], "first_period": PERIOD}
    regions = [("Lappi", True), ("Kainuu", True), ("Kymenlaakso", False)]
    desk.cache["table", "region_signals"] = pd.DataFrame([rise, chance])
    desk.cache["table", "signal_regions"] = pd.DataFrame(
        [seen | {"region": region, "is_first": is_first} for region, is_first in regions]
    )
    page = tab.get("/signaalit").text
    assert f"Ensin nähty {PERIOD}: Lappi, Kainuu. Alueita 3, jaksoja" in page
    assert "Öinen &lt;i&gt;soittelu" in page
    assert "Ei mitään" not in page


def test_what_an_analyst_makes_of_a_signal_is_kept_in_the_register_and_undone(tab) -> None:
    desk = tab.desk
    signal = listed(desk)["signal_id"]
    fields = {"merkki": "Näin <b>tämän</b>", "omistaja": "=1+1", "seuraava_katselmus": "2026-12-31"}
    tab.post("/signaalit", signaali=signal, ratkaisu="seurataan",
             nahty=seen_on(tab, "/signaalit"), **fields)  # fmt: skip
    row = next(r for r in read_register(desk.study.human) if r["tunnus"] == signal)
    assert {name: row[name] for name in fields} == fields
    assert row["ratkaisu"] == "seurataan"
    assert desk.people.head(("signals", signal, "", "*"))["new_value"] == "seurataan"
    assert "<b>tämän" not in tab.get("/signaalit").text
    tab.post("/kumoa")
    assert read_register(desk.study.human) == []
    wrong = {"seuraava_katselmus": "ensi viikolla", "nahty": seen_on(tab, "/signaalit")}
    answer = tab.post("/signaalit", signaali=signal, ratkaisu="seurataan", **wrong)
    assert answer.status_code == 409
    assert read_register(desk.study.human) == []


def test_who_belongs_is_ruled_on_blind_and_told_when_all_are_answered(tab) -> None:
    desk = tab.desk
    signal = listed(desk)
    page = tab.get(f"/signaali?id={signal['signal_id']}").text
    for report_id in signal["report_ids"]:
        assert report_id not in page
    names = sorted(set(re.findall(r'name="(v-\w+)"', page)))
    assert len(names) > len(signal["report_ids"])
    tab.post("/signaali", signaali=signal["signal_id"], **dict.fromkeys(names[:-1], "k"))
    assert "Ennen ja jälkeen" not in tab.page.text
    tab.post("/signaali", signaali=signal["signal_id"], **{names[-1]: "e"})
    assert "Ennen ja jälkeen" in tab.page.text
    rows = [row for row in desk.people.rows if row["target_table"] == "signal_members"]
    assert len(rows) == len(names)
    assert {row["mode"] for row in rows} == {"blind"}


def version_on(tab) -> str:
    return tab.get("/luokitus").text.split('name="versio" value="')[1].split('"')[0]


def test_the_taxonomy_changes_by_versions_and_codings_follow(tab, study) -> None:
    desk = tab.desk
    first, second, third = desk.taxonomy.theme_ids[6:9]
    report_id = next(r for r in desk.periods[PERIOD] if r not in desk.lots)
    tab.open(report_id)
    tab.press(f"toggle:{first}")
    tab.press("confirm")
    given = desk.mine(report_id).themes
    old = desk.taxonomy.version
    tab.post("/luokitus", do="merge", teema=first, toinen=second, versio=version_on(tab))
    assert first not in desk.taxonomy.theme_ids
    assert desk.mine(report_id).themes == {second if t == first else t for t in given}
    theme = next(t for t in desk.themes if t.theme_id == third)
    texts = {"label_fi": theme.label_fi, "definition": "Uusi <u>sisältö</u>."}
    tab.post("/luokitus", do="edit", teema=third, versio=version_on(tab), **texts)
    assert "<u>sis" not in tab.page.text
    tab.post("/luokitus", do="split", teema=third, versio=version_on(tab),
             label_fi="Äkkinäinen häätö", definition="Osa.")  # fmt: skip
    assert "akkinainen-haato" in desk.taxonomy.theme_ids
    assert desk.letters.of_theme["akkinainen-haato"]
    lines = [(line.action, line.from_ids) for line in desk.taxonomy.history[-3:]]
    assert [action for action, _ in lines] == ["merge", "revise", "split"]
    assert study_settings(study).study.taxonomy == "taxonomy"
    assert (study.root / "taxonomy" / "versions").is_dir()
    assert version_on(tab) != old
    again = desk_of(study)
    assert again.taxonomy.theme_ids == desk.taxonomy.theme_ids
    for wrong in ({"do": "edit"}, {"do": "merge", "toinen": third}, {"do": "edit", "versio": old}):
        fields = {"versio": version_on(tab), **wrong}
        assert tab.post("/luokitus", teema=third, **fields).status_code == 409
    same = {"label_fi": theme.label_fi, "definition": "Sama nimi."}
    assert tab.post("/luokitus", do="add", versio=version_on(tab), **same).status_code == 409


def test_a_word_ruled_out_as_evidence_stands_in_its_file_until_undone(tab) -> None:
    desk = tab.desk
    theme = desk.theme_ids[0]
    for word in ("vuokra", "=SUM(1)"):
        tab.post("/ei-todiste", teema=theme, sana=word)
    held = read_not_evidence(desk.study.human)
    assert held.to_dict("records")[0] == {"theme_id": theme, "lemma": "vuokra"}
    tab.post("/kumoa")
    assert read_not_evidence(desk.study.human)["lemma"].tolist() == ["vuokra"]
    for wrong in ({"teema": "ei-ole", "sana": "a"}, {"teema": theme, "sana": "[rasti]"}):
        tab.post("/ei-todiste", **wrong)
    assert len(read_not_evidence(desk.study.human)) == 1


def test_a_run_elsewhere_and_a_copied_folder_are_said(study, tmp_path) -> None:
    desk_of(study)
    with study.locked():  # the tables kept last time are shown
        tab = Tab(desk_of(study))
        assert "Toinen ajo on käynnissä" in tab.get("/").text
    moved = tmp_path / "OneDrive - Kunta" / "tutkimus"
    shutil.copytree(study.root, moved)
    assert "OneDrive" in Tab(desk_of(Study(moved))).get("/").text


def test_without_a_finished_run_the_command_says_what_to_do(tmp_path) -> None:
    empty = create_study(tmp_path / "uusi")
    with pytest.raises(ArtifactError, match="Run: havainto run"):
        desk_of(empty)
    with empty.locked(), pytest.raises(ArtifactError, match="Wait until it has"):
        desk_of(empty)
