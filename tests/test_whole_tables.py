"""Whole tables are read once, in little memory, and not at all where nothing is to be made."""

import itertools

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from pipeline import vectors
from pipeline.artifacts import Store
from pipeline.config import load_settings
from pipeline.engine.inline import Inline
from pipeline.frames import read_frame, to_arrow, to_frame
from pipeline.language.centring import language_groups, without_language
from pipeline.needs import Supply
from pipeline.stages import STAGES
from pipeline.step_run import StepRun
from pipeline.tables import TABLES

PARTS = [[], ["vuokra", "asunto"], [], ["asunto"], ["vuokra", "asunto"], [], ["a", "b", "c"]]

PLAIN = {"string": "x", "double": 0.5, "bool": True, "int64": 1}


def token_frame(parts):
    n = len(parts)
    return pd.DataFrame(
        {
            "segment_id": [f"R/observation/{i:03d}" for i in range(n)],
            "start": range(n), "end": range(1, n + 1), "form": "x", "lemma": "x", "pos": "NOUN",
            "parts": pd.Series(parts, dtype=object), "known": True,
        }
    )  # fmt: skip


@pytest.mark.parametrize(("start", "n_rows"), [(0, 7), (1, 4), (3, 3), (2, 1), (7, 0)])
def test_lists_come_back_as_they_were_and_equal_ones_once(start, n_rows):
    arrow = to_arrow("tokens", token_frame(PARTS)).slice(start, n_rows)
    read = to_frame(arrow)["parts"].tolist()
    assert read == PARTS[start : start + n_rows]
    assert len({id(one) for one in read}) == len({tuple(one) for one in read})


def test_evidence_comes_back_as_it_was_after_a_choice_of_rows_too():
    evidence = [
        [{"segment_id": "R/observation/000", "term": "vuokra", "contribution": 0.5}],
        [],
        [{"segment_id": "", "term": "[muu]", "contribution": -1.0}] * 2,
    ]
    columns = TABLES["report_themes"].columns
    frame = pd.DataFrame({c.name: [PLAIN.get(str(c.type))] * 3 for c in columns})
    frame["evidence"] = pd.Series(evidence, dtype=object)
    read = to_frame(to_arrow("report_themes", frame))
    assert [list(one) for one in read["evidence"]] == evidence
    chosen = read[[True, False, True]]
    assert [row.evidence for row in chosen.itertuples()] == [evidence[0], evidence[2]]
    assert to_arrow("report_themes", read).equals(to_arrow("report_themes", frame))


def test_vectors_of_many_row_groups_lie_in_one_matrix(tmp_path):
    rows = np.random.default_rng(0).normal(size=(25, 8)).astype(np.float32)
    ids = [f"s{i}" for i in range(25)]
    frame = pd.DataFrame({"segment_id": ids, "text_key": ids, "vector": list(rows)})
    path = tmp_path / "embeddings.parquet"
    pq.write_table(to_arrow("embeddings", frame), path, row_group_size=7)
    read = read_frame(pq.ParquetFile(path), ["vector", "segment_id"])
    assert list(read.columns) == ["vector", "segment_id"]
    assert np.array_equal(np.stack(read["vector"].tolist()), rows)
    assert len({id(row.base) for row in read["vector"]}) == 1


def test_unit_vectors_do_not_depend_on_how_many_are_scaled_at_a_time(monkeypatch):
    rows = np.random.default_rng(0).normal(size=(23, 5)).astype(np.float32)
    rows[4] = 0
    whole = vectors.unit(rows)
    monkeypatch.setattr(vectors, "_ROWS_AT_ONCE", 4)
    assert np.array_equal(vectors.unit(rows), whole)
    assert not whole[4].any()


def test_languages_are_centred_as_if_their_texts_were_copied_out():
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(60, 6)).astype(np.float32)
    languages = [("fi", "sv", "en")[i % 3] for i in range(59)] + ["ru"]
    counted = rng.random(60) < 0.8
    expected = rows.copy()
    for group in set(language_groups(languages, counted).tolist()):
        member = language_groups(languages, counted) == group
        expected[member] -= rows[member & counted].mean(axis=0)
    assert np.array_equal(without_language(rows, languages, counted), expected)
    held = rows.copy()
    assert without_language(held, languages, counted, out=held) is held
    assert np.array_equal(held, expected)
    assert set(language_groups(languages, counted).tolist()) == {0, 1, 2}


@pytest.mark.parametrize("name", ["nearest_coded", "theme_shares"])
def test_codings_that_do_not_exist_cost_nothing(name, finished_copy, monkeypatch):
    store = Store(finished_copy)
    settings = load_settings(finished_copy.settings_file)
    supply = Supply(store, settings)
    manifest = store.manifest("codings_standing")
    assert manifest is not None
    store.write_manifest(
        "codings_standing", manifest | {"output": manifest["output"] | {"rows": 0}}
    )
    steps = StepRun(supply, Inline(supply), Inline(supply), lambda done, total: None)

    def unwanted(*_):
        raise AssertionError("a table was read")

    monkeypatch.setattr(steps, "_read", unwanted)
    pairs = itertools.chain.from_iterable([(s, one) for one in s.steps] for s in STAGES)
    stage, step = next(pair for pair in pairs if pair[1].name == name)
    steps.make(stage, step)
    assert all(store.read(table).empty for table in step.makes)
