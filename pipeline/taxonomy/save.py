"""Write a taxonomy folder: the five files that people edit and the one made from them."""

from pathlib import Path

from pipeline.taxonomy.model import Taxonomy, tabulate
from pipeline.taxonomy.rows import csv_text
from pipeline.taxonomy.skos import turtle


def save_taxonomy(taxonomy: Taxonomy, folder: Path) -> None:
    """Write the five edited files and the generated ``themes.ttl``, replacing older ones.

    Each file is written aside and renamed, so a reader never sees half of one.
    """
    import tomlkit

    files = {f"{name}.csv": csv_text(rows) for name, rows in tabulate(taxonomy).items()}
    files["meta.toml"] = tomlkit.dumps(taxonomy.meta)
    files["themes.ttl"] = turtle(taxonomy)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        aside = folder / f".{name}.tmp"
        aside.write_bytes(text.encode("utf-8"))
        aside.replace(folder / name)
