"""What an analyst watches for is found by sense and by words, and gets an exact history."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import DictLemmatiser

from pipeline.detect.detect import DetectConfig
from pipeline.detect.watch import follow_watches, match_watches
from pipeline.detect.watch_file import Watch, read_watches
from pipeline.errors import InputError
from pipeline.frames import empty, to_arrow
from pipeline.texts import Texts

from test_detect_self_test import PERIODS  # isort: skip

N_DIMS = 12
ABOUT = ["1-1", "2-1", "2-2", "3-1", "3-2", "3-3", "3-4"]


class OneThing:
    """Gives every text the same vector."""

    name = "one thing"
    n_dims = N_DIMS

    def __init__(self):
        self.texts = []

    def encode(self, texts, *, progress=None):
        self.texts += texts
        return np.tile(np.eye(N_DIMS, dtype=np.float32)[0], (len(texts), 1))


def watch(**given):
    return Watch.model_validate({"nimi": "Lapsi tulkkina", **given})


@pytest.fixture
def make_texts(make_reports):
    """Return a maker of the text tables: some reports speak of the thing, by vector or word."""

    def make(by_vector=ABOUT, by_word=(), **changes):
        rng = np.random.default_rng(4)
        rows = [
            {"report_id": f"{i}-{j}", "period": period, **changes.get(f"r{i}_{j}", {})}
            for i, period in enumerate(PERIODS["period"])
            for j in range(20)
        ]
        reports = make_reports(*rows)
        ids = reports["report_id"].tolist()
        vectors = rng.normal(size=(80, N_DIMS))
        vectors[:, 0] = 0.2 * rng.normal(size=80)
        vectors[[ids.index(r) for r in by_vector], 0] += 8
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors = vectors.astype(np.float32)
        segment_ids = [f"{r}/observation/001" for r in ids]
        segments = pd.DataFrame({"segment_id": segment_ids, "report_id": ids, "start": 0})
        no_parts: list[Any] = [[] for _ in ids]
        words = ["tulkki" if r in by_word else f"muu{i % 9}" for i, r in enumerate(ids)]
        tokens = pd.DataFrame({"segment_id": segment_ids, "start": 0, "form": words})
        return (
            reports,
            segments.assign(text="x", language="fi"),
            tokens.assign(lemma=words, pos="NOUN", parts=no_parts, known=True),
            pd.DataFrame({"segment_id": segment_ids, "vector": list(vectors)}),
            pd.DataFrame({"report_id": ids, "vector": list(vectors), "word_vector": list(vectors)}),
        )

    return make


def match(texts, *watches, **changes):
    beside: dict[str, Any] = {
        "watches": watches,
        "phrase_encoder": OneThing(),
        "lemmatiser": DictLemmatiser(),
    }
    found = match_watches(Texts(*texts), DetectConfig(**changes), **beside)
    to_arrow("watch_matches", found)
    return found


def test_a_phrase_finds_the_reports_whose_vectors_say_it(make_texts):
    found = match(make_texts(), watch(lauseet=["tulkki"]))
    assert set(found["report_id"]) == set(ABOUT)
    assert found["score"].is_monotonic_decreasing
    assert (found["score"] >= DetectConfig().watch_cut).all()


def test_the_words_of_the_phrase_count_beside_its_sense(make_texts):
    plain = match(make_texts(), watch(lauseet=["tulkki"]), watch_cut=-99)
    worded = match(make_texts(by_word=["0-5"]), watch(lauseet=["tulkki"]), watch_cut=-99)
    score = {n: f.set_index("report_id")["score"]["0-5"] for n, f in enumerate((plain, worded))}
    assert score[1] - score[0] == pytest.approx(3)


def test_an_example_report_is_found_first_with_those_like_it(make_texts):
    found = match(make_texts(), watch(esimerkit=["2-1", "gone"]))
    assert found["report_id"][0] == "2-1"
    assert found["score"][0] == 99
    assert set(ABOUT) <= set(found["report_id"])


def test_a_higher_cut_finds_fewer(make_texts):
    few = match(make_texts(), watch(lauseet=["tulkki"]), watch_cut=6)
    assert len(few) < len(match(make_texts(), watch(lauseet=["tulkki"]), watch_cut=1))


def test_the_cut_keeps_what_reaches_it_and_nothing_below(make_texts):
    everything = match(make_texts(), watch(lauseet=["tulkki"]), watch_cut=-99)
    assert len(everything) == 80
    for place in (3, 6, 40):
        kept = match(make_texts(), watch(lauseet=["tulkki"]), watch_cut=everything["score"][place])
        assert kept["report_id"].tolist() == everything["report_id"][: place + 1].tolist()


def test_reports_that_do_not_count_are_not_found(make_texts):
    changes = {"r3_1": {"duplicate_of": "2-1"}, "r3_2": {"quality": "junk"}}
    found = match(make_texts(**changes), watch(lauseet=["tulkki"]))
    assert not {"3-1", "3-2"} & set(found["report_id"])
    assert set(ABOUT) - {"3-1", "3-2"} <= set(found["report_id"])


@pytest.mark.parametrize("n_reports", [0, 1])
def test_without_a_watch_or_reports_nothing_is_encoded(make_texts, n_reports):
    encoder = OneThing()
    beside: dict[str, Any] = {"phrase_encoder": encoder, "lemmatiser": DictLemmatiser()}
    reports, *others = make_texts()
    few = match_watches(
        Texts(reports[:n_reports], *others),
        DetectConfig(),
        watches=[watch(lauseet=["x"])],
        **beside,
    )
    none = match_watches(Texts(reports, *others), DetectConfig(), watches=(), **beside)
    assert len(few) == len(none) == len(encoder.texts) == 0


def follow(texts, *watches, periods=PERIODS):
    matches = match(texts, *watches)
    found = follow_watches(periods, texts[0], matches, DetectConfig(), watches=watches, seed=0)
    to_arrow("watch_histories", found)
    return found


def test_a_watch_has_its_counts_its_exact_p_and_its_status(make_texts):
    found = follow(make_texts(), watch(lauseet=["tulkki"]), watch(nimi="Muu", esimerkit=["gone"]))
    first, second = found.to_dict("records")
    assert first["counts"] == [0, 1, 2, 4]
    assert first["report_ids"] == ABOUT
    assert first["p_value"] < 0.06
    assert first["status"] == "unclear"  # none to four of twenty
    assert first["ci_low"] < 4 / 20 < first["ci_high"]
    assert second["counts"] == [0, 0, 0, 0]
    assert (second["status"], second["report_ids"]) == ("too-few", [])


def test_one_period_gives_counts_and_no_p(make_texts):
    found = follow(make_texts(by_vector=["0-1"]), watch(lauseet=["x"]), periods=PERIODS[:1])
    assert found["p_value"].tolist() == [None]
    assert found["status"].tolist() == ["too-few"]


def test_no_watch_is_an_empty_table(make_texts):
    texts = make_texts()
    nothing = (empty("watch_matches"), DetectConfig())
    assert len(follow_watches(PERIODS, texts[0], *nothing, watches=(), seed=0)) == 0


def test_the_file_is_read_in_order(tmp_path):
    assert read_watches(tmp_path) == ()
    (tmp_path / "watch.toml").write_text(
        '[[seuranta]]\nnimi = "Lapsi tulkkina"\nlauseet = ["Lapsi tulkkaa."]\n'
        '[[seuranta]]\nnimi = "Muu"\nesimerkit = ["P1-001"]\nmuistio = "pyydetty"\n',
        encoding="utf-8",
    )
    first, second = read_watches(tmp_path)
    assert (first.name, first.phrases) == ("Lapsi tulkkina", ("Lapsi tulkkaa.",))
    assert second.examples == ("P1-001",)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[[seuranta]]\nlauseet = ['x']\n", "seuranta 1, nimi"),
        ("[[seuranta]]\nnimi = 'a'\nlauseet = [' ']\n", "lauseet or esimerkit"),
        ("[[seuranta]]\nnimi = 'a'\nlauseet = ['x']\nsanat = ['y']\n", "sanat"),
        ("[[seuranta]]\nnimi = 'a'\nlauseet = ['x']\n" * 2, "twice"),
        ("[[muokkaus]]\n", "paragraphs only"),
    ],
    ids=["name", "nothing to find", "unknown", "twice", "other file"],
)
def test_a_wrong_file_is_refused_with_the_place(tmp_path, text, complaint):
    (tmp_path / "watch.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=complaint):
        read_watches(tmp_path)
