"""The spaCy component: the stage's lemmas on any Finnish pipeline, saved, batched, in processes."""

import pickle
import subprocess
import sys
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Token

from pipeline.lemmatise.lemmatise import LemmatiseConfig
from pipeline.lemmatise.spacy_component import NAME, OWN_NAME, VoikkoLemmatizer
from pipeline.lemmatise.voikko_lemmatiser import load_lemmatiser

TEXTS = ["Perheet jonottavat. Kela maksoi totun!", "", "Lapset odottavat 3,5 tuntia."] * 3


@pytest.fixture
def nlp() -> Language:
    blank = spacy.blank("fi")
    blank.add_pipe(OWN_NAME)
    return blank


def lemmas(nlp: Language, text: str) -> list[str]:
    return [token.lemma_ for token in nlp(text)]


@pytest.mark.parametrize("name", [NAME, OWN_NAME])
def test_a_fresh_process_finds_it_by_either_name_without_an_import(name: str) -> None:
    code = f"import spacy; nlp = spacy.blank('fi'); nlp.add_pipe({name!r}); print(nlp('perheet'))"
    code += f"; print(type(nlp.get_pipe({name!r})).__name__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["perheet", VoikkoLemmatizer.__name__]


@pytest.mark.slow
def test_its_own_name_still_finds_it_after_the_spacy_model_was_loaded() -> None:
    spacy.load("spacy_fi_experimental_web_md")
    nlp = spacy.blank("fi")
    nlp.add_pipe(OWN_NAME)
    assert isinstance(nlp.get_pipe(OWN_NAME), VoikkoLemmatizer)


def test_it_is_found_by_name_and_sets_lemma_and_tag(nlp: Language) -> None:
    doc = nlp("Lastensuojelun perheet jonottavat Kelassa.")
    found = [(token.lemma_, token.pos_) for token in doc]
    assert found == [
        ("lastensuojelu", "NOUN"),
        ("perhe", "NOUN"),
        ("jonottaa", "VERB"),
        ("Kela", "PROPN"),
        (".", "PUNCT"),
    ]
    assert doc[0]._.lemma_parts == ("lapsi", "suojelu")
    assert [token._.is_known for token in nlp("perhe blorpissa")] == [True, False]


def test_it_gives_the_lemmas_of_the_stage(nlp: Language) -> None:
    text = "Vanhempien jaksaminen huolettaa. Nuoret vapettavat välitunnilla ja koulussa"
    ours = load_lemmatiser(LemmatiseConfig()).tokens(text)
    theirs = [token for token in nlp(text) if not token.is_punct]
    assert [(t.text, t.lemma_, t.pos_) for t in theirs] == [(t.form, t.lemma, t.pos) for t in ours]


def test_spaces_and_other_oddities_pass(nlp: Language) -> None:
    doc = nlp(" \n Perhe\u00a0\0 👨‍👩‍👧 ")
    assert doc[0].pos_ == "SPACE"
    assert "perhe" in [token.lemma_ for token in doc]


def test_it_leaves_tags_alone_when_told_to() -> None:
    nlp = spacy.blank("fi")
    nlp.add_pipe(OWN_NAME, config={"set_pos": False})
    assert [(t.lemma_, t.pos_) for t in nlp("perheet")] == [("perhe", "")]


@pytest.mark.parametrize("n_process", [1, 2])
def test_pipe_gives_the_same_in_order(nlp: Language, n_process: int) -> None:
    docs = nlp.pipe(TEXTS, batch_size=2, n_process=n_process)
    assert [[t.lemma_ for t in doc] for doc in docs] == [lemmas(nlp, text) for text in TEXTS]


def test_parts_come_back_from_another_process(nlp: Language) -> None:
    (doc,) = nlp.pipe(["lastensuojelun"], n_process=2)
    assert doc[0]._.lemma_parts == ("lapsi", "suojelu")


def test_it_survives_saving_and_pickling(nlp: Language, tmp_path: Path) -> None:
    expected = lemmas(nlp, TEXTS[0])
    nlp.to_disk(tmp_path)
    assert lemmas(spacy.load(tmp_path), TEXTS[0]) == expected
    copy = spacy.blank("fi")
    copy.add_pipe(OWN_NAME)
    assert lemmas(copy.from_bytes(nlp.to_bytes()), TEXTS[0]) == expected
    component = pickle.loads(pickle.dumps(nlp.get_pipe(OWN_NAME)))
    assert [t.lemma_ for t in component(nlp.make_doc(TEXTS[0]))] == expected


def test_lemmas_outlive_a_memory_zone_and_a_change_of_vocab(nlp: Language) -> None:
    text = "Perheissä jonotetaan outolintuisuuksia."
    with nlp.memory_zone():
        expected = lemmas(nlp, text)
    assert lemmas(nlp, text) == expected
    other = spacy.blank("fi")
    doc = nlp.get_pipe(OWN_NAME)(other.make_doc(text))
    assert [token.lemma_ for token in doc] == expected
    assert lemmas(nlp, text) == expected


def test_it_takes_a_lexicon(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("lemma,pos,parts,like,forms,note\nfölö,NOUN,,pöllö,,\n", encoding="utf-8")
    nlp = spacy.blank("fi")
    nlp.add_pipe(OWN_NAME, config={"lexicon": str(path)})
    assert lemmas(nlp, "fölöistä") == ["fölö"]


SENTENCE = "Lahden kaupungin lastensuojelulaitokseen jonotetaan aina."
PARTS = ("lapsi", "suojelu", "laitos")


def parts_of(doc) -> dict[str, tuple[str, ...]]:
    return {token.text: token._.lemma_parts for token in doc}


@pytest.mark.parametrize("place", [(0, 2), (3, 5), (0, 1)], ids=["before", "after", "one"])
def test_parts_follow_their_tokens_through_a_merge(nlp: Language, place) -> None:
    doc = nlp(SENTENCE)
    with doc.retokenize() as retokenizer:
        retokenizer.merge(doc[place[0] : place[1]])
    found = parts_of(doc)
    assert found.pop("lastensuojelulaitokseen") == PARTS
    assert set(found.values()) == {()}


def test_a_merged_or_split_token_has_no_parts_and_its_neighbours_keep_theirs(nlp: Language) -> None:
    doc = nlp(SENTENCE)
    with doc.retokenize() as retokenizer:
        retokenizer.merge(doc[2:4])
    assert set(parts_of(doc).values()) == {()}
    doc = nlp(f"{SENTENCE} Sairaanhoitaja tuli.")
    with doc.retokenize() as retokenizer:
        heads: list[Token | tuple[Token, int]] = [(doc[2], 1), doc[3]]
        retokenizer.split(doc[2], ["lastensuojelu", "laitokseen"], heads=heads)
    found = parts_of(doc)
    assert found["lastensuojelu"] == found["laitokseen"] == found["jonotetaan"] == ()
    assert len(found["Sairaanhoitaja"]) == 2


def test_parts_are_kept_in_a_cut_a_copy_and_a_file(nlp: Language, tmp_path: Path) -> None:
    from spacy.tokens import Doc, DocBin

    doc = nlp(SENTENCE)
    with doc.retokenize() as retokenizer:
        retokenizer.merge(doc[0:2])
    assert parts_of(doc[1:3].as_doc(copy_user_data=True))["lastensuojelulaitokseen"] == PARTS
    doc.to_disk(tmp_path / "doc")
    assert parts_of(Doc(nlp.vocab).from_disk(tmp_path / "doc")) == parts_of(doc)
    file = DocBin(docs=[doc], store_user_data=True).to_bytes()
    (back,) = DocBin().from_bytes(file).get_docs(nlp.vocab)
    assert parts_of(back) == parts_of(doc)
