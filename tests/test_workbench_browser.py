"""The workbench in Chromium: keys alone, two tabs, a run meanwhile, two coders and one word."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from workbench_browser import CHROMIUM, chromium, listening, new_context, until
from workbench_study import PERIOD, QUEUE, copied, desk_of

from pipeline.artifacts import Store
from pipeline.commands.settings import study_settings
from pipeline.run import Plan, Silence
from pipeline.run import run as run_stages
from pipeline.workbench.app import SCREENS
from pipeline.workbench.menu import SCREENS as MENU

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]
START = f"/jono?jono={QUEUE.replace('=', '%3D')}"


@pytest.fixture(scope="module")
def browser():
    with chromium() as launched:
        yield launched


@pytest.fixture
def study(finished_study, tmp_path):
    return copied(finished_study, tmp_path / "study")


def press(tab, *keys: str) -> None:
    for key in keys:
        tab.keyboard.press(key)


def is_read(desk, report_id) -> bool:
    mine = desk.mine(report_id)
    return mine is not None and mine.state == "read"


def states(desk):
    return {
        report_id: (mine.state, frozenset(mine.themes))
        for report_id in desk.places
        if (mine := desk.mine(report_id)) is not None
    }


def test_thirty_steps_are_undone_and_after_a_restart_redone(study, browser) -> None:
    with new_context(browser) as context:
        with listening(desk_of(study)) as bench:
            tab = bench.enter(context)
            tab.goto(bench.url + "/jono?jono=")
            letters = [k for k in bench.desk.letters.of_theme.values() if len(k) == 1]
            for step in range(15):  # quick presses wait for one another
                press(tab, letters[step % len(letters)], "Enter")
                if step % 5 == 4:
                    press(tab, "Enter")
            until(lambda: len(bench.desk.people.batches) >= 30)
            tab.wait_for_load_state("networkidle")
            done, n_batches = states(bench.desk), len(bench.desk.people.batches)
            for _ in range(30):
                press(tab, "Control+z")
            until(lambda: len(bench.desk.people.batches) == n_batches + 30)
            undone = states(bench.desk)
            assert len(undone) <= 2
        with listening(desk_of(study)) as bench:
            tab = bench.enter(context)
            assert states(bench.desk) == undone
            for _ in range(30):
                press(tab, "Control+Shift+Z")
            until(lambda: len(bench.desk.people.batches) == n_batches + 60)
            assert states(bench.desk) == done


def test_the_second_tab_on_a_report_is_told(study, browser) -> None:
    with new_context(browser) as context, listening(desk_of(study)) as bench:
        first = bench.enter(context)
        second = context.new_page()
        first.goto(bench.url + START)
        second.goto(bench.url + START)
        report_id = first.locator("[data-report]").get_attribute("data-report")
        assert report_id
        press(first, "0")
        until(lambda: bench.desk.mine(str(report_id)) is not None)
        n_rows = len(bench.desk.people.rows)
        press(second, "Enter")
        second.get_by_role("alert").wait_for()
        alert = second.get_by_role("alert").inner_text()
        assert "Tällä sivulla näkyi" in alert
        assert "Nyt on voimassa" in alert
        assert len(bench.desk.people.rows) == n_rows
        second.get_by_role("button", name="Tee silti").click()
        second.locator("[data-report]").wait_for()
        assert len(bench.desk.people.rows) >= n_rows


def test_keys_stay_out_of_fields_and_can_be_switched_off(study, browser) -> None:
    with new_context(browser) as context, listening(desk_of(study)) as bench:
        tab = bench.enter(context)
        tab.goto(bench.url + START)
        press(tab, ".")
        tab.keyboard.type("sana, jossa on 1 ja 0")
        assert bench.desk.people.rows == []
        press(tab, "Control+Enter")
        until(lambda: len(bench.desk.people.rows) == 1)
        assert bench.desk.people.rows[0]["memo"] == "sana, jossa on 1 ja 0"
        tab.get_by_text("sana, jossa on 1 ja 0").wait_for()
        press(tab, "/")
        tab.keyboard.type("0")
        assert tab.locator("#haku").input_value() == "0"
        press(tab, "Escape")
        tab.goto(bench.url + "/ohje")
        tab.get_by_role("button", name="Kytke kirjain- ja numeronäppäimet pois").click()
        tab.get_by_role("button", name="päälle").wait_for()
        tab.goto(bench.url + START)
        press(tab, "0", "a", ",")
        tab.wait_for_timeout(200)
        assert len(bench.desk.people.rows) == 1
        press(tab, "Enter")
        until(lambda: len(bench.desk.people.rows) > 1)


def test_a_sentence_gets_a_theme_with_shift_and_its_letter(study, browser) -> None:
    with new_context(browser) as context, listening(desk_of(study)) as bench:
        tab = bench.enter(context)
        tab.goto(bench.url + START)
        theme, letter = next(iter(bench.desk.letters.of_theme.items()))
        press(tab, "ArrowDown", "ArrowDown", f"Shift+{letter.upper()}")
        until(lambda: bench.desk.people.rows != [])
        row = bench.desk.people.rows[0]
        assert (row["target_table"], row["theme_id"]) == ("segment_themes", theme)
        assert row["target_id"].endswith("/002")


def test_coding_goes_on_during_a_run_whose_suggestions_wait_to_be_taken(study, browser) -> None:
    with new_context(browser) as context, listening(desk_of(study)) as bench:
        desk = bench.desk
        tab = bench.enter(context)
        before = desk.generation.name
        tab.goto(bench.url + START)
        for _ in range(6):  # something to learn from, so that the suggestions change
            press(tab, "0", "Enter")
        until(lambda: sum(m.state == "read" for r in desk.places if (m := desk.mine(r))) >= 5)
        tab.goto(bench.url + "/")
        tab.get_by_role("button", name="Aja uudelleen").click()
        tab.locator(".stages").wait_for()
        tab.goto(bench.url + "/jono?jono=")
        letters = [k for k in desk.letters.of_theme.values() if len(k) == 1]
        n_before = len(desk.people.batches)
        for step in range(100):
            press(tab, letters[step % 7])
        until(lambda: len(desk.people.batches) == n_before + 100, 30)
        report_id = tab.locator("[data-report]").get_attribute("data-report")
        until(lambda: not desk.runner.progress.is_running, 180)
        assert desk.runner.progress.code == 0, desk.runner.progress.last_line
        assert desk.generation.name == before
        bar = tab.get_by_role("button", name="Ota käyttöön")
        bar.wait_for()
        assert tab.locator("[data-report]").get_attribute("data-report") == report_id
        bar.click()
        bar.wait_for(state="detached")
        assert desk.generation.name != before
        assert len(desk.people.batches) == n_before + 100


def test_two_code_blind_and_what_is_settled_counts_in_the_report(study, browser) -> None:
    themes: dict[str, str] = {}
    with new_context(browser) as context:
        for number, coder in enumerate(("Maija", "Pekka")):
            with listening(desk_of(study, coder, is_blind=True)) as bench:
                tab = bench.enter(context)
                assert tab.get_by_role("link", name="Yksimielisyys").count() == 0
                tab.goto(bench.url + START)
                themes = bench.desk.letters.of_theme
                letter = list(themes.values())[number]
                for _ in bench.desk.periods[PERIOD]:
                    press(tab, letter, "Enter")
                until(lambda b=bench: all(is_read(b.desk, r) for r in b.desk.periods[PERIOD]))
        with listening(desk_of(study, "Lead")) as bench:
            tab = bench.enter(context)
            tab.goto(bench.url + "/yksimielisyys")
            tab.get_by_role("link", name=re.compile("Ratkaise kiistat")).click()
            left = None
            for _ in bench.desk.periods[PERIOD]:
                tab.locator(f'[data-report]:not([data-report="{left}"])').first.wait_for()
                tab.wait_for_load_state("load")
                assert "ehdotti" not in tab.locator("main").inner_text()
                left = tab.locator("[data-report]").get_attribute("data-report")
                press(tab, "2")
                until(lambda r=left: bench.desk.people.readings(r).get("*") is not None)
            tab.get_by_text("Ratkaistavaa ei ole").wait_for()
    run_stages(study, study_settings(study), Plan(), Silence())
    settled_ids = bench.desk.periods[PERIOD]
    settled = Store(study).read("settled_themes")
    mine = settled[settled["report_id"].isin(settled_ids)]
    theme = list(themes)[1]
    assert set(mine[mine["counted"]]["theme_id"]) == {theme}
    assert set(mine["source"]) == {"adjudicated"}
    page = (study.report / "report.html").read_text(encoding="utf-8")
    label = next(t.label_fi for t in bench.desk.themes if t.theme_id == theme)
    rows = [row for row in re.findall(r"<tr[^>]*>.*?</tr>", page, re.S) if label in row]
    assert any(re.search(rf">\s*{len(settled_ids)}\s*<", row) for row in rows)


PATHS = [entry.path for entry in MENU] + ["/ohje", START]


def test_nothing_is_asked_of_another_host_and_every_screen_is_reached_by_keys(
    study, browser
) -> None:
    asked, wrong = [], []
    with new_context(browser) as context, listening(desk_of(study)) as bench:
        context.on("request", lambda request: asked.append(request.url))
        context.on("console", lambda told: wrong.append(told.text))
        tab = bench.enter(context)
        tab.on("pageerror", lambda error: wrong.append(str(error)))
        for path in PATHS:
            tab.goto(bench.url + path)
            reached = set()
            for _ in range(40):
                press(tab, "Tab")
                name = tab.evaluate("document.activeElement.outerHTML.slice(0, 200)")
                reached.add(name)
            assert len(reached) >= 8, path
        for entry in MENU:
            tab.goto(bench.url + "/ohje")
            link = tab.locator(f'nav a[href="{entry.path}"]').first
            link.focus()
            press(tab, "Enter")
            tab.wait_for_url(re.compile(re.escape(bench.url + entry.path)))
            tab.wait_for_load_state("networkidle")
        said = list(wrong)  # what comes when the server is gone is no fault of the page
    assert {url.split("/")[2] for url in asked} == {bench.url.split("/")[2]}
    assert said == []


def axe_script(folder: Path) -> str:
    """Fetch axe-core with npm, or skip."""
    if shutil.which("npm") is None:
        pytest.skip("npm, which fetches axe-core, is not installed")
    command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder)]
    done = subprocess.run([*command, "axe-core@4.14.1"], capture_output=True, timeout=120)
    if done.returncode:
        pytest.skip("npm could not fetch axe-core")
    return (folder / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


@pytest.mark.slow
def test_axe_finds_no_fault_on_any_screen(study, tmp_path, browser) -> None:
    script = axe_script(tmp_path / "axe")
    faults = []
    with new_context(browser) as context, listening(desk_of(study)) as bench:
        signed_in = bench.enter(context)
        state = context.storage_state()
        for width in (1280, 390):
            for scheme in ("light", "dark"):
                view = browser.new_context(
                    viewport={"width": width, "height": 900},
                    color_scheme=scheme,
                    storage_state=state,
                    bypass_csp=True,  # axe is put into the page
                )
                tab = view.new_page()
                for path in PATHS:
                    tab.goto(bench.url + path)
                    tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
                    tab.evaluate(script)
                    run = (
                        "async () => (await axe.run({resultTypes: ['violations']}))"
                        ".violations.map(v => [v.id, v.nodes[0].html])"
                    )
                    faults += [(path, width, scheme, *one) for one in tab.evaluate(run)]
                    wide = tab.evaluate("document.documentElement.scrollWidth")
                    assert wide <= width, (path, width, wide)
                view.close()
        signed_in.close()
    assert faults == []


def test_the_table_of_screens_holds_every_address_of_the_menu() -> None:
    shown = {path for path, show, _ in SCREENS if show is not None}
    assert {entry.path for entry in MENU} <= shown
