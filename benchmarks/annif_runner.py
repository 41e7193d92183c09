"""Train Annif on a task and print its scores: run inside Annif's own environment by ``themes.py``.

    python annif_runner.py TASK.json OUT.json

TASK has ``themes`` (id, label, alternatives), ``texts``, ``labels`` and ``splits`` (places of the
coded texts and of the judged ones); OUT gets one matrix of scores a split. The ensemble is the mean
of TF-IDF, MLLM and Omikuji Parabel, the best one of Annif's in this setting.
"""

import json
import logging
import sys
from pathlib import Path

import numpy as np

URI = "http://example.org/theme/"
SOURCES = ("tfidf", "mllm", "parabel")


def main() -> None:
    """Read the task, run every split, write the scores."""
    task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    write_project(task)
    import annif
    import annif.registry
    from annif.vocab import VocabFileSKOS

    annif.logger.setLevel(logging.ERROR)
    app = annif.create_flask_app()
    with app.app_context():
        vocabulary = annif.registry.get_vocab("themes")
        vocabulary.load_vocabulary(VocabFileSKOS("themes.ttl"))
        places = [vocabulary.subjects.by_uri(URI + theme["id"]) for theme in task["themes"]]
        answers = [run_split(task, places, coded, judged) for coded, judged in task["splits"]]
    Path(sys.argv[2]).write_text(json.dumps(answers), encoding="utf-8")


def run_split(task, places, coded, judged):
    """Return scores of the judged texts by the mean of the sources, and how many sources ran."""
    import annif.registry
    from annif.corpus import Document, SubjectSet
    from annif.corpus.types import DocumentCorpus

    class Corpus(DocumentCorpus):
        def __init__(self, documents):
            self.kept = documents

        @property
        def documents(self):
            yield from self.kept

    def document(i, *, with_labels):
        labels = [places[j] for j in np.flatnonzero(task["labels"][i])] if with_labels else []
        return Document(text=task["texts"][i], subject_set=SubjectSet(labels))

    total = np.zeros((len(judged), len(places)))
    for source in SOURCES:
        project = annif.registry.get_project(source)
        project.train(Corpus([document(i, with_labels=True) for i in coded]), backend_params={})
        for start in range(0, len(judged), 64):
            batch = [document(i, with_labels=False) for i in judged[start : start + 64]]
            found = project.suggest(batch).array.toarray()
            total[start : start + len(batch)] += found[:, places]
    return (total / len(SOURCES)).tolist()


def write_project(task):
    """Write Annif's vocabulary and settings into the working folder."""
    lines = ["@prefix skos: <http://www.w3.org/2004/02/skos/core#> ."]
    for theme in task["themes"]:
        labels = "".join(
            f"; skos:altLabel {json.dumps(text, ensure_ascii=False)}@fi "
            for text in theme["alternatives"]
        )
        label = json.dumps(theme["label"], ensure_ascii=False)
        lines.append(f"<{URI}{theme['id']}> a skos:Concept ; skos:prefLabel {label}@fi {labels}.")
    Path("themes.ttl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    backends = {"tfidf": "tfidf", "mllm": "mllm", "parabel": "omikuji"}
    sections = [
        f"[{name}]\nname={name}\nlanguage=fi\nbackend={backend}\nanalyzer=voikko(fi)\n"
        f"vocab=themes\nlimit={len(task['themes'])}\n"
        + ("min_samples_leaf=5\n" if name == "mllm" else "")
        for name, backend in backends.items()
    ]
    Path("projects.cfg").write_text("\n".join(sections), encoding="utf-8")


if __name__ == "__main__":
    main()
