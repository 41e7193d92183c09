"""The demo: 240 reports in, the planted phenomena and no personal data out, a page that opens."""

import hashlib
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from offline import havainto, havainto_alone
from report_reader import disagreements, page_text
from test_report_english import finnish_in
from workbench_browser import chromium, listening, new_context, until
from workbench_study import desk_of

from pipeline.artifacts import Store
from pipeline.codings import read_codings
from pipeline.report.catalogue import load_catalogue
from pipeline.review.decisions_file import as_frame
from pipeline.review.log import CsvLog
from pipeline.review.standing_rulings import standing
from pipeline.study import Study

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpora" / "jarvimaa"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo run, as ``make demo`` does it."""
    folder = tmp_path_factory.mktemp("demo") / "study"
    export, config = CORPUS / "jarvimaa_webropol.xlsx", ROOT / "configs" / "jarvimaa.toml"
    havainto_alone("run", "--input", export, "--config", config, "--out", folder)
    return Store(Study(folder))


def gold(name):
    return pd.read_csv(CORPUS / name, keep_default_na=False)


def test_every_report_of_the_export_is_there_with_its_text(demo):
    raw = demo.read("raw_reports")
    texts = raw["observation"] + "\x1f" + raw["proposal"]
    hashes = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    expected = gold("checksums.csv")
    assert dict(zip(raw["report_id"], hashes, strict=True)) == dict(
        zip(expected["report_id"], expected["sha256"], strict=True)
    )
    assert demo.read("periods")["n_reports"].tolist() == [40] * 6
    assert demo.read("rejected").empty


def test_personal_data_is_gone_and_clean_reports_are_left_alone(demo):
    raw, safe = demo.read("raw_reports"), demo.read("reports")
    planted = gold("gold_pii.csv")
    texts = safe.set_index("report_id")
    gone = [row.text not in texts.loc[row.report_id, row.field] for row in planted.itertuples()]
    is_name = planted["kind"] == "nimi"
    assert all(pd.Series(gone)[~is_name])
    assert pd.Series(gone)[is_name].mean() >= 0.95
    is_clean = ~safe["report_id"].isin(planted["report_id"])
    changed = (raw["observation"] != safe["observation"]) | (raw["proposal"] != safe["proposal"])
    assert changed[is_clean].mean() <= 0.05


def test_the_first_eight_signals_hold_most_of_the_planted_emerging_topics(demo):
    planted = gold("gold_topics.csv").query("kind == 'emerging'")
    listed = demo.read("signals").dropna(subset=["rank"])
    assert len(listed) <= 8
    found = 0
    for _, group in planted.groupby("topic"):
        members = set(group["report_id"])
        shares = [len(members & set(ids)) / len(ids) for ids in listed["report_ids"]]
        found += max(shares, default=0) >= 0.5
    assert found >= 3


def test_the_pieces_of_every_suggestion_add_up_to_its_log_odds(demo):
    chosen = demo.read("report_themes").query("assigned")
    assert len(chosen) > 240
    sums = [sum(piece["contribution"] for piece in row) for row in chosen["evidence"]]
    assert sums == pytest.approx(chosen["log_odds"].tolist(), abs=1e-6)


def test_marked_sentences_mostly_have_the_kind_they_were_marked_with(demo):
    marked = pd.read_csv(ROOT / "tests" / "data" / "segment_kinds.csv", keep_default_na=False)
    reported = marked[marked["half"] == "reported"]
    both = reported.merge(demo.read("segment_kinds"), on="segment_id", suffixes=("", "_found"))
    assert len(both) == len(reported) == 75
    assert (both["kind"] == both["kind_found"]).mean() >= 0.9


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not on this machine")
def test_the_report_opens_without_errors_or_network_requests(demo):
    from playwright.sync_api import sync_playwright

    page_url = (demo.study.report / "report.html").resolve().as_uri()
    problems, requests = [], []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(page_url)
        assert "Järvimaan hyvinvointialue" in page.inner_text("body")
        browser.close()
    assert problems == []
    assert requests == [page_url]


def report_files(study):
    return {file.name: file.read_bytes() for file in study.report.iterdir() if file.is_file()}


def test_the_page_the_deck_and_the_workbook_agree_on_every_number(demo):
    assert disagreements(report_files(demo.study), load_catalogue("fi")) == []


def test_one_setting_makes_the_report_english_and_its_files_agree(demo, tmp_path):
    root = tmp_path / "study"
    shutil.copytree(demo.study.root, root)
    settings = root / "study.toml"
    told = settings.read_text(encoding="utf-8")
    settings.write_text(told.replace("[report]", '[report]\nlanguage = "en"'), encoding="utf-8")
    havainto("report", root)
    files = report_files(Study(root))
    assert disagreements(files, load_catalogue("en")) == []
    quoted = rb"<blockquote.*?</blockquote>|<dl class=.settings.*?</dl>|<p class=.words.*?</p>"
    own = re.sub(quoted, b"", files["report.html"], flags=re.DOTALL)
    assert finnish_in(page_text(own)) == []


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_forty_reports_are_coded_by_keys_alone_with_at_most_sixty(demo, tmp_path):
    study = Study(tmp_path / "study")
    shutil.copytree(demo.study.root, study.root)
    with study.settings_file.open("a", encoding="utf-8") as stream:
        stream.write("\n[workbench]\nread_first_share = 0\n")
    rows = gold("gold_themes.csv")
    careful = {one: set(part["theme_id"]) - {""} for one, part in rows.groupby("report_id")}
    n_keys = 0
    with chromium() as browser, new_context(browser) as context, listening(desk_of(study)) as bench:
        desk = bench.desk
        newest = desk.periods["2024H2"]
        tab = bench.enter(context)
        tab.goto(f"{bench.url}/jono?jono=jakso%3D2024H2")
        for _ in newest:
            tab.locator("[data-report]").wait_for()
            report_id = tab.locator("[data-report]").get_attribute("data-report")
            assert report_id
            row = desk.report_row(report_id)
            assert row
            pairs = desk.page_of(row)["pairs"]
            suggested = {pair["theme_id"] for pair in pairs if pair["assigned"]}
            wrong = suggested ^ careful.get(report_id, set())
            keys = [desk.letters.of_theme[theme] for theme in sorted(wrong)] + ["Enter"]
            for key in keys:
                tab.keyboard.press(key)
            n_keys += sum(len(key) if key != "Enter" else 1 for key in keys)
            until(lambda r=report_id: (m := desk.mine(r)) is not None and m.state == "read")
            tab.wait_for_function(
                "id => document.querySelector('[data-report]')?.dataset.report !== id",
                arg=report_id,
            )
    assert n_keys <= 60
    log = CsvLog(study.human).since(0)[0]
    held = standing(as_frame(log), read_codings(study.human), desk.taxonomy).codings_standing
    coded = {one: set(part["theme_id"]) - {""} for one, part in held.groupby("report_id")}
    assert coded == {report_id: careful.get(report_id, set()) for report_id in newest}
