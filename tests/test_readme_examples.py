"""The README's examples of other libraries run as they stand, and read Finnish letters."""

import datetime as dt
import re
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.filterwarnings("ignore")  # BERTopic and umap warn of what they lack

README = Path(__file__).parents[1] / "README.md"
REPORTS = [
    "Äiti ja tyttö jäivät yksin, kun hän lähti töihin.",
    "Päihdehoitoon jonotetaan, eikä hän pääse hoitoon.",
] * 10


@pytest.fixture(scope="module")
def example() -> str:
    """The README's Python example, whole."""
    [found] = [
        block
        for block in re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
        if "LemmaAnalyzer" in block
    ]
    return found


@pytest.fixture(scope="module")
def fitted(example):
    from sklearn.cluster import KMeans
    from sklearn.decomposition import PCA

    vectors = np.random.default_rng(0).normal(size=(20, 8)).astype("float32")
    vectors[::2] += 3
    names = {
        "reports": REPORTS,
        "vectors": vectors,
        "reducer": PCA(2),
        "clusterer": KMeans(2, random_state=0, n_init=1),
    }
    exec(example, names)
    return names


def test_bertopic_names_topics_with_finnish_letters(fitted):
    words = {word for topic in (0, 1) for word, _ in fitted["model"].get_topic(topic)}
    assert {"äiti", "tyttö", "päihdehoito"} <= words
    assert not {"iti", "tytt"} & words


def test_the_spacy_example_gives_lemmas(fitted):
    assert [token.lemma_ for token in fitted["nlp"]("Perheet jonottavat.")][:2] == [
        "perhe",
        "jonottaa",
    ]


def test_topics_over_time_run_on_the_pinned_pandas_with_days_that_are_no_texts(fitted):
    days = [dt.datetime(2024, 1 + i % 6, 1) for i in range(20)]
    over_time = fitted["model"].topics_over_time(REPORTS, days)
    assert over_time["Frequency"].sum() == 20
    # what the README says of texts; when BERTopic mends it, the README's sentence goes
    with pytest.raises(TypeError, match="infer_datetime_format"):
        fitted["model"].topics_over_time(REPORTS, [day.date().isoformat() for day in days])
