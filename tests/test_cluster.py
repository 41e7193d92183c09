"""The cluster stage groups what is alike, from text alone, whatever the number of reports."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from pipeline.cluster.cluster import ClusterConfig, cluster, group
from pipeline.cluster.clusterers import CLUSTERERS
from pipeline.cluster.corpus import read_corpus
from pipeline.cluster.edits_file import Edit
from pipeline.frames import empty, to_arrow
from pipeline.texts import Texts

FAST = ClusterConfig(n_runs=15)
NAMES = (
    *("topics", "report_topics", "segment_topics", "candidates"),
    *("topic_lineage", "topic_edits"),
)
WORDS = ["vuokra", "jono", "koulu", "tulkki", "hoiva", "velka", "auto", "ryhmä", "puhelin", "lääke"]


def silent(done, total):
    pass


def tables(reports, texts, vectors, noise=0.0, seed=0):
    """Make the text tables: a sentence a text, words as nouns, given vectors."""
    rng = np.random.default_rng(seed)
    segments, tokens, embeddings, report_embeddings = [], [], [], []
    for report_id, sentences, vector in zip(reports["report_id"], texts, vectors, strict=True):
        start = 0
        for number, text in enumerate(sentences, 1):
            segment_id = f"{report_id}/observation/{number:03d}"
            segments.append((segment_id, report_id, start, start + len(text), text))
            tokens += [
                (segment_id, start + m.start(), m[0], m[0].lower())
                for m in re.finditer(r"[\w-]+", text)
            ]
            embeddings.append((segment_id, unit(vector + noise * rng.normal(size=len(vector)))))
            start += len(text) + 1
        report_embeddings.append((report_id, unit(vector), np.zeros(2, dtype=np.float32)))
    segment_columns = ["segment_id", "report_id", "start", "end", "text"]
    token_table = pd.DataFrame(tokens, columns=["segment_id", "start", "form", "lemma"])
    no_parts: list[Any] = [[] for _ in tokens]
    return (
        pd.DataFrame(segments, columns=segment_columns).assign(language="fi")
        if segments
        else empty("segments"),
        token_table.assign(pos="NOUN", parts=no_parts, known=True),
        pd.DataFrame(embeddings, columns=["segment_id", "vector"]),
        pd.DataFrame(report_embeddings, columns=["report_id", "vector", "word_vector"]),
    )


def unit(vector):
    return (vector / max(1e-9, np.linalg.norm(vector))).astype(np.float32)


@pytest.fixture
def make_world(make_reports):
    """Return a maker of text tables: ``n_reports`` in turn about ``n_groups`` things."""

    def make(n_reports, n_groups=4, spread=0.35, **changes):
        rng = np.random.default_rng(3)
        centres = np.eye(24)[:n_groups]
        group = np.arange(n_reports) % n_groups
        rows = [
            {"report_id": f"r{i:03d}", **changes.get(f"r{i:03d}", {})} for i in range(n_reports)
        ]
        vectors = centres[group] + spread * rng.normal(size=(n_reports, 24)) / 24**0.5
        texts = [
            [f"{WORDS[g]} {WORDS[rng.integers(8, 10)]} tässä.", f"Taas {WORDS[g]} mukana."]
            for g in group
        ]
        reports = make_reports(*rows) if rows else empty("reports")
        return reports, *tables(reports, texts, vectors, noise=0.05)

    return make


def run(world, config=FAST, seed=0, edits=(), previous=None, places=frozenset()):
    lineage = empty("topic_lineage") if previous is None else previous
    fitted = group(Texts(*world), config, seed=seed, progress=silent, places=places)
    beside = {"seed": seed, "edits": edits, "previous_lineage": lineage, "places": places}
    found = cluster(Texts(*world), config, fitted=fitted, **beside)
    for name, frame in zip(NAMES, found, strict=True):
        to_arrow(name, frame)
    return dict(zip(NAMES, found, strict=True))


def assert_same(one, other):
    for name in NAMES:
        pd.testing.assert_frame_equal(one[name], other[name])


@pytest.mark.parametrize(
    ("areas", "places"), [([], frozenset({"Salo"})), (["Salo"], frozenset())], ids=["list", "form"]
)
def test_a_place_two_reports_name_makes_them_no_more_alike(make_reports, areas, places):
    texts = [[f"{word} nousi Salossa"] for word in ("Vuokra", "Jono", "Vuokra", *WORDS[:7])]
    texts[3:] = [[text[0].replace("Salossa", "heti")] for text in texts[3:]]
    reports = make_reports(*({"area": areas, "report_id": f"r{i}"} for i in range(len(texts))))
    world = (reports, *tables(reports, texts, np.ones((len(texts), 8))))
    world[2].loc[world[2]["form"] == "Salossa", "lemma"] = "Salo"
    shared = []
    for known in (places, None):
        corpus = read_corpus(Texts(*world), places)
        corpus = replace(corpus, places=frozenset()) if known is None else corpus
        words = corpus.space().words
        shared.append([float((words[0] @ words[other].T).sum()) for other in (1, 2)])
    (by_place, by_word), (before, _) = shared
    assert before > 0
    assert by_place == 0
    assert by_word > 0


def test_planted_groups_become_topics_named_by_their_words(make_world):
    found = run(make_world(48))
    assert sorted(found["topics"]["n_reports"]) == [12] * 4
    assert sorted(found["topics"]["label"].str.split(", ").str[0]) == sorted(WORDS[:4])
    main = found["report_topics"][found["report_topics"]["is_main"]]
    groups = main["report_id"].str[1:].astype(int) % 4
    assert (groups.groupby(main["topic_id"]).nunique() == 1).all()


def test_topics_are_numbered_from_the_largest_and_stability_is_a_share(make_world):
    topics = run(make_world(50))["topics"]
    assert topics["topic_no"].tolist() == list(range(len(topics)))
    assert topics["n_reports"].is_monotonic_decreasing
    assert topics["stability"].between(0, 1).all()


def test_a_report_has_at_most_one_main_topic_and_weights_of_at_least_the_least(make_world):
    pairs = run(make_world(48, spread=1.5))["report_topics"]
    assert (pairs.groupby("report_id")["is_main"].sum() <= 1).all()
    assert pairs["weight"].between(FAST.min_weight, 1).all()


def test_each_main_topic_is_carried_by_a_sentence_of_the_report(make_world):
    found = run(make_world(48, spread=1.0))
    pairs = found["report_topics"]
    carried = found["segment_topics"]
    of_report = set(zip(carried["segment_id"].str[:4], carried["topic_id"], strict=True))
    main = pairs[pairs["is_main"]]
    assert set(zip(main["report_id"], main["topic_id"], strict=True)) <= of_report
    assert of_report <= set(zip(pairs["report_id"], pairs["topic_id"], strict=True))


def test_the_sentence_about_the_topic_carries_it_and_the_other_does_not(make_reports):
    reports = make_reports(*({"report_id": f"r{i:03d}"} for i in range(24)))
    rng = np.random.default_rng(0)
    vectors = np.eye(24)[np.arange(24) % 2] + 0.05 * rng.normal(size=(24, 24))
    texts = [[f"{WORDS[i % 2]} tässä.", "Muuta asiaa."] for i in range(24)]
    world = [reports, *tables(reports, texts, vectors)]
    beside = np.arange(len(world[3])) % 2 == 1
    beside[0] = True
    off_topic = [unit(np.eye(24)[5 + i % 19]) for i in range(len(world[3]))]
    kept = zip(world[3]["vector"], off_topic, beside, strict=True)
    world[3] = world[3].assign(vector=[off if b else on for on, off, b in kept])
    carried = run(world)["segment_topics"]["segment_id"]
    assert carried.str[:4].nunique() == 24
    assert carried[carried.str[:4] != "r000"].str.endswith("/001").all()


def test_candidates_are_small_separate_groups_and_name_the_topic_they_are(make_world):
    found = run(make_world(48))
    candidates = found["candidates"]
    assert candidates["report_ids"].map(len).between(4, 20).all()
    assert (candidates["separation"] > 0).all()
    assert candidates["candidate_id"].is_unique
    main = found["report_topics"][found["report_topics"]["is_main"]]
    members = {t: set(ids) for t, ids in main.groupby("topic_id")["report_id"]}
    for report_ids, topic_id in zip(candidates["report_ids"], candidates["topic_id"], strict=True):
        likeness = {
            t: len(ids & set(report_ids)) / len(ids | set(report_ids)) for t, ids in members.items()
        }
        best = max(likeness.values())
        assert (topic_id is not None and not pd.isna(topic_id)) == (best >= 0.5)
        assert pd.isna(topic_id) or likeness[topic_id] == best


def test_when_where_and_who_do_not_matter(make_world):
    plain = make_world(30)
    changed = make_world(30)
    changed[0]["period"] = [f"20{i:02d}H1" for i in range(30)]
    changed[0]["date"] = date(2020, 1, 1)
    changed[0]["area"] = [[f"kunta {i}"] for i in range(30)]
    changed[0]["reporter_id"] = [str(i % 3) for i in range(30)]
    assert_same(run(plain), run(changed))


def test_same_seed_same_tables_at_any_number_of_threads(make_world):
    world = make_world(40, spread=1.2)
    with threadpool_limits(2):
        first = run(world, seed=7)
    with threadpool_limits(1):
        assert_same(first, run(world, seed=7))


def test_another_seed_is_another_draw(make_world):
    world = make_world(40, spread=1.5)
    stability = [run(world, seed=seed)["topics"]["stability"].tolist() for seed in (0, 1)]
    assert stability[0] != stability[1]


@pytest.mark.parametrize("n_reports", [0, 1, 2, 3, 5, 8])
def test_a_few_reports_give_tables_and_no_error(make_world, n_reports):
    found = run(make_world(n_reports, n_groups=2))
    assert found["topics"]["n_reports"].sum() <= n_reports


def test_reports_all_alike_are_one_topic_and_no_candidate(make_reports):
    reports = make_reports(*({"report_id": f"r{i:03d}"} for i in range(20)))
    world = (reports, *tables(reports, [["Sama teksti."]] * 20, np.ones((20, 8))))
    found = run(world)
    assert found["topics"]["n_reports"].tolist() == [20]
    assert len(found["candidates"]) == 0


def test_reports_without_any_content_word_get_a_label_that_says_so(make_reports):
    reports = make_reports(*({"report_id": f"r{i:03d}"} for i in range(12)))
    world = list(make_world_without_words(reports))
    found = run(world)
    assert set(found["topics"]["label"]) == {"ei erottuvia sanoja"}


def make_world_without_words(reports):
    rng = np.random.default_rng(0)
    vectors = np.eye(8)[np.arange(12) % 2] + 0.1 * rng.normal(size=(12, 8))
    segments, tokens, embeddings, vectors = tables(reports, [["Ja niin."]] * 12, vectors)
    return reports, segments, tokens.assign(pos="CCONJ"), embeddings, vectors


@pytest.mark.parametrize("quality", ["empty", "junk"])
def test_only_reports_of_quality_ok_take_part(make_world, quality):
    found = run(make_world(30, r004={"quality": quality}))
    assert "r004" not in set(found["report_topics"]["report_id"])
    assert not found["candidates"]["report_ids"].map(lambda ids: "r004" in ids).any()


def test_a_report_without_a_sentence_is_in_no_topic(make_world):
    reports, segments, tokens, embeddings, vectors = make_world(30)
    gone = segments["report_id"] == "r004"
    kept = (segments[~gone], tokens, embeddings[~gone.to_numpy()], vectors)
    assert "r004" not in set(run((reports, *kept))["report_topics"]["report_id"])


def test_near_copies_join_the_topics_of_the_first_and_count_once(make_world):
    copies = {f"r{i:03d}": {"duplicate_of": f"r{i - 4:03d}"} for i in (8, 12, 16)}
    found = run(make_world(32, **copies))
    pairs = found["report_topics"].groupby("report_id")["topic_id"].agg(set)
    assert pairs["r016"] == pairs["r012"] == pairs["r008"] == pairs["r004"]
    assert found["topics"]["n_reports"].sum() == 29
    in_candidates = set(found["candidates"]["report_ids"].explode())
    assert not in_candidates & {"r008", "r012", "r016"}
    assert found["segment_topics"]["segment_id"].str.startswith("r008").any()


def test_many_copies_of_one_report_make_no_group(make_world):
    copies = {f"r{i:03d}": {"duplicate_of": "r000"} for i in range(1, 12)}
    found = run(make_world(14, **copies))
    assert len(found["topics"]) <= 1
    assert found["topics"]["n_reports"].sum() <= 3


def test_names_of_people_and_months_name_no_topic(make_reports):
    reports = make_reports(*({"report_id": f"r{i:03d}"} for i in range(24)))
    rng = np.random.default_rng(0)
    vectors = np.eye(24)[np.arange(24) % 2] + 0.05 * rng.normal(size=(24, 24))
    texts = [
        [f"[NIMI-{i % 2 + 1}] syyskuu {WORDS[i % 2]} 5-vuotias."]
        if i % 2
        else [f"[OSOITE] joulukuu {WORDS[i % 2]} 7-vuotias."]
        for i in range(24)
    ]
    topics = run((reports, *tables(reports, texts, vectors)))["topics"]
    assert sorted(topics["terms"].explode()) == sorted(WORDS[:2])


def test_above_the_limit_the_neighbour_graph_finds_the_same_groups(make_world):
    world = make_world(96, n_groups=8)
    config = ClusterConfig(small_n_max=30, candidates_n_max=30)
    found = run(world, config)
    main = found["report_topics"][found["report_topics"]["is_main"]]
    groups = main["report_id"].str[1:].astype(int) % 8
    assert (groups.groupby(main["topic_id"]).nunique() == 1).all()
    assert len(main) == 96
    assert found["topics"]["stability"].between(0.2, 1).all()
    assert_same(found, run(world, config))


def test_weights_that_leave_the_graph_nothing_are_refused() -> None:
    ClusterConfig(view_weights=(0, 1, 1, 0.5))
    with pytest.raises(ValueError, match="first or last weight"):
        ClusterConfig(view_weights=(0, 1, 1, 0))


def test_between_the_limits_topics_are_of_the_graph_candidates_of_the_consensus(make_world):
    world = make_world(96, n_groups=8)
    limits = {"small_n_max": 30, "n_runs": 15}
    both = run(world, ClusterConfig(**limits, candidates_n_max=96))
    graph = run(world, ClusterConfig(**limits, candidates_n_max=95))
    consensus = run(world, ClusterConfig(**limits | {"small_n_max": 96}))
    pd.testing.assert_frame_equal(both["report_topics"], graph["report_topics"])
    sets = [
        {frozenset(ids) for ids in one["candidates"]["report_ids"]}
        for one in (both, graph, consensus)
    ]
    main = graph["report_topics"][graph["report_topics"]["is_main"]]
    topics = {frozenset(ids) for _, ids in main.groupby("topic_id")["report_id"]}
    assert sets[2] <= sets[0] <= sets[2] | topics
    assert sets[0] != sets[1]


@pytest.mark.parametrize(
    ("config", "n_steps"),
    [
        (FAST, 15),
        (ClusterConfig(small_n_max=10, candidates_n_max=10), 59),
        (ClusterConfig(small_n_max=10, n_runs=15), 15),
    ],
    ids=["consensus", "neighbour graph", "both"],
)
def test_progress_reaches_its_total_on_one_thread(make_world, config, n_steps):
    seen: list[Any] = []
    n_threads: set[int] = set()

    def look(done, total):
        seen.append((done, total))
        n_threads.update(pool["num_threads"] for pool in threadpool_info())

    with threadpool_limits(2):
        group(Texts(*make_world(20)), config, seed=0, progress=look, places=frozenset())
    steps = [done for done, _ in seen]
    assert steps == sorted(set(steps))
    assert steps[-1] == n_steps
    assert {total for _, total in seen} == {n_steps}
    assert config is not FAST or steps == list(range(1, n_steps + 1))
    assert n_threads == {1}


def test_a_second_run_on_the_last_ones_topics_changes_no_table(make_world):
    first = run(make_world(40))
    assert_same(first, run(make_world(40), previous=first["topic_lineage"]))


def test_topics_keep_their_ids_when_reports_are_added(make_world):
    first = run(make_world(40))
    second = run(make_world(52), previous=first["topic_lineage"])
    assert set(second["topics"]["topic_id"]) == set(first["topics"]["topic_id"])
    assert set(second["topic_lineage"]["change"]) == {"continued"}


def test_edits_rename_merge_and_drop_topics_and_leave_the_lineage_alone(make_world):
    world = make_world(48)
    plain = run(world)
    one, two, three, four = plain["topics"]["topic_id"]
    edits = [
        {"tee": "yhdistä", "aiheet": [one, two]},
        {"tee": "nimeä", "aihe": one, "nimi": "asuminen"},
        {"tee": "roska", "aihe": three},
        {"tee": "nimeä", "aihe": "T-00000000", "nimi": "x"},
    ]
    found = run(world, edits=[Edit.model_validate(edit) for edit in edits])
    topics = found["topics"].set_index("topic_id")
    assert topics["n_reports"].to_dict() == {one: 24, four: 12}
    assert topics["label"][one] == "asuminen"
    assert set(found["report_topics"]["topic_id"]) == {one, four}
    assert set(found["segment_topics"]["topic_id"]) == {one, four}
    junk = plain["topic_lineage"].set_index("topic_id")["report_ids"][three]
    assert not any(set(junk) == set(ids) for ids in found["candidates"]["report_ids"])
    assert found["topic_edits"]["state"].tolist() == ["applied"] * 3 + ["unfit"]
    pd.testing.assert_frame_equal(found["topic_lineage"], plain["topic_lineage"])


def test_the_setting_names_the_clusterer_and_an_unknown_one_is_refused(make_world):
    seen = {
        name: run(make_world(60), ClusterConfig(n_runs=15, clusterer=name), seed=1)["topics"]
        for name in CLUSTERERS
    }
    pd.testing.assert_frame_equal(seen["by-number"], seen["consensus"])
    assert not seen["graph"].equals(seen["consensus"])
    with pytest.raises(ValueError, match="'by-number' or 'consensus' or 'graph'"):
        ClusterConfig(clusterer="kmeans")
