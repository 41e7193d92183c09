"""The map of reports: like beside like, the same at every run, and a sample of many."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.cluster.cluster import ClusterConfig
from pipeline.cluster.map import lay_out, map_reports
from pipeline.frames import empty, to_arrow
from pipeline.texts import Texts

N_DIMS = 8
Frames = dict[str, pd.DataFrame]


def text_tables(groups: list[int], copies: dict[int, int] | None = None) -> Frames:
    """Make the text tables of reports of one sentence whose vectors lie in groups."""
    rng = np.random.default_rng(0)
    ids = [f"R-{i:03}" for i in range(len(groups))]
    vectors = [np.eye(N_DIMS)[g] + 0.1 * rng.normal(size=N_DIMS) for g in groups]
    vectors = [(v / np.linalg.norm(v)).astype(np.float32) for v in vectors]
    segments = [f"{i}/observation/000" for i in ids]
    source = copies or {}
    return {
        "reports": pd.DataFrame(
            {"report_id": ids, "quality": "ok", "language": "fi",
             "duplicate_of": [ids[source[i]] if i in source else "" for i in range(len(ids))],
             "area": [[] for _ in ids]}
        ),
        "segments": pd.DataFrame(
            {"segment_id": segments, "report_id": ids, "field": "observation", "start": 0, "end": 6,
             "language": "fi", "text": [f"Sana{g}." for g in groups]}
        ),
        "tokens": pd.DataFrame(
            {"segment_id": segments, "lemma": [f"sana{g}" for g in groups], "pos": "NOUN",
             "form": [f"sana{g}" for g in groups], "parts": [[] for _ in ids], "known": True,
             "start": 0, "end": 5}
        ),
        "embeddings": pd.DataFrame({"segment_id": segments, "vector": vectors}),
        "report_embeddings": pd.DataFrame(
            {"report_id": ids, "vector": vectors, "word_vector": [np.zeros(2, "f4")] * len(ids)}
        ),
    }  # fmt: skip


def mapped(frames: Frames, seed: int = 1, **settings: Any) -> pd.DataFrame:
    table = map_reports(Texts(*frames.values()), ClusterConfig(**settings), seed=seed)
    to_arrow("report_map", table)
    return table


def test_neighbours_on_the_map_are_of_one_group() -> None:
    groups = [i % 4 for i in range(80)]
    table = mapped(text_tables(groups))
    places = table[["x", "y"]].to_numpy()
    distances = np.linalg.norm(places[:, None] - places[None], axis=2) + 9 * np.eye(80)
    nearest = distances.argsort(axis=1)[:, :5]
    same = np.array(groups)[nearest] == np.array(groups)[:, None]
    assert same.mean() > 0.95


def test_the_map_fills_its_square_and_is_the_same_again() -> None:
    frames = text_tables([i % 3 for i in range(30)])
    table = mapped(frames)
    assert table["report_id"].tolist() == frames["reports"]["report_id"].tolist()
    low, high = table[["x", "y"]].min(), table[["x", "y"]].max()
    assert (low >= 0).all()
    assert (high <= 1).all()
    assert (high - low).max() == pytest.approx(1)
    pd.testing.assert_frame_equal(table, mapped(frames))


def test_of_many_reports_a_sample_is_laid_out_with_its_copies() -> None:
    frames = text_tables([i % 3 for i in range(40)], copies={39: 0, 38: 1})
    ids = set(mapped(frames, max_map_reports=37)["report_id"])
    assert [("R-039" in ids), ("R-038" in ids)] == [("R-000" in ids), ("R-001" in ids)]
    assert len(ids - {"R-038", "R-039"}) == 37
    assert ids & {"R-038", "R-039"}
    few = [set(mapped(frames, seed=s, max_map_reports=20)["report_id"]) for s in (1, 2)]
    assert few[0] != few[1]


def test_a_copy_stands_where_the_report_stands_that_it_repeats() -> None:
    table = mapped(text_tables([i % 3 for i in range(12)], copies={11: 4})).set_index("report_id")
    assert list(table.loc["R-011"]) == list(table.loc["R-004"])


def test_what_does_not_count_has_no_place() -> None:
    frames = text_tables([i % 3 for i in range(12)])
    frames["reports"].loc[3, "quality"] = "junk"
    frames["segments"] = frames["segments"].drop(index=5)
    ids = set(mapped(frames)["report_id"])
    assert ids == set(frames["reports"]["report_id"]) - {"R-003", "R-005"}


@pytest.mark.parametrize("n", range(6))
def test_a_handful_of_reports_has_places(n: int) -> None:
    table = mapped(text_tables(list(range(n))))
    assert len(table) == n
    assert all(table[axis].between(0, 1).all() for axis in ("x", "y"))


def test_reports_that_are_all_alike_stand_on_one_spot() -> None:
    same = np.full((5, N_DIMS), 0.5, dtype=np.float32)
    assert (lay_out(np.ones((5, 5), dtype=np.float32), same, 0) == 0.5).all()


def test_a_study_without_reports_has_an_empty_map() -> None:
    names = ("reports", "segments", "tokens", "embeddings", "report_embeddings")
    assert mapped({name: empty(name) for name in names}).empty
