"""What a report needs to know of the run that made it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.detect.worlds_file import HeldWorlds


@dataclass(frozen=True)
class Provenance:
    """The run behind a report.

    Attributes
    ----------
    made_at : str
        When the newest table was made, ISO 8601 with offset.
    versions : mapping of str to str
        Python and package versions.
    settings : mapping
        Every resolved setting, ``{section: {key: value}}``.
    manifests : mapping of str to mapping
        By table: ``stage``, ``rows``, ``sha256``, ``seconds``, ``resources`` and ``code``.
    worlds : HeldWorlds or None
        What the list was like in other worlds, where that was asked.
    """

    made_at: str
    versions: Mapping[str, str]
    settings: Mapping[str, Any]
    manifests: Mapping[str, Mapping[str, Any]]
    worlds: HeldWorlds | None = None
