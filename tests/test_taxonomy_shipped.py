"""The taxonomies that ship are complete, and each theme sends its neighbour's cases on."""

import re
from collections import Counter
from pathlib import Path

import pytest

from pipeline.taxonomy.read import find_taxonomy, load_taxonomy
from pipeline.taxonomy.save import save_taxonomy

THEMES = "sosiaalinen-raportointi"
KINDS = "lajit"
VALENCES = "valenssit"
SHIPPED = (THEMES, KINDS, VALENCES)


@pytest.fixture(params=SHIPPED)
def shipped_folder(request: pytest.FixtureRequest) -> Path:
    return find_taxonomy(str(request.param))


def test_the_shipped_themes_are_the_agreed_eighteen_in_order() -> None:
    assert load_taxonomy(find_taxonomy(THEMES)).theme_ids == (
        "palvelujen-saatavuus",
        "lapsen-hyvinvointi",
        "toimintakyky-elamanhallinta",
        "toimivat-kaytannot",
        "sosiaalinen-syrjaytyminen",
        "viranomaisyhteistyo",
        "toimeentulo",
        "asuminen",
        "mielenterveys",
        "paihteet-riippuvuudet",
        "vanhemmuus-perheet",
        "koulu-opiskelu",
        "tyollisyys-tyokyky",
        "digiasiointi",
        "vakivalta-turvallisuus",
        "yksinaisyys",
        "maahanmuutto",
        "asenteet-yhdenvertaisuus",
    )


def test_every_shipped_theme_says_what_it_takes_and_what_its_neighbour_takes(
    shipped_folder: Path,
) -> None:
    taxonomy = load_taxonomy(shipped_folder)
    for theme in taxonomy.themes:
        assert theme.label_en, theme.theme_id
        assert theme.includes, theme.theme_id
        named = set(re.findall(r"ks\. ([a-z-]+)", theme.excludes))
        assert named, f"{theme.theme_id} sends no case to a neighbour"
        assert named <= set(taxonomy.theme_ids) - {theme.theme_id}, theme.theme_id


@pytest.mark.parametrize(
    ("name", "min_terms", "min_examples"),
    [(THEMES, 30, 15), (KINDS, 20, 15), (VALENCES, 20, 15)],
    ids=SHIPPED,
)
def test_every_shipped_theme_has_enough_terms_and_examples(
    name: str, min_terms: int, min_examples: int
) -> None:
    taxonomy = load_taxonomy(find_taxonomy(name))
    for theme_id in taxonomy.theme_ids:
        assert len(taxonomy.terms[theme_id]) >= min_terms, theme_id
        assert len(taxonomy.examples[theme_id]) >= min_examples, theme_id
        assert {"fi", "en"} == {lang for lang, _ in taxonomy.terms[theme_id]}, theme_id


def test_no_shipped_term_or_example_serves_two_themes(shipped_folder: Path) -> None:
    taxonomy = load_taxonomy(shipped_folder)
    for by_theme in (taxonomy.terms, taxonomy.examples):
        texts = Counter(text.casefold() for group in by_theme.values() for _, text in group)
        assert [text for text, n in texts.items() if n > 1] == []


def test_shipped_theme_examples_are_the_length_of_a_report_sentence() -> None:
    taxonomy = load_taxonomy(find_taxonomy(THEMES))
    lengths = [len(text.split()) for group in taxonomy.examples.values() for _, text in group]
    assert min(lengths) >= 8
    assert max(lengths) <= 25


def test_shipped_files_are_in_the_form_that_saving_gives(
    shipped_folder: Path, tmp_path: Path
) -> None:
    save_taxonomy(load_taxonomy(shipped_folder), tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        path.name: path.read_bytes() for path in shipped_folder.iterdir()
    }, "run: save_taxonomy(load_taxonomy(folder), folder)"
