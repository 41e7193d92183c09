"""Encode the sentences of the shipped taxonomies, for studies to find them encoded.

    python benchmarks/make_example_vectors.py

Writes ``models/e5/examples.npz``. Run it after a change of a taxonomy or of the encoder;
``tests/test_shipped_vectors.py`` says when that was forgotten.
"""

from pipeline.assign.theme_texts import texts_of_themes
from pipeline.config import StudyConfig
from pipeline.embed.embed import EmbedConfig
from pipeline.embed.encoders import make_encoder
from pipeline.embed.shipped_vectors import FILE, write_vectors
from pipeline.label.example_scores import example_phrases
from pipeline.label.label import LABEL_SETS
from pipeline.resources import shipped
from pipeline.taxonomy.read import find_taxonomy, load_taxonomy


def shipped_texts() -> list[str]:
    """Return the texts of the small label sets and of the taxonomy that studies begin with."""
    sets = [load_taxonomy(find_taxonomy(name)) for name in LABEL_SETS]
    examples = [text for one in sets for text in example_phrases(one)[0]]
    return [*examples, *texts_of_themes(load_taxonomy(find_taxonomy(StudyConfig().taxonomy)))]


def main() -> None:
    """Write the file."""
    models = shipped(*FILE[:-1])
    texts = shipped_texts()
    path = models / FILE[-1]
    write_vectors(path, make_encoder(EmbedConfig(), models), texts)
    print(f"{path}: {len(set(texts)):,} sentences, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
