"""Write a model's card for people: what it was learnt from, how well it does, what it is for.

References
----------
Mitchell et al., Model cards for model reporting, FAT* (2019), 10.1145/3287560.3287596.
"""

from collections.abc import Mapping
from typing import Any

FIGURES = {
    "micro_f1": "Micro F1",
    "macro_f1": "Macro F1",
    "precision_at_1": "First theme right",
    "ranking_precision": "Label ranking average precision",
    "calibration_error": "Expected calibration error",
}
"""What each held-out figure is called."""


def card_text(card: Mapping[str, Any]) -> str:
    """Return the card as Markdown.

    Parameters
    ----------
    card : mapping
        ``made_at``, ``taxonomy`` (name, version, sha256), ``encoder``, ``n_coded_reports``,
        ``n_codings``, ``n_coders``, ``data`` (periods, n_reports), ``themes`` (id to coded
        reports), ``calibrated``, ``held_out``, ``settings``, ``seed``, ``versions``, ``use``.
    """
    taxonomy, data = card["taxonomy"], card["data"]
    lines = [
        "# Theme model",
        "",
        f"{card['use']}",
        "",
        f"- Made: {card['made_at']}",
        f"- Data: {data['n_reports']} reports of {', '.join(data['periods']) or 'no period'}; "
        f"{card['n_coded_reports']} of them coded ({card['n_codings']} codings, "
        f"coders: {card['n_coders']})",
        f"- Taxonomy: {taxonomy['name']} {taxonomy['version']}, sha256 {taxonomy['sha256']}",
        f"- Encoder: {card['encoder']}; seed {card['seed']}",
        "- Scores: "
        + (
            "calibrated on the coded reports"
            if card["calibrated"]
            else "they order themes and are no probabilities, since too few reports were coded"
        ),
        "- Its vocabulary: the taxonomy's own words, and everyday words of at least three reports "
        "by two writers. It holds no report, and no word that is a person's name or is in no "
        "dictionary.",
        "",
        "## On coded reports that it had not seen",
        "",
        *_figures(card["held_out"]),
        "",
        "## Coded reports of each theme",
        "",
        *_table(("Theme", "Reports"), card["themes"].items()),
        "",
        "## Settings",
        "",
        *_table(("Setting", "Value"), card["settings"].items()),
        "",
        "## Versions",
        "",
        *_table(("Package", "Version"), card["versions"].items()),
    ]
    return "\n".join(lines) + "\n"


def _figures(held_out: Mapping[str, Any]) -> list[str]:
    """Return the figures with their 95 % intervals, or why there are none."""
    if not held_out:
        return ["Not measured: too few reports were coded to hold any out."]
    rows = []
    for name, title in FIGURES.items():
        value = held_out[name]
        is_interval = isinstance(value, list | tuple)
        text = "{:.3f} ({:.3f}-{:.3f})".format(*value) if is_interval else f"{value:.3f}"
        rows.append((title, text))
    return [
        f"Five folds, {held_out['n_reports']} reports; 95 % bootstrap intervals over reports.",
        "",
        *_table(("Figure", "Value"), rows),
    ]


def _table(head: tuple[str, str], rows: Any) -> list[str]:
    """Return a Markdown table of two columns."""
    return [
        f"| {head[0]} | {head[1]} |",
        "|---|---|",
        *(f"| {name} | {value} |" for name, value in rows),
    ]
