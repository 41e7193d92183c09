"""Let a language model of the user's own, on the user's machine, suggest a name.

Off by default. What it writes is a suggestion and is shown as one, beside the words and clauses it
was given; it names nothing itself. Nothing leaves the machine: the model is a file that
``llama-cpp-python`` reads.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from pipeline.errors import ConfigError, ResourceError

MAX_CHARS = 120
"""A longer answer is no name and is left out."""
_MAX_TOKENS = 48
_CONTEXT = 2048
_TASK = (
    "Sosiaalityöntekijät kirjoittivat havaintoja. Alla on yhden ilmiön avainsanat ja "
    "lauseita eri havainnoista. Anna ilmiölle suomenkielinen nimi, enintään kahdeksan sanaa. "
    "Älä lisää mitään, mitä lauseissa ei ole. Vastaa pelkällä nimellä."
)

Complete = Callable[..., Any]
"""What ``llama_cpp.Llama.create_chat_completion`` is."""


class LabelModel(Protocol):
    """Suggests names."""

    def suggest(self, words: str, clauses: Sequence[str]) -> str:
        """Return a name for a group with these words and clauses; ``""`` when it has none."""
        ...


class LlamaLabelModel:
    """A model in a .gguf file.

    Parameters
    ----------
    complete : callable
        The model's ``create_chat_completion``.
    seed : int
        The same seed and model give the same name.
    """

    def __init__(self, complete: Complete, seed: int) -> None:
        self._complete = complete
        self._seed = seed

    def suggest(self, words: str, clauses: Sequence[str]) -> str:
        """Return the first line the model writes, without quotes; ``""`` when it is no name."""
        evidence = "\n".join([f"Avainsanat: {words}", *(f"- {clause}" for clause in clauses)])
        answer = self._complete(
            messages=[
                {"role": "system", "content": _TASK},
                {"role": "user", "content": evidence},
            ],
            max_tokens=_MAX_TOKENS,
            temperature=0.0,
            seed=self._seed,
        )
        told = str(answer["choices"][0]["message"]["content"] or "").strip()
        line = told.splitlines()[0] if told else ""
        name = " ".join(line.strip(" \t\"'”“»«*.").split())
        return name if len(name) <= MAX_CHARS else ""


def load_label_model(path: Path, seed: int) -> LlamaLabelModel:
    """Load a model from a file.

    Parameters
    ----------
    path : Path
    seed : int

    Raises
    ------
    ConfigError
        When there is no such file, or it is not of the GGUF form.
    ResourceError
        When ``llama-cpp-python`` is not installed.
    """
    check_label_model(path)
    try:
        from llama_cpp import Llama
    except ImportError as err:
        raise ResourceError(
            "name.label_model needs llama-cpp-python, which is not installed. "
            "Install it: pip install 'havainto[label-model]', or take the setting away."
        ) from err
    model = Llama(model_path=str(path), n_ctx=_CONTEXT, seed=seed, verbose=False)
    return LlamaLabelModel(model.create_chat_completion, seed)


def check_label_model(path: Path) -> None:
    """Check that a file may be a model.

    Raises
    ------
    ConfigError
        When it is missing or does not begin as a GGUF file does.
    """
    try:
        with path.open("rb") as file:
            begins = file.read(4)
    except OSError as err:
        raise ConfigError(
            "name.label_model must be a .gguf file. Cannot read {path}. Check the path, or take "
            "the setting away.",
            path=path,
        ) from err
    if begins != b"GGUF":
        raise ConfigError(
            "name.label_model must be a .gguf file. {path} is not one. Give the model's own file, "
            "or take the setting away.",
            path=path,
        )
