"""human/quotes.toml: pins and bans are read, and what is wrong with the file is said."""

from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.report.quote_rulings import QuoteRulings, quote_rulings_identity, read_quote_rulings


def written(folder: Path, text: str) -> Path:
    (folder / "quotes.toml").write_text(text, encoding="utf-8")
    return folder


def test_pins_and_bans_are_read(tmp_path: Path) -> None:
    text = 'pin = ["R-1/observation/003"]\nban = ["R-2/proposal/000", "R-7"]\n'
    rulings = read_quote_rulings(written(tmp_path, text))
    assert rulings.pinned == {"R-1/observation/003"}
    assert rulings.bans("R-2/proposal/000")
    assert not rulings.bans("R-2/proposal/001")


def test_a_banned_report_bans_all_its_sentences() -> None:
    assert QuoteRulings(banned=frozenset({"a/b"})).bans("a/b/observation/000")


def test_no_file_is_no_rulings(tmp_path: Path) -> None:
    assert read_quote_rulings(tmp_path) == QuoteRulings()


def test_a_changed_file_changes_its_identity(tmp_path: Path) -> None:
    before = quote_rulings_identity(tmp_path)
    assert quote_rulings_identity(written(tmp_path, "pin = []")) != before


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("pin = [", "must be TOML", id="broken"),
        pytest.param('pins = ["a"]', "may hold pin and ban", id="unknown key"),
        pytest.param('pin = "a"', "pin must be a list of ids", id="no list"),
        pytest.param("ban = [1]", "ban must be a list of ids", id="numbers"),
        pytest.param(
            'pin = ["a/observation/000"]\nban = ["a"]', "both pins and bans", id="pinned and banned"
        ),
    ],
)
def test_a_wrong_file_is_explained(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_quote_rulings(written(tmp_path, text))


def test_a_pin_that_the_study_lacks_is_passed_over_and_a_ban_stays() -> None:
    rulings = QuoteRulings(frozenset({"a/observation/000", "gone"}), frozenset({"gone too"}))
    known = rulings.known(["a/observation/000"])
    assert known.pinned == {"a/observation/000"}
    assert known.banned == {"gone too"}
