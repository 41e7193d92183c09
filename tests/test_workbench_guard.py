"""Nobody but the person who started the workbench gets in, and nothing of a text gets out."""

import shutil
import sqlite3

import pytest
from workbench_study import OWN, PERIOD, Tab, copied, desk_of

from pipeline.artifacts import code_sha256
from pipeline.workbench import index
from pipeline.workbench.blind import read_first


@pytest.fixture(scope="module")
def desk(finished_study, tmp_path_factory):
    return desk_of(copied(finished_study, tmp_path_factory.mktemp("desk") / "study"))


def test_without_the_token_nothing_opens_and_it_works_once(desk) -> None:
    tab = Tab(desk, signs_in=False)
    token = tab.keys.token
    assert tab.get("/").status_code == 403
    assert tab.get("/?token=arvaus").status_code == 403
    assert tab.get(f"/?token={token}").status_code == 200
    tab.cookies.clear()
    assert tab.get(f"/?token={token}").status_code == 403


def test_the_cookie_is_for_this_site_and_no_script(desk) -> None:
    tab = Tab(desk, signs_in=False)
    cookie = tab.keys.cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.1", "localhost.evil"]
)
def test_a_foreign_host_name_is_refused(desk, host) -> None:
    tab = Tab(desk)
    assert tab.ask("GET", "/", host=host).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "http://evil.example"},
        {},
    ],
)
def test_a_post_from_another_site_is_refused_and_writes_nothing(desk, headers) -> None:
    tab = Tab(desk)
    data = {"id": desk.periods[PERIOD][0], "do": "none", "basis": "{}"}
    assert tab.ask("POST", "/ratkaise", data, headers).status_code == 403
    assert desk.people.rows == []


def test_a_browser_without_fetch_metadata_is_known_by_its_origin(desk) -> None:
    tab = Tab(desk)
    headers = {"origin": "http://localhost"}
    assert tab.ask("POST", "/kumoa", {}, headers).status_code == 200


def test_too_long_a_body_is_refused(desk) -> None:
    tab = Tab(desk)
    assert tab.ask("POST", "/muistio", {"teksti": "a" * 2_100_000}, OWN).status_code == 413


@pytest.mark.parametrize("path", ["/", "/raportit", "/ohje", "/eiole", "/static/workbench.css"])
def test_every_answer_forbids_foreign_content_and_keeping(desk, path) -> None:
    headers = Tab(desk).get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"


def test_an_unexpected_fault_tells_where_and_quotes_nothing(desk, monkeypatch, capsys) -> None:
    def breaks(*_args):
        raise ValueError("sohva" + "lla")

    monkeypatch.setattr("pipeline.workbench.screens.report.suggestions", breaks)
    answer = Tab(desk).get(f"/raportti?id={desk.periods[PERIOD][0]}")
    told = capsys.readouterr().err
    assert answer.status_code == 500
    assert "report.py" in told
    assert "sohvalla" not in told + answer.text.replace("\n", " ").split("<main")[1]


def test_a_change_in_the_workbench_reruns_no_stage() -> None:
    assert "workbench/" in code_sha256.__wrapped__.__globals__["_MAKE_NO_TABLE"]


# --- blindness -----------------------------------------------------------------------------------


@pytest.fixture
def study(finished_study, tmp_path):
    return copied(finished_study, tmp_path / "study")


def suggestion_bytes(desk, report_id) -> list[str]:
    """What only the machine's view of a report would put on its page."""
    pairs = desk.page_of(desk.report_row(report_id))["pairs"]
    scores = [desk.words.decimal(pair["score"]) for pair in pairs]
    return [*scores, "suggestion", 'class="w e', "theme guess", "Miksi?"]


def test_a_report_to_be_read_first_shows_no_suggestion_until_it_is_confirmed(study) -> None:
    tab = Tab(desk_of(study))
    desk = tab.desk
    report_id = next(r for r in desk.periods[PERIOD] if r in desk.lots)
    tab.open(report_id)
    page = tab.page.text
    assert not [one for one in suggestion_bytes(desk, report_id) if one in page]
    order = [page.index(f'value="toggle:{t}"') for t in desk.taxonomy.theme_ids]
    assert order == sorted(order)
    theme = desk.taxonomy.theme_ids[5]
    tab.press(f"toggle:{theme}")
    tab.press("confirm")
    assert tab.report_id == report_id
    assert str(desk.words("report.first_done")) in tab.page.text
    assert {row["mode"] for row in desk.people.rows} == {"blind"}
    assert not any(row["shown"] for row in desk.people.rows)
    tab.press("confirm")
    assert tab.report_id != report_id
    mine = desk.mine(report_id)
    assert mine
    assert mine.themes == {theme}
    tab.open(report_id)
    tab.press(f"toggle:{theme}")
    assert desk.people.rows[-1]["mode"] == "assisted"


def test_filters_by_suggestion_pass_over_reports_to_be_read_first(study) -> None:
    tab = Tab(desk_of(study))
    desk = tab.desk
    listed = {theme: tab.get(f"/raportit?teema={theme}").text for theme in desk.taxonomy.theme_ids}
    for report_id in desk.lots:
        assert not any(f"id={report_id}&" in page for page in listed.values())


def test_a_blind_coder_gets_no_byte_of_the_other_or_of_the_machine(study) -> None:
    first = Tab(desk_of(study, "Ensimmäinen Koodaaja"))
    queue = first.desk.periods[PERIOD]
    for report_id in queue:
        first.open(report_id)
        first.press("none")
        first.post("/muistio", id=report_id, kohde="reports", laji="kysymys", teksti="MUISTIO-A")
    second = Tab(desk_of(study, "Toinen", is_blind=True))
    pages = ["/", "/raportit", "/raportit?sarake=coders&sarake=themes&sarake=topic", "/ohje"]
    pages += [f"/raportti?id={report_id}" for report_id in queue]
    for path in pages:
        text = second.get(path).text
        assert "Ensimmäinen" not in text
        assert "MUISTIO-A" not in text
        assert "theme guess" not in text
    for report_id in queue:
        text = second.get(f"/raportti?id={report_id}").text
        assert not [one for one in suggestion_bytes(second.desk, report_id) if one in text]
    second.open(queue[0])
    second.press("confirm")
    assert "Ensimmäinen" not in second.open(queue[0]).text
    assert {row["mode"] for row in second.desk.people.rows if row["coder"] == "Toinen"} == {"blind"}


@pytest.mark.parametrize("path", ["/tila", "/aja"])
def test_a_blind_coder_is_kept_out_of_what_would_tell(study, path) -> None:
    tab = Tab(desk_of(study, "Toinen", is_blind=True))
    method = "POST" if path == "/aja" else "GET"
    expected = 403 if path == "/aja" else 200
    assert tab.ask(method, path, {}, OWN).status_code == expected


def test_lots_are_the_same_after_a_restart_and_differ_by_coder() -> None:
    ids = [f"R{i}" for i in range(40)]
    drawn = read_first(b"x" * 32, "A", ids, 0.2, 8)
    assert len(drawn) == 8
    assert drawn == read_first(b"x" * 32, "A", list(reversed(ids)), 0.2, 8)
    assert drawn != read_first(b"x" * 32, "B", ids, 0.2, 8)
    assert read_first(b"x" * 32, "A", ids, 0.0, 8) == frozenset()
    assert len(read_first(b"x" * 32, "A", ids[:5], 0.2, 8)) == 5


# --- texts that would do harm ---------------------------------------------------------------------

HOSTILE = [
    "<script>window.broken=1</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }} {% raw %}",
    "‮oikealta vasemmalle‬ מימין",
    "a" * 20_000,
    "javascript:alert(1)",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_memo_is_shown_as_text(study, text) -> None:
    tab = Tab(desk_of(study))
    report_id = tab.desk.periods[PERIOD][0]
    tab.post(
        "/muistio", id=report_id, laji="havainto", teksti=text + "\x00", paluu="//evil.example"
    )
    assert str(tab.page.url).startswith("http://localhost/")
    page = tab.open(report_id).text
    assert "\x00" not in page
    assert "<script>window" not in page
    assert "<img" not in page
    assert "49" not in page.split('class="said">')[1][:20]


@pytest.mark.parametrize(
    "query", ['"', "AND OR NOT", "a*", "(", "form:x", "-", "NEAR(a b)", "'; --", "-vuokra"]
)
def test_no_query_breaks_the_search(desk, query) -> None:
    assert Tab(desk).ask("GET", "/raportit", headers=None).status_code == 200
    import httpx

    path = str(httpx.URL("/raportit", params={"haku": query}))
    assert Tab(desk).get(path).status_code == 200


def test_a_damaged_index_is_made_anew(study) -> None:
    desk = desk_of(study)
    file = desk.generation.index_file
    desk.index.close()
    file.write_bytes(b"rikki")
    again = index.open_index(desk.generation, lambda _name: None)
    assert again.execute("SELECT count(*) FROM report").fetchone()[0] == 24
    again.close()
    file.unlink()
    shutil.copyfile(__file__, file)
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(file).execute("SELECT 1 FROM report")
    assert index.open_index(desk.generation, lambda _name: None).execute("SELECT 1")
