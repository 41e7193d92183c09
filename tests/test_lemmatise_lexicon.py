"""The lexicon: entries found by analogy, and errors that name the line."""

from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.lemmatise.lemmatise import LemmatiseConfig
from pipeline.lemmatise.lexicon import read_lexicon
from pipeline.lemmatise.voikko import Morphology
from pipeline.lemmatise.voikko_lemmatiser import load_lemmatiser
from pipeline.resources import shipped

HEADER = "lemma,pos,parts,like,forms,note\n"
SHIPPED = sorted(shipped("configs", "lexicon").glob("*.csv"))


def write(folder: Path, text: str) -> Path:
    path = folder / "own.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_model_word_is_one_voikko_knows(path: Path) -> None:
    morphology = Morphology()
    for entry in read_lexicon(path):
        if entry.like:
            bases = {analysis.base.lower() for analysis in morphology.analyze(entry.like)}
            assert entry.like in bases, entry.lemma


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_no_shipped_word_is_written_twice(path: Path) -> None:
    entries = [(entry.lemma, entry.like) for entry in read_lexicon(path)]
    assert len(entries) == len(set(entries))


@pytest.mark.parametrize(
    ("form", "lemma", "parts"),
    [
        ("fölössä", "fölö", ("ei", "totta")),
        ("Fölöjen", "fölö", ("ei", "totta")),
        ("fölötyöntekijälle", "fölötyöntekijä", ("ei", "totta", "työ", "tekijä")),
        ("fölö-ryhmä", "fölö-ryhmä", ("ei", "totta", "ryhmä")),
        ("fölöttävät", "fölöttää", ()),
        ("fölöttämisestä", "fölöttäminen", ()),
        ("kelat", "kela", ()),
        ("x.y:lle", "xylo", ()),
    ],
)
def test_a_study_adds_its_own_words(
    form: str, lemma: str, parts: tuple[str, ...], tmp_path: Path
) -> None:
    write(
        tmp_path,
        HEADER
        + "fölö,NOUN,ei totta,pöllö,,\n"
        + "fölöttää,VERB,,keittää,,\n"
        + "kela,NOUN,,,kelat,the reel\n"
        + "xylo,NOUN,,,x.y,\n",
    )
    lemmatiser = load_lemmatiser(LemmatiseConfig(lexicon=Path("own.csv")), tmp_path)
    analysis = lemmatiser.analyse(form)
    assert (analysis.lemma, analysis.parts, analysis.known) == (lemma, parts, True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("lemma,pos\nlasu,NOUN\n", "line 2: the columns must be lemma, pos, parts"),
        (HEADER + "lasu,NOUN,,,,\n,NOUN,,,,\n", "line 3: lemma must not be empty"),
        (HEADER + "lasu,Noun,,,,\n", "line 2: pos must be a UPOS tag such as NOUN. Got 'Noun'"),
        (HEADER + "lasu,NOUN\n", "line 2: the columns must be"),
    ],
    ids=["columns", "no lemma", "tag", "short row"],
)
def test_a_wrong_lexicon_names_the_line(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        read_lexicon(write(tmp_path, text))


def test_a_lexicon_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"own\.csv cannot be read"):
        load_lemmatiser(LemmatiseConfig(lexicon=Path("own.csv")), tmp_path)
