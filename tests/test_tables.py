"""The table contract is checked on every write and survives the way to disk and back."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import ArtifactError
from pipeline.frames import empty, to_arrow, to_frame
from pipeline.tables import TABLES


@pytest.mark.parametrize("name", TABLES)
def test_every_table_can_be_empty(name):
    table = to_arrow(name, empty(name))
    assert table.num_rows == 0
    assert table.schema.equals(TABLES[name].schema)


@pytest.mark.parametrize("name", TABLES)
def test_every_key_is_made_of_columns_and_every_column_says_what_it_means(name):
    table = TABLES[name]
    names = [column.name for column in table.columns]
    assert set(table.key) <= set(names)
    assert len(names) == len(set(names))
    assert all(len(column.meaning) >= 3 for column in table.columns)


def test_only_tables_named_raw_hold_personal_data():
    assert {t.name for t in TABLES.values() if t.is_raw} == {"raw_reports", "raw_rejected"}


def test_lists_dates_nulls_and_texts_come_back_as_they_went(make_reports):
    frame = make_reports(
        {"area": ["Vuolinna", "Kiviranta"], "client_groups": [], "date": None},
        {"date": dt.date(2024, 12, 31), "duplicate_score": 0.5, "observation": "äö\n—"},
    )
    back = to_frame(to_arrow("reports", frame))
    assert back["area"].tolist() == [["Vuolinna", "Kiviranta"], ["Vuolinna"]]
    assert back["client_groups"].tolist() == [[], ["tyoikaiset"]]
    assert back["date"].tolist() == [None, dt.date(2024, 12, 31)]
    assert back["observation"].tolist() == frame["observation"].tolist()
    assert np.isnan(back["duplicate_score"][0])
    assert back["duplicate_score"][1] == 0.5


def test_vectors_come_back_as_float32_arrays():
    vectors = [np.array([0.5, 1.0, -1.0]), np.zeros(3)]
    column = pd.Series(vectors, dtype=object)
    frame = pd.DataFrame(
        {"report_id": ["a", "b"], "text_key": "", "vector": column, "word_vector": column}
    )
    back = to_frame(to_arrow("report_embeddings", frame))
    assert back["vector"][0].dtype == np.float32
    np.testing.assert_array_equal(np.stack(back["vector"].tolist()), np.stack(vectors))


def test_evidence_comes_back_as_dictionaries():
    evidence = [{"segment_id": "a/observation/001", "term": "vuokra", "contribution": 0.25}]
    frame = pd.DataFrame(
        {
            "report_id": ["a"],
            "theme_id": ["t"],
            "score": [0.5],
            "assigned": [True],
            "log_odds": [0.25],
            "unseen_score": [0.5],
            "margin": [0.5],
            "strength": ["weak"],
            "is_next": [False],
            "evidence": [evidence],
        }
    )
    assert to_frame(to_arrow("report_themes", frame))["evidence"][0] == evidence


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: f.drop(columns="unit"), r"Missing \['unit'\]"),
        (lambda f: f.assign(gold="x"), r"extra \['gold'\]"),
        (lambda f: f.assign(valence=None), "reports.valence has 1 empty values"),
        (lambda f: f.assign(area="Vuolinna"), "reports.area must be list"),
    ],
    ids=["missing column", "extra column", "null", "wrong type"],
)
def test_a_frame_that_breaks_the_contract_is_refused_without_showing_its_text(
    make_reports, change, words
):
    frame = make_reports({"observation": "Salainen lause."})
    with pytest.raises(ArtifactError, match=words) as caught:
        to_arrow("reports", change(frame))
    assert "Salainen" not in str(caught.value)
