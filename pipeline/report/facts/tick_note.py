"""Say whether the forms' ticks help, and how that was found out."""

from pipeline.report.catalogue import Catalogue
from pipeline.report.material import Material


def tick_notes(material: Material, words: Catalogue) -> tuple[str, ...]:
    """Return a sentence on the ticks; none when no form has any."""
    table = material.tables.tick_reliability
    if table.empty:
        return ()
    first = table.iloc[0]
    if not first["is_asked"]:
        return (words("method.ticks_few", n=int(table["n_ticked"].sum())),)
    key = "method.ticks_used" if first["is_used"] else "method.ticks_not_used"
    return (words(key, p=words.decimal(float(first["p_value"]), 3)),)
