"""One settings file becomes frozen models, or one sentence that says what is wrong."""

import pytest
from pydantic import BaseModel, ValidationError

from pipeline.config import Settings, each_setting, load_settings
from pipeline.errors import ConfigError
from pipeline.stages import STAGES


def write(tmp_path, text):
    path = tmp_path / "study.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_empty_file_gives_the_defaults(tmp_path):
    assert load_settings(write(tmp_path, "")) == Settings() == load_settings(None)


def test_a_file_and_then_an_override_change_a_setting(tmp_path):
    path = write(tmp_path, "[segment]\nmin_chars = 20\n")
    assert load_settings(path).segment.min_chars == 20
    assert load_settings(path, ["segment.min_chars=5"]).segment.min_chars == 5
    assert load_settings(None, ["study.taxonomy=oma"]).study.taxonomy == "oma"


BROKEN = [
    pytest.param("[segment]\nmin_chars = 0", r"segment.min_chars must be .*1. Got 0", id="range"),
    pytest.param(
        "[segment]\nmin_chars = 'x'", r"segment.min_chars must be .* Got \"x\"", id="type"
    ),
    pytest.param(
        "[segment]\nmin_char = 1",
        r"segment.min_char is not a setting. Known: min_chars",
        id="unknown key",
    ),
    pytest.param(
        "[segments]\nx = 1", r"segments is not a setting. Known: archive, assign", id="section"
    ),
    pytest.param(
        "[embed]\nencoder = 'bert'",
        r"embed.encoder must be 'e5', .* or 'hashing'. Got",
        id="choice",
    ),
    pytest.param("[segment", "is not valid TOML", id="no TOML"),
]


@pytest.mark.parametrize(("text", "words"), BROKEN)
def test_a_broken_file_is_explained_in_one_line(tmp_path, text, words):
    with pytest.raises(ConfigError, match=words) as caught:
        load_settings(write(tmp_path, text))
    assert "\n" not in str(caught.value)
    assert str(tmp_path / "study.toml") in str(caught.value)


@pytest.mark.parametrize("override", ["segment.min_chars", "min_chars=1", "=1", "segment.=1"])
def test_an_override_must_name_section_key_and_value(override):
    with pytest.raises(ConfigError, match=r"--set must be SECTION\.KEY=VALUE"):
        load_settings(None, [override])


def test_a_missing_file_and_one_that_is_not_utf8_are_explained(tmp_path):
    with pytest.raises(ConfigError, match="does not exist"):
        load_settings(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes("# äö".encode("latin-1"))
    with pytest.raises(ConfigError, match="must be UTF-8"):
        load_settings(tmp_path / "latin.toml")


def test_every_stage_has_its_section_and_every_setting_its_meaning():
    assert {stage.name for stage in STAGES} == set(Settings.model_fields) - {
        "archive",
        "run",
        "study",
        "workbench",
    }
    for name, field in each_setting():
        assert field.description, name
        assert field.description.endswith((".", "?")), name


def test_settings_are_frozen_and_closed():
    for name, value in Settings():
        assert isinstance(value, BaseModel)
        assert value.model_config.get("frozen"), name
        assert value.model_config.get("extra") == "forbid", name
    with pytest.raises(ValidationError):
        Settings().segment.min_chars = 3  # type: ignore[misc]
