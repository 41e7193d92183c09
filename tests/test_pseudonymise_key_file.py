import stat

import pandas as pd
import pytest

from pipeline.errors import ConfigError, InputError
from pipeline.pseudonymise import key_file
from pipeline.pseudonymise.key_file import read_key_file, write_key_file
from pipeline.pseudonymise.lists import PiiLists, load_pii_lists

PASSPHRASE = "pitkä salalause 7"
KEY = pd.DataFrame(
    {"report_id": ["P1-001"], "raw_start": [3], "stand_in": ["[NIMI-1]"], "original": ["Äijälä"]}
)


@pytest.fixture(autouse=True)
def cheap_scrypt(monkeypatch):
    monkeypatch.setattr(key_file, "_LOG2_N", 4)


@pytest.fixture
def written(tmp_path, study):
    path = tmp_path / "avain.hvkey"
    write_key_file(path, KEY, PASSPHRASE, study=study.root)
    return path


def test_the_key_comes_back_as_it_was_written(written):
    pd.testing.assert_frame_equal(read_key_file(written, PASSPHRASE), KEY, check_dtype=False)


def test_the_file_is_sealed_and_its_owners_alone(written):
    assert "Äijälä".encode() not in written.read_bytes()
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    assert [p.name for p in written.parent.glob("*avain*")] == [written.name]


def test_the_same_key_is_never_sealed_alike(written, study):
    before = written.read_bytes()
    write_key_file(written, KEY, PASSPHRASE, study=study.root)
    assert written.read_bytes()[-40:] != before[-40:]


def test_a_wrong_pass_phrase_opens_nothing(written):
    with pytest.raises(InputError, match="pass phrase is wrong"):
        read_key_file(written, "aivan väärä lause")


@pytest.mark.parametrize("at", [8, 20, -1], ids=["cost", "salt", "text"])
def test_an_altered_file_is_refused(written, at):
    content = bytearray(written.read_bytes())
    content[at] ^= 1
    written.write_bytes(content)
    with pytest.raises(InputError):
        read_key_file(written, PASSPHRASE)


@pytest.mark.parametrize("content", [b"", b"HVKEY\x02" + bytes(60), b"PK\x03\x04"])
def test_another_file_is_refused(tmp_path, content):
    (tmp_path / "muu").write_bytes(content)
    with pytest.raises(InputError, match="not a key file"):
        read_key_file(tmp_path / "muu", PASSPHRASE)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match="puuttuu"):
        read_key_file(tmp_path / "puuttuu", PASSPHRASE)


@pytest.mark.parametrize("below", ["avain", "tables/avain", "../study/avain"])
def test_a_path_inside_the_study_is_refused(study, below):
    with pytest.raises(ConfigError, match="outside the study"):
        write_key_file(study.root / below, KEY, PASSPHRASE, study=study.root)


def test_a_short_pass_phrase_is_refused(tmp_path, study):
    with pytest.raises(ConfigError, match="at least 12 characters"):
        write_key_file(tmp_path / "avain", KEY, "lyhyt", study=study.root)


def test_lists_are_read_without_comments_and_doubles(tmp_path):
    (tmp_path / "pii_always.txt").write_text(
        "# nimet\nHopea  # talo\n\nHopea\nVilla Koivu\n", encoding="utf-8-sig"
    )
    assert load_pii_lists(tmp_path) == PiiLists(always=("Hopea", "Villa Koivu"), never=())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_a_list_that_a_finnish_program_saved_is_read(tmp_path, encoding):
    (tmp_path / "pii_never.txt").write_bytes("Hämäläinen\n".encode(encoding))
    assert load_pii_lists(tmp_path).never == ("Hämäläinen",)


def test_a_key_file_needs_a_folder_that_exists(tmp_path, study):
    for path in (tmp_path / "puuttuu" / "avain", tmp_path):
        with pytest.raises(ConfigError, match="folder that exists"):
            write_key_file(path, KEY, PASSPHRASE, study=study.root)
