"""The page of the period report, from tables built in code."""

import base64
import hashlib
import json
import re
import shutil
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from report_tables import ORDER, frame, make_frames, page, ruled, small_study, write

from pipeline.errors import ConfigError
from pipeline.frames import empty
from pipeline.report.catalogue import load_catalogue
from pipeline.report.page.data import script_json

Frames = dict[str, pd.DataFrame]
NASTY = "</script><script>alert(1)</script><img src=x onerror=alert(2)>&amp;"


def embedded(html: str) -> dict[str, Any]:
    match = re.search(r'id="report-data">(.*?)</script>', html, re.DOTALL)
    assert match is not None
    data: dict[str, Any] = json.loads(match[1])
    return data


def row_texts(html: str, label: str) -> list[str]:
    """Return the plain text of each table row headed by a label."""
    rows = re.findall(r"<tr.*?</tr>", html, re.DOTALL)
    texts = [unescape(re.sub(r"<[^>]+>", " ", row)) for row in rows]
    return [
        " ".join(text.split())
        for text in texts
        if text.split()[: len(label.split())] == label.split()
    ]


AREAS = {"Koko alue": 16, "Lahti": 13, "Heinola": 8, "Hollola": 2, "Asikkala": 2, "Orimattila": 2,
         "Valtakunnallinen": 2, "Padasjoki": 1, "Kärkölä": 1}  # fmt: skip
GROUPS = {"tyoikaiset": 21, "lapset-nuoret-perheet": 20, "vammaiset": 10, "ikaantyneet": 7,
          "paihde-riippuvuus": 7}  # fmt: skip


def spread(totals: dict[str, int], n: int) -> list[list[str]]:
    """Deal values over n reports so that each value is in its number of reports."""
    dealt: list[list[str]] = [[] for _ in range(n)]
    place = 0
    for value, total in totals.items():
        for _ in range(total):
            dealt[place % n].append(value)
            place += 1
    return dealt


@pytest.fixture(scope="module")
def published() -> str:
    """Return the page of 40 made-up reports with the margins a county has published."""
    areas, groups = spread(AREAS, 40), spread(GROUPS, 40)
    themes = spread({"palvelut": 6, "asuminen": 5, "toimeentulo": 3}, 40)
    valences = ["negatiivinen"] * 31 + ["positiivinen"] * 4 + ["neutraali"] * 5
    columns = zip(areas, groups, themes, valences, strict=True)
    return page(
        make_frames(
            [
                {"id": f"R-{i:02}", "period": "2024H2", "area": a, "client_groups": g, "themes": t,
                 "valence": v}
                for i, (a, g, t, v) in enumerate(columns)
            ]
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("Koko alue", "16 40 %"),
        ("Lahti", "13 32,5 %"),
        ("Heinola", "8 20 %"),
        ("Kärkölä", "1 2,5 %"),
        ("Työikäiset", "21 52,5 %"),
        ("Lapset, nuoret ja perheet", "20 50 %"),
        ("Vammaiset", "10 25 %"),
        ("Ikääntyneet", "7 17,5 %"),
        ("Palvelut", "6 15 %"),
        ("Asuminen", "5 12,5 %"),
        ("Toimeentulo", "3 7,5 %"),
    ],
)
def test_published_margins_come_out_exactly(published: str, label: str, text: str) -> None:
    assert row_texts(published, label)[0].startswith(f"{label} {text}")


def test_published_valence_comes_out_exactly(published: str) -> None:
    assert row_texts(published, "syksy 2024")[0] == "syksy 2024 40 31 5 4"
    brief = unescape(re.sub(r"<[^>]+>", "", published)).replace("\N{NO-BREAK SPACE}", " ")
    assert "kielteinen 31 (77,5 %); neutraali 5 (12,5 %); myönteinen 4 (10 %)" in brief


def test_every_number_opens_as_many_reports_as_it_says() -> None:
    html = page(small_study())
    data = embedded(html)
    buttons = re.findall(r'data-set="(\d+)"[^>]*>([\d\xa0]+)', html)
    assert len(buttons) > 30
    for key, text in buttons:
        _, n, positions = data["sets"][int(key)]
        assert n == int(text.replace("\N{NO-BREAK SPACE}", "")) == len(set(positions))
        assert all(position < len(data["reports"]) for position in positions)


def test_junk_is_shown_and_not_counted() -> None:
    html = page(small_study())
    assert row_texts(html, "Lahti")[0].startswith("Lahti 4 100 %")
    assert re.search(r"Sisällöttömät <button[^>]*>1<", html)


def test_nothing_from_a_table_becomes_markup() -> None:
    frames = small_study()
    ids = frames["reports"]["report_id"]
    nasty = frames["reports"].assign(observation=NASTY, proposal=NASTY)
    nasty["area"] = [[NASTY]] * len(ids)
    frames["reports"] = nasty
    frames["segments"] = frames["segments"].assign(end=len(NASTY), text=NASTY)
    frames["topics"] = frames["topics"].assign(label=NASTY)
    frames["signals"] = frames["signals"].assign(label=NASTY)
    frames["rejected"] = frames["rejected"].assign(file=NASTY, reason=NASTY)
    html = page(frames, title=NASTY, organisation=NASTY)
    assert html.count("</script>") == 2
    assert html.count("<script") == 2
    assert "<img" not in html
    assert embedded(html)["reports"][0][6] == NASTY


def test_json_in_the_page_reads_back_as_it_was() -> None:
    value = {"a": NASTY + "\u2028\u2029", "b": [1, None, True]}
    assert json.loads(script_json(value)) == value
    assert not set(script_json(value)) & set("<>&\u2028\u2029")


def test_policy_allows_this_style_and_this_script_alone() -> None:
    html = page(small_study())
    policy = unescape(re.findall(r'Content-Security-Policy" content="([^"]+)"', html)[0])
    for name, pattern in (
        ("style", r"<style>(.*?)</style>"),
        ("script", r"<script>(.*?)</script>"),
    ):
        text = re.findall(pattern, html, re.DOTALL)[0]
        digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert " style=" not in html
    assert not re.search(r"\son\w+=", html)


def test_page_names_no_other_place() -> None:
    html = page(small_study())
    assert {link[:1] for link in re.findall(r'(?:href|src)="([^"]*)"', html)} == {"#", "d"}
    assert "http" not in re.sub(r"http-equiv", "", html)


def test_same_tables_give_the_same_bytes() -> None:
    frames = small_study()
    before = {name: table.copy(deep=True) for name, table in frames.items()}
    assert write(frames) == write(frames)
    for name, table in frames.items():
        pd.testing.assert_frame_equal(table, before[name])


def without(frames: Frames, *names: str) -> Frames:
    return frames | {name: empty(name) for name in names}


EDGES: dict[str, tuple[Callable[[], Frames], str]] = {
    "one period": (lambda: small_study(1), "aineistossa on vasta yksi jakso"),
    "no signals": (lambda: without(small_study(), "signals"), "Sekin on tulos."),
    "no topics": (
        lambda: without(small_study(), "topics", "report_topics", "segment_topics", "topic_themes"),
        "ei erotu samankaltaisten raporttien ryhmiä",
    ),
    "no themes": (
        lambda: without(small_study(), "report_themes", "segment_themes", "topic_themes"),
        "Raporteille ei ole vielä ehdotettu",
    ),
    "no tables": (lambda: {name: empty(name) for name in ORDER}, "ei ole raportteja"),
    "all rejected": (
        lambda: without(small_study(), *(n for n in ORDER if n not in ("periods", "rejected"))),
        "Havainto puuttuu.",
    ),
    "twenty periods": (lambda: small_study(20, 2), "syksy 2024"),
    "four hundred reports": (lambda: small_study(2, 200), "200\N{NO-BREAK SPACE}raporttia"),
}


@pytest.mark.parametrize("case", EDGES)
def test_page_makes_sense_when(case: str) -> None:
    make, sentence = EDGES[case]
    html = page(make())
    visible = unescape(re.sub(r"<[^>]+>", " ", html.split("<main")[1].split("<dialog")[0]))
    assert sentence in visible
    assert not re.search(r"\b(nan|None|NaT|undefined)\b", visible)
    anchors = set(re.findall(r'href="#([^"]+)"', html))
    assert anchors <= set(re.findall(r'id="([^"]+)"', html))


def test_an_older_period_can_be_reported_on_and_the_later_ones_stay_out() -> None:
    html = page(small_study(3), period="2015H2")
    assert "Syksy 2015" in html
    assert row_texts(html, "Lahti")[0].startswith("Lahti 4 100 % 40–100 % 100 %")
    assert "Myöhempiä raportteja (jaksoon kevät 2016 saakka) ei ole laskettu mukaan" in html


def test_unknown_period_is_named_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match=r"\(2015H1, 2015H2\)\. Got '1999H1'"):
        page(small_study(), period="1999H1")


def test_rulings_move_the_counts_and_the_labels() -> None:
    frames = small_study()
    frames["decisions"] = ruled(
        ("report_themes", "2015H2-0", "asuminen", "reject", ""),
        ("report_themes", "2015H2-1", "palvelut", "accept", ""),
        ("topics", "T-1", "", "change", "Asunnon puute"),
    )
    html = page(frames)
    assert row_texts(html, "Asuminen")[0].startswith("Asuminen 3 75 %")
    assert row_texts(html, "Palvelut")[0].startswith("Palvelut 1 25 %")
    assert "Asunnon puute" in html
    assert "Koneen nimi: asunto, perhe" in html


def test_rejected_signal_leaves_the_list_and_is_named_as_rejected() -> None:
    frames = small_study()
    frames["decisions"] = ruled(("signals", "S-1", "", "reject", ""))
    html = page(frames)
    assert "Hylätyt signaalit" in html
    assert 'class="cards signals"' not in html


def listed_as(strength: str, q_value: float, *decisions: tuple[str, str, str, str, str]) -> str:
    """Return the page of a study whose one listed signal is this sure."""
    frames = small_study()
    frames["signals"] = frames["signals"].assign(strength=strength, q_value=q_value)
    if decisions:
        frames["decisions"] = ruled(*decisions)
    return page(frames)


def test_a_candidate_is_a_row_beyond_the_evidence_and_no_finding() -> None:
    html = listed_as("candidate", 0.99)
    assert 'class="cards signals"' not in html
    assert 'class="rising"' not in html
    assert "lista ei ole enää näyttöä" in html
    assert "Mistään ryhmästä ei ole niin selvää näyttöä" in html
    assert row_texts(html, "1 Perheen asunto")[0].endswith("99 %")
    brief = unescape(re.sub(r"<[^>]+>", "", html.split('id="brief"')[1].split("</section>")[0]))
    assert "Perheen asunto" not in brief
    assert re.search(r"heikkoa signaalia\s*0\b", brief)


def test_a_candidate_that_a_person_accepted_is_a_card() -> None:
    html = listed_as("candidate", 0.99, ("signals", "S-1", "", "accept", ""))
    assert 'class="cards signals"' in html
    assert 'class="rising"' in html
    assert "ihminen on pitänyt ryhmää signaalina" in html
    assert "lista ei ole enää näyttöä" not in html


def test_a_followed_set_much_like_a_listed_one_is_counted_and_not_named() -> None:
    frames = small_study()
    first = {str(name): value for name, value in frames["signals"].iloc[0].items()}
    ids = list(frames["reports"]["report_id"])
    unlisted = {"rank": None, "q_value": None, "p_max": None}
    alike = first | unlisted | {"signal_id": "S-2", "label": "Sama uudestaan"}
    apart = first | unlisted | {"signal_id": "S-3", "label": "Aivan muu", "report_ids": ids[:2]}
    frames["signals"] = frame("signals", [first, alike, apart])
    html = page(frames)
    assert "Aivan muu" in html
    assert "Sama uudestaan" not in html
    assert "Lisäksi 1 muuta" in html


def test_a_signal_names_the_topic_it_lies_in_with_that_topics_number() -> None:
    html = page(small_study())
    card = unescape(html.split('class="cards signals"')[1].split("</ol>")[0])
    assert "Osa ilmiötä asunto, perhe" in re.sub(r"<[^>]+>", "", card)
    assert ">4\N{NO-BREAK SPACE}raporttia</button>)" in card


@pytest.mark.parametrize(
    ("ticks", "sentence"),
    [
        pytest.param([["asuminen"]] * 4, "niistä raportoija on itse rastinut 4.", id="all"),
        pytest.param([["asuminen"], ["palvelut"], [], []], "itse rastinut 1.", id="one of two"),
        pytest.param([[]] * 4, "Koneen teemaehdotuksia on 4. Ihminen ei", id="no ticks"),
    ],
)
def test_suggestions_that_repeat_the_ticks_are_said_to(
    ticks: list[list[str]], sentence: str
) -> None:
    frames = small_study(1)
    n_junk = len(frames["reports"]) - len(ticks)
    ticked: list[Any] = [*ticks, *[[]] * n_junk]
    frames["reports"] = frames["reports"].assign(themes_ticked=ticked)
    html = page(frames)
    assert sentence in unescape(html)
    assert ("täsmälleen niitä teemoja" in html) == (ticks == [["asuminen"]] * 4)


@pytest.mark.parametrize(
    ("score", "n_rows"),
    [pytest.param(0.1, 0, id="all far"), pytest.param(0.6, 5, id="one near on each side")],
)
def test_pairs_far_from_the_cut_are_no_borderline_cases(score: float, n_rows: int) -> None:
    frames = small_study(1)
    pairs = frames["report_themes"]
    frames["report_themes"] = pairs.assign(score=pairs["score"].mask(pairs.index == 1, score))
    review = page(frames).split('id="review"')[1].split("</section>")[0]
    assert review.count('<tr><th scope="row">') == n_rows
    assert ("Rajatapauksia ei ole" in review) == (n_rows == 0)


def test_every_clients_voice_is_under_some_heading() -> None:
    frames = small_study()
    frames["segments"] = frames["segments"].assign(client_voice=True)
    frames["segment_themes"] = empty("segment_themes")
    html = page(frames, min_quote_chars=10)
    voices = html.split('id="voices"')[1].split("</section>")[0]
    assert "Muista aiheista" in voices
    assert "<blockquote" in voices


@pytest.mark.parametrize("n_quotes", [3, 0])
def test_no_group_is_said_to_lack_proposals_that_are_quoted_elsewhere(n_quotes: int) -> None:
    groups = ["tyoikaiset", "vammaiset"]
    frames = make_frames([{"id": "R-1", "period": "2024H2", "client_groups": groups}])
    frames["segment_kinds"] = frames["segment_kinds"].assign(kind="ratkaisuehdotus")
    html = page(frames, min_quote_chars=10, n_quotes=n_quotes, min_cell=1)
    spreads = re.findall(r'<article class="spread".*?</article>', html, re.DOTALL)
    assert len(spreads) == 2
    lead = html[: html.index('<article class="spread"')].split('<p class="lead">')[-1]
    assert 'href="#findings"' in lead  # quoted there, and not again
    for spread in spreads:
        assert "ei tehty ratkaisuehdotuksia" not in spread
        assert "Perhe R-1 tarvitsi" not in spread


@pytest.mark.parametrize("field", ["observation", "proposal"])
def test_a_proposal_counts_from_whichever_box_it_stands_in(field: str) -> None:
    frames = make_frames([{"id": f"R-{i}", "period": "2024H2"} for i in range(2)])
    frames["segments"] = frames["segments"].assign(field=field)
    frames["segment_kinds"].loc[0, "kind"] = "ratkaisuehdotus"
    brief = page(frames).split('id="brief"')[1].split("</section>")[0]
    figure = re.sub(r"<[^>]+>", " ", brief.split("raportissa ratkaisuehdotus")[1])
    assert figure.split()[0] == "1"


@pytest.mark.parametrize(
    ("sources", "rows"),
    [
        pytest.param(["x", "x", "x"], [], id="one source"),
        pytest.param(["x", "Tiimikäynti", "x"], ["Tiimikäynti 1 33,3 %"], id="two sources"),
    ],
)
def test_reports_of_several_sources_are_counted_by_source(
    sources: list[str], rows: list[str]
) -> None:
    given = enumerate(sources)
    html = page(
        make_frames([{"id": f"R-{i}", "period": "2024H2", "data_source": s} for i, s in given])
    )
    assert ('id="activities"' in html) == bool(rows)
    found = [" ".join(row.split()[:4]) for row in row_texts(html, "Tiimikäynti")]
    assert found == rows


def test_flagged_text_is_never_in_a_quotation() -> None:
    frames = small_study()
    flagged = frames["reports"]["report_id"].iloc[-2]
    frames["pii_spans"] = frame(
        "pii_spans",
        [{"report_id": flagged, "field": "observation", "start": 0, "end": 5, "kind": "nimi",
          "rule": "x", "score": 1.0}],
    )  # fmt: skip
    html = page(frames, min_quote_chars=10)
    quotes = re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", html)
    assert quotes
    assert not any(flagged in quote for quote in quotes)


def test_texts_beyond_the_limit_stay_out_of_the_page() -> None:
    data = embedded(page(small_study(), max_embedded_reports=2, n_quotes=0))
    assert sorted(len(row) > 1 for row in data["reports"]).count(True) == 2
    assert len(data["order"]) == 2


def test_long_lists_of_ids_are_cut_and_say_so() -> None:
    data = embedded(page(small_study(), max_listed_ids=2))
    longest = max(data["sets"], key=lambda one: one[1])
    assert longest[1] > 2
    assert len(longest[2]) == 2


def test_unknown_ids_are_shown_as_given() -> None:
    words = load_catalogue("fi")
    assert words.label("client_groups", "uusi-ryhma") == "uusi-ryhma"
    assert words.label("client_groups", "tyoikaiset") == "Työikäiset"


@pytest.mark.browser
@pytest.mark.skipif(shutil.which("chromium") is None, reason="Chromium is not installed")
def test_page_works_in_a_browser_without_errors_or_network(tmp_path: Path) -> None:
    sync_api = pytest.importorskip("playwright.sync_api")
    file = tmp_path / "report.html"
    file.write_bytes(write(small_study())["report.html"])
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        tab = browser.new_page(viewport={"width": 390, "height": 844})
        problems: list[str] = []
        requests: list[str] = []
        tab.on("console", lambda message: problems.append(message.text))
        tab.on("pageerror", lambda error: problems.append(str(error)))
        tab.on("request", lambda request: requests.append(request.url))
        tab.goto(file.as_uri())
        tab.fill("#haku", "asunnon")
        tab.wait_for_selector("#haku-lista .rep")
        assert tab.locator("#haku-lista .rep").count() == 9
        tab.fill("#haku", "tarvitsimme")
        tab.wait_for_selector("#haku-tulos:has-text('alulla')")
        assert tab.locator("#haku-lista .rep").count() == 9
        button = tab.locator("#counts button.n").first
        n = int(button.inner_text())
        button.click()
        assert tab.locator("dialog .rep").count() == n
        width = tab.evaluate("document.documentElement.scrollWidth")
        browser.close()
    assert problems == []
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
    assert width == 390
