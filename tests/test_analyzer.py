"""The analyzer for scikit-learn's vectorizers."""

import pickle

import pytest
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer

from pipeline.lemmatise.analyzer import LemmaAnalyzer

TEXT = "Lastensuojelun [NIMI-1] soitti Kelaan, ja 3 perhettä odotti [PUHELIN]."


@pytest.mark.parametrize(
    ("content_only", "parts", "expected"),
    [
        (
            True,
            True,
            ["lastensuojelu", "lapsi", "suojelu", "soittaa", "kela", "perhe", "odottaa"],
        ),
        (True, False, ["lastensuojelu", "soittaa", "kela", "perhe", "odottaa"]),
        (
            False,
            False,
            "lastensuojelu [nimi-1] soittaa kela ja 3 perhe odottaa [puhelin]".split(),
        ),
    ],
    ids=["content and parts", "content", "all"],
)
def test_it_gives_lemmas_in_order(content_only: bool, parts: bool, expected: list[str]) -> None:
    assert LemmaAnalyzer(content_only=content_only, parts=parts)(TEXT) == expected


def test_it_survives_pickling_after_use() -> None:
    analyzer = LemmaAnalyzer()
    before = analyzer(TEXT)
    assert pickle.loads(pickle.dumps(analyzer))(TEXT) == before


def test_a_vectorizer_with_it_is_cloned_and_pickled() -> None:
    vectorizer = CountVectorizer(analyzer=LemmaAnalyzer())
    vectorizer.fit([TEXT, "Perheet jonottivat."])
    names = vectorizer.get_feature_names_out().tolist()
    assert "perhe" in names
    assert pickle.loads(pickle.dumps(vectorizer)).transform(["perheillä"]).sum() == 1
    assert clone(vectorizer).fit([TEXT]).transform(["perheillä"]).sum() == 1


def test_an_empty_text_has_no_lemmas() -> None:
    assert LemmaAnalyzer()("") == []
