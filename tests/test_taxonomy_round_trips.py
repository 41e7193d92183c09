"""What goes into a taxonomy comes out of every carrier."""

import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from taxonomy_files import mend, write_small_taxonomy

from pipeline.taxonomy.excel import from_excel, to_excel
from pipeline.taxonomy.model import Change, Phrase, Taxonomy, Theme
from pipeline.taxonomy.read import find_taxonomy, load_taxonomy
from pipeline.taxonomy.save import save_taxonomy
from pipeline.taxonomy.skos import from_skos, write_json_ld, write_turtle


@pytest.fixture(params=["sosiaalinen-raportointi", "lajit"])
def shipped_folder(request: pytest.FixtureRequest) -> Path:
    return find_taxonomy(str(request.param))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_small_taxonomy(tmp_path)


PIECES = (*"aÄö =+-@'\"\\,;:#<&>\n\t\r–", "_x000D_", "\r\n", '"""', "]]>", "Ei sisälly: ", "&amp;")
TEXTS = (
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=12)
    .map("".join)
    .filter(lambda text: bool(text.strip()))
)
IDS = ("a", "b-1", "C_2", "d.3")


@st.composite
def taxonomies(draw: st.DrawFn) -> Taxonomy:
    """A checked taxonomy, as :func:`load_taxonomy` would give it for hard texts."""
    ids = draw(st.permutations(IDS))

    def phrases(kind: str) -> dict[str, tuple[Phrase, ...]]:
        found = {}
        for theme_id in ids:
            texts = draw(st.lists(TEXTS, max_size=3))
            marked = {f"{tidy(text)}{kind}" for text in texts}
            langs = draw(st.sampled_from(["fi", "en", "sme"]))
            found[theme_id] = tuple(sorted(Phrase(langs, text) for text in marked))
        return found

    themes = tuple(
        Theme(
            theme_id=theme_id,
            parent_id=draw(st.sampled_from([None, *ids[:number]])),
            label_fi=f"{tidy(draw(TEXTS))}{number}",
            label_en=draw(st.sampled_from(["", f"=label {number}"])),
            definition=tidy(draw(TEXTS)),
            includes=draw(st.just("") | TEXTS.map(tidy)),
            excludes=draw(st.just("") | TEXTS.map(tidy)),
        )
        for number, theme_id in enumerate(ids)
    )
    return Taxonomy(
        name="koe",
        version="2.0.0",
        base_uri="https://example.org/koe#",
        title_fi=tidy(draw(TEXTS)).replace("\n", " "),
        title_en="",
        licence="https://example.org/cc0",
        themes=themes,
        terms=phrases("t"),
        examples=phrases("e"),
        history=(
            Change(version="1.0.0", date="2024-02-29", action="create", to_ids=("a", "old")),
            Change(version="2.0.0", date="2025-01-01", action="merge", from_ids=("a", "old")),
        ),
    )


def tidy(text: str) -> str:
    return re.sub(r"\r\n?", "\n", text).replace("\t", " ").strip()


def through_csv(taxonomy: Taxonomy, folder: Path) -> Taxonomy:
    save_taxonomy(taxonomy, folder)
    return load_taxonomy(folder)


def through_turtle(taxonomy: Taxonomy, folder: Path) -> Taxonomy:
    write_turtle(taxonomy, folder / "t.ttl")
    return from_skos(folder / "t.ttl")


def through_json_ld(taxonomy: Taxonomy, folder: Path) -> Taxonomy:
    write_json_ld(taxonomy, folder / "t.jsonld")
    return from_skos(folder / "t.jsonld")


def through_excel(taxonomy: Taxonomy, folder: Path) -> Taxonomy:
    to_excel(taxonomy, folder / "t.xlsx")
    return from_excel(folder / "t.xlsx")


CARRIERS = pytest.mark.parametrize(
    "carry", [through_csv, through_turtle, through_json_ld, through_excel]
)
Carrier = Callable[[Taxonomy, Path], Taxonomy]


@CARRIERS
def test_a_shipped_taxonomy_comes_back_whole_and_with_its_hash(
    carry: Carrier, shipped_folder: Path, tmp_path: Path
) -> None:
    taxonomy = load_taxonomy(shipped_folder)
    back = carry(taxonomy, tmp_path)
    assert back == taxonomy
    assert back.sha256 == taxonomy.sha256


@CARRIERS
@given(taxonomy=taxonomies())
def test_any_taxonomy_comes_back_whole(
    carry: Carrier, taxonomy: Taxonomy, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert carry(taxonomy, tmp_path_factory.mktemp("t")) == taxonomy


def test_the_hash_follows_the_content_and_not_the_order_of_phrases(folder: Path) -> None:
    before = load_taxonomy(folder)
    mend(
        folder,
        "terms.csv",
        "koti,fi,asunto\nkoti,en,housing\n",
        "koti,en,housing\nkoti,fi,asunto\n",
    )
    assert load_taxonomy(folder).sha256 == before.sha256
    mend(folder, "terms.csv", "asunto", "asuntola")
    assert load_taxonomy(folder).sha256 != before.sha256


def test_what_is_written_is_the_same_bytes_in_another_process(folder: Path, tmp_path: Path) -> None:
    program = (
        "import sys, pathlib; from pipeline.taxonomy.read import *;"
        "from pipeline.taxonomy.skos import *; from pipeline.taxonomy.excel import *;"
        "t = load_taxonomy(pathlib.Path(sys.argv[1]));"
        "write_turtle(t, pathlib.Path(sys.argv[2] + '.ttl'));"
        "write_json_ld(t, pathlib.Path(sys.argv[2] + '.jsonld'));"
        "to_excel(t, pathlib.Path(sys.argv[2] + '.xlsx'))"
    )
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", program, str(folder), str(tmp_path / seed)],
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[1])},
        )
    for kind in ("ttl", "jsonld", "xlsx"):
        first, second = ((tmp_path / f"{seed}.{kind}").read_bytes() for seed in "12")
        assert first == second, kind
    with zipfile.ZipFile(tmp_path / "1.xlsx") as archive:
        assert b"2000-01-01T00:00:00Z" in archive.read("docProps/core.xml")
