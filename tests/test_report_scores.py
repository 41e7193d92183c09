"""The page says what scores are worth, why a pair is unsure, and where form and text disagree."""

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from report_tables import Frames, frame, page, ruled, small_study

NOW = [f"2015H2-{i}" for i in range(4)]


def shown(html: str, section: str) -> str:
    """Return the text of one section, plots left out."""
    inside = html.split(f'<section id="{section}"')[1].split("</section>")[0]
    plain = re.sub(r"<svg.*?</svg>", " ", inside, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", plain).split())


def with_coded(frames: Frames) -> Frames:
    """Add 40 coded pairs whose scores hold: of those at 0.25 a quarter was coded."""
    rows = [
        {"report_id": f"K-{i // 2}", "theme_id": f"t{i % 2}", "score": 0.25, "coded": i % 4 == 0}
        for i in range(40)
    ]
    return frames | {"coded_scores": frame("coded_scores", rows)}


@pytest.fixture
def frames() -> Frames:
    return small_study()


def test_too_few_codings_give_strengths_in_words_and_say_why(frames):
    text = shown(page(frames), "themes")
    assert "alle 30 raporttia" in text
    assert "vähintään 2,7-kertainen" in text
    assert "Heikkoja ehdotuksia: 4 raporttia" in text
    assert "Kuvion luvut taulukkona" not in text


def test_enough_codings_give_the_curve_with_its_numbers(frames):
    html = page(with_coded(frames))
    text = shown(html, "themes")
    assert "20 koodatun raportin" in text
    assert "Keskimääräinen ero on 0,000." in text
    assert "0,2–0,3 40 0,25 0,25 0,14–0,40" in text
    assert html.count('<circle class="now"') == 1
    assert "alle 30 raporttia" not in text


def unsure(frames: Frames) -> Frames:
    """Bring one suggestion of this period to the cut, with its evidence."""
    pairs = frames["report_themes"].copy()
    own = (pairs["report_id"] == NOW[0]) & (pairs["theme_id"] == "asuminen")
    pieces: list[Any] = [
        {"segment_id": f"{NOW[0]}/observation/000", "term": "häätö", "contribution": 0.5},
        {"segment_id": f"{NOW[0]}/observation/000", "term": "lomake", "contribution": -0.4},
        {"segment_id": "", "term": "[muu]", "contribution": 0.9},
    ]
    evidence: list[Any] = [pieces if mine else [] for mine in own]
    pairs["evidence"] = evidence
    pairs["score"] = np.where(own, 0.5, np.where(pairs["assigned"], 0.9, 0.4))
    return frames | {"report_themes": pairs}


def test_an_unsure_pair_tells_its_words_and_its_strength(frames):
    text = shown(page(unsure(frames)), "review")
    assert "Asuminen heikko kyllä ei häätö" in text
    assert "lomake" not in text.replace("lomakkeen", "")
    assert "[muu]" not in text
    assert "not_evidence.csv" in text


def test_an_unsure_pair_has_its_score_once_scores_are_calibrated_and_its_nearest_coded(frames):
    rows = [{"report_id": NOW[0], "theme_id": "asuminen", "coded_report_id": "2015H1-2",
             "likeness": 0.4}]  # fmt: skip
    frames = with_coded(unsure(frames)) | {"nearest_coded": frame("nearest_coded", rows)}
    assert "Asuminen 0,50 kyllä ei häätö · lähin koodattu 2015H1-2" in shown(page(frames), "review")


def test_the_strongest_theme_not_suggested_stands_with_its_distance_until_ruled_on(frames):
    pairs = frames["report_themes"].copy()
    own = (pairs["report_id"] == NOW[1]) & (pairs["theme_id"] == "palvelut")
    pairs["is_next"], pairs["margin"] = own, np.where(own, -1.0, 0.0)
    frames["report_themes"] = pairs
    assert "2015H2-1 Palvelut 2,7-kertainen" in shown(page(frames), "review")
    frames["decisions"] = ruled(("report_themes", NOW[1], "palvelut", "accept", ""))
    assert "2,7-kertainen" not in shown(page(frames), "review")


def test_a_valence_is_listed_when_text_and_tick_are_clearly_apart(frames):
    columns = ["report_id", "text_valence", "score", "ticked", "ticked_score"]
    rows = [
        (NOW[0], "negatiivinen", 0.9, "negatiivinen", 0.9),
        (NOW[1], "positiivinen", 0.9, "negatiivinen", 0.05),
        (NOW[2], "", 0.5, "negatiivinen", 0.05),
        (NOW[3], "positiivinen", 0.9, "", None),
        ("2015H1-0", "positiivinen", 0.9, "negatiivinen", 0.0),
    ]
    assert "Sävy" not in shown(page(frames), "review")
    frames["report_valences"] = pd.DataFrame(rows, columns=columns).assign(
        valence=lambda table: table["ticked"].where(table["ticked"] != "", table["text_valence"])
    )
    text = shown(page(frames), "review")
    assert "2015H2-1 Kielteinen Myönteinen" in text
    assert "Rasti ja arvio ovat samat: 1 / 2 raporttia" in text
    listed = text.split("Sävy: rasti ja teksti eri mieltä")[2]
    assert not {NOW[0], NOW[2], NOW[3], "2015H1-0"} & set(listed.split())


def test_a_sentence_in_the_wrong_box_is_shown(frames):
    assert "väärässä kentässä" not in shown(page(frames), "review")
    in_box = frames["segments"]["report_id"] == NOW[1]
    frames["segments"]["field"] = np.where(in_box, "proposal", "observation")
    text = shown(page(frames), "review")
    assert f"{NOW[1]} ratkaisuehdotus havainto Perhe {NOW[1]} tarvitsi asunnon." in text
    assert f"Perhe {NOW[0]} tarvitsi" not in text


def test_topics_without_a_theme_and_themes_without_a_topic_are_told(frames):
    text = shown(page(frames), "themes")
    assert "löytyi luokituksesta ainakin yksi teema" in text
    assert "ainakin yksi ilmiö, joka tukee sitä" in text
    gaps = [
        {"gap": "new-theme", "topic_id": "T-1", "theme_id": "", "label": "asunto",
         "terms": ["asunto", "perhe"], "n_reports": 8},
        {"gap": "unsupported", "topic_id": "", "theme_id": "palvelut", "label": "Palvelut",
         "terms": [], "n_reports": 0},
    ]  # fmt: skip
    frames["theme_gaps"] = frame("theme_gaps", gaps)
    text = shown(page(frames), "themes")
    assert "asunto, perhe asunto, perhe 8" in text
    assert "Palvelut: 0" in text
    frames["decisions"] = ruled(("topics", "T-1", "", "reject", ""))
    assert "ehdokkaita uudeksi teemaksi" not in shown(page(frames), "themes")
