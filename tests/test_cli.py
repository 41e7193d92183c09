"""The command works as a user types it: help, exit codes, one line for what went wrong."""

import contextlib
import gc
import os
import pty
import re
import shutil
import subprocess
import sys

import openpyxl
import pytest
from offline import CUT_OFF, IS_CUT_OFF, havainto, havainto_alone
from small_export import N_REPORTS, rows, small_study, write_export

from pipeline.cli import app, main
from pipeline.commands.spoken_help import Spoken
from pipeline.pseudonymise.key_file import read_key_file
from pipeline.stages import STAGES

COMMANDS = [one.callback.__name__ for one in app.registered_commands if one.callback]


@pytest.fixture(scope="module")
def run_alone(tmp_path_factory):
    """A study run by the command in a process of its own, on two threads and without a network.

    With what the command printed.
    """
    study = small_study(tmp_path_factory.mktemp("cli") / "study")
    two = {"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"}
    return study, havainto_alone("run", study.root, **two)


@pytest.fixture(scope="module")
def finished(run_alone):
    return run_alone[0]


@pytest.mark.skipif(not IS_CUT_OFF, reason="this machine may not cut a process off the network")
def test_the_commands_here_run_without_any_network():
    code = "import socket; socket.create_connection(('198.51.100.1', 80), 1)"
    command = [*CUT_OFF, sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Network is unreachable" in done.stderr


def test_neither_threads_nor_the_process_show_in_the_tables(finished, finished_study):
    paths = list(finished.tables.glob("*.parquet"))
    assert paths
    for path in paths:
        assert path.read_bytes() == (finished_study.tables / path.name).read_bytes(), path.name


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_that_names_its_study_or_file(command):
    text = havainto(command, "--help")
    assert re.search(r"study|STUDY|FILE", text)


def test_help_lists_every_command_and_loads_nothing_heavy():
    text = havainto_alone("--help")
    assert all(command in text for command in COMMANDS)
    code = "import sys, pipeline.cli; print([m for m in ('pandas', 'spacy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_run_prints_one_line_a_stage_and_where_the_report_is(run_alone):
    finished, told = run_alone
    lines = told.splitlines()
    assert len(lines) == len(STAGES) + 1
    assert lines[2].startswith(f"segment       {N_REPORTS} reports -> ")
    assert lines[-1] == f"Report: {finished.report / 'report.html'}"
    again = havainto("run", finished.root).splitlines()
    assert all("skipped: nothing changed" in line for line in again[: len(STAGES)])
    forced = havainto("run", finished.root, "--force", "--to", "segment").splitlines()
    assert len(forced) == 3
    assert not any("skipped" in line for line in forced)


def test_one_command_makes_a_study_of_a_file(tmp_path):
    export = write_export(tmp_path / "syksy.csv", rows())
    out = tmp_path / "uusi"
    text = havainto("run", "--input", export, "--out", out, "--to", "segment")
    assert "segment" in text
    assert text.splitlines()[-1].startswith("segment ")
    assert (out / "inputs" / "syksy.csv").exists()


def test_init_writes_settings_that_run_reads(tmp_path):
    export = write_export(tmp_path / "syksy.csv", rows())
    text = havainto("init", export, "--study", tmp_path / "s")
    assert f"{N_REPORTS} reports" in text
    havainto("run", tmp_path / "s", "--to", "ingest")
    settings = (tmp_path / "s" / "study.toml").read_text(encoding="utf-8")
    assert "havainto init" not in settings
    error = havainto("init", export, "--study", tmp_path / "s", check=1)
    assert "already among the study's inputs" in error


def test_status_tells_rows_states_and_what_was_left_out(finished):
    text = havainto("status", finished.root)
    assert text.count("done") == len(STAGES)
    assert f"{N_REPORTS} reports" in text
    bad = [row | {"report_id": f"B{i}", "date": "32.13.2024"} for i, row in enumerate(rows()[:2])]
    write_export(finished.inputs / "huono.csv", bad)
    havainto("run", finished.root, "--to", "pseudonymise")
    text = havainto("status", finished.root)
    (finished.inputs / "huono.csv").unlink()
    assert "huono.csv: 2 cells:" in text
    assert "Without a period, counted in none: 2" in text


def test_config_lists_every_setting_with_its_meaning(finished):
    from pipeline.config import each_setting

    text = havainto("config")
    for name, _ in each_setting():
        assert name in text
    assert "hashing" in havainto("config", finished.root)


def test_rulings_made_in_the_spreadsheet_reach_the_report(finished, tmp_path):
    sheet = tmp_path / "ehdotukset.xlsx"
    havainto("run", finished.root)
    havainto("review", finished.root, "--export", sheet)
    book = openpyxl.load_workbook(sheet)
    page = book["ehdotukset"]
    header = [cell.value for cell in page[1]]
    ruling, name = header.index("ratkaisu") + 1, header.index("uusi nimi") + 1
    page.cell(2, ruling).value = "hylkää"
    topic_row = next(row for row in range(2, page.max_row + 1) if page.cell(row, 1).value == "aihe")
    page.cell(topic_row, ruling).value = "muuta"
    page.cell(topic_row, name).value = "Oma aihe nimeltään"
    book.save(sheet)
    text = havainto("review", finished.root, "--import", sheet, "--coder", "Aino")
    assert text.startswith("2 decisions by Aino added.")
    havainto("run", finished.root)
    assert "Oma aihe nimeltään" in (finished.report / "report.html").read_text(encoding="utf-8")
    havainto("review", finished.root, "--export", sheet)
    page = openpyxl.load_workbook(sheet)["ehdotukset"]
    assert page.cell(2, header.index("nykyinen ratkaisu") + 1).value == "hylkää"


def test_a_ruling_that_cannot_be_taken_is_named_by_row_and_nothing_is_taken(finished, tmp_path):
    sheet = tmp_path / "ehdotukset.xlsx"
    havainto("review", finished.root, "--export", sheet)
    before = (finished.human / "decisions.csv").exists()
    book = openpyxl.load_workbook(sheet)
    page = book["ehdotukset"]
    header = [cell.value for cell in page[1]]
    page.cell(2, header.index("ratkaisu") + 1).value = "hyväksy"
    page.cell(3, header.index("ratkaisu") + 1).value = "ehkä"
    book.save(sheet)
    error = havainto("review", finished.root, "--import", sheet, "--coder", "Aino", check=1)
    assert "row 3: ratkaisu must be one of hyväksy, hylkää, muuta, or empty." in error
    assert (finished.human / "decisions.csv").exists() == before


def test_evaluate_compares_machine_ticks_and_coder(finished, tmp_path):
    gold = tmp_path / "gold.csv"
    lines = [f"R{i:02d},asuminen,Aino" for i in range(1, 7)]
    gold.write_text("report_id,theme_id,coder\n" + "\n".join(lines) + "\n", encoding="utf-8")
    text = havainto("evaluate", finished.root, "--gold", gold)
    assert "Machine against Aino" in text
    assert "6 reports" in text


def test_a_taxonomy_goes_out_as_a_workbook_and_comes_back(finished, tmp_path):
    book = tmp_path / "teemat.xlsx"
    havainto("taxonomy", finished.root, "--export", book)
    text = havainto("taxonomy", finished.root, "--import", book)
    assert "18 themes" in text
    assert (finished.root / "taxonomy" / "themes.csv").exists()
    assert "No errors" in havainto("taxonomy", finished.root)


USER_ERRORS = [
    pytest.param(["run", "{tmp}/none"], "is not a study yet", id="no study"),
    pytest.param(["run"], "Which study?", id="nothing given"),
    pytest.param(["run", "{study}", "--set", "segment.min_chars=0"], "must be", id="bad value"),
    pytest.param(["run", "{study}", "--from", "cook"], "--from must be one of", id="stage"),
    pytest.param(["run", "{study}", "--input", "{tmp}/x.xlsx"], "is not a file", id="no input"),
    pytest.param(["run", "{study}", "--config", "{tmp}/x.toml"], "does not exist", id="no config"),
    pytest.param(["status", "{tmp}"], "is not a study", id="status of no study"),
    pytest.param(["evaluate", "{study}", "--gold", "{tmp}/x.csv"], "does not exist", id="no gold"),
    pytest.param(["review", "{study}", "--import", "{tmp}/x.xlsx", "--coder", "A"],
                 "no review spreadsheet", id="no sheet"),
    pytest.param(["taxonomy", "{study}", "--export", "{tmp}/x.doc"], "must be a .xlsx", id="kind"),
    pytest.param(["report", "{study}", "--period", "1999H1"], "1999H1", id="unknown period"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "expected"), USER_ERRORS)
def test_what_the_user_can_mend_is_one_line_and_exit_1(finished, tmp_path, words, expected):
    filled = [word.format(tmp=tmp_path, study=finished.root) for word in words]
    error = havainto(*filled, check=1)
    assert expected in error
    assert error.startswith("havainto: ")
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [["cook"], ["run", "--no-such-option"], ["init"], ["review", "x"],
     ["review", "x", "--import", "y.xlsx"]],
)  # fmt: skip
def test_wrong_usage_is_exit_2(words):
    assert "Usage" in havainto(*words, check=2)


def _be_the_command(words):
    """Run the command in this process, whose files 0 to 2 are a terminal, and end with its code."""
    code: str | int | None = 70
    try:
        sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115
        sys.argv = ["havainto", *map(str, words)]
        main()
        code = 0
    except SystemExit as ending:
        code = ending.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else code is not None)


def answer_prompts(words, answers):
    """Run the command on a terminal of its own, answer its prompts; return output and exit code.

    Its process is forked from this one, which has loaded what the command needs.
    """
    child, terminal = pty.fork()
    if child == 0:
        _be_the_command(words)
    shown = b""
    waiting = list(answers)
    with contextlib.suppress(OSError):  # how Linux says that the terminal's other end is closed
        while piece := os.read(terminal, 4096):
            shown += piece
            if waiting and shown.endswith(b": "):
                os.write(terminal, waiting.pop(0).encode() + b"\n")
    return shown.decode(), os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_the_key_file_asks_for_a_passphrase_on_the_terminal_and_does_not_show_it(
    finished, tmp_path
):
    phrase = "pitkä salalause 7"
    command = ["run", finished.root, "--to", "pseudonymise", "--key-file", tmp_path / "avain"]
    shown, code = answer_prompts(command, [phrase, phrase])
    assert code == 0, shown
    assert phrase not in shown
    table = read_key_file(tmp_path / "avain", phrase)
    row = table[table["original"] == "Matti Virtanen"].iloc[0]
    shown, code = answer_prompts(["key", tmp_path / "avain", row["report_id"]], [phrase])
    assert code == 0
    assert phrase not in shown
    assert row["stand_in"] in shown
    assert "Matti Virtanen" in shown
    others = table[table["report_id"] != row["report_id"]]["original"]
    assert [original for original in set(others) if original in shown] == []
    shown, code = answer_prompts(["key", tmp_path / "avain", "P9-999"], [phrase])
    assert code == 1
    assert "P9-999" in shown


def test_a_key_file_cannot_be_made_after_a_purge_and_says_so_without_asking(finished, tmp_path):
    copy = shutil.copytree(finished.root, tmp_path / "copy")
    shutil.rmtree(copy / "raw")
    command = ["run", copy, "--to", "pseudonymise", "--key-file", tmp_path / "avain"]
    assert "--from ingest" in havainto(*command, check=1)
    assert "outside the study" in havainto(*command[:-1], copy / "avain", check=1)
    assert "writes nothing" in havainto(*command, "--dry-run", check=1)


def test_a_crash_shows_where_and_never_the_message():
    code = (
        "import sys, pipeline.cli as c, pipeline.commands.status as s\n"
        "def crash(path): raise ValueError('Matti Virtanen')\n"
        "s.show_status = crash\n"
        "sys.argv = ['havainto', 'status', 'x']\n"
        "c.main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "ValueError" in done.stderr
    assert "Virtanen" not in done.stderr + done.stdout


class TestInFinnish:
    @pytest.fixture(autouse=True)
    def _finnish(self, monkeypatch):
        monkeypatch.setenv("HAVAINTO_LANG", "fi")
        monkeypatch.setenv("COLUMNS", "80")

    @pytest.mark.parametrize(
        ("verb", "words"),
        [
            ("status", ["vaihe", "valmis", "raporttia"]),
            ("topics", ["ilmiö", "vakaus", "Mitä ilmiön sisällä on"]),
            ("suggest", ["epävarma näiden välillä"]),
            ("names", ["ei odota ratkaisua"]),
        ],
    )
    def test_a_command_speaks_finnish_in_lines_that_fit(self, finished, verb, words):
        text = havainto(verb, finished.root)
        assert all(word in text for word in words)
        told = [line for line in text.splitlines() if str(finished.root) not in line]
        assert max(map(len, told)) <= 80

    def test_an_error_and_a_wrong_setting(self, finished):
        assert "ei ole vielä tutkimus" in havainto("run", finished.root / "muu", check=1)
        error = havainto("run", finished.root, "--set", "segment.min_chars=abc", check=1)
        assert 'Asetuksen segment.min_chars on oltava kokonaisluku. Nyt: "abc".' in error

    def test_a_study_in_english_is_spoken_of_in_english(self, finished_copy, monkeypatch):
        for name in ("HAVAINTO_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
            monkeypatch.delenv(name, raising=False)
        assert "ilmiö" in havainto("topics", finished_copy.root)
        text = finished_copy.settings_file.read_text(encoding="utf-8")
        language = '[report]\nlanguage = "en"\n'
        finished_copy.settings_file.write_text(f"{text}\n{language}", encoding="utf-8")
        assert "stability" in havainto("topics", finished_copy.root)


def test_python_looks_seldom_for_objects_that_hold_each_other(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["havainto", "--help"])
    before = gc.get_threshold()
    try:
        with pytest.raises(SystemExit):
            main()
        assert gc.get_threshold() == (20_000, *before[1:])
    finally:
        gc.set_threshold(*before)


@pytest.mark.parametrize(
    ("words", "is_said"),
    [(["config", "."], False), (["config", "--help"], True), (["config", ".", "--no"], True)],
)
def test_help_is_translated_only_where_it_is_shown(words, is_said, monkeypatch, tmp_path):
    shutil.copyfile("configs/jarvimaa.toml", tmp_path / "study.toml")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["havainto", *words])
    said = []
    monkeypatch.setattr(Spoken, "_translate", lambda group: said.append(group))
    with pytest.raises(SystemExit):
        main()
    assert bool(said) == is_said
