"""The language of reports is told, and nothing that is only language holds anything together."""

from collections import Counter
from unittest.mock import patch

import numpy as np
import pandas as pd
import pytest
from conftest import DictLemmatiser
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from small_export import rows, small_study, write_export
from typer.testing import CliRunner

from pipeline.artifacts import Store
from pipeline.cli import app
from pipeline.cluster.content_words import content_tokens, word_counts
from pipeline.cluster.similarity import within_languages, word_view
from pipeline.config import load_settings
from pipeline.language.centring import language_groups, without_language
from pipeline.language.detection import UNKNOWN, detect_language, segment_language
from pipeline.language.function_words import function_words
from pipeline.language.lemmas import tokens_of
from pipeline.lemmatise.lemmatise import LemmatiseConfig, lemmatise
from pipeline.run import Plan, Silence, run

SWEDISH = [
    "Familjen fick vänta i fyra månader på en tid och konflikterna hemma blev värre.",
    "En äldre man på landsbygden har ingen buss kvar och kommer inte till doktorn.",
    "Tolken uteblev två gånger och klienten förstod inte beslutet som kom per post.",
    "Grannarna klagar på störande ljud och mannen hotas av vräkning i nästa månad.",
    "Barnet är ofta hungrigt på eftermiddagen och stannar gärna kvar på klubben.",
    "Spelandet har ätit upp hela lönen och räkningen för el är obetald.",
]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Mä en saanu aikaa ku jono on niin pitkä et ei mitään järkee.", "fi"),
        ("[NIMI-1] ja [NIMI-2] odottivat aikaa [PUHELIN-1] kuukausia.", "fi"),
        (SWEDISH[0], "sv"),
        ("The rent went up again and the family had to move away.", "en"),
        ("Семья ждала приёма четыре месяца и отношения стали хуже.", "ru"),
        ("Pere ootas vastuvõtule pääsemist neli kuud ja olukord läks hullemaks.", "et"),
        ("Qoysku wuxuu sugayay ballan afar bilood oo xaaladda way ka sii dartay.", "so"),
        ("انتظرت العائلة أربعة أشهر للحصول على موعد", "ar"),
        ("Vuokra 2024", UNKNOWN),
        ("", UNKNOWN),
        ("12.3.2024 ... !!! 040", UNKNOWN),
        (
            "Perhe odotti aikaa neljä kuukautta ja tilanne paheni koko ajan. "
            "Familjen fick vänta på en tid i fyra månader och allt blev värre.",
            UNKNOWN,
        ),
    ],
)
def test_the_language_of_a_text(text, language):
    assert detect_language(text) == language


def test_a_long_sentence_has_its_own_language_and_a_short_one_its_reports():
    assert segment_language(SWEDISH[1], "fi") == "sv"
    assert segment_language("Nej tack.", "fi") == "fi"
    assert segment_language("Ei tullut.", "sv") == "sv"


@given(
    st.lists(st.sampled_from("fi sv xx".split()), max_size=30),
    st.sampled_from(["fi", "sv", UNKNOWN]),
)
def test_a_segment_has_the_language_of_its_text_or_of_its_report_where_that_is_not_told(
    languages, of_report
):
    """Words say their language here; most of them decide."""

    def told(words):
        ((most, n),) = Counter(words).most_common(1)
        return UNKNOWN if most == "xx" or 2 * n <= len(words) else most

    text = " ".join(languages)
    with patch("pipeline.language.detection._language_of", told):
        own = detect_language(text)
        whole = of_report if own == UNKNOWN or len(languages) < 8 else own
        assert segment_language(text, of_report) == whole


def test_a_segment_in_the_language_of_its_report_is_looked_at_once():
    with patch("pipeline.language.detection._language_of", return_value="fi") as told:
        segment_language(
            "Perhe joutui muuttamaan pois, kun vuokra nousi taas ja työt loppuivat kesken.", "fi"
        )
    assert told.call_count == 1


@pytest.mark.parametrize(
    ("form", "lemma"),
    [("familjen", "familj"), ("barnens", "barn"), ("skolan", "skola"), ("väntade", "vänta")],
)
def test_swedish_words_get_swedish_lemmas(form, lemma):
    [token] = tokens_of(form, "sv", DictLemmatiser())
    assert (token.lemma, token.pos, token.known) == (lemma, "NOUN", True)


def test_a_stand_in_is_one_word_and_a_function_word_no_content():
    text = "[NIMI-1] har och är i Borgå 2024."
    tokens = tokens_of(text, "sv", DictLemmatiser())
    assert [(t.form, t.pos) for t in tokens] == [
        ("[NIMI-1]", "PROPN"),
        *[(word, "X") for word in ("har", "och", "är", "i")],
        ("Borgå", "PROPN"),
        ("2024", "NUM"),
    ]
    assert all(text[t.start : t.end] == t.form for t in tokens)


def test_swedish_function_words_in_a_finnish_text_are_no_content_and_its_own_words_are():
    lemmatiser = DictLemmatiser({"on": "olla", "jono": "jono"})
    tokens = {t.form: t.pos for t in tokens_of("Jono on pitkä och så är det", "fi", lemmatiser)}
    assert {tokens[word] for word in ("och", "så", "är", "det")} == {"X"}
    assert tokens["Jono"] == tokens["on"] == tokens["pitkä"] == "NOUN"


def test_words_of_a_language_without_a_list_are_no_content():
    assert not function_words("so")
    assert {t.pos for t in tokens_of("Qoysku wuxuu sugayay ballan", "so", DictLemmatiser())} == {
        "X"
    }


def test_the_same_spelling_in_two_languages_is_two_words():
    segments = pd.DataFrame(
        {
            "segment_id": ["a", "b", "c"],
            "report_id": ["a", "b", "c"],
            "start": 0,
            "text": "Person",
            "language": ["fi", "sv", "sv"],
        }
    )
    tokens = lemmatise(segments, LemmatiseConfig(), lemmatiser=DictLemmatiser())
    content = content_tokens(segments, tokens, {"a": 0, "b": 1, "c": 2})
    likeness = word_counts(content, 3) @ word_counts(content, 3).T
    assert likeness[0, 1] == 0
    assert likeness[1, 2] == 1


def test_texts_of_one_language_are_no_nearer_than_others_once_it_is_taken_away():
    rng = np.random.default_rng(3)
    vectors = rng.normal(size=(60, 40)).astype(np.float32)
    vectors[:6, 0] += 9
    languages = ["sv"] * 6 + ["fi"] * 50 + [UNKNOWN] * 4
    moved = without_language(vectors, languages)
    moved /= np.linalg.norm(moved, axis=1, keepdims=True)
    among = moved[:6] @ moved[:6].T
    assert among[np.triu_indices(6, 1)].mean() < 0.05
    assert language_groups(languages, np.ones(60, dtype=bool)).tolist() == [1] * 6 + [0] * 54
    assert language_groups(["fi", "sv"], np.ones(2, dtype=bool)).tolist() == [0, 0]


def test_swedish_reports_in_the_newest_period_make_no_signal_and_status_counts_them(tmp_path):
    study = small_study(tmp_path / "study")
    newest = {"date": "05.12.2024", "proposal": "", "valence": "negatiivinen"}
    swedish = [
        {**rows()[0], **newest, "report_id": f"S{i}", "observation": text}
        for i, text in enumerate(SWEDISH)
    ]
    write_export(study.inputs / "raportit.csv", rows() + swedish)
    run(study, load_settings(study.settings_file, ()), Plan(last="detect"), Silence())
    store = Store(study)
    reports, signals = store.read("reports"), store.read("signals")
    assert reports["language"].value_counts().to_dict() == {"fi": 24, "sv": 6}
    only = [set(ids) <= {f"S{i}" for i in range(6)} for ids in signals["report_ids"]]
    assert not any(signals.loc[only, "rank"].notna())
    labels = " ".join([*signals["label"], *store.read("topics")["label"]]).lower().split()
    assert not {"och", "är", "har", "på", "inte"} & set(labels)
    said = " ".join(CliRunner().invoke(app, ["status", str(study.root)]).output.split())
    assert "Languages: 24 reports in Finnish, 6 in Swedish" in said


def test_pairs_of_one_language_stand_among_the_pairs_of_that_language():
    rng = np.random.default_rng(1)
    likeness = rng.normal(size=(30, 30)).astype(np.float32)
    likeness = likeness + likeness.T
    likeness[:8, :8] += 5  # a language: every two alike
    likeness[0, 1] = likeness[1, 0] = likeness[:8, :8].max() + 3  # two of it about one thing
    groups = np.array([1] * 8 + [0] * 22)
    scaled = within_languages(likeness, groups)
    off = ~np.eye(8, dtype=bool)
    assert abs(scaled[:8, :8][off].mean()) < 1e-5
    assert scaled[0, 1] == scaled[:8, :8].max() > 2
    assert abs(scaled[:8, 8:].mean()) < 1e-5
    np.testing.assert_allclose(scaled, scaled.T)
    assert (within_languages(likeness[:2, :2], np.array([1, 1])) == 0).all()


def test_a_word_is_common_or_rare_among_the_reports_of_its_language():
    counts = sparse.csr_matrix(np.array([[1, 0]] * 5 + [[0, 1]] * 2 + [[0, 0]] * 93))
    assert word_view(counts).shape[1] == 2
    assert word_view(counts, np.array([6, 94])).shape[1] == 1
