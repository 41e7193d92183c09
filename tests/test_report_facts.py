"""What the report says stands in plain values, below every form that renders it."""

import ast
import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from report_tables import facts, make_frames, small_study, write

from pipeline.report import report as report_module
from pipeline.report.catalogue import Catalogue, load_catalogue
from pipeline.report.facts.report_facts import SECTIONS
from pipeline.report.facts.values import Count, Quotation, Run, Text, count_of, joined
from pipeline.report.page.buttons import Buttons

REPORT = Path(report_module.__file__).parent
FORMS = ("page", "deck", "workbook", "methods", "word")
LIBRARIES = {"markupsafe", "jinja2", "pptx", "xlsxwriter", "docx"}


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def modules(room: str) -> list[Path]:
    return sorted((REPORT / room).glob("*.py"))


def test_facts_and_what_is_below_them_know_no_form() -> None:
    above = {"forms.py", "report.py"}
    below = [*modules("facts"), *(one for one in modules("") if one.name not in above)]
    assert len(below) > 30
    for file in below:
        for name in imported(file):
            assert name.split(".")[0] not in LIBRARIES, (file.name, name)
            for form in FORMS:
                assert not name.startswith(f"pipeline.report.{form}."), (file.name, name)


@pytest.mark.parametrize("form", FORMS)
def test_a_form_knows_no_other_form_and_no_tables(form: str) -> None:
    others = [f"pipeline.report.{one}" for one in FORMS if one != form]
    unknown = [*others, "pipeline.report.material", "pipeline.report.counts", "pipeline.tables"]
    for file in modules(form):
        for name in imported(file):
            assert not name.startswith(tuple(unknown)), (file.name, name)


def test_html_is_written_in_one_module() -> None:
    users = [
        f for f in REPORT.rglob("*.py") if any(n.startswith("markupsafe") for n in imported(f))
    ]
    assert {file.parent.name for file in users} == {"page"}


def values(held: Any) -> Iterator[Any]:
    """Yield every value that facts are made of."""
    if dataclasses.is_dataclass(held):
        yield held
        for field in dataclasses.fields(held):
            yield from values(getattr(held, field.name))
    elif isinstance(held, tuple | frozenset):
        for one in held:
            yield from values(one)
    elif hasattr(held, "items") and not isinstance(held, pd.DataFrame):
        for one in held.values():
            yield from values(one)
    else:
        yield held


def test_facts_are_frozen_and_plain() -> None:
    told, _ = facts(small_study(3), min_quote_chars=10)
    kinds = {type(one) for one in values(told)}
    assert {Count, Quotation, Text} <= kinds
    for kind in kinds:
        parameters = getattr(kind, "__dataclass_params__", None)
        if parameters is not None:
            assert parameters.frozen, kind
        else:
            assert kind.__module__.split(".")[0] in {"builtins", "pandas", "numpy", "pipeline"}, (
                kind
            )
            assert kind not in {dict, list, set}, kind


def test_each_section_has_a_template() -> None:
    templates = REPORT / "page" / "templates" / "sections"
    for name in SECTIONS:
        assert (templates / f"{name}.html.j2").is_file()


def test_no_sentence_is_handed_out_twice_where_there_are_enough() -> None:
    rows = [{"id": f"R-{i}", "period": "2024H2", "text": f"Perhe {i} tarvitsi asunnon ja ruokaa."}
            for i in range(30)]  # fmt: skip
    frames = make_frames(rows)
    told, _ = facts(
        {**frames, "segments": frames["segments"].assign(client_voice=True)}, min_quote_chars=10
    )
    groups = [q.segment_id for g in told.groups for q in g.observations.quotes]
    parts: tuple[Any, ...] = (
        *told.signals.cards,
        *told.voices.themes,
        *told.key_themes,
        *told.topics.cards,
    )
    others = [q.segment_id for part in parts for q in part.quotes]
    assert others
    assert groups
    assert len(set(others)) == len(others)
    assert not set(groups) & set(others)  # there are sentences enough for all


def test_the_signals_are_served_before_the_voices_and_those_before_themes() -> None:
    frames = small_study(2, 2)
    spoken = {**frames, "segments": frames["segments"].assign(client_voice=True)}
    told, _ = facts(spoken, min_quote_chars=10, min_cell=1)
    signals = [q.segment_id for card in told.signals.cards for q in card.quotes]
    assert signals == ["2015H2-0/observation/000", "2015H2-1/observation/000"]
    assert [theme.quotes for theme in told.voices.themes] == [()]
    assert [theme.quotes for theme in told.key_themes] == [()]
    # a client group quotes again rather than nothing
    assert [len(group.observations.quotes) for group in told.groups] == [1]


WORDS = Catalogue({
    "x": {"one": "[name:{name}] [nowrap:({n},] {rest})", "plain": 'Ei "<b>" & ei \'{name}\'',
          "open": "{n}: {title}"},
    "page": {"open_reports": "{n}: avaa {title}"},
    "wording": {"locale": "fi_FI"},
})  # fmt: skip


def test_a_text_keeps_its_numbers_and_says_them_plainly() -> None:
    said = WORDS.text("x.one", name="A & B", n=count_of(["r1", "r2", "r1"], "t"), rest="<i>")
    assert said.runs[0] == Run("A & B", "name")
    assert [run.value.n for run in said.runs if isinstance(run.value, Count)] == [2]
    assert WORDS.plain(said) == "A & B (2, <i>)"
    assert WORDS.plain(joined([said, Text((Run("x"),))], "; ")) == "A & B (2, <i>); x"


def test_the_page_escapes_what_a_text_says() -> None:
    buttons = Buttons(WORDS, 10)
    said = WORDS.text("x.one", name="A & B", n=count_of(["r1"], 'nimi "<b>"'), rest="<i>")
    button = ('<button type="button" class="n" data-set="0" '
              'aria-label="1: avaa nimi &#34;&lt;b&gt;&#34;">1</button>')  # fmt: skip
    assert buttons.html(said) == (
        f'<span class="name">A &amp; B</span> <span class="nowrap">({button},</span> &lt;i&gt;)'
    )
    own = buttons.message("x.plain", name="'\"<")
    assert own == "Ei &#34;&lt;b&gt;&#34; &amp; ei '&#39;&#34;&lt;'"
    assert buttons.sets == [('nimi "<b>"', 1, [0])]


def test_the_buttons_are_numbered_in_the_order_of_the_page() -> None:
    html = write(small_study())["report.html"].decode("utf-8")
    seen = [int(part.split('"')[0]) for part in html.split('data-set="')[1:]]
    firsts = list(dict.fromkeys(seen))
    assert firsts == list(range(len(firsts)))


@pytest.mark.parametrize("language", ["fi", "en"])
def test_no_message_holds_html(language: str) -> None:
    words = load_catalogue(language)
    for name, section in words.messages.items():
        for key, text in section.items():
            if isinstance(text, str) and name not in {"wording", "units", "labels"}:
                shown = "".join(literal for literal, _, _ in words.parts(f"{name}.{key}"))
                assert not [
                    sign for sign in ("</", "&lt;", "<span", "[name", "[now") if sign in shown
                ]


def test_modules_and_functions_stay_small() -> None:
    for file in REPORT.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 450, file.name
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                named = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
                given = [one for one in named if one.arg not in {"self", "cls"}]
                assert len(given) <= 8, (file.name, node.name)
                assert node.end_lineno is not None
                assert node.end_lineno - node.lineno < 60, (file.name, node.name)
