"""What stands before the sections: the report's title, its period and what it may show."""

from dataclasses import dataclass

from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.values import Text
from pipeline.report.material import Material


@dataclass(frozen=True)
class Front:
    """The report's face.

    Attributes
    ----------
    period : str
        Name of the period reported on; ``""`` when the study has none.
    subtitle : Text
        Season, days and number of reports.
    look_back : Text
        Of an earlier period: that nothing later is counted; empty for the newest one.
    periods : tuple of str
        Names of the periods up to this one, oldest first.
    n_now : int
        Reports of the period.
    has_past : bool
        Whether an earlier period has reports.
    min_cell : int
        Smallest count shown in a cross table.
    """

    title: str
    organisation: str
    language: str
    period: str
    subtitle: Text
    look_back: Text
    periods: tuple[str, ...]
    n_now: int
    has_past: bool
    min_cell: int


def front(material: Material, words: Catalogue) -> Front:
    """Write the report's face."""
    config = material.config
    return Front(
        title=words.title(config.title),
        organisation=config.organisation,
        language=config.language,
        period=words.period_name(material.period),
        subtitle=_subtitle(material, words),
        look_back=_look_back(material, words),
        periods=tuple(words.period_name(period) for period in material.periods),
        n_now=material.n_now,
        has_past=material.has_past,
        min_cell=config.min_cell,
    )


def _look_back(material: Material, words: Catalogue) -> Text:
    """Say that an earlier period is reported on."""
    if not material.later_periods:
        return Text()
    newest = words.period_name(material.later_periods[-1])
    period = words.period_name(material.period)
    return words.text("page.look_back", period=period, newest=newest)


def _subtitle(material: Material, words: Catalogue) -> Text:
    """Return the line under the title."""
    if not material.period:
        return words.text("page.subtitle_empty")
    periods = material.tables.periods
    row = periods[periods["period"] == material.period].iloc[0]
    name = words.period_name(material.period)
    return words.text(
        "page.subtitle",
        period=name[:1].upper() + name[1:],
        days=words.days(row["start"], row["end"]),
        n=words.amount("reports", material.n_now),
    )
