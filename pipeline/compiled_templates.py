"""Compile a template once, as Python compiles a module: the result is kept in ``__pycache__``."""

import hashlib
import os
import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from pipeline.versions import version


class CompiledTemplates(BytecodeCache):
    """Keep compiled templates in memory and on disk, each as long as its source stays the same.

    They lie where Python keeps the compiled module that uses them, and like that are not written
    where the user may not write, or Python is told not to. One cache is shared by environments
    that differ in what they are given, not in their syntax.

    Parameters
    ----------
    module : str
        The path (``__file__``) of the module that uses the templates.
    """

    def __init__(self, module: str) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}
        self._module = Path(cache_from_source(module))

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket with what was kept for its template and source, if it was."""
        kept = self._kept.get((bucket.key, bucket.checksum))
        if kept is None:
            with suppress(OSError):  # never kept, or not for this user
                kept = _checked(self._file(bucket).read_bytes())
        if kept is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what a bucket holds."""
        compiled = bucket.bytecode_to_string()
        self._kept[bucket.key, bucket.checksum] = compiled
        if sys.dont_write_bytecode:
            return
        file = self._file(bucket)
        aside = file.with_name(f"{file.name}.{os.getpid()}")
        try:
            file.parent.mkdir(exist_ok=True)
            aside.write_bytes(hashlib.sha256(compiled).digest() + compiled)
            aside.replace(file)
        except OSError:  # what cannot be kept is compiled again, as a module of Python is
            with suppress(OSError):
                aside.unlink()

    def _file(self, bucket: Bucket) -> Path:
        """Return where a template is kept: its name tells all but its source that shapes it."""
        syntax = bucket.environment
        shaped_by = (
            bucket.key,
            version("jinja2"),
            syntax.trim_blocks,
            syntax.lstrip_blocks,
            bool(syntax.autoescape),
            syntax.finalize is None,
        )
        digest = hashlib.sha256(repr(shaped_by).encode()).hexdigest()[:16]
        return self._module.with_suffix(f".{digest}.j2c")


def _checked(held: bytes) -> bytes | None:
    """Return what a file holds behind its hash; None where it is damaged."""
    told, compiled = held[:32], held[32:]
    return compiled if hashlib.sha256(compiled).digest() == told else None
