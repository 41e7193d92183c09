"""Modules and functions stay small enough to be read in one sitting."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "pipeline"
MOST_LINES_OF_A_MODULE = 450
MOST_LINES_OF_A_FUNCTION = 60
MOST_PARAMETERS = 8

# What is larger today. Nothing is added here: mend it, and take its line away.
LONG_MODULES: dict[str, int] = {}
FILES = sorted(file.relative_to(ROOT).as_posix() for file in ROOT.rglob("*.py"))

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(file: str) -> Iterator[Function]:
    for node in ast.walk(ast.parse((ROOT / file).read_bytes())):
        if isinstance(node, Function):
            yield node


def n_lines(function: Function) -> int:
    """Count a function's lines without its docstring and its parameters."""
    first = function.body[0]
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    start = (first.end_lineno or 0) + 1 if is_docstring else first.lineno
    return (function.end_lineno or 0) - start + 1


def n_parameters(function: Function) -> int:
    args = function.args
    named = [*args.posonlyargs, *args.args, *args.kwonlyargs]
    return sum(one.arg not in {"self", "cls"} for one in named)


@pytest.mark.parametrize("file", FILES)
def test_a_module_and_its_functions_stay_small(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONG_MODULES.get(file, MOST_LINES_OF_A_MODULE)
    for function in functions(file):
        assert n_lines(function) <= MOST_LINES_OF_A_FUNCTION, function.name


@pytest.mark.parametrize("file", [file for file in FILES if not file.endswith("_verbs.py")])
def test_functions_take_few_parameters(file: str) -> None:
    """Verbs of the command line aside: their parameters are the options a person may give."""
    for function in functions(file):
        assert n_parameters(function) <= MOST_PARAMETERS, function.name


def test_what_was_mended_is_no_exception_any_more() -> None:
    for file in LONG_MODULES:
        n = len((ROOT / file).read_text(encoding="utf-8").splitlines())
        assert n > MOST_LINES_OF_A_MODULE, file


def test_no_two_decisions_have_one_number() -> None:
    files = sorted((ROOT.parent / "docs" / "decisions").glob("[0-9]*.md"))
    numbers = [file.name[:3] for file in files]
    assert len(numbers) > 60
    assert len(set(numbers)) == len(numbers)
