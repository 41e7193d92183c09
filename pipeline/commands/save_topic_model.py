"""``havainto topics --bertopic``: save the topics as a model that BERTopic loads."""

from pathlib import Path

from rich.console import Console

from pipeline.artifacts import Store
from pipeline.commands.settings import study_settings
from pipeline.speech import say
from pipeline.study import open_study
from pipeline.tables import TEXT_TABLES
from pipeline.texts import Texts


def save_topic_model(path: Path, folder: Path) -> None:
    """Save the topics as a model that BERTopic loads."""
    from pipeline.cluster.bertopic_export import save_bertopic

    study = open_study(path)
    study_settings(study)
    store = Store(study)
    texts = Texts(*map(store.read, TEXT_TABLES))
    made = save_bertopic(folder, texts, store.read("topics"), store.read("report_topics"))
    Console(highlight=False, soft_wrap=True).print(
        say(
            "{n_topics} topics of {n_reports} reports: {folder}. In Python: "
            'BERTopic.load("{folder}")',
            n_topics=made.n_topics,
            n_reports=made.n_reports,
            folder=folder,
        ),
        markup=False,
    )
