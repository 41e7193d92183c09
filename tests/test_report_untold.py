"""What a form did not ask: no chart, table or number of it in any form, but one sentence."""

from typing import Any

import pytest
from deck_reader import titles
from report_reader import page_text
from report_tables import Frames, facts, make_frames, write
from test_audiences import ALL, everything, with_signal

from pipeline.report.audiences import document

UNTOLD: dict[str, Any] = {"area": [], "client_groups": [], "valence": ""}


def bare(*columns: str) -> Frames:
    """Make the study of the audiences without some answers; its signal stays."""
    frames = with_signal()
    reports = frames["reports"].copy()
    for column in columns:
        reports[column] = [UNTOLD[column] for _ in range(len(reports))]
    return frames | {"reports": reports}


@pytest.mark.parametrize("language", ["fi", "en", "sv"])
def test_nothing_is_counted_of_what_no_report_tells(language: str) -> None:
    made, words = facts(bare(*UNTOLD), language=language)
    assert not made.group_table.rows
    assert not made.area_table.rows
    assert not made.valences.rows
    assert not made.signal_map
    (said,) = made.brief.untold
    assert said in made.brief.numbers
    named = [words(f"brief.untold_{column}") for column in UNTOLD]
    assert all(name in words.plain(said) for name in named)
    (card,) = made.signals.cards
    assert card.over == ""


@pytest.mark.parametrize("column", sorted(UNTOLD))
def test_what_is_told_is_counted_beside_what_is_not(column: str) -> None:
    made, words = facts(bare(column))
    held = {"area": made.area_table.rows, "client_groups": made.group_table.rows,
            "valence": made.valences.rows}  # fmt: skip
    assert {name: bool(rows) for name, rows in held.items()} == {
        name: name != column for name in UNTOLD
    }
    assert words(f"brief.untold_{column}") in words.plain(made.brief.untold[0])


def test_no_form_has_an_empty_table_or_a_chart_of_the_unsaid() -> None:
    made = write(bare(*UNTOLD), audiences=ALL)
    for name in ("report.docx", "director.docx", "public.docx", "public.html", "units.docx"):
        text = everything(made[name])
        assert "Ei ilmoitettu" not in text, name
        assert "Raportit asiakasryhmittäin" not in text, name
        assert "Raportit alueittain" not in text, name
    for name in ("deck.pptx", "director.pptx"):
        assert not [title for title in titles(made[name]) if "Ei ilmoitettu" in title], name
    page = page_text(made["report.html"])
    assert "kielteinen 0" not in page
    assert "0 aluetta" not in page
    assert "Raporteissa ei ole tietoa näistä: alue, asiakasryhmä ja sävy." in page


def test_units_are_told_why_there_is_nothing_for_them() -> None:
    made, words = facts(bare(*UNTOLD))
    (part,) = document(made, words, "units").parts
    assert part.paragraphs == (words("audiences.no_units"),)


def test_a_form_that_asks_of_one_report_alone_is_counted() -> None:
    rows: list[dict[str, Any]] = [{"id": f"RAP-{i:03d}", "period": "2024H2", "valence": "",
                                   "client_groups": [], "area": ["Lahti"] if i == 0 else []}
                                  for i in range(6)]  # fmt: skip
    made, _ = facts(make_frames(rows))
    assert made.area_table.rows
    assert not made.group_table.rows
