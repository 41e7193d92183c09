"""A file whose name is in another encoding is taken under a name that can be written."""

import os

import pytest
from small_export import rows, write_export
from typer.testing import CliRunner

from pipeline.artifacts import Store
from pipeline.cli import app
from pipeline.study import Study, create_study


@pytest.mark.parametrize("name", [b"L\xe4hetetyt.csv", b"Kes\xe4 \x96 syksy.csv"])
@pytest.mark.parametrize("way", ["init", "input", "inputs"])
def test_a_name_that_is_not_utf8_is_read_as_windows_wrote_it(tmp_path, name, way):
    odd = tmp_path / os.fsdecode(name)
    write_export(odd, rows()[:6])
    root = tmp_path / "study"
    if way == "inputs":
        study = create_study(root)
        odd.replace(study.inputs / odd.name)
    elif way == "init":
        done = CliRunner().invoke(app, ["init", str(odd), "--study", str(root)])
        assert done.exit_code == 0, done.exception
    words = (
        ["run", str(root)] if way != "input" else ["run", "--input", str(odd), "--out", str(root)]
    )
    done = CliRunner().invoke(app, [*words, "--to", "ingest"])
    assert done.exit_code == 0, done.exception
    assert [path.name for path in Study(root).listed_inputs()] == [name.decode("cp1252")]
    assert len(Store(Study(root)).read("raw_reports")) == 6
