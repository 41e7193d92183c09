"""The public names are those that are promised, and each says what it is."""

import re
import subprocess
import sys
import tomllib
from importlib.resources import files
from pathlib import Path

from pipeline import api

PROMISED = {
    *("STAGES", "TABLES", "Column", "Outcome", "Plan", "Settings", "Silence", "Stage", "Step"),
    *("Store", "Study", "Table", "Texts", "create_study", "load_settings", "open_study", "run"),
    *("ArtifactError", "ConfigError", "InputError", "PipelineError", "ResourceError"),
    *("WorkerError", "Workers"),
}


def test_the_public_names_are_those_that_are_promised():
    assert set(api.__all__) == PROMISED
    imported = {name for name in vars(api) if name[0] not in "_@"}
    assert imported == PROMISED


def test_every_public_function_and_class_says_what_it_is():
    for name in api.__all__:
        if not name.isupper():
            assert (getattr(api, name).__doc__ or "").strip(), name


def test_the_package_tells_type_checkers_that_it_is_typed():
    assert (files("pipeline") / "py.typed").is_file()


def test_importing_the_package_loads_nothing():
    code = (
        "import sys; before = {*sys.modules}; import pipeline; "
        "print(sorted({*sys.modules} - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['pipeline']"


def test_the_newest_dated_section_of_the_changelog_is_the_version():
    root = Path(__file__).parents[1]
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\d+\.\d+\.\d+) - \d{4}-\d{2}-\d{2}$", changelog, re.MULTILINE)
    assert newest is not None
    assert newest[1] == project["project"]["version"]
