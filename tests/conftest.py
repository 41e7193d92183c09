"""Fixtures: small tables built in code, a dictionary lemmatiser, a study in a folder.

No test reaches the network: a connection to another machine fails the test that tries it.
"""

import os
import re
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

# Threads that wait for each other spin, and two processes of tests leave none idle. This stands
# above what imports numpy; ``test_cli`` compares a run on two threads with one on one.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
# Umap, which BERTopic imports, else compiles for a quarter of a minute what no test calls.
os.environ["NUMBA_DISABLE_JIT"] = "1"

import pandas as pd
import pytest
from cpu_table import CpuTable
from hypothesis import HealthCheck, settings
from small_export import copy_study, shared_study

from pipeline.lemmatise.protocol import Analysis, Token
from pipeline.speech import speak
from pipeline.study import Study, create_study
from pipeline.tables import TABLES

_THIS_MACHINE = ("127.0.0.1", "::1", "localhost", "")


def _stay_offline(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse connections and look-ups beyond this machine."""
    if event == "socket.connect":
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else ""
    elif event == "socket.getaddrinfo":
        host = arguments[0] or ""
    else:
        return
    if host not in _THIS_MACHINE:
        raise ConnectionRefusedError(f"A test tried to reach the network: {event} {host!r}.")


sys.addaudithook(_stay_offline)

# On a busy machine examples are made slowly and tests take long: that is no failure.
settings.register_profile("havainto", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("havainto")

# Commands are asserted on in English, whatever the machine speaks; tests of Finnish unset it.
os.environ["HAVAINTO_LANG"] = "en"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--cpu", type=Path, metavar="FILE", help="write CPU seconds of each test")


def pytest_configure(config: pytest.Config) -> None:
    if file := config.getoption("--cpu"):
        config.pluginmanager.register(CpuTable(file.absolute()))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take long first: two processes then end at about the same time."""
    slow = {
        item.path for item in items for mark in ("slow", "browser") if item.get_closest_marker(mark)
    }
    items.sort(key=lambda item: item.path not in slow)


REPORT_DEFAULTS = {
    "period": "2024H2",
    "date": date(2024, 9, 1),
    "area": ["Vuolinna"],
    "client_groups": ["tyoikaiset"],
    "valence": "negatiivinen",
    "themes_ticked": [],
    "observation": "Vuokra nousi taas. Perhe joutui muuttamaan.",
    "proposal": "",
    "reporter_id": "",
    "unit": "",
    "data_source": "sosiaalinen-raportointi",
    "apart_period": "",
    "form_id": "F-00000000",
    "themes_offered": [],
    "themes_answers": "",
    "area_other": "",
    "client_groups_other": "",
    "themes_other": "",
    "quality": "ok",
    "duplicate_of": "",
    "duplicate_score": None,
    "language": "fi",
}


class DictLemmatiser:
    """Look lemmas up in a dictionary; a word that is not there is its own lemma."""

    def __init__(self, lemmas: dict[str, str] | None = None) -> None:
        self.lemmas = lemmas or {}

    def analyse(self, form: str) -> Analysis:
        lemma = self.lemmas.get(form.lower())
        return Analysis(lemma or form.lower(), "NOUN", (), lemma is not None)

    def tokens(self, text: str) -> list[Token]:
        return [
            Token(m.start(), m.end(), m[0], *self.analyse(m[0]))
            for m in re.finditer(r"[\w-]+", text)
        ]


@pytest.fixture
def lemmatiser() -> DictLemmatiser:
    return DictLemmatiser({"vuokran": "vuokra", "perheen": "perhe"})


@pytest.fixture
def make_reports() -> Callable[..., pd.DataFrame]:
    """Return a maker of ``reports`` tables: one dict of columns a report, the rest by default."""

    def make(*rows: dict[str, object]) -> pd.DataFrame:
        full = [
            {"report_id": f"P1-{i:03d}", **REPORT_DEFAULTS, **row} for i, row in enumerate(rows, 1)
        ]
        columns = [column.name for column in TABLES["reports"].columns]
        return pd.DataFrame(full, columns=columns)

    return make


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return create_study(tmp_path / "study")


@pytest.fixture(autouse=True)
def _no_study_in_hand() -> None:
    """Forget the language of the study that the test before had in hand."""
    speak("fi")


@pytest.fixture(scope="session")
def finished_study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Study]:
    """The small study, finished once a session; to be read only (see ``finished_copy``)."""
    folder = tmp_path_factory.getbasetemp()
    shared = shared_study(folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder)
    before = _files_of(shared)
    yield shared
    assert _files_of(shared) == before, "A test wrote into the study that all tests share."


def _files_of(study: Study) -> dict[Path, tuple[int, int]]:
    """Return size and time of change of each file that holds something people or stages made."""
    folders = (study.inputs, study.human, study.models, study.raw, study.tables, study.report)
    files = [file for folder in folders for file in folder.rglob("*")] + [study.settings_file]
    return {file: (file.stat().st_size, file.stat().st_mtime_ns) for file in files}


@pytest.fixture
def finished_copy(finished_study: Study, tmp_path: Path) -> Study:
    """A finished small study of the test's own."""
    return copy_study(finished_study, tmp_path / "copy")
