"""A template is compiled once, as a module of Python is."""

import sys

import pytest
from jinja2 import DictLoader, Environment

from pipeline.compiled_templates import CompiledTemplates


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Return the path of a module whose compiled form may be kept."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    return str(tmp_path / "page.py")


def rendered(source, module, **syntax):
    """Return a template's text by a cache that knows nothing yet, and how many it compiled."""
    compiled = []

    class Counting(Environment):
        def compile(self, *given, **named):
            compiled.append(given)
            return super().compile(*given, **named)

    environment = Counting(
        loader=DictLoader({"t": source}), bytecode_cache=CompiledTemplates(module), **syntax
    )
    return environment.get_template("t").render(x="<a>"), len(compiled)


def test_it_is_compiled_again_only_when_its_source_or_its_syntax_has_changed(module):
    assert rendered("{{ x }}!", module) == ("<a>!", 1)
    assert rendered("{{ x }}!", module) == ("<a>!", 0)
    assert rendered("{{ x }}?", module) == ("<a>?", 1)
    assert rendered("{{ x }}?", module, autoescape=True) == ("&lt;a&gt;?", 1)
    assert rendered("{{ x }}?", module) == ("<a>?", 0)


def test_it_is_not_kept_where_python_keeps_nothing(module, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert rendered("{{ x }}", module) == rendered("{{ x }}", module) == ("<a>", 1)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_stops_nothing(module, tmp_path):
    (tmp_path / "__pycache__").write_text("a file in the way")
    assert rendered("{{ x }}", module) == rendered("{{ x }}", module) == ("<a>", 1)


def test_a_damaged_file_is_compiled_anew(module, tmp_path):
    rendered("{{ x }}", module)
    (kept,) = (tmp_path / "__pycache__").iterdir()
    kept.write_bytes(kept.read_bytes()[:40])
    assert rendered("{{ x }}", module) == ("<a>", 1)
    assert rendered("{{ x }}", module) == ("<a>", 0)
