"""A model that leaves the study carries no surname."""

import numpy as np
import pandas as pd

from pipeline.assign.features import Features
from pipeline.assign.fitted import FittedThemes
from pipeline.assign.linear import Linear
from pipeline.assign.plain_words import limited_to, shared_words


def test_only_words_of_three_reports_by_two_writers_that_name_nobody_are_kept():
    terms = [("vuokra", "haapasalo", "jono", "asunto")] * 3 + [("vuokra", "jono")]
    reports = pd.DataFrame(
        {"report_id": ["a", "b", "c", "d"], "reporter_id": ["K-1", "K-1", "K-1", "K-2"]}
    )
    everyday = {"vuokra", "jono", "asunto"}
    found = shared_words(terms, list("abcd"), reports, everyday.__contains__)
    assert found == {"vuokra", "jono"}  # asunto: one writer; haapasalo: a name
    unknown = reports.assign(reporter_id="")
    assert shared_words(terms, list("abcd"), unknown, everyday.__contains__) == everyday


def test_a_cut_model_scores_as_if_the_other_words_were_not_there():
    features = Features({"a": 0, "b": 1, "c": 2}, np.array([1.0, 2.0, 3.0]), np.zeros(2))
    weights = np.arange(10.0).reshape(5, 2)
    fitted = FittedThemes(
        theme_ids=("x", "y"), features=features, text=Linear(weights, np.zeros(2)),
        unseen=(Linear(weights, np.zeros(2)),), scale=1.0, shift=0.0, flips=None,
        familiarity=None, cut=0.0, ticked_cut=0.0, min_score=0.1, n_coded=0,
    )  # fmt: skip
    cut = limited_to(fitted, {"a", "c"})
    assert cut.features.vocabulary == {"a": 0, "c": 1}
    assert cut.features.idf.tolist() == [1.0, 3.0]
    assert cut.text.weights.tolist() == weights[[0, 2, 3, 4]].tolist()
    assert cut.unseen[0].weights.tolist() == cut.text.weights.tolist()
