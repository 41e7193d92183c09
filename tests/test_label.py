"""Kinds of sentences and valence of reports: box, tick and text speak, and none judges itself."""

import dataclasses
from typing import Any

import numpy as np
import pandas as pd
import pytest
from theme_study import ENCODER, text_tables

from pipeline.assign.sentences import fold_of
from pipeline.frames import to_arrow, to_frame
from pipeline.label.asking import asking_segments, ends_as_question
from pipeline.label.cues import cues, is_cue
from pipeline.label.example_scores import example_phrases
from pipeline.label.kinds import GOOD_PRACTICE, OBSERVATION, PROPOSAL
from pipeline.label.label import LABEL_SETS, LabelConfig, fit_label_examples, fit_labels, label
from pipeline.label.label_score import MIN_LABELS, NOT_SAID, fit_label
from pipeline.label.manner import (
    ACTION,
    FIRST,
    FUNCTION,
    HAPPENING,
    HEAD,
    NO_VERB,
    OTHER_MINEN,
    kind_of_action,
    manner,
)
from pipeline.label.valences import report_documents
from pipeline.label.wording import is_mark, segment_documents, segment_terms, worded_terms
from pipeline.taxonomy.read import find_taxonomy, load_taxonomy
from pipeline.texts import Texts

CONFIG = LabelConfig()
SETS = {name: load_taxonomy(find_taxonomy(name)) for name in LABEL_SETS}
SEEN = (
    "Jono kasvoi taas viikolla",
    "Perhe jäi ilman apua viikolla",
    "Vuokra nousi liikaa viikolla",
)
ASKED = ("Lisää kerhoja kylille pitäisi saada", "Kerhoja pitäisi avata lisää kylille")
PLAIN = "Kerhoja pitäisi avata lisää kylille."
COMMON_MARKS = ("<verbi>", "<ei päätä>", "<mille>")
"""Marks of a whole sentence, which other tests are about."""
WORKS = ("Ryhmä auttoi äitejä hyvin", "Yhteinen aamu toimi hyvin ryhmässä")


def reports_of_forms(n: int = 40) -> list[dict[str, object]]:
    """Return forms filled in as meant: observations, proposals in their box, praise ticked so."""
    rows: list[dict[str, object]] = []
    for i in range(n):
        praises = i % 2 == 0
        told = WORKS if praises else SEEN
        rows.append(
            {
                "observation": f"{told[i % len(told)]} {i}. {told[(i + 1) % len(told)]} {i}.",
                "proposal": f"{ASKED[i % 2]} {i}.",
                "valence": "positiivinen" if praises else "negatiivinen",
            }
        )
    return rows


def learnt(tables, lemmatiser):
    """Learn from tables of reports, beside the examples that every study shares."""
    examples = fit_label_examples(label_sets=SETS, encoder=ENCODER, lemmatiser=lemmatiser, seed=0)
    return fit_labels(Texts(*tables), CONFIG, fitted=examples, seed=0)


def labelled(make_reports, lemmatiser, taught, asked=None):
    """Learn from some forms and label others, the same ones unless given."""
    tables = text_tables(make_reports(*taught), lemmatiser)
    fitted = learnt(tables, lemmatiser)
    if asked is not None:
        tables = text_tables(make_reports(*asked), lemmatiser)
    kinds, valences = label(Texts(*tables), CONFIG, fitted=fitted)
    return tables, tables[1].merge(kinds, on="segment_id"), valences


@pytest.mark.parametrize(
    ("words", "marks"),
    [
        pytest.param([("pitäisi", "pitää", [], "AUX")], ["<isi>", "<isi>pitää"], id="conditional"),
        pytest.param(
            [("voisikohan", "voida", [], "AUX")], ["<ko>", "<isi>", "<isi>voida"], id="with -kohan"
        ),
        pytest.param([("lisättävä", "lisätä", [], "VERB")], ["<tava>", "<ei verbiä>"], id="must"),
        pytest.param([("lisätään", "lisätä", [], "VERB")], ["<taan>"], id="let us"),
        pytest.param([("lisättiin", "lisätä", [], "VERB")], ["<ttiin>"], id="was done"),
        pytest.param([("toiminut", "toimia", [], "VERB")], ["<nut>"], id="has worked"),
        pytest.param([("Voiko", "voida", [], "AUX")], ["<ko>"], id="question"),
        pytest.param([("Kerho", "kerho", [], "NOUN")], ["<ei verbiä>"], id="no verb"),
        pytest.param([("piti", "pitää", [], "AUX")], [], id="plain past"),
        pytest.param(
            [("marisi", "marista", [], "VERB")], ["<isi>", "<isi>marista"], id="known miss"
        ),
    ],
)
def test_a_sentence_is_marked_by_how_it_is_put(words, marks):
    found = [term for term in worded_terms(words) if is_mark(term) and not is_cue(term)]
    found = [term for term in found if term not in COMMON_MARKS]
    assert [term for term in found if not term.startswith((FIRST, FUNCTION, HEAD))] == marks


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("vahvistaminen", ACTION),
        ("palkkaaminen", ACTION),
        ("koordinoiminen", ACTION),
        ("lisääntyminen", HAPPENING),
        ("heikkeneminen", HAPPENING),
        ("jääminen", HAPPENING),
        ("hakeminen", OTHER_MINEN),
        ("ihminen", OTHER_MINEN),  # a known miss
        ("yksinäisyys", ""),
    ],
)
def test_a_noun_of_a_verb_names_something_to_do_or_something_that_happens(form, kind):
    assert kind_of_action(form) == kind


def test_a_phrase_without_a_verb_is_marked_by_its_head():
    hiring: list[Any] = [
        ("Tulkkien", "tulkki", [], "NOUN"),
        ("palkkaaminen", "palkkaaminen", [], "NOUN"),
    ]
    assert f"{HEAD}{ACTION}" in manner(hiring)
    assert NO_VERB in manner(hiring)
    told = manner([*hiring, ("viivästyi", "viivästyä", [], "VERB")])
    assert not any(mark.startswith(HEAD) for mark in told)


def test_spoken_forms_are_marked_as_what_they_stand_for():
    assert "<isi>" in manner([("Vois", "vois", [], "NOUN"), ("kysyä", "kysyä", [], "VERB")])
    assert "<isi>" not in manner([("mies", "mies", [], "NOUN")])


@pytest.mark.parametrize(
    ("sentence", "cue"),
    [
        ("ryhmiä ei pitäisi perua kesken kauden", "<!tarve>"),
        ("mun mielestä se lappu pitäs repiä", "<!tarve>"),
        ("maksusitoumus on saatava illalla", "<!on tehtävä>"),
        ("ohje päivitettävä", "<!tehtävä>"),
        ("entä jos bussi kulkisi sunnuntaina", "<!kysymys>"),
        ("hei kaikille pyydän että asia siirretään", "<!pyyntö>"),
        ("isät toivoivat että ilta olisi myöhemmin", "<!toivovat että>"),
        ("uusi lomake on nopeuttanut hakemista", "<!hyöty>"),
        ("soitamme jokaiselle seuraavana päivänä", "<!tapa>"),
        ("ryhmä on hyvä mutta matka on pitkä", "<!mutta>"),
    ],
)
def test_a_construction_that_decides_is_found_in_a_sentence_of_any_length(sentence, cue):
    assert cue in cues(sentence.split(), is_phrase=False)
    longer = f"{sentence} kuten viime syksynä sen pitkän ja monivaiheisen hankkeen kuluessa"
    assert is_cue(cue)
    assert cue == "<!tehtävä>" or cue in cues(longer.split(), is_phrase=False)


def test_a_word_of_change_asks_for_something_only_where_there_is_no_verb():
    words = "lisää aikaa perheille".split()
    assert "<!muutos>" in cues(words, is_phrase=True)
    assert "<!muutos>" not in cues(words, is_phrase=False)


def one_sentence_each(sentences, **columns):
    return [{"observation": text, "valence": "", **columns} for text in sentences]


def test_forms_do_not_teach_texts_of_another_source(make_reports, lemmatiser):
    notes = one_sentence_each([PLAIN], data_source="muistio", form_id="F-notes")
    _, beside, _ = labelled(make_reports, lemmatiser, [*reports_of_forms(), *notes])
    _, alone, _ = labelled(make_reports, lemmatiser, notes)
    assert beside[["kind", "score"]].iloc[-1].tolist() == alone[["kind", "score"]].iloc[0].tolist()


def test_a_source_that_is_new_is_judged_by_the_examples_until_it_teaches(
    make_reports, lemmatiser, monkeypatch
):
    old = [row | {"period": "2023H1"} for row in reports_of_forms()]
    new = [
        row | {"period": "2024H1", "data_source": "muistio", "form_id": "F-notes"}
        for row in reports_of_forms(4)
    ]
    fitted = {}
    for share in (0.0, 0.5):
        monkeypatch.setattr("pipeline.teaching.MAX_NEW_SHARE", share)
        fitted[share] = learnt(text_tables(make_reports(*old, *new), lemmatiser), lemmatiser)
    taught, untaught = fitted[0.0], fitted[0.5]
    assert "muistio" in taught.kinds.boxed
    assert "muistio" in taught.kinds.ticked
    assert "muistio" in taught.valences.ticked
    held = {*untaught.kinds.boxed, *untaught.kinds.ticked, *untaught.valences.ticked}
    assert "muistio" not in held
    assert "F-notes" in untaught.kinds.asking


def test_where_only_the_newest_have_a_sentence_they_teach(make_reports, lemmatiser, monkeypatch):
    old = [{"observation": "", "valence": "", "period": "2023H1"}] * 9
    new = [{"observation": PLAIN, "valence": "", "period": "2024H1"}]
    monkeypatch.setattr("pipeline.teaching.MAX_NEW_SHARE", 0.5)
    fitted = learnt(text_tables(make_reports(*old, *new), lemmatiser), lemmatiser)
    assert np.isfinite(fitted.kinds.features.centre).all()


def test_what_is_not_sure_is_not_stated(make_reports, lemmatiser):
    tables = text_tables(make_reports(*one_sentence_each([PLAIN])), lemmatiser)
    strict = LabelConfig(min_kind_confidence=1, min_valence_confidence=1)
    fitted = learnt(tables, lemmatiser)
    kinds, valences = label(Texts(*tables), strict, fitted=fitted)
    assert kinds["kind"].tolist() == [""]
    assert valences[["valence", "text_valence"]].to_numpy().tolist() == [["", ""]]
    lax = LabelConfig(min_kind_confidence=0, min_valence_confidence=0)
    kinds, valences = label(Texts(*tables), lax, fitted=fitted)
    assert kinds["kind"].tolist() != [""]
    assert (valences["valence"] == valences["text_valence"]).all()
    assert valences["valence"].tolist() != [""]


def test_every_segment_gets_a_kind_and_every_report_a_valence(make_reports, lemmatiser):
    tables, segments, valences = labelled(make_reports, lemmatiser, reports_of_forms())
    assert segments["segment_id"].tolist() == tables[1]["segment_id"].tolist()
    assert valences["report_id"].tolist() == tables[0]["report_id"].tolist()
    assert segments["score"].between(1 / 3, 1).all()
    for name, frame in (
        ("segment_kinds", segments[["segment_id", "kind", "score"]]),
        ("report_valences", valences),
    ):
        assert len(to_frame(to_arrow(name, frame))) == len(frame)


def test_sentences_of_well_filled_forms_have_the_kind_of_their_box_and_tick(
    make_reports, lemmatiser
):
    _, segments, _ = labelled(make_reports, lemmatiser, reports_of_forms())
    in_box = segments["field"] == "proposal"
    assert (segments[in_box]["kind"] == PROPOSAL).all()
    praised = segments["text"].str.contains("hyvin")
    assert (segments[praised]["kind"] == GOOD_PRACTICE).all()
    assert (segments[~praised & ~in_box]["kind"] == OBSERVATION).all()


def test_a_proposal_in_the_observation_box_is_found_by_its_wording(make_reports, lemmatiser):
    strays = [
        {"observation": f"{SEEN[i]} nyt. {ASKED[i % 2]} nyt.", "valence": "negatiivinen"}
        for i in range(3)
    ]
    _, segments, _ = labelled(make_reports, lemmatiser, reports_of_forms(120), strays)
    kinds = segments.groupby(segments["text"].str.contains("pitäisi"))["kind"].agg(set).to_dict()
    assert kinds == {True: {PROPOSAL}, False: {OBSERVATION}}


def test_a_form_with_one_box_still_tells_kinds_apart_by_the_examples(make_reports, lemmatiser):
    proposal, practice = (
        SETS["lajit"].examples[kind][0].text for kind in (PROPOSAL, GOOD_PRACTICE)
    )
    told = [{"observation": f"{SEEN[i % 3]} {i}.", "valence": ""} for i in range(20)]
    told += [{"observation": text, "valence": ""} for text in (proposal, practice)]
    _, segments, _ = labelled(make_reports, lemmatiser, told)
    assert segments["kind"].tolist()[-2:] == [PROPOSAL, GOOD_PRACTICE]
    assert (segments["kind"].iloc[:20] == OBSERVATION).mean() > 0.8


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param("Ryhmä auttoi äitejä hyvin, onko muita ryhmiä?", id="question mark"),
        pytest.param("Toivoisin tietoa ryhmästä, joka auttoi äitejä hyvin.", id="request"),
    ],
)
def test_what_asks_or_requests_is_no_good_practice_though_its_report_praises(
    make_reports, lemmatiser, asked
):
    praised = {"valence": "positiivinen", "proposal": ""}
    rows = [{"observation": f"{asked} {WORKS[1]}.", **praised}]
    _, segments, _ = labelled(make_reports, lemmatiser, reports_of_forms(), rows)
    kinds = segments["kind"].tolist()
    assert kinds[0] != GOOD_PRACTICE
    assert kinds[-1] == GOOD_PRACTICE


def test_a_first_verb_in_ko_asks_and_a_noun_in_ko_does_not():
    segments = pd.DataFrame(
        {"segment_id": ["a", "b"], "text": ["Voiko ryhmä auttaa.", "Verkko auttaa, onko kuultu."]}
    )
    tokens = pd.DataFrame(
        {
            "segment_id": ["a", "a", "b", "b"],
            "form": ["Voiko", "ryhmä", "Verkko", "onko"],
            "pos": ["AUX", "NOUN", "NOUN", "AUX"],
        }
    )
    assert asking_segments(segments, tokens, {}).tolist() == [True, False]


def test_a_practice_that_quotes_a_question_stays_one():
    assert not ends_as_question("Kysymme joka tapaamisella: ”Mitä sinulle kuuluu?”")
    assert ends_as_question("”Kuka minua auttaa?”")


def test_a_tick_against_the_text_stands_out(make_reports, lemmatiser):
    rows = reports_of_forms()
    rows[4] = {**rows[4], "valence": "negatiivinen"}
    _, _, valences = labelled(make_reports, lemmatiser, rows)
    odd = (valences["score"] - valences["ticked_score"]).astype(float)
    assert odd.idxmax() == 4
    assert valences.loc[4, "text_valence"] != "negatiivinen"
    assert (valences["valence"] == valences["ticked"]).all()


def test_no_tick_leaves_nothing_to_compare_with(make_reports, lemmatiser):
    rows = [{**row, "valence": ""} for row in reports_of_forms()]
    _, _, valences = labelled(make_reports, lemmatiser, rows)
    assert (valences["ticked"] == "").all()
    assert valences["ticked_score"].isna().all()


def test_a_batch_and_its_parts_give_the_same(make_reports, lemmatiser):
    rows = reports_of_forms()
    rows[3] = {**rows[3], "valence": ""}
    tables = text_tables(make_reports(*rows), lemmatiser)
    fitted = learnt(tables, lemmatiser)
    whole = label(Texts(*tables), CONFIG, fitted=fitted)
    reports, segments, tokens, embeddings, report_embeddings = tables
    parts = []
    for own in (reports["report_id"][:7], reports["report_id"][7:]):
        mine = segments[segments["report_id"].isin(own)]
        ids = set(mine["segment_id"])
        parts.append(
            label(
                Texts(
                    reports[reports["report_id"].isin(own)],
                    mine,
                    tokens[tokens["segment_id"].isin(ids)],
                    embeddings[embeddings["segment_id"].isin(ids)],
                    report_embeddings[report_embeddings["report_id"].isin(own)],
                ),
                CONFIG,
                fitted=fitted,
            )
        )
    for i in range(2):
        joined = pd.concat([part[i] for part in parts], ignore_index=True)
        pd.testing.assert_frame_equal(joined, whole[i], check_exact=True)


@pytest.mark.parametrize("rows", [[], [{"quality": "junk"}]], ids=["no report", "none that is ok"])
def test_a_study_without_a_sentence_is_labelled_without_complaint(make_reports, lemmatiser, rows):
    tables = text_tables(make_reports(*rows), lemmatiser)
    fitted = learnt(tables, lemmatiser)
    assert all(table.empty for table in label(Texts(*tables), CONFIG, fitted=fitted))


def test_a_report_does_not_teach_the_score_it_is_judged_by():
    from scipy.sparse import csr_array

    n = 60
    folds = np.array([fold_of(f"R-{i}") for i in range(n)])
    own_word = csr_array(np.eye(n))  # each text is one word that no other text has
    said = np.random.default_rng(1).permutation(np.arange(n) % 2)
    silent, alike = np.zeros(n), np.ones(n, dtype=bool)
    learnt = fit_label(own_word, folds, said, silent, seed=0)
    ratios = learnt.ratios(own_word, folds, silent, alike)
    assert abs(ratios[said == 1].mean() - ratios[said == 0].mean()) < 0.3


def test_few_labels_leave_it_to_the_examples():
    from scipy.sparse import csr_array

    rows, folds = csr_array(np.eye(40, 3, k=0) + 0.01), np.arange(40) % 5
    said = np.full(40, NOT_SAID)
    said[: MIN_LABELS - 1], said[MIN_LABELS - 1 : 35] = 1, 0
    by_examples = np.linspace(-2, 2, 40)
    learnt = fit_label(rows, folds, said, by_examples, seed=0)
    found = learnt.ratios(rows, folds, by_examples, np.ones(40, dtype=bool))
    np.testing.assert_array_equal(found, by_examples)


def test_forms_bear_out_what_examples_say_or_do_not():
    from scipy.sparse import csr_array

    rows, folds = csr_array(np.ones((80, 2))), np.arange(80) % 5
    said = (np.arange(80) % 4 == 0).astype(int)
    heeded = fit_label(rows, folds, said, 4.0 * said - 2, seed=0)
    unheeded = fit_label(rows, folds, said, np.tile([1.0, -1.0], 40)[::-1], seed=0)
    assert heeded.by_examples > 0.5 > unheeded.by_examples


def test_a_text_that_says_nothing_leaves_the_odds_as_they_were():
    from scipy.sparse import csr_array

    rows, folds = csr_array(np.ones((80, 2))), np.arange(80) % 5
    said, silent = (np.arange(80) < 20).astype(int), np.zeros(80)
    learnt = fit_label(rows, folds, said, silent, seed=0)
    assert abs(learnt.ratios(rows, folds, silent, silent == 0).mean()) < 0.2


def test_what_stands_beside_a_filled_proposal_box_is_least_likely_a_proposal(
    make_reports, lemmatiser
):
    told = {"observation": "Kylän asia.", "valence": "negatiivinen"}
    rows = [*reports_of_forms(), told, {**told, "proposal": "Kylän asia."}]
    tables = text_tables(make_reports(*rows), lemmatiser)
    fitted = learnt(tables, lemmatiser)
    assert fitted
    kinds = fitted.kinds
    kinds = dataclasses.replace(
        kinds, proposal=dataclasses.replace(kinds.proposal, slope=0.0, by_examples=0.0)
    )
    reports, segments, tokens, *_ = tables
    texts = segment_documents(segments, segment_terms(tokens), Texts(*tables))
    one_box = dataclasses.replace(kinds, asking=())
    states = np.zeros(len(segments), dtype=bool)
    outside, beside, inside = kinds.shares(texts, segments, reports, states)[-3:, 2]
    assert beside < outside < one_box.shares(texts, segments, reports, states)[-3, 2] < inside


def test_the_words_of_proposals_do_not_colour_a_reports_valence(make_reports, lemmatiser):
    reports = make_reports({"observation": "Vuokra nousi taas.", "proposal": "Kerhoja lisää nyt."})
    _, segments, tokens, _, _ = text_tables(reports, lemmatiser)
    found = report_documents(segments, segment_terms(tokens), ["P1-001"], np.ones((1, 64)))
    assert {"vuokra", "nousi", "taas"} <= set(found.terms[0])
    assert "kerhoja" not in found.terms[0]


def test_only_finnish_examples_teach():
    phrases, labels = example_phrases(SETS["lajit"])
    assert (
        len(phrases)
        == len(labels)
        == sum(phrase.lang == "fi" for group in SETS["lajit"].examples.values() for phrase in group)
    )
    assert set(labels) == {OBSERVATION, GOOD_PRACTICE, PROPOSAL}
