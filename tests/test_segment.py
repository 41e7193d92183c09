"""Sentences are found as a Finnish reader would, and nothing but white space is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.segment.client_voice import is_client_voice
from pipeline.segment.segment import SegmentConfig, segment
from pipeline.segment.sentences import split_sentences

SENTENCES = [
    pytest.param("Vuokra nousi. Perhe muutti.", ["Vuokra nousi.", "Perhe muutti."], id="two"),
    pytest.param("Saatiin mm. ruokaa.", ["Saatiin mm. ruokaa."], id="abbreviation"),
    pytest.param("Asia on ns. Kelan asia.", ["Asia on ns. Kelan asia."], id="before a capital"),
    pytest.param("Haki 1.3. Kelasta.", ["Haki 1.3. Kelasta."], id="date without year"),
    pytest.param("Haki 1.3.2024. Ei saanut.", ["Haki 1.3.2024.", "Ei saanut."], id="full date"),
    pytest.param("Koko 2. luokka jäi.", ["Koko 2. luokka jäi."], id="ordinal"),
    pytest.param("M. Virtanen soitti.", ["M. Virtanen soitti."], id="initial"),
    pytest.param("”Ei käy.” Hän lähti.", ["”Ei käy.”", "Hän lähti."], id="closing quote"),
    pytest.param("Miksi näin?! Ei tiedä.", ["Miksi näin?!", "Ei tiedä."], id="mixed marks"),
    pytest.param("Jono kasvaa… Apua ei ole.", ["Jono kasvaa…", "Apua ei ole."], id="ellipsis"),
    pytest.param("ei aikoja\nei rahaa", ["ei aikoja", "ei rahaa"], id="lines"),
    pytest.param("- yksi asia\n- toinen asia", ["- yksi asia", "- toinen asia"], id="list"),
    pytest.param(
        "Soitti [NIMI-1]. [NIMI-1] itki.", ["Soitti [NIMI-1].", "[NIMI-1] itki."], id="stand-in"
    ),
    pytest.param(
        "Laki 1301/2014 velvoittaa. Silti.", ["Laki 1301/2014 velvoittaa.", "Silti."], id="law"
    ),
    pytest.param("Kulu 12.50 euroa. Liikaa.", ["Kulu 12.50 euroa.", "Liikaa."], id="decimal"),
    pytest.param("Kello 8.30 alkaa.", ["Kello 8.30 alkaa."], id="time"),
    pytest.param("", [], id="empty"),
    pytest.param("   \n ", [], id="blank"),
    pytest.param("...", ["..."], id="only marks"),
]


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_sentences_end_where_a_reader_ends_them(text, expected):
    assert [text[a:b] for a, b in split_sentences(text, 1)] == expected


FINNISH = st.text(alphabet='aäöAÄ1 .!?…\n"”-[]', max_size=60)


@given(FINNISH, st.integers(1, 15))
def test_spans_are_ordered_disjoint_and_lose_only_whitespace(text, min_chars):
    spans = split_sentences(text, min_chars)
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    assert edges == sorted(edges)
    kept = "".join("".join(text[a:b].split()) for a, b in spans)
    assert kept == "".join(text.split())
    assert all(text[a:b].strip() == text[a:b] != "" for a, b in spans)


@given(FINNISH)
def test_a_fragment_joins_its_neighbour(text):
    spans = split_sentences(text, 12)
    assert len(spans) == 1 or all(b - a >= 12 for a, b in spans)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        pytest.param("Asiakas kertoi, ettei uskalla avata postia.", True, id="said"),
        pytest.param("Äiti sanoi pelkäävänsä omia käsiään.", True, id="mother said"),
        pytest.param("”En jaksa enää hakea mitään.”", True, id="quoted"),
        pytest.param("Omaisten mukaan apua ei saa.", True, id="relatives"),
        pytest.param("Nuori kokee, ettei kukaan kuuntele.", True, id="feels"),
        pytest.param("Jonotusaika on neljä kuukautta.", False, id="fact"),
        pytest.param("Hakemus on ns. ”normaali”.", False, id="one quoted word"),
        pytest.param("Tiimi toivoo lisää resursseja.", False, id="team wishes"),
    ],
)
def test_client_voice_is_told_from_the_workers(sentence, expected):
    assert is_client_voice(sentence) is expected


def test_reports_that_are_not_ok_have_no_segments(make_reports):
    reports = make_reports({}, {"quality": "junk"}, {"quality": "empty", "observation": ""})
    assert segment(reports, SegmentConfig())["report_id"].unique().tolist() == ["P1-001"]


def test_text_stands_at_its_offsets_and_ids_count_up(make_reports):
    reports = make_reports({"proposal": "Lisää asuntoja tarvitaan pian. Ja tukea kotiin."})
    made = segment(reports, SegmentConfig())
    for row in made.itertuples():
        assert reports[row.field][0][row.start : row.end] == row.text
    assert made["segment_id"].tolist() == [
        "P1-001/observation/001",
        "P1-001/observation/002",
        "P1-001/proposal/001",
        "P1-001/proposal/002",
    ]


def test_a_batch_and_its_parts_give_the_same(make_reports):
    reports = make_reports({}, {"observation": "Toinen raportti täällä."}, {"proposal": "Apua."})
    whole = segment(reports, SegmentConfig())
    parts = [segment(reports.iloc[[i]], SegmentConfig()) for i in range(3)]
    assert whole.to_dict("records") == [r for p in parts for r in p.to_dict("records")]
