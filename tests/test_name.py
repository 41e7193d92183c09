"""Names are made of parts that are each true of the group and may be quoted."""

import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hashed_words import HashedWords

from pipeline.errors import ConfigError, ResourceError
from pipeline.frames import empty, to_arrow
from pipeline.name.clauses import find_clauses
from pipeline.name.headings import Heading
from pipeline.name.label_model import LlamaLabelModel, check_label_model, load_label_model
from pipeline.name.name import (
    Evident,
    NameConfig,
    NameTables,
    _Group,
    _headings,
    _is_good,
    candidates_to_quote,
    name,
    quote_groups,
)
from pipeline.name.parse import SpacyParser
from pipeline.name.shown import shown_names, with_names
from pipeline.name.who import Shared, told_themes
from pipeline.texts import Texts

FINNISH = SpacyParser()
BANKING = ("pankki", "tili", "passi", "muukalaispassi")
SCHOOLING = ("koulu", "oppilas", "tunti", "opettaja")
BANK = (
    "Pankki ei avaa tiliä ilman passia. Perhe odottaa.",
    "Pankki sulki tilin eikä passi auttanut. Lapsi oli mukana.",
    "Asiakas sai pankista kielteisen vastauksen. Passi on vanhentunut.",
)
SCHOOL = (
    "Koulu lähettää viestejä kotiin. Oppilas ei käy tunneilla.",
    "Oppilas jäi pois koulusta. Opettaja soitti kotiin.",
    "Koulu järjesti palaverin. Oppilas ei tullut koululle.",
)


class MeantWords(HashedWords):
    """Gives the words of one group nearly one direction, and each other word one of its own."""

    n_dims = 40

    def __init__(self, *groups: Sequence[str], common: Sequence[str] = ()) -> None:
        self._groups, self._common = groups, common

    def weighed(self, words: Sequence[str]) -> Any:
        return np.stack([self._vector(word) for word in words])

    def _vector(self, word: str) -> Any:
        vector = np.random.default_rng(zlib.crc32(word.encode())).normal(size=self.n_dims)
        for place, group in enumerate(self._groups):
            if word in group:
                vector += 20 * np.eye(self.n_dims)[place]
        length = 0.3 if word in self._common else 1.0
        return (length * vector / np.linalg.norm(vector)).astype(np.float32)


def with_ja(before: str, last: str) -> str:
    return f"{before} ja {last}"


def clauses_of(sentence: str) -> list[str]:
    words = next(iter(FINNISH.parse([sentence])))
    return [one.text for one in find_clauses(sentence, words)]


@pytest.mark.parametrize(
    ("sentence", "clauses"),
    [
        pytest.param("Kaupunki lopetti päivähoidon.", ["Kaupunki lopetti päivähoidon"], id="one"),
        pytest.param(
            "Perhe odottaa asuntoa, ja lapset nukkuvat sohvalla.",
            ["Perhe odottaa asuntoa", "lapset nukkuvat sohvalla"],
            id="two, the conjunction in neither",
        ),
        pytest.param("Jos pankki sulkee tilin, perhe jää ilman rahaa.", [], id="a condition"),
        pytest.param("Miksi pankki ei avaa tiliä?", [], id="a question"),
        pytest.param("Asiakas, joka odotti asuntoa, muutti pois.", [], id="a relative clause"),
        pytest.param("Vuokra nousi.", [], id="too short"),
        pytest.param("Tilin avaaminen ilman passia.", [], id="no finite verb"),
        pytest.param("Asukkaille tarjottiin uutta asuntoa.",
                     ["Asukkaille tarjottiin uutta asuntoa"], id="a passive with its object"),
        pytest.param("Perhe tarvitsi apua, tukea ja neuvontaa.", [], id="a list cut short"),
        pytest.param("[HENKILÖ 1] haki asuntoa kaupungilta.", [], id="a stand-in"),
    ],
)  # fmt: skip
def test_a_clause_stands_alone_as_it_was_written(sentence: str, clauses: list[str]) -> None:
    assert clauses_of(sentence) == clauses


@pytest.mark.parametrize("blank", ["  ", " \n ", "\t", "\u00a0 "])
def test_blanks_do_not_shift_the_words(blank: str) -> None:
    sentence = f"Perhe odottaa asuntoa,{blank}ja lapset itkevät yöllä pimeässä."
    found = clauses_of(sentence)
    assert found
    assert all(one in sentence and one.split()[0] in ("Perhe", "lapset") for one in found)


@pytest.mark.parametrize(
    "sentence",
    [
        "Pankki ei avaa tiliä, koska passi on vanhentunut ja asiakas on tullut maahan keväällä.",
        "Äiti kertoi, että koulu ei vastaa viesteihin, vaikka poika on ollut pois kuukauden.",
        "Jonossa on sata ihmistä; kukaan ei tiedä, milloin seuraava asunto vapautuu.",
    ],
)
def test_nothing_inside_a_clause_is_left_out(sentence: str) -> None:
    found = clauses_of(sentence)
    assert found
    assert all(one in sentence and 3 <= len(one.split()) <= 11 for one in found)


def small_corpus(make_reports: Any, lemmas: dict[str, str]) -> tuple[Texts, NameTables]:
    """Make two topics of three reports, with vectors that tell them apart."""
    from conftest import DictLemmatiser

    rows: list[dict[str, object]] = [
        {"observation": text, "client_groups": ["tyoikaiset"], "themes_ticked": ["toimeentulo"],
         "themes_offered": ["toimeentulo", "koulu"]}
        for text in BANK
    ]  # fmt: skip
    rows += [
        {"observation": text, "client_groups": ["lapset"], "themes_ticked": [],
         "themes_offered": ["toimeentulo", "koulu"]}
        for text in SCHOOL
    ]  # fmt: skip
    reports = make_reports(*rows)
    segments: list[Any] = []
    tokens: list[Any] = []
    vectors: list[Any] = []
    finder = DictLemmatiser(lemmas)
    for number, (report_id, text) in enumerate(
        zip(reports["report_id"], reports["observation"], strict=True)
    ):
        start = 0
        for place, sentence in enumerate(text.split(". ")):
            end = start + len(sentence)
            segment_id = f"{report_id}/observation/{place:03d}"
            segments.append(
                (segment_id, report_id, "observation", start, end, sentence, False, "fi")
            )
            tokens += [
                (segment_id, start + t.start, start + t.end, t.form, t.lemma, t.pos, [], True)
                for t in finder.tokens(sentence)
            ]
            vector = np.zeros(4, dtype=np.float32)
            vector[0 if number < len(BANK) else 1] = 1
            vector[2 + place] += 0.3
            vectors.append((segment_id, vector))
            start = end + 2
    of_reports = [
        (
            report_id,
            np.eye(4, dtype=np.float32)[int(number >= len(BANK))],
            np.ones(4, dtype=np.float32),
        )
        for number, report_id in enumerate(reports["report_id"])
    ]
    texts = Texts(
        reports,
        pd.DataFrame(segments, columns=[
            *("segment_id", "report_id", "field", "start", "end"),
            *("text", "client_voice", "language")]),
        pd.DataFrame(tokens, columns=[
            "segment_id", "start", "end", "form", "lemma", "pos", "parts", "known"]),
        pd.DataFrame(vectors, columns=["segment_id", "vector"]),
        pd.DataFrame(of_reports, columns=["report_id", "vector", "word_vector"]),
    )  # fmt: skip
    topics = pd.DataFrame(
        {"topic_id": ["T-1", "T-2"], "label": ["pankki, passi", "Kotiin jäävät oppilaat"],
         "is_named": [False, True]}
    )  # fmt: skip
    held = pd.DataFrame(
        {
            "report_id": reports["report_id"],
            "topic_id": ["T-1"] * 3 + ["T-2"] * 3,
            "weight": 0.8,
            "is_main": True,
        }
    )
    names = ("pii_spans", "indirect", "candidates", "candidates_to_quote")
    tables = NameTables(topics=topics, report_topics=held, **{name: empty(name) for name in names})
    return texts, tables


LEMMAS = {"tiliä": "tili", "tilin": "tili", "passia": "passi", "pankista": "pankki"}


@pytest.fixture
def corpus(make_reports: Any) -> tuple[Texts, NameTables]:
    return small_corpus(make_reports, LEMMAS)


def named(
    texts: Texts, tables: NameTables, label_model: Any = None, **settings: Any
) -> pd.DataFrame:
    of_few: dict[str, Any] = {"min_worth": 1.0, "min_common": 0.3}  # six reports tell little apart
    config = NameConfig(**{**of_few, **settings})
    beside = {
        "parser": FINNISH,
        "label_model": label_model,
        "word_vectors": MeantWords(BANKING, SCHOOLING),
        "places": frozenset({"lahti"}),
        "seed": 1,
    }
    quoted = quote_groups(texts, tables, config, **beside)
    people = empty("settled_themes"), empty("report_states")
    found = name(texts.reports, *people, config, fitted=quoted)
    assert to_arrow("names", found).num_rows == len(found)
    return found.set_index("group_id")


def test_a_clause_is_sought_for_listed_candidates_and_the_next_of_them() -> None:
    signals = pd.DataFrame(
        {"candidate_id": ["C-9", None, "C-2", "C-5", "C-1"], "rank": [1, 2, None, None, None],
         "theme_ids": [[], [], ["a"], [], []]}
    )  # fmt: skip
    found = candidates_to_quote(signals, NameConfig(n_candidates=2))
    assert found["candidate_id"].tolist() == ["C-2", "C-5", "C-9"]
    themes: list[Any] = [["b"]] * 5
    other = signals.assign(theme_ids=themes)  # other themes of a signal seek no clause anew
    assert candidates_to_quote(other, NameConfig(n_candidates=2)).equals(found)
    assert to_arrow("candidates_to_quote", found).num_rows == 3
    none = candidates_to_quote(signals.iloc[:0], NameConfig())
    assert to_arrow("candidates_to_quote", none).num_rows == 0


def test_a_name_says_who_which_theme_which_words_and_a_clause(corpus: Any) -> None:
    found = named(*corpus).loc["T-1"]
    assert (found["client_group"], found["theme_ids"]) == ("tyoikaiset", ["toimeentulo"])
    assert found["words"] == "passi, pankki, tili"
    assert found["is_good"]
    texts = " ".join(BANK)
    assert found["clauses"]
    assert all(clause in texts for clause in found["clauses"])
    assert len({one.rsplit("/", 2)[0] for one in found["clause_segments"]}) == len(found["clauses"])


def test_a_persons_own_name_goes_before_all(corpus: Any) -> None:
    found = named(*corpus).loc["T-2"]
    assert found["is_given"]
    shown = shown_names(
        named(*corpus).reset_index(),
        group_label=str,
        theme_label=str,
        joined=with_ja,
        unclear=lambda words: "?",
    )
    assert (shown["T-2"].label, shown["T-2"].example) == ("Kotiin jäävät oppilaat", "")
    assert shown["T-1"].label == "Tyoikaiset · toimeentulo: passi, pankki ja tili"


@pytest.mark.parametrize("table", ["pii_spans", "indirect"])
def test_what_may_not_be_quoted_is_in_no_name(corpus: Any, table: str) -> None:
    texts, tables = corpus
    first = named(texts, tables)["clause_segments"]["T-1"]
    row = texts.segments.set_index("segment_id").loc[first[0]]
    spans = pd.DataFrame(
        {"report_id": [row["report_id"]], "field": ["observation"], "start": [row["start"]],
         "end": [row["start"] + 3], "kind": ["nimi"], "rule": ["x"]}
    )  # fmt: skip
    after = named(texts, replace(tables, **{table: spans}))["clause_segments"]["T-1"]
    assert first[0] not in after
    assert after


def test_themes_come_from_people_alone(corpus: Any) -> None:
    texts, tables = corpus
    unticked = texts.reports.assign(
        themes_ticked=[[] for _ in range(6)], themes_offered=[[] for _ in range(6)]
    )
    assert named(texts.of(unticked), tables).loc["T-1", "theme_ids"] == []
    states = pd.DataFrame({"report_id": ["P1-001"], "is_read": [True]})
    settled = pd.DataFrame({"report_id": ["P1-001"], "theme_id": ["koulu"], "counted": [True]})
    told = told_themes(texts.reports, settled, states)
    assert told["P1-001"] == {"koulu"}
    assert told["P1-002"] == {"toimeentulo"}


def test_a_group_without_a_good_name_says_so_and_shows_three_clauses(corpus: Any) -> None:
    found = named(*corpus, min_score=99, min_worth=99).reset_index()
    shown = shown_names(
        found,
        group_label=str,
        theme_label=str,
        joined=with_ja,
        unclear=lambda words: f"ei nimeä ({words})",
    )
    assert shown["T-1"].label == "ei nimeä (passi, pankki, tili)"
    assert 1 < len(shown["T-1"].clauses) <= 3
    assert shown["T-1"].example == ""


def test_an_example_says_what_other_reports_of_its_topic_say(corpus: Any) -> None:
    found = named(*corpus, min_score=0, min_precision=0, min_common=1.0).loc["T-1"]
    fewer = named(*corpus, min_score=0, min_precision=0, min_common=0.0).loc["T-1"]
    assert found["is_good"]
    assert set(found["clauses"]) < set(fewer["clauses"])


@pytest.mark.parametrize(
    ("sentence", "has_object"),
    [
        pytest.param("Perhe sai uuden asunnon keväällä.", True, id="with one"),
        pytest.param("Perhe sai vasta keväällä.", False, id="without"),
    ],
)
def test_a_clause_tells_whether_its_verb_has_an_object(sentence: str, has_object: bool) -> None:
    words = next(iter(FINNISH.parse([sentence])))
    assert [one.has_object for one in find_clauses(sentence, words)] == [has_object]


def test_a_topic_that_hangs_together_loosely_has_no_good_name(corpus: Any) -> None:
    texts, tables = corpus
    loose = replace(tables, report_topics=tables.report_topics.assign(weight=0.2))
    assert named(texts, tables).loc["T-1", "is_good"]
    assert not named(texts, loose).loc["T-1", "is_good"]


@pytest.mark.parametrize(
    ("reach", "most", "is_tied", "is_good"),
    [
        pytest.param(0.6, 0.6, False, True, id="a word of most"),
        pytest.param(0.9, 0.5, False, False, id="words of half each"),
        pytest.param(0.9, 0.5, True, True, id="of half each, of one theme"),
        pytest.param(0.3, 0.3, True, True, id="told in many words, of one theme"),
        pytest.param(0.2, 0.2, True, False, id="a word of hardly any"),
    ],
)
def test_words_of_some_reports_make_a_name_where_what_people_gave_ties_them(
    reach: float, most: float, is_tied: bool, is_good: bool
) -> None:
    one = Evident(_Group("T-1", [0, 1, 2], ""), (), (), Heading("passi", 2.0, reach, most), "")
    assert _is_good(one, is_tied, NameConfig()) == is_good


def test_a_candidate_may_be_headed_as_its_own_topic_and_as_no_other() -> None:
    asked: list[frozenset[str]] = []

    def of(members: list[int], taken: frozenset[str]) -> Heading:
        asked.append(taken)
        return Heading(f"sana{len(asked)}", 2.0, 1.0, 1.0)

    groups = [
        *(_Group("T-1", [0, 1], ""), _Group("T-2", [2, 3], "")),
        _Group("C-1", [0, 1], "", topic_id="T-1"),
    ]
    stubs: tuple[Any, Any] = SimpleNamespace(of=of), SimpleNamespace(reach=lambda *_: 0.0)
    assert _headings(groups, *stubs)["C-1"].words == "sana3"
    assert asked == [frozenset(), {"sana1"}, {"sana2"}]


def test_a_client_group_beside_another_speaks_for_the_group_in_part() -> None:
    held = {"R-1": ["a", "b"], "R-2": ["a", "b"], "R-3": ["a"], "R-4": ["c"], **other("d", 20)}
    four = ["R-1", "R-2", "R-3", "R-4"]
    assert Shared(held).by(four, 1) == ["a"]
    assert Shared(held, divides=True).by(four, 1) == []
    assert Shared(held, divides=True).by(four[:3], 1) == ["a"]  # nearly all have it


def test_a_theme_of_half_is_said_where_it_is_rarer_than_those_of_most() -> None:
    held = {
        "R-1": ["a", "b"], "R-2": ["a", "b"], "R-3": ["a", "b"], "R-4": ["a"], "R-5": ["a", "c"],
        **other("a", 5), **other("d", 20),
    }  # fmt: skip
    five = ["R-1", "R-2", "R-3", "R-4", "R-5"]
    assert Shared(held).by(five, 2) == ["a"]
    assert Shared(held).by(five, 2, half_lift=4.0) == ["a", "b"]
    assert Shared(held).by(five, 2, half_lift=9.0) == ["a"]
    assert Shared({**held, **other("b", 9)}).by(five, 2, half_lift=1.0) == ["a"]


def other(value: str, n: int) -> dict[str, list[str]]:
    return {f"{value}-{number}": [value] for number in range(n)}


def test_a_signal_is_called_what_its_candidate_or_topic_is() -> None:
    names = {
        "C-1": SimpleNamespace(columns={}), "T-1": SimpleNamespace(columns={}),
    }  # fmt: skip
    for number, one in enumerate(names.values()):
        one.columns = {"label": f"nimi {number}", "words": "", "example": "", "clauses": [],
                       "suggestion": ""}  # fmt: skip
    signals = pd.DataFrame(
        {"candidate_id": ["C-1", None, "C-9"], "topic_id": ["T-1", "T-1", None],
         "label": ["a", "b", "c"]}
    )  # fmt: skip
    assert with_names(signals, names)["label"].tolist() == ["nimi 0", "nimi 1", "c"]  # type: ignore[arg-type]


def answering(text: str) -> tuple[LlamaLabelModel, list[dict[str, Any]]]:
    asked: list[dict[str, Any]] = []

    def complete(**given: Any) -> Any:
        asked.append(given)
        return {"choices": [{"message": {"content": text}}]}

    return LlamaLabelModel(complete, seed=7), asked


def test_a_language_model_only_suggests_beside_the_evidence(corpus: Any) -> None:
    model, asked = answering('  "Pankkitili ilman passia."\nSelitys.')
    texts, tables = corpus
    found = named(texts, tables, label_model=model)
    assert found.loc["T-1", "suggestion"] == "Pankkitili ilman passia"
    assert found.loc["T-2", "suggestion"] == ""
    told = asked[0]["messages"][1]["content"]
    assert all(clause in told for clause in found["clauses"]["T-1"])
    assert found.loc["T-1", "words"] == "passi, pankki, tili"
    assert asked[0]["temperature"] == 0


@pytest.mark.parametrize("answer", ["", "x" * 200, "\n\n"])
def test_an_answer_that_is_no_name_is_left_out(answer: str) -> None:
    model, _ = answering(answer)
    assert model.suggest("pankki", ["Pankki ei avaa tiliä"]) == ""


def test_a_missing_or_wrong_model_file_is_told_clearly(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"Cannot read .*puuttuu\.gguf"):
        check_label_model(tmp_path / "puuttuu.gguf")
    wrong = tmp_path / "malli.gguf"
    wrong.write_bytes(b"PK\x03\x04")
    with pytest.raises(ConfigError, match=r"malli\.gguf is not one"):
        check_label_model(wrong)


def test_a_model_without_the_library_is_told_clearly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "llama_cpp", None)
    file = tmp_path / "malli.gguf"
    file.write_bytes(b"GGUF")
    with pytest.raises(ResourceError, match="pip install 'havainto\\[label-model\\]'"):
        load_label_model(file, seed=1)
