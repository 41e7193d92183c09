"""What is said to a person: in whose language, and that the catalogue is whole."""

import ast
import itertools
import re
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.speech import Said, amount, catalogue, counted, language, retold, say, speak
from pipeline.tables import TABLES

PACKAGE = Path(__file__).parents[1] / "pipeline"
SPOKEN = re.compile(
    r"^(say|_?tell|_print|marked|amount|Said|PipelineError|ConfigError|InputError|ArtifactError|ResourceError"
    r"|WorkerError)$"
)
SAID_AT = {"amount": slice(1, 3), "marked": slice(None), "_print": slice(1, 2)}
"""Which arguments are templates, where it is not the first."""


@pytest.fixture
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HAVAINTO_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


def spoken_templates() -> Iterator[tuple[str, str]]:
    """Yield every literal template said in the package, with its place."""
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_bytes())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if not SPOKEN.match(name):
                continue
            for one in node.args[SAID_AT.get(name, slice(1))]:
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    yield one.value, f"{file.relative_to(PACKAGE)}:{node.lineno}"


def names_in(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


@pytest.mark.usefixtures("_no_environment")
class TestLanguage:
    def test_it_is_finnish_when_nothing_says_otherwise(self) -> None:
        assert language() == "fi"

    @pytest.mark.parametrize("system", ["en_GB.UTF-8", "en_US", "en"])
    def test_an_english_system_is_spoken_to_in_english(
        self, system: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("LANG", system)
        assert language() == "en"

    @pytest.mark.parametrize("system", ["C", "C.UTF-8", "fi_FI.UTF-8", "sv_FI.UTF-8"])
    def test_any_other_system_leaves_it_to_the_study(
        self, system: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("LANG", system)
        assert language() == "fi"

    def test_the_first_of_the_systems_settings_holds(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LANG", "en_GB.UTF-8")
        monkeypatch.setenv("LC_ALL", "fi_FI.UTF-8")
        assert language() == "fi"

    def test_an_english_study_is_spoken_of_in_english(self) -> None:
        speak("en")
        try:
            assert language() == "en"
        finally:
            speak("fi")

    def test_the_users_own_choice_holds_over_all(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LANG", "en_GB.UTF-8")
        monkeypatch.setenv("HAVAINTO_LANG", "fi")
        assert language() == "fi"
        assert say("failed") == "epäonnistui"


def test_an_error_is_english_in_code_and_finnish_where_asked() -> None:
    err = ConfigError("failed")
    assert str(err) == "failed"
    assert err.in_language("fi") == "epäonnistui"


def test_a_message_without_values_may_hold_braces() -> None:
    assert str(ConfigError("Got {'a': 1}.")) == "Got {'a': 1}."


def test_a_said_value_is_said_in_the_same_language() -> None:
    outer = Said("{file}: {why}", {"file": "a.csv", "why": Said("failed")})
    assert outer.in_language("fi") == "a.csv: epäonnistui"
    assert str(outer) == "a.csv: failed"


def test_amounts_have_a_space_between_thousands() -> None:
    assert amount(1, "row", "rows") == "1 row"
    assert amount(1200, "row", "rows") == "1 200 rows"


def test_translations_hold_the_names_of_their_templates() -> None:
    wrong = {t: fi for t, fi in catalogue("fi").items() if names_in(t) != names_in(fi)}
    assert not wrong


def said_elsewhere() -> set[str]:
    """Return help texts, names of tables and other words that are said and not written as such."""
    from typer.main import get_command

    from pipeline.cli import app
    from pipeline.commands.spoken_help import each_help
    from pipeline.config import each_setting
    from pipeline.ingest.forms import FIELDS
    from pipeline.tables import TABLES

    settings = {field.description or "" for _, field in each_setting()}
    helps = settings | {one.help for one in each_help(get_command(app)) if one.help}
    tables = {name.replace("_", " ") for name in TABLES}
    codes = {"ok", "empty", "junk", "report", "reporter", "unit", "term", "example"}
    return helps | tables | codes | set(FIELDS) | {"micro_f1", "macro_f1", "calibration_error"}


def told_templates() -> set[str]:
    """Return the sentences that tables hold in English."""
    return set(tomllib.loads((PACKAGE / "messages/fi/reasons.toml").read_text(encoding="utf-8")))


def test_every_sentence_has_its_finnish() -> None:
    lacking = {t: place for t, place in spoken_templates() if t not in catalogue("fi")}
    assert not lacking


def test_every_help_text_and_counted_word_has_its_finnish() -> None:
    spared = {"report_id", "date", "observation", "proposal", "reporter_id", "data_source"}
    lacking = said_elsewhere() - spared - set(catalogue("fi"))
    assert not lacking


def test_no_translation_is_of_something_nobody_says() -> None:
    said = {template for template, _ in spoken_templates()}
    assert not set(catalogue("fi")) - said - said_elsewhere() - told_templates()


def test_every_sentence_that_is_told_again_stands_in_the_code() -> None:
    written = "".join(
        text
        for file in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_bytes()))
        if isinstance(node, ast.Constant) and isinstance(text := node.value, str)
    )
    pieces = {
        template: max((text for text, *_ in string.Formatter().parse(template)), key=len).strip()
        for template in told_templates()
    }
    of_pydantic = re.compile(r"a valid |(greater|less) than |\{first\} or ")
    assert not {
        t for t, piece in pieces.items() if piece not in written and not of_pydantic.match(t)
    }


class TestRetold:
    @pytest.fixture(autouse=True)
    def _in_finnish(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HAVAINTO_LANG", "fi")

    def test_sentences_one_after_another(self) -> None:
        assert (
            retold("The row repeats the header. 3 unseen or broken characters were removed.")
            == "Rivi toistaa otsikon. 3 näkymätöntä tai rikkinäistä merkkiä poistettiin."
        )

    def test_phrases_between_semicolons(self) -> None:
        assert (
            retold("its name and choices; 5 choices, several may be chosen")
            == "nimi ja vaihtoehdot; 5 vaihtoehtoa, useita voi valita"
        )

    def test_a_sentence_within_a_sentence(self) -> None:
        assert retold("row 4: ratkaisu must be one of oikein, väärin, or empty.") == (
            "rivi 4: sarakkeessa ratkaisu on oltava jokin näistä: oikein, väärin, tai tyhjä."
        )

    @pytest.mark.parametrize("text", ["", "jotain muuta", "Something nobody knows. Really."])
    def test_what_is_not_known_stays(self, text: str) -> None:
        assert retold(text) == text

    def test_english_stays_english(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HAVAINTO_LANG", "en")
        assert retold("The row repeats the header.") == "The row repeats the header."

    def test_the_values_of_an_error_are_told_again(self) -> None:
        err = ConfigError(
            "{place}: {column} must be {expected}. Got {got}.",
            place="a.csv row 2",
            column="scheme",
            expected="a version such as 1.0.0",
            got="'x'",
        )
        assert err.in_language("fi") == (
            "a.csv, rivi 2: sarakkeen scheme on oltava versio, esimerkiksi 1.0.0. Nyt: 'x'."
        )


def test_help_is_in_finnish(monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from pipeline.cli import app

    monkeypatch.setenv("HAVAINTO_LANG", "fi")
    told = CliRunner().invoke(app, ["run", "--help"]).output
    assert "Saata tutkimus ajan tasalle" in told
    assert "Valitsimet" in told
    monkeypatch.setenv("HAVAINTO_LANG", "en")
    assert "Options" in CliRunner().invoke(app, ["run", "--help"]).output


NUMBER = re.compile(r"n(_\w+)?|null_count")
NOT_COUNTED = {"alla", "antaa", "hakusana", "ja", "jää", "sekä", "siitä", "sisällä", "teema"}
"""Words in -a and -ä that may follow a number and are no partitives of what is counted."""


def after_numbers(template: str) -> Iterator[str]:
    """Yield the first word after each number of a template."""
    parts = list(string.Formatter().parse(template))
    for (_, name, _, _), (text, *_) in itertools.pairwise(parts):
        if name and NUMBER.fullmatch(name) and (found := re.match(r" ([^\W\d_]+)", text)):
            yield found[1]


def in_partitive(word: str) -> bool:
    """Tell whether a word looks like a partitive: not inessive, elative, ablative, adessive."""
    endings = ("ssa", "ssä", "sta", "stä", "lta", "ltä", "lla", "llä", "ella", "ta ei")
    return word[-1] in "aä" and not word.endswith(endings) and word not in NOT_COUNTED


def test_every_counted_word_agrees_with_one() -> None:
    ones = tomllib.loads((PACKAGE / "messages/ones.fi.toml").read_text(encoding="utf-8"))
    words = {word for fi in catalogue("fi").values() for word in after_numbers(fi)}
    tables = (catalogue("fi")[name.replace("_", " ")] for name in TABLES)
    lacking = {word for word in words if in_partitive(word)} - set(ones)
    lacking |= {word for said in tables for word in said.split(" ")} - set(ones)
    assert not lacking


@pytest.mark.parametrize(
    ("n", "finnish", "english"),
    [
        (1, "1 rivi on vailla vastausta ja jää ennalleen.", "1 row has no answer"),
        (2, "2 riviä on vailla vastausta ja jää ennalleen.", "2 rows have no answer"),
        (21, "21 riviä on vailla vastausta ja jää ennalleen.", "21 rows have no answer"),
    ],
)
def test_words_after_a_number_agree_with_it(n: int, finnish: str, english: str) -> None:
    said = Said("{n_unanswered} rows have no answer and stay as they were.", {"n_unanswered": n})
    assert said.in_language("fi") == finnish
    assert said.in_language("en").startswith(english)


def test_a_sentence_that_speaks_of_one_is_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAVAINTO_LANG", "fi")
    said = Said("{n} unseen or broken characters were removed.", {"n": 1})
    assert str(said) == "1 unseen or broken character was removed."
    assert retold(str(said)) == "1 näkymätön tai rikkinäinen merkki poistettiin."
    assert counted(1, "periods") == "1 jakso"
    assert counted(1200, "report topics") == "1 200 raportin ilmiötä"
