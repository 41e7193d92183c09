"""What the report needs: where everything comes from, the deck's template, rulings on quotes."""

import hashlib
from typing import Any

from pipeline.cluster.memory import former_labels
from pipeline.detect.worlds_file import read_worlds
from pipeline.errors import ConfigError
from pipeline.needs import Identity, Need, Supply
from pipeline.report.findings_file import HeldFindings, findings_identity, read_findings
from pipeline.report.provenance import Provenance
from pipeline.report.published import Published, read_published
from pipeline.report.quote_rulings import QuoteRulings, quote_rulings_identity, read_quote_rulings
from pipeline.tables import TABLES
from pipeline.versions import package_versions, version


def _template(called: str, setting: str, kinds: str) -> Need[bytes | None]:
    """Return the need of a template that a setting of the report names; None where it names none.

    Parameters
    ----------
    called : str
        Name of the need.
    setting : {"template", "word_template"}
    kinds : str
        The endings of its file, for the error.
    """

    def load(supply: Supply) -> bytes | None:
        name: str | None = getattr(supply.settings.report, setting)
        if name is None:
            return None
        path = supply.study.root / name
        try:
            return path.read_bytes()
        except OSError as err:
            raise ConfigError(
                "report.{setting} must be a {kinds} file. Cannot read {path}. Check the path.",
                setting=setting,
                kinds=kinds,
                path=path,
            ) from err

    def identify(supply: Supply) -> Identity:
        template = load(supply)
        return {"sha256": hashlib.sha256(template).hexdigest() if template is not None else "none"}

    return Need(called, load, identify)


def _load_provenance(supply: Supply) -> Provenance:
    """Gather the manifests, settings and versions behind a report."""
    shared = ("stage", "seconds", "resources", "code", "made_at")
    finished: dict[str, dict[str, Any]] = {}
    for name in TABLES:
        manifest = supply.store.manifest(name)
        if manifest is not None:
            finished[name] = {key: manifest[key] for key in shared} | manifest["output"]
    return Provenance(
        made_at=max((entry["made_at"] for entry in finished.values()), default=""),
        versions=package_versions(),
        settings=supply.settings.model_dump(mode="json"),
        manifests=finished,
        worlds=read_worlds(supply.study.tables),
    )


def _identify_provenance(supply: Supply) -> Identity:
    worlds = read_worlds(supply.study.tables)
    told = repr(worlds).encode("utf-8")
    sha256 = hashlib.sha256(told).hexdigest() if worlds else "none"
    return {"havainto": version("havainto"), "worlds": sha256}


def _load_quote_rulings(supply: Supply) -> QuoteRulings:
    return read_quote_rulings(supply.human)


def _load_published(supply: Supply) -> tuple[Published, ...]:
    return tuple(read_published(supply.study))


def _identify_published(supply: Supply) -> Identity:
    return {f"{one.period}/{one.number}": one.at + one.withdrawn for one in _load_published(supply)}


PUBLISHED = Need("published", _load_published, _identify_published)


def _load_findings(supply: Supply) -> HeldFindings:
    return read_findings(supply.human)


def _identify_findings(supply: Supply) -> Identity:
    return {"findings.md": findings_identity(supply.human)}


WORD_TEMPLATE = _template("word_template", "word_template", ".docx / .dotx")


def _load_former_labels(supply: Supply) -> dict[str, str]:
    return former_labels(supply.study.human)


FORMER_LABELS = Need("former_labels", _load_former_labels, None)
DECK_TEMPLATE = _template("deck_template", "template", ".pptx / .potx")
PROVENANCE = Need("provenance", _load_provenance, _identify_provenance)
QUOTE_RULINGS = Need(
    "quote_rulings", _load_quote_rulings, lambda supply: quote_rulings_identity(supply.human)
)
FINDINGS = Need("findings", _load_findings, _identify_findings)
