"""The demo: 240 reports in, the planted phenomena and no personal data out, a page that opens."""

import hashlib
import shutil
from pathlib import Path

import pandas as pd
import pytest
from offline import havainto

from pipeline.artifacts import Store
from pipeline.study import Study

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpora" / "jarvimaa"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo run, as ``make demo`` does it."""
    folder = tmp_path_factory.mktemp("demo") / "study"
    export, config = CORPUS / "jarvimaa_webropol.xlsx", ROOT / "configs" / "jarvimaa.toml"
    havainto("run", "--input", export, "--config", config, "--out", folder)
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
