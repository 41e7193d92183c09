"""The lemmatise stage and the words, spellings and guesses under it."""

import csv
import pickle
import unicodedata
from collections import Counter
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.errors import ResourceError
from pipeline.frames import to_arrow
from pipeline.lemmatise.candidates import readings
from pipeline.lemmatise.lemmatise import LemmatiseConfig, lemmatise
from pipeline.lemmatise.lexicon import Lexicon, read_lexicon
from pipeline.lemmatise.normalise import look_up_form
from pipeline.lemmatise.protocol import Analysis
from pipeline.lemmatise.tagger import (
    Tagger,
    grammar_features,
    is_plain,
    possible_tags,
    word_features,
)
from pipeline.lemmatise.voikko import MINEN, Morphology, inflection_names, open_voikko
from pipeline.lemmatise.voikko_lemmatiser import (
    VoikkoLemmatiser,
    lemmatiser_identity,
    load_lemmatiser,
)
from pipeline.lemmatise.weights import FILES, read_weights, write_weights
from pipeline.lemmatise.word_finder import WordFinder
from pipeline.resources import shipped
from pipeline.tables import TABLES

FINNISH = "aeiouyäöAÄÖ stknlrmhvpjdgbfc-.,:!?’'[]()0123456789\n\u00ad\u0308–/"


@pytest.fixture(scope="module")
def voikko_lemmatiser() -> VoikkoLemmatiser:
    return load_lemmatiser(LemmatiseConfig())


def make_segments(*texts: str, start: int = 0) -> pd.DataFrame:
    rows = []
    for i, text in enumerate(texts):
        rows.append({"segment_id": f"P1-001/observation/{i:03d}", "start": start, "text": text})
        start += len(text) + 1
    return pd.DataFrame(rows, columns=["segment_id", "start", "text"]).assign(language="fi")


def test_the_stage_makes_the_tokens_of_the_contract(voikko_lemmatiser: VoikkoLemmatiser) -> None:
    segments = make_segments("Perhe jäi yksin.", "Vuokra nousi taas!", start=7)
    tokens = lemmatise(segments, LemmatiseConfig(), lemmatiser=voikko_lemmatiser)
    assert tokens["lemma"].tolist() == ["perhe", "jäädä", "yksin", "vuokra", "nousta", "taas"]
    assert tokens["start"].tolist() == [7, 13, 17, 24, 31, 37]
    assert tokens["end"].tolist() == [12, 16, 22, 30, 36, 41]
    assert to_arrow("tokens", tokens).num_rows == 6


@pytest.mark.parametrize("texts", [(), ("",), ("... :-) !",)], ids=["no rows", "empty", "signs"])
def test_segments_without_words_make_an_empty_table(
    texts: tuple[str, ...], voikko_lemmatiser: VoikkoLemmatiser
) -> None:
    tokens = lemmatise(make_segments(*texts), LemmatiseConfig(), lemmatiser=voikko_lemmatiser)
    assert to_arrow("tokens", tokens).num_rows == 0


def test_the_stage_does_the_same_in_batches(voikko_lemmatiser: VoikkoLemmatiser) -> None:
    segments = make_segments("Perhe jäi yksin.", "Kela maksoi totun.", "Lapsi karkasi.")
    whole = lemmatise(segments, LemmatiseConfig(), lemmatiser=voikko_lemmatiser)
    parts = [
        lemmatise(segments.iloc[i : i + 1], LemmatiseConfig(), lemmatiser=voikko_lemmatiser)
        for i in range(3)
    ]
    pd.testing.assert_frame_equal(whole, pd.concat(parts, ignore_index=True))
    assert list(whole.columns) == [column.name for column in TABLES["tokens"].columns]


SPACED = ("[NIMI 1]", "50 000", "1 000,5", " ", "  ", "\n", "\n\n", "\u2009", "\u00a0")
PIECES = st.sampled_from(
    (*SPACED, *'[NIMI-1]:n 12.30 as. sos.tt:lle Kela apua ... " ( - – 20 : e- a@b.fi'.split())
)
TEXTS = st.one_of(st.text(alphabet=FINNISH, max_size=80), st.text(max_size=40))


@settings(max_examples=300, deadline=None)
@given(text=TEXTS)
def test_spans_lie_in_order_within_the_text_and_give_back_the_form(text: str) -> None:
    end = 0
    for token in SHARED.tokens(text):
        assert end <= token.start < token.end <= len(text)
        assert text[token.start : token.end] == token.form
        assert token.lemma
        end = token.end


@settings(max_examples=200, deadline=None)
@given(form=TEXTS)
def test_a_form_always_has_the_same_analysis(form: str) -> None:
    first = SHARED.analyse(form)
    assert first == SHARED.analyse(form) == load_once_more().analyse(form)


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet=FINNISH, max_size=80))
def test_every_letter_belongs_to_a_word(text: str) -> None:
    covered = np.zeros(len(text), dtype=bool)
    for token in SHARED.tokens(text):
        covered[token.start : token.end] = True
    assert [c for c, seen in zip(text, covered, strict=True) if c.isalnum() and not seen] == []


TELLING = ("Aika", "Samalla")
OPENINGS = st.sampled_from((*TELLING, "perhe", ",", ".", ". ", "! ", " ", "  ", "\n"))


@pytest.mark.parametrize("form", TELLING)
def test_a_word_may_be_another_where_a_sentence_begins(form: str) -> None:
    assert SHARED.analyse(form) != SHARED.analyse(form, is_first=True)


@settings(max_examples=300, deadline=None)
@given(
    text=st.one_of(
        TEXTS,
        st.lists(PIECES, max_size=12).map("".join),
        st.lists(OPENINGS, max_size=12).map("".join),
    )
)
@example(text="perhe. Aika Aika")
@example(text="perhe. Aika, Aika")
def test_a_text_has_the_words_that_are_found_in_it_without_cutting_it_first(text: str) -> None:
    whole = [(w.start, w.end, w.is_first) for w in WordFinder(ABBREVIATIONS).words(text)]
    tokens = SHARED.tokens(text)
    assert [(t.start, t.end) for t in tokens] == [word[:2] for word in whole]
    for token, (_, _, is_first) in zip(tokens, whole, strict=True):
        assert token[3:] == SHARED.analyse(token.form, is_first=is_first)


AMBIGUOUS = "tulevaa hauissa kuusi sopivan osaa kohtaa tapaa uusia tilaa juhlia lahden".split()
WEIGHTS = read_weights(shipped("models", "lemmatiser"))


@settings(max_examples=200, deadline=None)
@given(form=st.sampled_from(AMBIGUOUS), state=st.sampled_from("lciU"))
def test_the_reading_chosen_has_the_highest_sum_of_weights(form: str, state: str) -> None:
    chooser = WEIGHTS.chooser
    found = chooser.widen(form, readings(MORPHOLOGY, form))
    sums = [
        sum(chooser.weights.get(name, 0.0) for name in names)
        for names in chooser.features(form, state, found)
    ]
    best = chooser.choose(form, state, found)
    is_one = len({reading.key for reading in found}) == 1
    assert is_one or sums[found.index(best)] == pytest.approx(max(sums))


WRITTEN = "talossa eräs kuulemma luota matkalla Virtasen suomalaiset kolmas lisää uusia".split()


def test_a_tagger_that_learnt_nothing_gives_the_tag_of_the_reading() -> None:
    (reading,) = readings(MORPHOLOGY, "talossa")
    assert Tagger({}).tag("talossa", "l", reading, (reading,)) == "NOUN"


@pytest.mark.parametrize("state", "lciU")
@pytest.mark.parametrize("form", [*AMBIGUOUS, *WRITTEN])
def test_the_tag_given_has_the_highest_sum_of_weights(form: str, state: str) -> None:
    tagger, form = WEIGHTS.tagger, form.lower()
    found = WEIGHTS.chooser.widen(form, readings(MORPHOLOGY, form))
    for chosen in found:
        tags = possible_tags(chosen, found)
        names = (
            *grammar_features(state, chosen, tags),
            *word_features(form, chosen, is_plain(state, chosen, tags)),
        )
        sums = Counter({chosen.pos: 0.0})
        for name in names:
            sums.update(tagger.weights.get(name, {}))
        assert sums[tagger.tag(form, state, chosen, found)] == pytest.approx(max(sums.values()))


SHARED = load_lemmatiser(LemmatiseConfig())
MORPHOLOGY = Morphology()
ABBREVIATIONS = Lexicon(
    entry
    for path in sorted(shipped("configs", "lexicon").glob("*.csv"))
    for entry in read_lexicon(path)
).abbreviations
_AGAIN: list[VoikkoLemmatiser] = []


def load_once_more() -> VoikkoLemmatiser:
    if not _AGAIN:
        _AGAIN.append(load_lemmatiser(LemmatiseConfig()))
    return _AGAIN[0]


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("THL:n ohje, EU:ssa", ["THL:n", "ohje", "EU:ssa"]),
        ("sosiaali- ja terveyspalvelut", ["sosiaali-", "ja", "terveyspalvelut"]),
        ("50 000 euroa, 3,5 km klo 12.30", ["50 000", "euroa", "3,5", "km", "klo", "12.30"]),
        ("7-vuotias 1990-luvulla", ["7-vuotias", "1990-luvulla"]),
        ("päättyi.Sitten jne. loppui", ["päättyi", "Sitten", "jne.", "loppui"]),
        ("[NIMI-1] soitti [NIMI-2]:n äidille", ["[NIMI-1]", "soitti", "[NIMI-2]:n", "äidille"]),
        ("ja/tai rei’itetty vaa'an", ["ja", "tai", "rei’itetty", "vaa'an"]),
        ("ruoka-apua 👨‍👩‍👧 – ei!", ["ruoka-apua", "ei"]),
        ("a\0b", ["a", "b"]),
    ],
    ids="colon hanging-hyphen numbers number-word no-space stand-ins slash emoji nul".split(),
)
def test_words_are_found_whole(
    text: str, forms: list[str], voikko_lemmatiser: VoikkoLemmatiser
) -> None:
    assert [token.form for token in voikko_lemmatiser.tokens(text)] == forms


@pytest.mark.parametrize(
    ("form", "lemma", "pos"),
    [
        ("per\u00adhe\u00adtyötä", "perhetyö", "NOUN"),
        ("a\u0308idit", "äiti", "NOUN"),
        ("TE‑toimistossa", "TE-toimisto", "NOUN"),
        ("nopeasti", "nopeasti", "ADV"),
        ("jonottaneet", "jonottaa", "VERB"),
        ("muuttamisesta", "muuttaminen", "NOUN"),
        ("heitä", "hän", "PRON"),
        ("asumis-", "asuminen", "NOUN"),
        ("Virtasen", "Virtanen", "PROPN"),
        ("Kun-toutusta", "kuntoutus", "NOUN"),
        ("ruoka-apua", "ruoka-apu", "NOUN"),
        ("selvimmin", "selvästi", "ADV"),
        ("blorpantamisessa", "blorpantaminen", "NOUN"),
        ("[NIMI-3]", "[NIMI-3]", "PROPN"),
        ("[NIMI-3]:lle", "[NIMI-3]", "PROPN"),
        ("[PUHELIN]", "[PUHELIN]", "X"),
        ("50 000", "50 000", "NUM"),
        (".", ".", "PUNCT"),
        (":-)", ":-)", "SYM"),
    ],
)
def test_a_word_has_its_lemma_and_tag(
    form: str, lemma: str, pos: str, voikko_lemmatiser: VoikkoLemmatiser
) -> None:
    analysis = voikko_lemmatiser.analyse(form)
    assert (analysis.lemma, analysis.pos) == (lemma, pos)


def test_a_guessed_lemma_is_not_called_known(voikko_lemmatiser: VoikkoLemmatiser) -> None:
    analysis = voikko_lemmatiser.analyse("blorpeissa")
    assert not analysis.known
    assert voikko_lemmatiser.analyse("perheissä").known


def test_stand_ins_are_never_compounds(voikko_lemmatiser: VoikkoLemmatiser) -> None:
    assert voikko_lemmatiser.analyse("[NIMI-1]") == Analysis("[NIMI-1]", "PROPN", (), True)


@pytest.mark.parametrize(
    "text", ["a" * 1_000_000, "ä-" * 500_000, "שלום", "\0", "\ud800"], ids=range(5)
)
def test_no_input_is_too_odd(text: str, voikko_lemmatiser: VoikkoLemmatiser) -> None:
    for token in voikko_lemmatiser.tokens(text):
        assert text[token.start : token.end] == token.form


@given(form=st.text(alphabet=FINNISH, max_size=12))
def test_the_spelling_looked_up_is_composed_and_stable(form: str) -> None:
    plain = look_up_form(form)
    assert plain == unicodedata.normalize("NFC", plain)
    assert look_up_form(plain) == plain


ODD = "kansaneläkelaitos nopeammin eikö Lahdessa xq tekeminen talossanikin -talo 1990-luvun".split()


def test_the_lean_reader_agrees_with_voikkos_own() -> None:
    lean, own = Morphology(), open_voikko()
    with (Path(__file__).parent / "data" / "domain_lemmas.csv").open(encoding="utf-8") as file:
        forms = [row["form"] for row in csv.DictReader(file)]
    for word in (*ODD, *forms):
        full = own.analyze(word)
        short = lean.analyze(word)
        assert len(full) == len(short)
        for a, b in zip(full, short, strict=True):
            assert (a["CLASS"], a["BASEFORM"]) == b[:2]
            is_simple = a["STRUCTURE"].startswith("=") and a["STRUCTURE"].count("=") == 1
            assert b.structure == a["STRUCTURE"] or (is_simple and b.structure == "=")
            told = [a.get(name) for name in inflection_names(b.word_class)]
            assert [None if value == "positive" else value for value in told] == list(b.inflection)
            has_bases = "=" in a["STRUCTURE"][1:] or "PARTICIPLE" in a
            assert b.bases == (a.get("WORDBASES", "") if has_bases else "")
            assert b.output == (a["FSTOUTPUT"] if a.get("MOOD") == MINEN else "")


@pytest.mark.parametrize("word", ["", "a\0b", "x" * 256], ids=["empty", "nul", "long"])
def test_voikko_is_not_asked_for_what_it_cannot_read(word: str) -> None:
    assert not Morphology().analyze(word)


def test_a_missing_library_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    import libvoikko

    def fail(*_: object, **__: object) -> None:
        raise OSError("libvoikko.so.1: cannot open shared object file")

    monkeypatch.setattr(libvoikko.VoikkoLibrary, "open", fail)
    with pytest.raises(ResourceError, match="apt install libvoikko1 voikko-fi"):
        open_voikko()
    with pytest.raises(ResourceError, match="brew install libvoikko"):
        Morphology()


def test_a_missing_dictionary_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    import libvoikko

    monkeypatch.setattr(libvoikko.Voikko, "listDicts", lambda: [])
    with pytest.raises(ResourceError, match="no Finnish dictionary"):
        open_voikko()


def test_weights_survive_being_written(tmp_path: Path) -> None:
    folder = shipped("models", "lemmatiser")
    write_weights(read_weights(folder), tmp_path)
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


@pytest.mark.parametrize("content", ["{", "[]", "{}"], ids=["cut", "no object", "lacks a part"])
def test_damaged_weights_say_so(content: str, tmp_path: Path) -> None:
    for name in FILES:
        (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(ResourceError, match="Install havainto again"):
        read_weights(tmp_path)


def test_the_identity_changes_with_the_lexicon(tmp_path: Path) -> None:
    header = "lemma,pos,parts,like,forms,note\n"
    (tmp_path / "own.csv").write_text(header, encoding="utf-8")
    config = LemmatiseConfig(lexicon=Path("own.csv"))
    before = lemmatiser_identity(config, tmp_path)
    (tmp_path / "own.csv").write_text(header + "fölö,NOUN,,,fölö,\n", encoding="utf-8")
    assert before != lemmatiser_identity(config, tmp_path)
    assert set(FILES) < set(before)
    assert lemmatiser_identity(LemmatiseConfig()).items() < before.items()


def _lemma_in_this_process(form: str) -> str:
    return SHARED.analyse(form).lemma


@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork.*:DeprecationWarning")
def test_it_works_in_another_process(method: str) -> None:
    with get_context(method).Pool(1) as pool:
        assert pool.map(_lemma_in_this_process, ["perheissä", "blorpissa"])[0] == "perhe"


def test_a_lemmatiser_is_not_sent_to_another_process(voikko_lemmatiser: VoikkoLemmatiser) -> None:
    with pytest.raises(TypeError, match="load_lemmatiser"):
        pickle.dumps(voikko_lemmatiser)
