"""The clients' voice on 150 hand-marked sentences written for this test.

The rules were mended with the even rows in sight; the odd rows are the honest measure.
"""

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline.segment.client_voice import is_client_voice

FILE = Path(__file__).parent / "data" / "client_voice.csv"


def marked() -> list[tuple[str, bool]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["is_voice"] == "1") for row in csv.DictReader(file)]


def precision_and_recall(rows: Sequence[tuple[str, bool]]) -> tuple[float, float]:
    found = [is_voice for text, is_voice in rows if is_client_voice(text)]
    return sum(found) / len(found), sum(found) / sum(is_voice for _, is_voice in rows)


def test_the_marked_sentences_are_150_different_ones() -> None:
    texts = [text for text, _ in marked()]
    assert len(texts) == len(set(texts)) == 150


def test_rows_that_were_not_looked_at_keep_precision_and_recall() -> None:
    precision, recall = precision_and_recall(marked()[1::2])
    assert precision >= 0.95
    assert recall >= 0.85


def test_rows_that_were_looked_at_are_told_apart() -> None:
    assert precision_and_recall(marked()[::2]) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        pytest.param("Sijaisperhe toivoo lisää tietoa.", True, id="compound of family"),
        pytest.param("Lisät kertovat palkan rakenteesta.", False, id="a word that ends as father"),
        pytest.param("Poliisi kertoi, että nuori oli löytynyt.", False, id="police said"),
        pytest.param("Asiakas, joka jäi ilman kotia, kertoi nukkuvansa autossa.", True, id="aside"),
        pytest.param("Asiakkaasta työntekijä kertoi vain nimen.", False, id="said of a client"),
        pytest.param("Ikäihmiset tuovat esiin huolensa öistä.", True, id="bring up"),
        pytest.param("Sinnikäs erityislapsen äiti pyysi iltaa.", True, id="asks"),
        pytest.param("Omaisraadissa toivottiin kerhoja.", True, id="wished at a gathering"),
        pytest.param("Talokokouksessa kerrottiin uudesta lukosta.", False, id="informed at one"),
        pytest.param("As. epäilee, ettei hakemus mene läpi.", True, id="abbreviation"),
        pytest.param("Puoliso uupunut, toivoo lepoa.", True, id="said after what one is like"),
        pytest.param("Omaiselta viesti: ei jaksa enää.", True, id="message from"),
        pytest.param("Nuoren vastauksissa näkyi väsymys.", True, id="answers of"),
        pytest.param("Nuorten toiveita kysytään keväällä.", False, id="wishes yet to be asked"),
        pytest.param("Asiakkaan kokemusta ei kirjata.", False, id="experience not recorded"),
        pytest.param("Ne mummot pelkää kaatumista.", True, id="they, in speech"),
        pytest.param("Ne vanhukset istuu yksin.", False, id="they do, in speech"),
        pytest.param("Kuraattori toi esiin poissaolot.", False, id="worker brings up"),
        pytest.param("Koen, että työmme ei riitä.", False, id="worker feels"),
        pytest.param("Ihmiset pelkää, ja me työntekijät myös.", False, id="workers too"),
        pytest.param("Palvelu ”Kotiin turvallisesti” loppui.", False, id="name of a service"),
    ],
)
def test_who_speaks_decides(sentence: str, expected: bool) -> None:
    assert is_client_voice(sentence) is expected
