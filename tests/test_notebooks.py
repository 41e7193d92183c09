"""The notebooks run on a finished study, and their two forms say the same."""

from pathlib import Path

import pytest

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
SOURCES = sorted(NOTEBOOKS.glob("*.py"))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_the_paired_notebook_is_current_and_holds_no_output(source):
    import jupytext

    text, notebook = jupytext.read(source), jupytext.read(source.with_suffix(".ipynb"))
    assert [(c.cell_type, c.source) for c in notebook.cells] == [
        (c.cell_type, c.source) for c in text.cells
    ]
    assert all(not cell.get("outputs") for cell in notebook.cells)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_the_notebook_runs_from_top_to_bottom(source, finished_study, monkeypatch):
    import jupytext
    import nbclient

    monkeypatch.setenv("HAVAINTO_STUDY", str(finished_study.root))
    client = nbclient.NotebookClient(jupytext.read(source), timeout=120, kernel_name="python3")
    notebook = client.execute(cwd=str(NOTEBOOKS))
    assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code")
