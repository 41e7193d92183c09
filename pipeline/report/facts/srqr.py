"""The checklist for reporting qualitative research, filled in as far as the program knows.

References
----------
O'Brien, Harris, Beckman, Reed and Cook (2014), Standards for reporting qualitative research,
Academic Medicine 89(9), 1245-1251, doi:10.1097/ACM.0000000000000388: 21 items.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.agreement import Agreement
from pipeline.report.facts.values import Text, joined
from pipeline.report.material import Material
from pipeline.report.provenance import Provenance
from pipeline.report.wording import EN_DASH
from pipeline.taxonomy.model import Taxonomy

N_ITEMS = 21
KNOWN = (1, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19)
"""Items of which the program knows a part."""
_COMPLETE = (12, 17)
"""Items of which it knows all."""


@dataclass(frozen=True)
class SrqrItem:
    """One item of the checklist.

    Attributes
    ----------
    number : int
        1 to 21.
    told : Text
        What the program knows; empty for nothing.
    left : Text
        What only the researcher knows; empty for nothing.
    """

    number: int
    name: Text
    told: Text
    left: Text


def srqr(
    material: Material,
    words: Catalogue,
    taxonomy: Taxonomy,
    provenance: Provenance,
    agreement: Agreement | None,
) -> tuple[SrqrItem, ...]:
    """Fill in the checklist, in the order of the items.

    Parameters
    ----------
    material : Material
    words : Catalogue
    taxonomy : Taxonomy
    provenance : Provenance
        Settings and versions. One that is not there is shown as a dash.
    agreement : Agreement or None
        The block on agreement, where a person has coded.
    """
    facts = {
        **_facts_of_the_data(material, words),
        **_facts_of_the_work(material, words, provenance),
        "taxonomy": taxonomy.version,
        "title": words.title(material.config.title),
    }
    return tuple(
        SrqrItem(
            number,
            words.text(f"srqr.name_{number}"),
            _told(number, facts, material, words, agreement),
            words.text(f"srqr.left_{number}") if number not in _COMPLETE else Text(),
        )
        for number in range(1, N_ITEMS + 1)
    )


def _told(
    number: int,
    facts: Mapping[str, Any],
    material: Material,
    words: Catalogue,
    agreement: Agreement | None,
) -> Text:
    """Return what the program knows of an item."""
    if number not in KNOWN:
        return Text()
    told = words.text(f"srqr.told_{number}", **facts)
    if number != 15:
        return told
    ruled = material.pairs[material.pairs["suggested"] & (material.pairs["ruling"] != "")]
    parts = [told, words.text("srqr.ruled" if len(ruled) else "srqr.unruled", **facts)]
    if agreement is not None:
        alphas = "; ".join(f"{names} {alpha}" for names, alpha in agreement.groups)
        parts.append(words.text("srqr.alphas", alphas=alphas))
    return joined(parts, " ")


def _facts_of_the_data(material: Material, words: Catalogue) -> dict[str, str]:
    """Return what is known of the reports, as text."""
    tables = material.tables
    reports, periods = tables.reports, tables.periods
    spans = (words.day(periods["start"].iloc[0]), words.day(periods["end"].iloc[-1]))
    writers = set(material.reports["reporter_id"]) - {""}
    numbers = {
        "n_all": len(reports),
        "n_ok": int((reports["quality"] == "ok").sum()),
        "n_now": material.n_now,
        "n_doubles": int((reports["duplicate_of"] != "").sum()),
        "n_rejected": int(tables.rejected["is_row_dropped"].astype(bool).sum()),
        "n_pii": len(tables.pii_spans),
        "n_segments": len(tables.segments),
        "n_areas": _n_values(material, "area"),
        "n_groups": _n_values(material, "client_groups"),
    }
    return {name: words.whole(n) for name, n in numbers.items()} | {
        "span": f"{spans[0]}{EN_DASH}{spans[1]}",
        "n_periods": words.amount("periods", len(periods)),
        "period": words.period_name(material.period),
        "sources": ", ".join(sorted(set(reports["data_source"]) - {""})) or EN_DASH,
        "writers": words.whole(len(writers)) if writers else EN_DASH,
        "least": words.whole(material.config.min_cell),
    }


def _n_values(material: Material, column: str) -> int:
    """Count the values that reports say in a column."""
    return len(set(material.members(column)["value"]) - {""})


def _facts_of_the_work(
    material: Material, words: Catalogue, provenance: Provenance
) -> dict[str, str]:
    """Return what is known of settings, versions and results, as text."""
    topics, signals = material.topics, material.signals
    listed = signals[signals["rank"].notna() & (signals["ruling"] != "reject")]
    evident = listed[listed["strength"] != "candidate"]
    pairs = material.pairs[material.pairs["suggested"]]
    ruled = pairs[pairs["ruling"] != ""]
    stable = topics["stability"]
    chance = evident["q_value"].max()
    named = ("cluster.n_runs", "detect.n_shuffles", "detect.signal_q", "detect.watch_q",
             "study.seed", "embed.encoder")  # fmt: skip
    return {
        **{name.split(".")[1]: _setting(provenance, name, words) for name in named},
        "havainto": str(provenance.versions.get("havainto", EN_DASH)),
        "voikko": str(provenance.versions.get("libvoikko", EN_DASH)),
        "n_themes": words.whole(len(material.theme_labels)),
        "n_seen_themes": words.whole(material.themes["value"].nunique()),
        "n_topics": words.whole(len(topics)),
        "n_signals": words.whole(len(evident)),
        "chance": words.percent(round(chance * 100), 100) if chance == chance else EN_DASH,
        "stability": words.decimal(float(stable.median()), 2) if len(stable) else EN_DASH,
        "stability_low": words.decimal(float(stable.min()), 2) if len(stable) else EN_DASH,
        "stability_high": words.decimal(float(stable.max()), 2) if len(stable) else EN_DASH,
        "n_suggested": words.whole(len(pairs)),
        "n_ruled": words.whole(len(ruled)),
        "accepted": words.percent(int((ruled["ruling"] == "accept").sum()), len(ruled)),
    }


def _setting(provenance: Provenance, name: str, words: Catalogue) -> str:
    """Return a setting as text."""
    section, key = name.split(".")
    value = provenance.settings.get(section, {}).get(key, EN_DASH)
    return words.decimal(value, 2) if isinstance(value, float) else str(value)
