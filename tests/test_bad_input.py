"""Broken exports end in safe text with every row accounted for, or in one clear line.

From safe text on all exports are alike: one of each kind of file goes all the way to the report.
"""

import shutil
from pathlib import Path

import pytest
from broken_files import BROKEN_FILES, MARK

from pipeline.artifacts import Store
from pipeline.cli import main
from pipeline.pseudonymise.persons import VoikkoPersonFinder
from pipeline.study import Study


def kind(broken):
    """Return what of a file may matter to the stages after pseudonymise."""
    return Path(broken.name).suffix, broken.n_reports == 1


FIRST_OF_KIND = {kind(broken): broken for broken in reversed(BROKEN_FILES) if broken.n_reports}


@pytest.fixture(scope="module")
def finder():
    """One person finder for all runs: it takes seconds to load."""
    return VoikkoPersonFinder()


@pytest.mark.parametrize("broken", BROKEN_FILES, ids=lambda broken: broken.name)
def test_a_broken_export_is_read_or_explained(broken, tmp_path, monkeypatch, capsys, finder):
    monkeypatch.setattr("pipeline.pseudonymise.needs.VoikkoPersonFinder", lambda: finder)
    export = tmp_path / broken.name
    broken.make(export)
    words = ["run", "--input", str(export), "--out", str(tmp_path / "study")]
    goes_on = FIRST_OF_KIND.get(kind(broken)) is broken
    words += ["--set", "embed.encoder=hashing"] if goes_on else ["--to", "pseudonymise"]
    words += ["--set", "cluster.n_runs=20"] if goes_on else []
    monkeypatch.setattr("sys.argv", ["havainto", *words])
    with pytest.raises(SystemExit) as caught:
        main()
    out, err = capsys.readouterr()
    assert "Traceback" not in err + out
    assert MARK not in err + out
    if broken.error:
        assert caught.value.code == 1
        assert err.startswith("havainto: ")
        assert err.count("\n") == 1
        return
    assert caught.value.code == 0, err
    store = Store(Study(tmp_path / "study"))
    assert len(store.read("reports")) == broken.n_reports
    rejected = store.read("rejected")
    dropped = rejected[rejected["is_row_dropped"] & (rejected["row"] > 0)]
    assert dropped[["file", "row"]].drop_duplicates().shape[0] == broken.n_dropped
    assert (tmp_path / "study" / "report" / "report.html").exists() == goes_on
    shutil.rmtree(tmp_path / "study")
