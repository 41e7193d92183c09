"""Whether some reports moved together when chance was judged."""

from pipeline.detect.detect import DetectConfig
from pipeline.detect.histories import count_reports
from pipeline.report.material import Material
from pipeline.report.provenance import Provenance


def exchange(provenance: Provenance) -> str:
    """Return what moved together in the shuffles of the run: report, reporter or unit."""
    return DetectConfig.model_validate(provenance.settings.get("detect", {})).exchange


def has_bound_reports(material: Material, provenance: Provenance) -> bool:
    """Say whether a known writer sent two reports in one period, so that they moved together."""
    config = DetectConfig.model_validate(provenance.settings.get("detect", {}))
    tables = material.tables
    return not count_reports(tables.periods, tables.reports, config.exchange).blocks.is_free
