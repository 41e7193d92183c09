"""A sentence is parsed once in a study, and its parse is kept without its words."""

import sqlite3
import zlib
from contextlib import closing

import pytest

from pipeline.artifacts import Store
from pipeline.config import load_settings
from pipeline.errors import ArtifactError
from pipeline.name.needs import PARSER, forget_unused_parses
from pipeline.name.parse import SpacyParser, Word
from pipeline.name.parse_cache import CachedParser
from pipeline.needs import Supply
from pipeline.text_cache import TextCache

SECRET = b"k" * 32
SENTENCES = [
    "Kaupunki lopetti päivähoidon.",
    "Perhe odottaa asuntoa,  ja lapset nukkuvat sohvalla.",
    "Ei saa apua!",
    "😀 [NIMI-1] muutti.",
]


class CountingParser:
    """Reads a sentence as its words, and notes what it was given."""

    def __init__(self):
        self.asked = []

    def parse(self, sentences):
        for sentence in sentences:
            self.asked.append(sentence)
            found, end = [], 0
            for text in sentence.split():
                start = sentence.index(text, end)
                end = start + len(text)
                found.append(
                    Word(start=start, end=end, text=text, pos="NOUN", dep="root", head=0,
                         features=frozenset({"Case=Nom", "Number=Sing"}))
                )  # fmt: skip
            yield found


def cached(parser, folder, made_by="1"):
    return closing(CachedParser(parser, TextCache(folder / "p.sqlite", SECRET, made_by)))


def test_a_sentence_is_parsed_once_and_read_the_same_from_the_cache(tmp_path):
    bare = list(CountingParser().parse(SENTENCES))
    first, second = CountingParser(), CountingParser()
    with cached(first, tmp_path) as parser:
        assert list(parser.parse([*SENTENCES, SENTENCES[0]])) == [*bare, bare[0]]
    with cached(second, tmp_path) as parser:
        assert list(parser.parse(SENTENCES[::-1])) == bare[::-1]
    assert (first.asked, second.asked) == (SENTENCES, [])


def test_what_the_finnish_model_reads_comes_back_from_the_cache_as_it_was(tmp_path):
    bare = list(SpacyParser().parse(SENTENCES))
    for _ in range(2):
        with cached(SpacyParser(), tmp_path) as parser:
            assert list(parser.parse(SENTENCES)) == bare


def test_a_parse_depends_on_its_sentence_alone():
    many = [f"{sentence} Tapaus {i} jäi kesken." for i in range(40) for sentence in SENTENCES]
    together = list(SpacyParser().parse(many))
    assert [next(SpacyParser().parse([sentence])) for sentence in many] == together


def test_a_parse_of_another_model_is_not_taken(tmp_path):
    with cached(CountingParser(), tmp_path, "1") as parser:
        list(parser.parse(SENTENCES))
    other = CountingParser()
    with cached(other, tmp_path, "2") as parser:
        list(parser.parse(SENTENCES))
    assert other.asked == SENTENCES


def test_the_cache_holds_no_word_and_is_its_owners(tmp_path):
    with cached(CountingParser(), tmp_path) as parser:
        list(parser.parse(SENTENCES))
    with closing(sqlite3.connect(tmp_path / "p.sqlite")) as db:
        rows = db.execute("SELECT key, value FROM kept").fetchall()
    held = (tmp_path / "p.sqlite").read_bytes() + b"".join(zlib.decompress(v) for _, v in rows)
    words = {word for sentence in SENTENCES for word in sentence.split() if len(word) > 3}
    assert len(rows) == len(SENTENCES)
    assert not [word for word in words if word.encode() in held]
    assert (tmp_path / "p.sqlite").stat().st_mode & 0o777 == 0o600


def test_parses_of_sentences_that_are_gone_are_forgotten(tmp_path):
    with cached(CountingParser(), tmp_path) as parser:
        list(parser.parse(SENTENCES))
        assert parser.forget_all_but(SENTENCES[1:]) == 1
    again = CountingParser()
    with cached(again, tmp_path) as parser:
        list(parser.parse(SENTENCES))
    assert again.asked == SENTENCES[:1]


def test_a_damaged_cache_says_what_to_do(tmp_path):
    (tmp_path / "p.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(ArtifactError, match=r"p\.sqlite is damaged .* Delete it and run again\."):
        TextCache(tmp_path / "p.sqlite", SECRET, "1")


def test_a_study_forgets_what_no_sentence_of_it_says_and_parses_the_rest_no_more(
    finished_copy, monkeypatch
):
    """The finished study has parsed sentences of its own."""
    store = Store(finished_copy)
    texts = list(store.read("segments")["text"])
    supply = Supply(store, load_settings(finished_copy.settings_file))
    parser = supply.value(PARSER)
    list(parser.parse(["Tapiri muutti pois.", *texts]))
    forget_unused_parses(supply)
    asked: list[str] = []

    def none(sentences):
        asked.extend(sentences)
        return iter(())

    monkeypatch.setattr("pipeline.name.parse.parsed", none)
    list(parser.parse(texts))
    assert asked == []
    with pytest.raises(ValueError, match="shorter"):
        list(parser.parse(["Tapiri muutti pois."]))
    assert asked == ["Tapiri muutti pois."]
    supply.close()
