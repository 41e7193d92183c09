"""Which reports moved together when chance was judged, why, and what the list could reach."""

from pipeline.detect.histories import GroupTables, Histories, count_reports, read_histories
from pipeline.detect.independence import Independence, Verdict
from pipeline.detect.reach import reachable_p
from pipeline.detect.settings import DetectConfig
from pipeline.report.catalogue import Catalogue
from pipeline.report.material import Material
from pipeline.report.provenance import Provenance

_WHY = {
    "few-writers": "alone_few",
    "one-writer": "alone_one",
    "few-blocks": "alone_blocks",
    "coarse": "alone_coarse",
}


def _settings(provenance: Provenance) -> DetectConfig:
    return DetectConfig.model_validate(provenance.settings.get("detect", {}))


def independence(material: Material, provenance: Provenance) -> Independence:
    """Return which reports moved together in the shuffles of the run."""
    tables = material.tables
    asked = _settings(provenance).exchange
    return count_reports(tables.periods, tables.reports, asked).independence


def chance_notes(material: Material, words: Catalogue, provenance: Provenance) -> tuple[str, ...]:
    """Say what a reader must know of how chance was judged.

    Returns
    -------
    tuple of str
        That reports moved together; why a column of writers was not used; and that no list of these
        periods could hold a signal. Empty where none of it holds.
    """
    found = independence(material, provenance)
    notes = [] if found.blocks.is_free else [words("signals.bound")]
    notes += [_why_not(one, words) for one in found.verdicts if one.reason in _WHY]
    config = _settings(provenance)
    least = reachable_p(_histories(material, config))
    if least is not None and least > config.signal_q:
        shown = {"p": words.decimal(least, 2), "limit": words.decimal(config.signal_q, 2)}
        notes.append(words("signals.unreachable", **shown))
    return tuple(notes)


def _histories(material: Material, config: DetectConfig) -> Histories:
    tables = material.tables
    groups = GroupTables(tables.topics, tables.report_topics, tables.candidates)
    return read_histories(tables.periods, tables.reports, groups, config.exchange)


def _why_not(verdict: Verdict, words: Catalogue) -> str:
    """Say why a column of writers was not used."""
    return words(
        f"signals.{_WHY[verdict.reason]}",
        column=words(f"signals.column_{verdict.column}"),
        n=words.whole(verdict.n_writers),
        share=words.whole_percent(verdict.largest_share),
        blocks=words.decimal(verdict.blocks_per_period, 1),
        p=words.decimal(verdict.least_p, 2),
    )
