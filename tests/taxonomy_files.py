"""A small taxonomy on disk, and how to spoil it."""

from pathlib import Path


def write_small_taxonomy(folder: Path) -> Path:
    """Write a small taxonomy: two top themes, one narrower."""
    files = {
        "themes.csv": "theme_id,parent_id,label_fi,label_en,definition,includes,excludes\n"
        "koti,,Koti,Home,Missä asutaan.,Asunto.,Raha.\n"
        "hata,koti,Häätö,,Kodin menetys.,,\n"
        "raha,,Raha,Money,Mistä eletään.,,\n",
        "terms.csv": "theme_id,lang,text\nkoti,fi,asunto\nkoti,en,housing\n",
        "examples.csv": 'theme_id,lang,text\nraha,fi,"Rahat loppu, tili tyhjä."\n',
        "history.csv": "version,date,action,from_ids,to_ids\n"
        "1.0.0,2025-01-31,create,,koti;raha\n"
        "1.1.0,2025-06-30,split,koti,koti;hata\n",
        "meta.toml": 'name = "pieni"\nversion = "1.1.0"\nbase_uri = "https://example.org/p/"\n'
        'title_fi = "Pieni"\ntitle_en = ""\nlicence = "https://example.org/cc0"\n',
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def mend(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
