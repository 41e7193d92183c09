"""A large topic is looked into in every run, and the parts that hold are told."""

import numpy as np
import pandas as pd
import pytest
from report_reader import page_text
from report_tables import Frames, facts, frame, write

from pipeline.cluster.cluster import ClusterConfig
from pipeline.cluster.parts import topic_parts
from pipeline.frames import empty, to_arrow
from pipeline.texts import Texts

from test_audiences import with_signal  # isort: skip
from test_cluster import tables  # isort: skip

SIZES = {"T-mixed": 32, "T-small": 12}


@pytest.fixture
def world(make_reports):
    """A topic of 32 reports of two kinds, and one of 12."""
    rng = np.random.default_rng(1)
    ids = [f"r{i:02d}" for i in range(sum(SIZES.values()))]
    reports = make_reports(*({"report_id": report_id} for report_id in ids))
    vectors, texts = [], []
    for i in range(len(ids)):
        is_mixed = i < SIZES["T-mixed"]
        vector = np.eye(24)[0] if is_mixed else np.eye(24)[1]
        if is_mixed:
            vector = vector + 0.4 * np.eye(24)[2 + i % 2]
        vectors.append(vector + 0.3 * rng.normal(size=24) / 24**0.5)
        word = ("jono", "lasku")[i % 2] if is_mixed else "koulu"
        texts.append([f"palvelu {word} tässä", "taas palvelu mukana"])
    topics = [name for name, n in SIZES.items() for _ in range(n)]
    held = pd.DataFrame({"report_id": ids, "topic_id": topics, "weight": 1.0, "is_main": True})
    return Texts(reports, *tables(reports, texts, vectors, noise=0.05)), held


def parts_of(world: tuple[Texts, pd.DataFrame], **settings: int) -> pd.DataFrame:
    texts, held = world
    return topic_parts(texts, held, ClusterConfig.model_validate(settings), seed=0)


def test_a_large_topic_falls_into_its_kinds_and_a_small_one_is_not_looked_into(world):
    found = parts_of(world)
    to_arrow("topic_parts", found)
    assert set(found["topic_id"]) == {"T-mixed"}
    kinds = [{int(i[1:]) % 2 for i in ids} for ids in found["report_ids"]]
    assert all(len(kind) == 1 for kind in kinds)
    assert set().union(*kinds) == {0, 1}
    assert found["part_no"].tolist() == list(range(1, len(found) + 1))


def test_no_text_is_read_where_no_topic_is_large(world):
    def refuse(name: str) -> pd.DataFrame:
        raise AssertionError(name)

    _, held = world
    small = held[held["topic_id"] == "T-small"]
    assert topic_parts(Texts.lazily(refuse), small, ClusterConfig(), seed=0).empty


def test_copies_do_not_make_a_topic_large(world):
    texts, held = world
    reports = texts.reports.assign(
        duplicate_of=[f"r{i % 4:02d}" if 4 <= i < 32 else None for i in range(len(texts.reports))]
    )
    assert topic_parts(texts.of(reports), held, ClusterConfig(), seed=0).empty


def test_the_largest_topics_are_looked_into_first_and_no_more_than_asked(world):
    found = parts_of(world, min_reports_inside=6, n_topics_inside=1)
    assert set(found["topic_id"]) == {"T-mixed"}
    assert parts_of(world, n_topics_inside=0).empty


def parted(*stabilities: float) -> Frames:
    """The study of the audiences, its first topic in parts of two reports each."""
    frames = with_signal()
    topic = str(frames["topics"]["topic_id"].iloc[0])
    held = frames["report_topics"]
    ids = held.loc[(held["topic_id"] == topic) & held["is_main"], "report_id"].tolist()
    rows = [
        {"topic_id": topic, "part_no": i + 1, "label": f"osan{i}", "terms": [f"osan{i}"],
         "report_ids": ids[2 * i : 2 * i + 2], "stability": stability}
        for i, stability in enumerate(stabilities)
    ]  # fmt: skip
    return frames | {"topic_parts": frame("topic_parts", rows) if rows else empty("topic_parts")}


def test_stable_parts_stand_on_the_card_with_their_reports_and_loose_ones_do_not() -> None:
    made, _ = facts(parted(0.9, 0.8, 0.4))
    (parts,) = [card.parts for card in made.topics.cards if card.parts]
    assert [(part.label, part.n.n) for part in parts] == [("osan0", 2), ("osan1", 2)]
    page = page_text(write(parted(0.9, 0.8, 0.4))["report.html"])
    assert "erottuvat pysyvästi" in page
    assert "osan1" in page
    assert "osan2" not in page


def test_one_stable_part_is_the_topic_itself() -> None:
    made, _ = facts(parted(0.9, 0.4))
    assert not any(card.parts for card in made.topics.cards)
