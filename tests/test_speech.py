"""What is said to a person: in whose language, and that the catalogue is whole."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.speech import Said, amount, catalogue, language, say, speak

PACKAGE = Path(__file__).parents[1] / "pipeline"
SPOKEN = re.compile(
    r"^(say|_?tell|Said|PipelineError|ConfigError|InputError|ArtifactError|ResourceError)$"
)


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
            given = node.args[:1] if name != "amount" else node.args[1:3]
            if not SPOKEN.match(name) and name != "amount":
                continue
            for one in given:
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


def test_no_translation_is_of_something_nobody_says() -> None:
    said = {template for template, _ in spoken_templates()}
    assert set(catalogue("fi")) <= said
