"""Words that may be names are settled on a page, and what may tell who is meant is listed."""

import pandas as pd
import pytest
from small_export import copy_study
from workbench_study import Tab, desk_of

from pipeline.pseudonymise.lists import ALWAYS_FILE, NEVER_FILE, listed_words
from pipeline.pseudonymise.name_queue import KEPT, REPLACED


@pytest.fixture(scope="module")
def study(finished_study, tmp_path_factory):
    return copy_study(finished_study, tmp_path_factory.mktemp("names") / "s")


@pytest.fixture
def tab(study):
    """A tab of a desk whose queue holds a word left in, a word replaced and a told place."""
    desk = desk_of(study)
    report = desk.table("reports").iloc[0]
    text = report["observation"]
    place = {"report_id": report["report_id"], "field": "observation"}
    start = text.index("Vuokra")
    left = {"start": start, "end": start + 6, "word_id": "N-1", "verdict": KEPT, "rule": "r"}
    hidden = {"start": 0, "end": 3, "word_id": "N-2", "verdict": REPLACED, "rule": "r"}
    queue = pd.DataFrame([place | left | {"score": 0.4}, place | hidden | {"score": 0.5}])
    told = pd.DataFrame([place | {"start": start, "end": start + 6, "rule": "school-class"}])
    desk.cache[("table", "name_queue")], desk.cache[("table", "indirect")] = queue, told
    return Tab(desk)


def test_a_word_left_in_is_shown_in_its_sentence_and_one_replaced_is_not(tab):
    page = tab.get("/nimet").text
    assert "<mark>Vuokra</mark> nousi taas" in page
    assert "Odottaa ratkaisua: 1" in page
    assert "havainto names" in page
    assert "koulu ja luokka" in page


@pytest.mark.parametrize(("do", "file"), [("always", ALWAYS_FILE), ("never", NEVER_FILE)])
def test_a_word_is_settled_once(tab, do, file):
    tab.post("/nimet", do=do, sana="vuokra")
    assert listed_words(tab.desk.study.human, file) == ("vuokra",)
    assert "<mark>" not in tab.get("/nimet").text
    tab.post("/nimet", do=do, sana="vuokra")
    assert listed_words(tab.desk.study.human, file) == ("vuokra",)
    (tab.desk.study.human / file).unlink()


def test_only_a_word_that_waits_gets_on_a_list(tab):
    tab.post("/nimet", do="always", sana="asunto")
    tab.post("/nimet", do="muu", sana="vuokra")
    assert listed_words(tab.desk.study.human, ALWAYS_FILE) == ()


def test_a_coder_who_codes_blind_does_not_see_the_page(study):
    assert Tab(desk_of(study, is_blind=True)).get("/nimet").status_code in (403, 404, 409)


def test_an_older_set_of_tables_without_the_queue_shows_an_empty_page(study):
    desk = desk_of(study)
    desk.generation.file("name_queue").unlink()
    desk.generation.file("indirect").unlink()
    assert "Odottaa ratkaisua: 0" in Tab(desk).get("/nimet").text
