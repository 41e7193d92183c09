"""Notes of a source of their own: counted apart from the form's reports, over their own number."""

from collections import Counter

from pipeline.report import decisions as rulings
from pipeline.report.catalogue import Catalogue
from pipeline.report.material import Material
from pipeline.report.settings import Activity


def note_activities(material: Material, words: Catalogue) -> tuple[Activity, ...]:
    """Return how many notes each source has in this period, and how many of them have a theme.

    Themes of fewer notes than ``min_cell`` are not told.
    """
    reports = material.tables.reports
    if "apart_period" not in reports:
        return ()
    own = reports[(reports["quality"] == "ok") & (reports["apart_period"] == material.period)]
    own = own[own["apart_period"] != ""]
    if own.empty:
        return ()
    tables = material.tables
    pairs = rulings.effective_themes(
        tables.report_themes, tables.settled_themes, tables.report_states
    )
    counted = pairs[pairs["counted"].astype(bool)]
    made: list[Activity] = []
    for source, notes in own.groupby("data_source", sort=True):
        n_notes = len(notes)
        name = words("activities.notes")
        made.append(Activity(name=name, n=n_notes, source=str(source)))
        themes = counted.loc[counted["report_id"].isin(set(notes["report_id"])), "theme_id"]
        for theme_id, n in Counter(themes).most_common():
            if n >= material.config.min_cell:
                label = words(
                    "activities.notes_theme", theme=material.theme_label(theme_id), of=n_notes
                )
                made.append(Activity(name=label, n=n, source=str(source)))
    return tuple(made)
