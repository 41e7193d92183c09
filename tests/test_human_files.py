"""Every file of human/ is read in one way: whoever saved it, in either language, never quoted."""

import pytest

from pipeline.assign.not_evidence import read_not_evidence
from pipeline.cluster.edits_file import read_edits
from pipeline.codings import read_codings
from pipeline.detect.register import COLUMNS, read_register
from pipeline.detect.watch_file import read_watches
from pipeline.errors import InputError
from pipeline.pseudonymise.lists import load_pii_lists
from pipeline.report.quote_rulings import read_quote_rulings
from pipeline.review.decisions_file import FIRST_COLUMNS, read_decisions

SECRET = "131052-308T Haapasalo"
READERS = {
    "decisions.csv": (
        read_decisions,
        ",".join(FIRST_COLUMNS) + "\n",
        f"D-1,eilen,{SECRET},,,,,,,\n",
    ),
    "codings.csv": (read_codings, "report_id,theme_id,coder\n", f",asuminen,{SECRET}\n"),
    "not_evidence.csv": (read_not_evidence, "theme_id,lemma\n", f"asuminen,vuokra,{SECRET}\n"),
    "register.csv": (read_register, ",".join(COLUMNS) + "\n", "," * 20 + f"{SECRET}\n"),
    "edits.toml": (read_edits, "", f'[[muokkaus]]\ntee = "{SECRET}"\n'),
    "watch.toml": (read_watches, "", f'[[seuranta]]\nnimi = "{SECRET}"\n'),
    "quotes.toml": (read_quote_rulings, "", f'pin = "{SECRET}"\n'),
}


@pytest.mark.parametrize("name", READERS)
def test_a_wrong_file_is_named_with_its_line_and_never_quoted(tmp_path, name):
    read, header, wrong = READERS[name]
    (tmp_path / name).write_text(header + wrong, encoding="utf-8")
    with pytest.raises(InputError, match=r"Got .*\. [A-Z]") as raised:
        read(tmp_path)
    said = str(raised.value)
    assert name in said
    assert "line 2" in said or name.endswith(".toml")
    assert not [word for word in SECRET.split() if word in said]


@pytest.mark.parametrize("name", [*READERS, "pii_always.txt"])
def test_what_is_no_text_is_said_to_be_none(tmp_path, name):
    (tmp_path / name).write_bytes(b"\x00\x01\xff" * 40)
    read = READERS[name][0] if name in READERS else load_pii_lists
    with pytest.raises(InputError, match="must be UTF-8"):
        read(tmp_path)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_semicolons_byte_order_marks_and_old_letters_are_read(tmp_path, encoding):
    (tmp_path / "not_evidence.csv").write_bytes(
        "Teema;Sana\r\nasuminen;väliaika\r\n;\r\n".encode(encoding)
    )
    (tmp_path / "pii_always.txt").write_bytes("Yrjö Hyökki\r\n".encode(encoding))
    (tmp_path / "quotes.toml").write_bytes('"kiellä" = ["R-1"]\r\n'.encode("utf-8-sig"))
    (tmp_path / "watch.toml").write_bytes(
        '[[watch]]\r\nname = "Tulkkina"\r\nphrases = ["Lapsi tulkkaa äidille."]\r\n'.encode(
            encoding
        )
    )
    assert read_not_evidence(tmp_path).to_numpy().tolist() == [["asuminen", "väliaika"]]
    assert load_pii_lists(tmp_path).always == ("Yrjö Hyökki",)
    assert read_quote_rulings(tmp_path).banned == {"R-1"}
    assert read_watches(tmp_path)[0].phrases == ("Lapsi tulkkaa äidille.",)
