"""Search finds words as written and by lemma, and ä is not a; pages go by key; views are URLs."""

import re
from pathlib import Path

import pandas as pd
import pytest
from conftest import DictLemmatiser
from workbench_study import Tab, copied, desk_of

from pipeline.workbench.keys import SINGLES, Letters, changed, with_themes
from pipeline.workbench.search import Term, fts_query, hits, parse
from pipeline.workbench.views import listing, read_view


@pytest.fixture(scope="module")
def desk(finished_study, tmp_path_factory):
    return desk_of(copied(finished_study, tmp_path_factory.mktemp("desk") / "study"))


def found(desk, query: str) -> set[str]:
    view = read_view(f"haku={query}")
    terms = parse(view.query, desk.lemmatiser)
    return {row["report_id"] for row in listing(desk.index, view, terms, 500).rows}


def with_words(desk, *words: str) -> set[str]:
    rows = desk.index.execute("SELECT report_id, text FROM report").fetchall()
    return {r["report_id"] for r in rows if any(w in r["text"].lower() for w in words)}


def test_a_word_finds_its_forms_and_compounds(desk) -> None:
    assert found(desk, "vuokra") == with_words(desk, "vuokra")
    assert found(desk, "häätö") == with_words(desk, "häätö", "häädö")


def test_a_phrase_is_found_as_written_and_a_minus_leaves_out(desk) -> None:
    assert found(desk, '"vuokra nousi"') == with_words(desk, "vuokra nousi") != set()
    assert found(desk, "vuokra+-häätö") == with_words(desk, "vuokra") - with_words(
        desk, "häätö", "häädö"
    )


def test_dots_are_letters(desk) -> None:
    assert found(desk, "äiti") == with_words(desk, "äiti", "äidin", "äitiä") != set()
    assert found(desk, "aiti") == set()


def test_hits_are_marked_by_lemma_part_and_phrase() -> None:
    tokens = [
        ["s", 0, 6, "Vuokra", "vuokra", []],
        ["s", 7, 12, "nousi", "nousta", []],
        ["s", 13, 27, "vuokra-asunnon", "vuokra-asunto", ["vuokra", "asunto"]],
    ]
    lemma = Term(("asunto",), frozenset({"asunto"}))
    phrase = Term(("vuokra", "nousi"), frozenset())
    assert hits([lemma], tokens) == {2}
    assert hits([phrase], tokens) == {0, 1}


def test_every_word_is_quoted_for_the_index() -> None:
    terms = parse('near(a b) OR "c d" -e', DictLemmatiser())
    assert all(f'"{word}"' in fts_query(terms) for word in ("or", "c d"))


@pytest.mark.parametrize(
    "sort", ["jarjestys", "uusin", "vaikein", "varmin", "ehdotukset", "pituus"]
)
def test_pages_by_key_show_each_report_once_forward_and_back(desk, sort) -> None:
    view = read_view(f"sort={sort}")
    seen, after, pages = [], "", []
    while True:
        page = listing(desk.index, read_view(f"sort={sort}&after={after}"), (), 5)
        ids = [row["report_id"] for row in page.rows]
        pages.append(ids)
        seen += ids
        after = page.following
        if not after:
            break
    assert len(seen) == len(set(seen)) == 24
    whole = [row["report_id"] for row in listing(desk.index, view, (), 100).rows]
    assert seen == whole
    last = listing(desk.index, read_view(f"sort={sort}&after={page.previous}"), (), 5)
    assert last.n_all == 24
    back = listing(desk.index, read_view(f"sort={sort}&before={page.previous}"), (), 5)
    assert [row["report_id"] for row in back.rows] == pages[-2]


def test_counts_beside_filters_are_those_of_the_list(desk) -> None:
    tab = Tab(desk)
    reports = desk.generation.read("reports")
    for period, frame in reports.groupby("period"):
        assert f"<h1>{len(frame)} raporttia</h1>" in tab.get(f"/raportit?jakso={period}").text
    areas = pd.Series([a for areas in reports["area"] for a in areas]).value_counts()
    page = tab.get("/raportit").text
    for area, n in areas.items():
        assert f'<span>{area}</span> <span class="n">{n}</span>' in page


def test_a_saved_view_opens_as_it_was(desk) -> None:
    tab = Tab(desk)
    tab.post("/nakyma", nimi='Häädöt <b>"1"</b>', nakyma="haku=häätö&sort=pituus")
    page = tab.get("/raportit").text
    assert "<b>" not in page.split("saved")[1][:400]
    assert "haku=h%C3%A4%C3%A4t%C3%B6&amp;sort=pituus" in page
    tab.post("/nakyma", poista='Häädöt <b>"1"</b>', nakyma="")
    assert "sort=pituus" not in tab.get("/raportit").text


def test_each_theme_keeps_its_letter_when_others_come_and_go() -> None:
    labels = {f"t{i}": f"Teema {i}" for i in range(30)}
    first = with_themes(Letters(), labels)
    keys = list(first.of_theme.values())
    assert len(set(keys)) == 30
    assert sorted(keys[:24]) == sorted(SINGLES)
    assert all(len(key) == 2 and key[0] in "qx" for key in keys[24:])
    more = with_themes(first, {"uusi": "Uusi", **labels})
    assert {k: v for k, v in more.of_theme.items() if k != "uusi"} == first.of_theme


def test_a_letter_is_exchanged_with_the_theme_that_had_it() -> None:
    letters = Letters({"a": "a", "b": "b"})
    exchanged = changed(letters, "a", "b")
    assert exchanged
    assert exchanged.of_theme == {"a": "b", "b": "a"}
    assert changed(letters, "a", "q") is None
    assert changed(letters, "a", "ä") is None


def test_keys_can_be_switched_off(desk) -> None:
    tab = Tab(desk)
    assert 'data-keys="on"' in tab.get("/").text
    tab.post("/nappaimet", kytke="off")
    assert 'data-keys="off"' in tab.get("/").text
    tab.post("/nappaimet", kytke="on")


def test_both_languages_say_the_same_things() -> None:
    import tomllib
    from importlib.resources import files

    folder = files("pipeline.workbench") / "messages"
    held = {
        language: tomllib.loads((folder / f"{language}.toml").read_text(encoding="utf-8"))
        for language in ("fi", "en")
    }
    keys = {
        language: {
            (section, name, tuple(sorted(set(re.findall(r"{(\w+)}", text)))))
            for section, names in messages.items()
            for name, text in names.items()
        }
        for language, messages in held.items()
    }
    assert keys["fi"] == keys["en"]


def test_every_word_of_a_page_is_in_the_message_files() -> None:
    import tomllib
    from importlib.resources import files

    root = files("pipeline.workbench")
    held = tomllib.loads((root / "messages" / "fi.toml").read_text(encoding="utf-8"))
    sources = [p for p in Path(str(root)).rglob("*") if p.suffix in (".py", ".j2")]
    said = {
        (source.name, *key.split(".", 1))
        for source in sources
        for key in re.findall(
            r"\b(?:t|words|desk\.words)\(\s*['\"](\w+\.\w+)['\"]", source.read_text()
        )
    }
    assert {(s, n) for _, s, n in said if n not in held.get(s, {}) and n[-1] != "_"} == set()
    assert len(said) > 150
