"""What the page follows over time: the map, watched things, the register, changes and edits."""

import re
import shutil
from html import unescape
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from report_tables import frame, material_of, page, ruled, small_study

from pipeline.detect.register import COLUMNS
from pipeline.report.catalogue import load_catalogue
from pipeline.report.facts.charts import History
from pipeline.report.facts.signal_history import SignalHistory, signal_history
from pipeline.report.page.marks import columns

Frames = dict[str, pd.DataFrame]


def section(html: str, name: str) -> str:
    return html.split(f'<section id="{name}"')[1].split("</section>")[0]


def told(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def counted_ids(frames: Frames) -> list[str]:
    reports = frames["reports"]
    return list(reports.loc[reports["quality"] == "ok", "report_id"])


def with_map(frames: Frames, n: int | None = None) -> Frames:
    ids = counted_ids(frames)[:n]
    rows = [{"report_id": i, "x": k / len(ids), "y": 0.5} for k, i in enumerate(ids)]
    return frames | {"report_map": frame("report_map", rows)}


def dots(html: str) -> list[str]:
    return re.findall(r'<use class="dot[^>]*>', section(html, "topics"))


def test_every_report_of_the_map_is_a_mark_that_opens_it() -> None:
    html = page(with_map(small_study()))
    assert len(dots(html)) == 8
    assert all('class="dot t1 ' in dot and "data-report=" in dot for dot in dots(html))
    assert sum('t1 now"' in dot for dot in dots(html)) == 4
    tips = [re.findall(r'data-tip="([^"]*)"', dot)[0] for dot in dots(html)]
    assert "2015H2-0 · syksy 2015 · asunto, perhe" in [unescape(tip) for tip in tips]


def test_the_reports_of_signals_are_ringed_and_counted_in_the_table() -> None:
    html = section(page(with_map(small_study())), "topics")
    assert html.count('<use class="ring" href="#mr" x=') == 3
    rows = re.findall(r"<tr>.*?</tr>", html.split('class="plain key"')[1], re.DOTALL)
    assert told(rows[1]) == "1 asunto, perhe 4 8 3"


def test_a_rejected_topic_loses_its_mark_and_not_its_reports() -> None:
    frames = with_map(small_study())
    topic = {str(name): value for name, value in frames["topics"].iloc[0].items()}
    frames["topics"] = frame("topics", [topic, topic | {"topic_id": "T-2", "label": "Muu"}])
    held = frames["report_topics"]
    frames["report_topics"] = held.assign(topic_id=held["topic_id"].mask(held.index == 0, "T-2"))
    frames["decisions"] = ruled(("topics", "T-1", "", "reject", ""))
    html = page(frames)
    assert len(dots(html)) == 8
    unmarked = [dot for dot in dots(html) if 'class="dot t0 ' in dot]
    assert len(unmarked) == 7
    assert all("ei ilmiössä" in dot for dot in unmarked)


def test_a_map_of_a_sample_says_so() -> None:
    assert "satunnainen otos, 5 raporttia" in told(page(with_map(small_study(), 5)))
    assert "satunnainen otos" not in page(with_map(small_study()))


def test_an_older_period_shows_no_later_report_on_the_map() -> None:
    html = page(with_map(small_study(3)), period="2015H2")
    assert len(dots(html)) == 8
    assert "2016H1" not in " ".join(dots(html))


def watched(frames: Frames, **changes: Any) -> Frames:
    ids = counted_ids(frames)
    row = {"watch": "Lapsi tulkkina", "status": "growing", "report_ids": [ids[0], *ids[-2:]],
           "counts": [1, 2], "p_value": 0.2, "ci_low": 0.1, "ci_high": 0.9, **changes}  # fmt: skip
    return frames | {"watch_histories": frame("watch_histories", [row])}


def test_a_watched_thing_has_its_reports_its_history_and_a_table() -> None:
    html = section(page(watched(small_study())), "signals")
    card = html.split("Seuratut aiheet</h3>")[1]
    assert "Tällä jaksolla 2 raporttia , 50 % raporteista (95 %:n väli 7–93 %)." in told(card)
    assert "Yhteensä 3 raporttia · Nousun p-arvo 0,200" in told(card)
    assert "Lapsi tulkkina 1 25 % (1–81 %) 2 50 % (7–93 %)" in told(card)


def test_a_watched_thing_of_one_period_has_no_history() -> None:
    frames = small_study(1)
    html = section(page(watched(frames, counts=[3], p_value=float("nan"))), "signals")
    card = html.split("Seuratut aiheet</h3>")[1]
    assert "p-arvo" not in card
    assert "<svg" not in card.split("</ul>")[0]


def test_without_watches_register_or_edits_the_page_does_not_speak_of_them() -> None:
    html = page(small_study())
    for title in ("Seuratut aiheet", "Signaalirekisteri", "Ilmiökartta", "Mikä ilmiöissä muuttui",
                  "Muokkaukset, jotka"):  # fmt: skip
        assert title not in html


def entry(**values: str) -> dict[str, str]:
    return dict.fromkeys(COLUMNS, "") | values


def test_a_listed_signal_shows_what_the_register_says_of_it() -> None:
    row = entry(tunnus="S-1", nimi="Perheen asunto", ensimmäinen_jakso="2014H1", tilanne="palannut",
                viimeisin_jakso="2015H2", tulkinta="Vuokrat nousevat", ratkaisu="hylätty",
                seuraava_katselmus="2016-03", raportit="2015H2-1")  # fmt: skip
    old = entry(tunnus="S-9", nimi="Vanha merkki", ensimmäinen_jakso="2013H1", raportit="x",
                viimeisin_jakso="2013H2", tilanne="ei listalla")  # fmt: skip
    html = section(page(small_study(), register=[old, row]), "signals")
    card = told(html.split('class="cards signals"')[1].split("</ol>")[0])
    assert "ensi havainto kevät 2014, hylätty aiemmin, palannut. Tulkinta: Vuokrat nousevat" in card
    table = html.split("Signaalirekisteri</h3>")[1].split("</table>")[0]
    rows = [told(row) for row in re.findall(r"<tr>.*?</tr>", table, re.DOTALL)][1:]
    shape = rows[0].split(" 1 ")[1].split(" 3 raporttia")[0]
    assert shape
    assert rows == [
        f"Perheen asunto hylätty aiemmin, palannut kevät 2014 syksy 2015 1 {shape} 3 raporttia "
        "Vuokrat nousevat hylätty 2016-03",
        "Vanha merkki ei enää listalla kevät 2013 syksy 2013 0 ei enää omana ryhmänään 0 raporttia",
    ]


def registered(frames: Frames, **values: str) -> SignalHistory:
    row = entry(nimi="Vanha merkki", ensimmäinen_jakso="2015H1", viimeisin_jakso="2015H1",
                historia="2015H1: 2. seurattava; 2099H1: 1. signaali", **values)  # fmt: skip
    material = material_of(frames)
    return signal_history(row, material, load_catalogue("fi"))


def test_an_earlier_signal_is_followed_by_its_reports_when_its_id_has_changed() -> None:
    frames = small_study(3)
    mine = list(frames["signals"].iloc[0]["report_ids"])
    found = registered(frames, tunnus="S-toinen", raportit=" ".join(mine))
    periods = dict(zip(frames["reports"]["report_id"], frames["reports"]["period"], strict=True))
    assert found.since is not None
    assert set(found.since.report_ids) == {i for i in mine if periods[i] > "2015H1"}
    assert sum(found.history.counts) == len(mine)
    assert found.status
    assert found.listings == ("kevät 2015: 2. seurattava",)


def test_a_signal_whose_group_is_gone_keeps_its_own_reports() -> None:
    frames = small_study(3)
    frames["signals"] = frame("signals", [])
    one = counted_ids(frames)[0]
    found = registered(frames, tunnus="S-1", raportit=f"{one} R-poistettu")
    assert (found.status, sum(found.history.counts)) == ("", 1)


def test_what_people_ruled_on_the_group_is_told() -> None:
    frames = small_study(3)
    frames["decisions"] = ruled(("signals", "S-1", "", "reject", ""))
    assert registered(frames, tunnus="S-1", raportit="").ruling == "reject"


def test_a_signal_that_the_register_does_not_know_says_nothing_of_it() -> None:
    stranger = entry(tunnus="S-9", nimi="Muu", ensimmäinen_jakso="2013H1", raportit="x")
    html = section(page(small_study(), register=[stranger]), "signals")
    assert "Rekisterissä" not in html.split('class="cards signals"')[1].split("</ol>")[0]


def lineage(*rows: tuple[str, str, list[str], list[str]]) -> pd.DataFrame:
    names = ("topic_id", "change", "previous_ids", "report_ids")
    return frame("topic_lineage", (dict(zip(names, row, strict=True)) for row in rows))


def test_a_first_run_tells_of_no_changes() -> None:
    frames = small_study()
    frames["topic_lineage"] = lineage(("T-1", "new", [], counted_ids(frames)))
    assert "Mikä ilmiöissä muuttui" not in page(frames)


def test_changed_topics_are_named_with_where_they_come_from_or_went() -> None:
    frames = small_study()
    ids = counted_ids(frames)
    frames["topic_lineage"] = lineage(
        ("T-1", "merged", ["T-1", "T-7"], ids), ("T-7", "gone", [], ids[:3])
    )
    text = told(section(page(frames), "topics"))
    assert "Yhdistynyt: asunto, perhe ( 8 raporttia ) mukana nyt myös entinen: T-7" in text
    assert (
        "Kadonnut: entinen ilmiö T-7 ( 3 raporttia ) raportit ovat nyt ilmiöissä: asunto, perhe"
        in text
    )


def test_continued_topics_are_no_change() -> None:
    frames = small_study()
    frames["topic_lineage"] = lineage(("T-1", "continued", ["T-1"], counted_ids(frames)))
    assert "Mikä ilmiöissä muuttui" not in page(frames)


def test_edits_that_do_not_fit_are_listed_and_those_that_do_are_not() -> None:
    frames = small_study()
    names = ("edit_no", "action", "topic_ids", "state", "reason")
    rows = [(1, "nimeä", ["T-1"], "applied", ""), (2, "roska", ["T-8"], "unfit", "ilmiötä ei ole"),
            (3, "lisää", ["T-1"], "partly", "ei ilmiössä: x")]  # fmt: skip
    frames["topic_edits"] = frame("topic_edits", (dict(zip(names, r, strict=True)) for r in rows))
    html = section(page(frames), "topics").split("Muokkaukset, jotka eivät enää sovi</h3>")[1]
    found = [told(row) for row in re.findall(r"<tr>.*?</tr>", html)][1:]
    assert found == ["2 roska T-8 jäi tekemättä ilmiötä ei ole",
                     "3 lisää asunto, perhe tehtiin osaksi ei ilmiössä: x"]  # fmt: skip


@pytest.mark.parametrize(
    ("interval", "whisker"),
    [pytest.param((0.1, 0.5), (57.6, 32.0), id="within"), pytest.param(None, None, id="none"),
     pytest.param((0.5, 1.5), (32.0, 0.0), id="cut at the top")],
)  # fmt: skip
def test_a_column_carries_the_whisker_of_its_interval(interval: Any, whisker: Any) -> None:
    history = History((0.3,), ("3",), ("s24",), 1.0, (3,), (interval,))
    assert columns(history, "card").columns[0].whisker == whisker


@pytest.mark.browser
@pytest.mark.skipif(shutil.which("chromium") is None, reason="Chromium is not installed")
def test_the_map_is_walked_with_arrows_and_opened_with_enter(tmp_path: Path) -> None:
    sync_api = pytest.importorskip("playwright.sync_api")
    file = tmp_path / "report.html"
    file.write_text(page(with_map(small_study())), encoding="utf-8")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        tab = browser.new_page()
        tab.goto(file.as_uri())
        tab.focus(".map-view")
        tab.keyboard.press("ArrowRight")
        first = tab.inner_text(".map-view .told")
        tab.keyboard.press("ArrowLeft")
        second = tab.inner_text(".map-view .told")
        tab.keyboard.press("Enter")
        title = tab.inner_text("#reports-dialog-title")
        tab.keyboard.press("Escape")
        tab.locator(".dot").first.click()
        clicked = tab.inner_text("#reports-dialog-title")
        browser.close()
    assert (first, second) == ("2015H2-3 · syksy 2015 · asunto, perhe",
                               "2015H2-2 · syksy 2015 · asunto, perhe")  # fmt: skip
    assert title == "2015H2-2"
    assert clicked == "2015H1-0"
