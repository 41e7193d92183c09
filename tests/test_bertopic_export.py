"""What a study saves is a model that BERTopic loads and works on."""

import json
from pathlib import Path

import numpy as np
import pytest

from pipeline.artifacts import Store
from pipeline.cluster.bertopic_export import BESIDE, documents_of, save_bertopic
from pipeline.errors import InputError
from pipeline.frames import empty
from pipeline.study import Study
from pipeline.tables import TEXT_TABLES
from pipeline.texts import Texts

pytestmark = pytest.mark.filterwarnings("ignore")  # BERTopic and umap warn of what they lack


def test_a_saved_model_holds_the_topics_of_the_study_and_no_rare_word(
    finished_study: Study, tmp_path: Path
) -> None:
    store = Store(finished_study)
    texts = Texts(*map(store.read, TEXT_TABLES))
    topics, report_topics = store.read("topics"), store.read("report_topics")
    made = save_bertopic(tmp_path / "model", texts, topics, report_topics)
    from bertopic import BERTopic

    model = BERTopic.load(tmp_path / "model")
    assert (tmp_path / "model" / "topic_embeddings.safetensors").exists()
    assert made.n_topics == len(topics) == len(set(model.topics_) - {-1})
    beside = json.loads((tmp_path / "model" / BESIDE).read_text(encoding="utf-8"))
    main = report_topics[report_topics["is_main"].astype(bool)]
    topic_of = dict(zip(main["report_id"], main["topic_id"], strict=True))
    for report_id, number in zip(beside["report_ids"], model.topics_, strict=True):
        assert beside["topic_ids"].get(str(number)) == topic_of.get(report_id)
    labels = dict(zip(topics["topic_id"], topics["label"], strict=True))
    named = model.get_topic_info().set_index("Topic")["CustomName"]
    assert {made.numbers[n]: named[n] for n in made.numbers} == labels
    _, documents = documents_of(texts)
    vocabulary = model.vectorizer_model.vocabulary_
    for word in vocabulary:
        assert sum(word in document.split() for document in documents) >= 2
    assert len(model.hierarchical_topics(documents)) == len(set(model.topics_) - {-1}) - 1
    assert np.isfinite(model.topic_embeddings_).all()


def test_a_study_without_topics_has_no_model(finished_study: Study, tmp_path: Path) -> None:
    texts = Texts(*map(Store(finished_study).read, TEXT_TABLES))
    with pytest.raises(InputError, match="no topics"):
        save_bertopic(tmp_path, texts, empty("topics"), empty("report_topics"))
