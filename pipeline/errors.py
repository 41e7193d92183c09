"""Everything that goes wrong in a way the user can mend.

::

    PipelineError              one clear line for the user: what, where, expected, got, next step
    ├── ConfigError            a setting is unknown, of the wrong type or out of range
    ├── InputError             a file the user gave cannot be read as what it should be
    ├── ArtifactError          a table, manifest or study folder is missing, damaged or out of date
    ├── ResourceError          something outside the study is missing: Voikko, a model, a taxonomy
    └── WorkerError            a process that works on a part of a study failed or was lost

A message never holds report text: ids, offsets, columns and counts only. It is written in English
as a template with values; the commands say it in the user's language.
"""

from pipeline.speech import Language, Said


class PipelineError(Exception):
    """Stop the run with one line that tells the user what to do next.

    Parameters
    ----------
    template : str
        The sentence in English, with ``{names}`` (:class:`~pipeline.speech.Said`).
    **values : object
        What the names stand for. Without any, the template is the sentence.
    """

    def __init__(self, template: str, /, **values: object) -> None:
        super().__init__(template)
        self.said = Said(template, values)

    def __str__(self) -> str:
        """Say it in English."""
        return str(self.said)

    def in_language(self, language: Language) -> str:
        """Say it in a language."""
        return self.said.in_language(language)


class ConfigError(PipelineError):
    """A setting is unknown, of the wrong type or out of range."""


class InputError(PipelineError):
    """A file the user gave cannot be read as what it should be."""


class ArtifactError(PipelineError):
    """A table, manifest or study folder is missing, damaged or out of date."""


class ResourceError(PipelineError):
    """Something outside the study is missing: Voikko, a model, a taxonomy."""


class WorkerError(PipelineError):
    """A process that works on a part of a study failed or was lost."""
