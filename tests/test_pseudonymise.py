import json
import re
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.frames import each_row, to_arrow
from pipeline.ingest.ingest import IngestConfig, ingest
from pipeline.ingest.texts import slug
from pipeline.pseudonymise.lists import PiiLists
from pipeline.pseudonymise.pseudonymise import (
    FIELDS,
    PseudonymiseConfig,
    key_table,
    pseudonymise,
)
from pipeline.pseudonymise.spans import STAND_IN, Span
from pipeline.pseudonymise.stand_ins import keyed_stand_in
from pipeline.taxonomy.read import find_taxonomy, load_taxonomy

SECRET = bytes(range(32))
BASES = {
    "matin": {"matti"},
    "matille": {"matti"},
    "virtaselle": {"virtanen"},
    "virtasen": {"virtanen"},
    "liisan": {"liisa"},
    "hopean": {"hopea"},
}
NAMES = re.compile(
    r"\b(?:Matti|Matin|Matille|Liisa|Liisan)(?: (?:Virtanen|Virtaselle|Virtasen))?\b"
    r"|\bVirta(?:nen|selle|sen)\b|\bVuolinna\b|\bEhkä\b"
)


class DictPersonFinder:
    """Find the names of a pattern; dictionary forms come from a dict."""

    def find_all(self, texts: Sequence[str]) -> list[list[Span]]:
        return [[self._span(match) for match in NAMES.finditer(text)] for text in texts]

    def bases(self, form: str) -> frozenset[str]:
        return frozenset({form.casefold(), *BASES.get(form.casefold(), ())})

    def _span(self, match: re.Match[str]) -> Span:
        words = tuple(self.bases(word) for word in match.group().split())
        score = 0.4 if match.group() == "Ehkä" else 0.9
        return Span(*match.span(), "nimi", "sanakirja", score, words)


RESOURCES: dict[str, Any] = {
    "person_finder": DictPersonFinder(),
    "pii_lists": PiiLists(),
    "secret": SECRET,
}


def run(
    raw: pd.DataFrame, config: PseudonymiseConfig | None = None, **resources: Any
) -> tuple[pd.DataFrame, pd.DataFrame]:
    reports, spans, _, _ = pseudonymise(
        raw, config or PseudonymiseConfig(), **{**RESOURCES, **resources}
    )
    return reports, spans


def safe(
    make_reports: Callable[..., pd.DataFrame], text: str, proposal: str = "", **resources: Any
) -> str:
    reports, _ = run(make_reports({"observation": text, "proposal": proposal}), **resources)
    return " | ".join(filter(None, (reports[field][0] for field in FIELDS)))


def test_one_person_has_one_number_in_every_form_and_field(make_reports):
    text = safe(make_reports, "Matti Virtanen tuli. Matin äiti soitti.", "Virtaselle apua.")
    assert text == "[NIMI-1] tuli. [NIMI-1] äiti soitti. | [NIMI-1] apua."


def test_a_first_name_alone_is_joined_by_the_full_name_after_it(make_reports):
    assert safe(make_reports, "Matille soitti Matti Virtanen.") == "[NIMI-1] soitti [NIMI-1]."


def test_namesakes_are_two_persons_and_a_shared_surname_means_the_one_met_last(make_reports):
    text = safe(make_reports, "Matti Virtanen ja Liisa Virtanen. Virtasen koti. Matin työ.")
    assert text == "[NIMI-1] ja [NIMI-2]. [NIMI-2] koti. [NIMI-1] työ."


def test_numbers_start_anew_in_every_report(make_reports):
    raw = make_reports({"observation": "Matti."}, {"observation": "Liisa."})
    assert run(raw)[0]["observation"].tolist() == ["[NIMI-1].", "[NIMI-1]."]


def test_numbers_of_stand_ins_already_there_are_not_used_again(make_reports):
    assert safe(make_reports, "[NIMI-4] ja Matti.") == "[NIMI-4] ja [NIMI-5]."


def test_a_number_of_thousands_of_digits_is_not_counted_on_from(make_reports):
    text = f"[NIMI-{'9' * 5000}] ja [NIMI-4] tulivat. Matti tuli."
    assert safe(make_reports, text).endswith("[NIMI-5] tuli.")


def test_a_report_is_the_same_alone_and_in_a_batch(make_reports):
    raw = make_reports(
        {"observation": "Matti, 050 123 4567."},
        {"observation": "Liisa Virtanen, 140279-917L."},
        {"observation": "Ei mitään.", "proposal": "Matille."},
    )
    reports, spans = run(raw)
    alone = [run(raw.iloc[i : i + 1].reset_index(drop=True)) for i in range(len(raw))]
    pd.testing.assert_frame_equal(reports, pd.concat([r for r, _ in alone], ignore_index=True))
    pd.testing.assert_frame_equal(spans, pd.concat([s for _, s in alone], ignore_index=True))


def test_tables_keep_the_contract_with_and_without_findings(make_reports):
    for text in ("Matti, 050 123 4567.", "Ei mitään."):
        reports, spans = run(make_reports({"observation": text, "reporter_id": "anu@x.fi"}))
        to_arrow("reports", reports)
        to_arrow("pii_spans", spans)


def test_the_raw_table_is_left_as_it_was(make_reports):
    raw = make_reports({"observation": "Matti.", "reporter_id": "17", "unit": "Itä"})
    before = raw.copy(deep=True)
    run(raw)
    pd.testing.assert_frame_equal(raw, before)


def test_spans_are_the_places_of_the_stand_ins_in_the_safe_text(make_reports):
    raw = make_reports(
        {"observation": "Matti 😀 soitti: 050 123 4567.", "proposal": "Kirje: Kaislatie 7."}
    )
    reports, spans = run(raw)
    found = [reports.loc[0, s.field][s.start : s.end] for s in each_row(spans)]
    assert found == ["[NIMI-1]", "[PUHELIN]", "[OSOITE]"]


def test_doubtful_names_are_left_until_the_setting_asks_for_them(make_reports):
    raw = make_reports({"observation": "Ehkä tuli."})
    assert run(raw)[0]["observation"][0] == "Ehkä tuli."
    assert run(raw, PseudonymiseConfig(min_name_score=0.3))[0]["observation"][0] == "[NIMI-1] tuli."


def test_an_area_ticked_on_the_form_is_no_person(make_reports):
    raw = make_reports(
        {"observation": "Vuolinna on kaupunki.", "area": ["Vuolinna"]},
        {"observation": "Vuolinna on kaupunki.", "area": ["Kiviranta"]},
    )
    assert run(raw)[0]["observation"].tolist() == [
        "Vuolinna on kaupunki.",
        "[NIMI-1] on kaupunki.",
    ]


@pytest.mark.parametrize(
    ("lists", "text", "expected"),
    [
        pytest.param(PiiLists(always=("Hopea",)), "Hopean luo.", "[NIMI-1] luo.", id="inflected"),
        pytest.param(
            PiiLists(always=("Villa Hopea",)), "villa hopean piha", "[NIMI-1] piha", id="phrase"
        ),
        pytest.param(
            PiiLists(always=("kohde 7/b",)), "Siis Kohde 7/B.", "Siis [POISTETTU].", id="verbatim"
        ),
        pytest.param(PiiLists(never=("Matti",)), "Matin koti.", "Matin koti.", id="never"),
        pytest.param(
            PiiLists(never=("Matti",)), "Matti Virtanen", "Matti [NIMI-1]", id="never cuts a name"
        ),
        pytest.param(
            PiiLists(never=("050 123 4567",)), "Soita 050 123 4567.", "Soita 050 123 4567.",
            id="never spares a number",
        ),
        pytest.param(
            PiiLists(always=("Matti",), never=("Matti",)), "Matin.", "[NIMI-1].", id="always wins"
        ),
    ],
)  # fmt: skip
def test_the_studys_lists_mend_the_rules(make_reports, lists, text, expected):
    assert safe(make_reports, text, pii_lists=lists) == expected


def test_who_reports_becomes_a_keyed_stand_in_that_stays(make_reports):
    raw = make_reports({"reporter_id": "anu", "unit": "anu"}, {"reporter_id": "anu", "unit": ""})
    reports, _ = run(raw)
    assert re.fullmatch(r"K-[0-9a-f]{8}", reports["reporter_id"][0])
    assert reports["reporter_id"][0] == reports["reporter_id"][1]
    assert reports["unit"][0][2:] != reports["reporter_id"][0][2:]
    assert reports["unit"][1] == ""
    assert keyed_stand_in("anu", "K", b"other") != reports["reporter_id"][0]


def test_the_key_leads_back_to_the_raw_text(make_reports):
    raw = make_reports(
        {"observation": "Eilen Matti, 050 123 4567, ja Matille.", "proposal": "", "unit": "Itä"}
    )
    reports, _ = run(raw)
    key = key_table(raw, PseudonymiseConfig(), **RESOURCES)
    assert key["original"].tolist() == ["Matti", "050 123 4567", "Matille", "Itä"]
    for row in each_row(key):
        assert raw.loc[0, row.field][row.raw_start : row.raw_end] == row.original
        assert reports.loc[0, row.field][row.safe_start : row.safe_end] == row.stand_in


PLANTED = st.sampled_from(
    [
        "140279-917L", "140562–9346", "231188 - 907n", "010203A123B", "050 412 7786", "0401234567",
        "+358 50 123 4567", "050-000 1283", "aino.kettuvaara@esimerkki.fi",
        "FI21 1234 5600 0007 85",
        "Kaislatie 7 B 12", "Lehtokallionkadulla 7 A 12", "ABC-123", "@pekka_v",
    ]
)  # fmt: skip
AROUND = st.text(alphabet="aeklnstäöM .,!?\n–-[]1", max_size=12)


@given(pieces=st.lists(st.tuples(AROUND, PLANTED), min_size=1, max_size=4), tail=AROUND)
def test_no_planted_code_survives_and_the_rest_is_unchanged(pieces, tail):
    text = "".join(f"{around} {planted} " for around, planted in pieces) + tail
    raw = _one(text)
    reports, spans = run(raw)
    safe_text = reports["observation"][0]
    assert not [planted for _, planted in pieces if planted in safe_text]
    key = key_table(raw, PseudonymiseConfig(), **RESOURCES)
    rebuilt, at = "", 0
    for row in each_row(key):
        rebuilt += safe_text[at : row.safe_start] + row.original
        at = row.safe_end
    assert rebuilt + safe_text[at:] == text
    assert spans["start"].tolist() == key["safe_start"].tolist()


@given(
    st.lists(
        st.one_of(AROUND, PLANTED, st.sampled_from(["Matti", " Virtaselle", "[NIMI-2]"])),
        max_size=6,
    ).map("".join)
)
def test_twice_is_once(text):
    once, _ = run(_one(text))
    twice, spans = run(once)
    pd.testing.assert_frame_equal(once, twice)
    assert spans.empty
    assert all(STAND_IN.fullmatch(m) for m in re.findall(r"\[NIMI-\d+\]", once["observation"][0]))


def _one(text: str) -> pd.DataFrame:
    columns = {"report_id": "P1-001", "observation": text, "proposal": "", "unit": "Y-3f9a0c12"}
    blank = {"valence": "", "reporter_id": ""}
    return pd.DataFrame([{**columns, "area": ["Vuolinna"], "client_groups": [], **blank}])


@pytest.mark.parametrize(
    ("given_choices", "expected"),
    [
        (["Vuolinna", "Koko Järvimaan alue"], ["Vuolinna", "Koko Järvimaan alue"]),
        (["muu: soita 040 123 4567"], []),
        (["muu, Matti Virtanen ja hänen poikansa"], []),
        (["muu: " + "pitkä selitys " * 6, "Vuolinna"], ["Vuolinna"]),
        (["muu: soita 040 123 4567", "muu: 040 123 4568"], []),
    ],
    ids=["labels stay", "coded", "name", "long", "once"],
)
def test_an_open_answer_among_the_choices_holds_no_personal_data(
    make_reports, given_choices, expected
):
    reports, _ = run(make_reports({"area": given_choices, "client_groups": given_choices}))
    assert reports["area"][0] == expected
    assert reports["client_groups"][0] == [slug(choice) for choice in expected]


@pytest.mark.parametrize(
    "answer",
    ["Matti Virtanen", "131052-308T", "matti.virtanen@gmail.com", "Matti, p. 040 123 4567"],
)
def test_an_open_answer_of_a_form_is_searched_before_it_becomes_an_id(tmp_path, answer):
    row = {"observation": "Vuokra nousi taas.", "client_groups": [answer], "valence": answer}
    (tmp_path / "a.jsonl").write_text(json.dumps(row), encoding="utf-8")
    taxonomy = load_taxonomy(find_taxonomy("sosiaalinen-raportointi"))
    raw = ingest([tmp_path / "a.jsonl"], IngestConfig(), secret=SECRET, taxonomy=taxonomy)[0]
    reports, _ = run(raw)
    assert reports["client_groups"][0] == []
    assert reports["valence"][0] == ""
