"""Where modes cannot be changed the work goes on, and a synced folder is told of."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import permissions
from pipeline.permissions import protect, synced_by, take_notes


@pytest.fixture(autouse=True)
def _no_notes():
    take_notes()
    yield
    take_notes()


@pytest.mark.parametrize("number", [errno.EPERM, errno.ENOTSUP, errno.EACCES])
def test_a_refused_mode_is_noted_once_and_stops_nothing(tmp_path, monkeypatch, number):
    def refuse(self, mode, **_):
        raise OSError(number, os.strerror(number), str(self))

    monkeypatch.setattr(Path, "chmod", refuse)
    assert not protect(tmp_path, 0o700)
    assert not protect(tmp_path, 0o700)
    (note,) = take_notes()
    assert str(tmp_path.parent) in note
    assert "owner of the place" in note


def test_another_fault_is_still_a_fault(tmp_path):
    with pytest.raises(FileNotFoundError):
        protect(tmp_path / "not there", 0o700)


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("OneDrive/t", "OneDrive"),
        ("OneDrive - Päijät-Häme/a/t", "OneDrive - Päijät-Häme"),
        ("Dropbox (Personal)/t", "Dropbox (Personal)"),
        ("Nextcloud/t", "Nextcloud"),
        ("Library/Mobile Documents/t", "Mobile Documents"),
        ("Google Drive/t", "Google Drive"),
        ("megafoni/t", ""),
        ("onedrivers/t", ""),
        ("tutkimus/t", ""),
    ],
)
def test_a_synced_folder_is_known_by_its_name(tmp_path, path, service):
    assert synced_by(tmp_path / path) == service


def test_a_synced_folder_is_known_by_its_mark_and_through_a_link(tmp_path):
    (tmp_path / "jako" / "study").mkdir(parents=True)
    (tmp_path / "jako" / ".stfolder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "jako" / "study")
    assert synced_by(tmp_path / "jako" / "study") == "jako"
    assert synced_by(tmp_path / "link") == "jako"


RUN = """
import errno, sys
from pathlib import Path
real = Path.chmod
def chmod(self, mode, **more):
    if sys.argv[-1] in str(self.resolve()):
        raise PermissionError(errno.EPERM, "Operation not permitted", str(self))
    return real(self, mode, **more)
Path.chmod = chmod
from pipeline.cli import main
main()
"""


def test_the_first_command_works_where_chmod_is_refused_and_says_so_once(tmp_path):
    folder = tmp_path / "OneDrive"
    export = tmp_path / "e.csv"
    folder.mkdir()
    export.write_text(
        "Päivämäärä;Havainto\n1.9.2024;Vuokra nousi taas ja perhe joutui muuttamaan.\n"
        "2.9.2024;Jono psykiatrialle on yli puoli vuotta ja tilanne pahenee.\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-c", RUN, "init", str(export), "--study", str(folder / "t")],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(permissions.__file__).parents[1])},
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("is synced (OneDrive)") == 1
