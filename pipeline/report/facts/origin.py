"""Where the numbers come from: tables, settings and versions of the run."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.report.catalogue import Catalogue
from pipeline.report.provenance import Provenance
from pipeline.taxonomy.model import Taxonomy


@dataclass(frozen=True)
class MadeTable:
    """One table of the run."""

    name: str
    stage: str
    rows: str
    sha256: str
    seconds: str


@dataclass(frozen=True)
class Origin:
    """The run behind the report, as text.

    Attributes
    ----------
    made_at, made_at_iso : str
        When the newest table was made, in words and in ISO 8601.
    """

    made_at: str
    made_at_iso: str
    taxonomy_version: str
    taxonomy_sha256: str
    tables: tuple[MadeTable, ...]
    versions: tuple[tuple[str, str], ...]
    settings: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def origin(provenance: Provenance, taxonomy: Taxonomy, words: Catalogue) -> Origin:
    """Write the run out as text."""
    return Origin(
        made_at=words.moment(provenance.made_at),
        made_at_iso=provenance.made_at,
        taxonomy_version=str(taxonomy.version),
        taxonomy_sha256=str(taxonomy.sha256),
        tables=tuple(
            _made(name, manifest, words) for name, manifest in provenance.manifests.items()
        ),
        versions=tuple(sorted((str(k), str(v)) for k, v in provenance.versions.items())),
        settings=tuple(
            (str(section), tuple((str(key), setting_text(value)) for key, value in _pairs(keys)))
            for section, keys in provenance.settings.items()
        ),
    )


def _pairs(keys: Any) -> list[tuple[str, Any]]:
    """Return the settings of a section, or the section itself where it is a plain value."""
    return list(keys.items()) if isinstance(keys, Mapping) else [("", keys)]


def setting_text(value: Any) -> str:
    """Write a setting as one line of JSON.

    Examples
    --------
    >>> setting_text(("a", "ö")), setting_text(None)
    ('["a", "ö"]', 'null')
    """
    return json.dumps(value, ensure_ascii=False, default=str)


def _made(name: str, manifest: Mapping[str, Any], words: Catalogue) -> MadeTable:
    """Lay out one manifest."""
    return MadeTable(
        name=str(name),
        stage=str(manifest.get("stage", "")),
        rows=words.whole(int(manifest.get("rows", 0))),
        sha256=str(manifest.get("sha256", "")),
        seconds=words.decimal(float(manifest.get("seconds", 0.0)), 1),
    )
