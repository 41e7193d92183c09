"""Turn what a person pressed into rows of the log, one batch a press."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, str]


@dataclass(frozen=True)
class Pen:
    """Who writes, under what, and in which way.

    Attributes
    ----------
    coder : str
    taxonomy_version : str
    mode : {"assisted", "blind", "adjudication", "bulk"}
    run : str
        12 hex digits of the suggestions shown.
    """

    coder: str
    taxonomy_version: str
    mode: str
    run: str

    def rows(self, rulings: Iterable["Ruling"]) -> list[Row]:
        """Write rulings as rows of one batch; the log gives them their ids and their time."""
        return [
            {
                "coder": self.coder,
                "taxonomy_version": self.taxonomy_version,
                "mode": ruling.mode or self.mode,
                "target_table": ruling.table,
                "target_id": ruling.target,
                "theme_id": ruling.theme,
                "verdict": ruling.verdict,
                "new_value": ruling.value,
                "memo": ruling.memo,
                "shown": ruling.shown,
            }
            for ruling in rulings
        ]


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """One row to be."""

    table: str
    target: str
    verdict: str
    theme: str = ""
    value: str = ""
    memo: str = ""
    shown: str = ""
    mode: str = ""


@dataclass(frozen=True)
class Shown:
    """What stood on a report's page when the person pressed a key.

    Attributes
    ----------
    report_id : str
    suggested : dict of str to dict
        Pairs shown as suggestions or as next, by theme; none while they are withheld.
    themes, rejected : frozenset of str
        What this coder had given and ruled out.
    run : str
        12 hex digits of the suggestions.
    is_read : bool
        True once this coder has confirmed the report: then it has exactly the themes given.
    """

    report_id: str
    suggested: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    themes: frozenset[str] = frozenset()
    rejected: frozenset[str] = frozenset()
    run: str = ""
    is_read: bool = False

    @property
    def open_pairs(self) -> dict[str, Mapping[str, Any]]:
        """Pairs shown that this coder has not ruled on."""
        ruled = self.themes | self.rejected
        return {theme: pair for theme, pair in self.suggested.items() if theme not in ruled}

    @property
    def stands(self) -> frozenset[str]:
        """The themes the report would get if it were confirmed now."""
        return self.themes | frozenset(t for t in self.open_pairs if self.takes(t))

    def takes(self, theme: str) -> bool:
        """Tell whether confirming takes a pair that was not ruled on."""
        return not self.is_read and bool(self.suggested[theme]["assigned"])

    def pair(self, theme: str, verdict: str) -> Ruling:
        """Rule on one theme of the report."""
        pair = self.suggested.get(theme)
        shown = ""
        if pair is not None:
            said = {"run": self.run, "score": pair["score"], "assigned": pair["assigned"]}
            shown = json.dumps(said)
        return Ruling(
            table="report_themes",
            target=self.report_id,
            theme=theme,
            verdict=verdict,
            shown=shown,
        )

    def state(self, verdict: str, memo: str = "") -> Ruling:
        """Say of the whole report that it was read, or is unsure."""
        return Ruling(table="reports", target=self.report_id, verdict=verdict, memo=memo)


def toggle(page: Shown, theme: str) -> list[Ruling]:
    """Turn a theme off when the report would get it, and on when not."""
    return [page.pair(theme, "reject" if theme in page.stands else "accept")]


def confirm(page: Shown) -> list[Ruling]:
    """Take the report as it stands: every pair shown is ruled on, and the report is read.

    Of a report that was read before its suggestions were shown, what stands is what was given;
    the suggestions that differ are then ruled out.
    """
    pairs = [page.pair(t, "accept" if page.takes(t) else "reject") for t in page.open_pairs]
    return pairs if page.is_read else [*pairs, page.state("read")]


def none_fits(page: Shown) -> list[Ruling]:
    """Say that the report was read and has none of the themes."""
    off = [theme for theme in (*page.suggested, *sorted(page.themes)) if theme not in page.rejected]
    return [*(page.pair(theme, "reject") for theme in dict.fromkeys(off)), page.state("read")]


def sentence(segment_id: str, theme: str, verdict: str) -> Ruling:
    """Say that a sentence carries a theme, or does not."""
    return Ruling(table="segment_themes", target=segment_id, theme=theme, verdict=verdict)


def anew(rows: Sequence[Mapping[str, str]]) -> list[Ruling]:
    """Say again what a batch said that was taken back."""
    return [
        Ruling(
            table=row["target_table"],
            target=row["target_id"],
            theme=row["theme_id"],
            verdict=row["verdict"],
            value=row["new_value"],
            memo=row["memo"],
            shown=row["shown"],
            mode=row["mode"],
        )
        for row in rows
    ]


def retract(batch: str) -> Ruling:
    """Take a batch back."""
    return Ruling(table="batches", target=batch, verdict="retract", value=batch)


def memo(table: str, target: str, theme: str, kind: str, text: str) -> Ruling:
    """Write a memo on anything."""
    return Ruling(table=table, target=target, theme=theme, verdict="memo", value=kind, memo=text)
