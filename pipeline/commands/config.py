"""``havainto config``."""

import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from pipeline.commands.settings import study_settings
from pipeline.config import Settings, each_setting
from pipeline.speech import say
from pipeline.study import open_study


def show_config(study: Path | None) -> None:
    """Print every setting with its default, its value in a study when one is given, and meaning."""
    settings = study_settings(open_study(study)) if study is not None else Settings()
    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False, show_edge=False)
    table.add_column(say("setting"), style="bold", no_wrap=True)
    table.add_column(say("value") if study else say("default"), overflow="fold", max_width=28)
    table.add_column(say("meaning"), overflow="fold")
    for name, field in each_setting():
        section, key = name.split(".")
        value = getattr(getattr(settings, section), key)
        table.add_row(name, _as_text(value), say(field.description or ""))
    console.print(table)


def _as_text(value: Any) -> str:
    """Return a value as it would stand in the settings file."""
    if value is None:
        return "-"
    if hasattr(value, "model_dump"):
        value = value.model_dump(mode="json")
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else f"{text[:77]}..."
