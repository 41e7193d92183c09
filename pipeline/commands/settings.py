"""Find a study's settings."""

from collections.abc import Sequence
from pathlib import Path

from pipeline.config import Settings, load_settings
from pipeline.ingest.ingest import resolve_form
from pipeline.speech import speak
from pipeline.study import Study


def study_settings(
    study: Study, config: Path | None = None, overrides: Sequence[str] = ()
) -> Settings:
    """Return the settings of a study: its ``study.toml``, or another file when one is given.

    From here on the commands speak the study's language. The column map that ``ingest.form`` names
    is written into the settings, so that a changed map is a changed setting.
    """
    if config is None and study.settings_file.exists():
        config = study.settings_file
    settings = load_settings(config, overrides)
    speak(settings.report.language)
    return settings.model_copy(update={"ingest": resolve_form(settings.ingest, study.root)})
