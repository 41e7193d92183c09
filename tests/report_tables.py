"""Small tables, built in code, that a report can be written from."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd

from pipeline.codings import COLUMNS
from pipeline.frames import empty
from pipeline.report import forms
from pipeline.report.catalogue import Catalogue, load_catalogue
from pipeline.report.deck.deck import render_deck
from pipeline.report.facts.report_facts import ReportFacts, gather_facts
from pipeline.report.facts.sheets import sheets
from pipeline.report.findings_file import HeldFindings
from pipeline.report.material import Material
from pipeline.report.page.page import render_page
from pipeline.report.provenance import Provenance
from pipeline.report.quote_rulings import QuoteRulings
from pipeline.report.report import (
    ReportConfig,
    ReportContext,
    ReportTables,
    gather_public,
    gather_report,
    report_material,
    workbook,
)
from pipeline.review.standing_rulings import standing
from pipeline.stages import STAGES
from pipeline.tables import TABLES
from pipeline.taxonomy.model import Theme

NO_RULINGS = QuoteRulings()
NO_CODINGS = pd.DataFrame(columns=list(COLUMNS), dtype=object)
THEMES = ("asuminen", "toimeentulo", "palvelut")
ENGLISH = {"asuminen": "Housing", "toimeentulo": "Income", "palvelut": ""}
TAXONOMY: Any = SimpleNamespace(
    themes=tuple(
        Theme(theme_id=t, label_fi=t.capitalize(), label_en=ENGLISH[t], definition=t)
        for t in THEMES
    ),
    theme_ids=THEMES,
    history=(),
    version="2.1.0",
    sha256="ab" * 32,
)
PROVENANCE = Provenance(
    made_at="2025-01-15T09:30:00+02:00",
    versions={"python": "3.11.7", "bertopic": "0.17.3"},
    settings={"segment": {"min_chars": 12}},
    manifests={"reports": {"stage": "pseudonymise", "rows": 6, "sha256": "cd" * 32, "seconds": 1}},
)
ORDER = STAGES[-1].reads
Frames = dict[str, pd.DataFrame]


def frame(name: str, rows: Iterable[dict[str, Any]]) -> pd.DataFrame:
    held = list(rows)
    return (
        pd.DataFrame(held, columns=[c.name for c in TABLES[name].columns]) if held else empty(name)
    )


def make_frames(rows: list[dict[str, Any]]) -> Frames:
    """Make every table of reports given as dicts: id, period, text and what differs."""
    sentences = [
        (
            row["id"],
            f"{row['id']}/observation/000",
            row.get("text", f"Perhe {row['id']} tarvitsi asunnon."),
        )
        for row in rows
    ]
    defaults = {
        "date": date(2024, 9, 1),
        "area": ["Lahti"],
        "client_groups": ["tyoikaiset"],
        "valence": "negatiivinen",
        "themes_ticked": [],
        "proposal": "",
        "reporter_id": "",
        "unit": "",
        "data_source": "x",
        "apart_period": "",
        "form_id": "F-00000000",
        "themes_offered": [],
        "themes_answers": "",
        "area_other": "",
        "client_groups_other": "",
        "themes_other": "",
        "quality": "ok",
        "duplicate_of": "",
        "duplicate_score": None,
    }
    reports = [
        {**defaults, "report_id": i, "period": row["period"], "observation": text}
        | {k: v for k, v in row.items() if k in defaults}
        for row, (i, _, text) in zip(rows, sentences, strict=True)
    ]
    ok = [r for r in reports if r["quality"] == "ok"]
    themes = {row["id"]: row.get("themes", ["asuminen"]) for row in rows}
    periods = sorted({r["period"] for r in reports})
    return {name: empty(name) for name in ORDER} | {
        "periods": frame(
            "periods",
            (
                {"period": p, "start": date(2024, 1, 1), "end": date(2024, 12, 31),
                 "n_reports": sum(r["period"] == p for r in ok)}
                for p in periods
            ),
        ),
        "reports": frame("reports", reports),
        "segments": frame(
            "segments",
            (
                {"segment_id": s, "report_id": i, "field": "observation", "start": 0,
                 "end": len(text), "text": text, "client_voice": False}
                for i, s, text in sentences
            ),
        ),
        "segment_kinds": frame(
            "segment_kinds",
            ({"segment_id": s, "kind": "havainto", "score": 0.9} for _, s, _ in sentences),
        ),
        "tokens": frame(
            "tokens",
            (
                {"segment_id": s, "start": m.start(), "end": m.end(), "form": m[0],
                 "lemma": {"asunnon": "asunto"}.get(m[0], m[0].lower()), "pos": "NOUN", "parts": [],
                 "known": True}
                for _, s, text in sentences
                for m in re.finditer(r"\w+", text)
            ),
        ),
        "report_themes": frame(
            "report_themes",
            (
                {"report_id": r["report_id"], "theme_id": t,
                 "score": 0.8 if t in themes[r["report_id"]] else 0.1,
                 "assigned": t in themes[r["report_id"]], "log_odds": 0.0, "margin": 0.0,
                 "strength": "weak" if t in themes[r["report_id"]] else "", "is_next": False,
                 "evidence": []}
                for r in ok
                for t in dict.fromkeys((*THEMES, *themes[r["report_id"]]))
            ),
        ),
        "segment_themes": frame(
            "segment_themes",
            (
                {"segment_id": s, "theme_id": t, "score": 0.5}
                for i, s, _ in sentences
                for t in themes[i]
            ),
        ),
    }  # fmt: skip


def small_study(n_periods: int = 2, n_each: int = 4) -> Frames:
    """Make a study with a topic, a signal, a rejected row, personal data and a junk report."""
    names = [f"{2015 + i // 2}H{i % 2 + 1}" for i in range(n_periods)]
    rows = [{"id": f"{p}-{i}", "period": p} for p in names for i in range(n_each)]
    frames = make_frames([*rows, {"id": "roska", "period": names[-1], "quality": "junk"}])
    ids = [row["id"] for row in rows]
    frames["topics"] = frame(
        "topics",
        [{"topic_id": "T-1", "topic_no": 0, "label": "asunto, perhe", "terms": ["asunto", "perhe"],
          "n_reports": len(ids), "stability": 0.8}],
    )  # fmt: skip
    frames["report_topics"] = frame(
        "report_topics",
        ({"report_id": i, "topic_id": "T-1", "weight": 0.9, "is_main": True} for i in ids),
    )
    frames["segment_topics"] = frame(
        "segment_topics",
        ({"segment_id": f"{i}/observation/000", "topic_id": "T-1", "weight": 0.9} for i in ids),
    )
    frames["topic_themes"] = frame(
        "topic_themes",
        [{"topic_id": "T-1", "theme_id": "asuminen", "relation": "broad", "weight": 0.9,
          "ci_low": 0.5, "ci_high": 1.0}],
    )  # fmt: skip
    frames["signals"] = frame(
        "signals",
        [{"signal_id": "S-1", "rank": 1 if n_periods > 1 else None, "status": "emerging",
          "strength": "watch", "label": "Perheen asunto", "report_ids": ids[-3:],
          "counts": [0] * (n_periods - 1) + [3], "p_value": 0.01, "q_value": 0.08, "p_max": 0.1,
          "ci_low": 0.2, "ci_high": 0.9, "n_areas": 1, "n_client_groups": 1, "candidate_id": None,
          "topic_id": "T-1", "theme_ids": ["asuminen"]}],
    )  # fmt: skip
    frames["rejected"] = frame(
        "rejected",
        [{"file": "a.xlsx", "row": 3, "column": "", "reason": "Havainto puuttuu.",
          "is_row_dropped": True}],
    )  # fmt: skip
    return frames


def ruled(*rows: tuple[str, str, str, str, str]) -> pd.DataFrame:
    names = ("target_table", "target_id", "theme_id", "verdict", "new_value")
    blank = dict.fromkeys((c.name for c in TABLES["decisions"].columns), "") | {"mode": "sheet"}
    return frame(
        "decisions",
        (
            {**blank, "decision_id": f"D-{n:03}", "batch": f"B-{n:03}",
             "at": f"2025-01-10T09:00:{n:02}+02:00", **dict(zip(names, row, strict=True))}
            for n, row in enumerate(rows)
        ),
    )  # fmt: skip


def settled(frames: Frames, codings: pd.DataFrame = NO_CODINGS) -> Frames:
    """Add what stands of the decisions and codings, as the stage review does."""
    held = standing(frames["decisions"], codings, TAXONOMY)
    return frames | {
        "report_states": held.report_states,
        "codings_standing": held.codings_standing,
        "settled_themes": held.settled_themes,
    }


def context(
    rulings: QuoteRulings = NO_RULINGS,
    register: Sequence[dict[str, str]] = (),
    findings: HeldFindings | None = None,
) -> ReportContext:
    return ReportContext(
        taxonomy=TAXONOMY,
        provenance=PROVENANCE,
        quote_rulings=rulings,
        register=register,
        findings=findings or HeldFindings(),
        seed=0,
    )


class Files(Mapping[str, bytes]):
    """The files of a report, each written when it is first read: a test reads one or two."""

    def __init__(self, made: dict[str, Callable[[], Mapping[str, bytes]]]) -> None:
        self._made = made
        self._written: dict[str, bytes] = {}

    def __getitem__(self, name: str) -> bytes:
        if name not in self._written:
            self._written |= self._made[name]()
        return self._written[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


def write(
    frames: Frames,
    template: bytes | None = None,
    rulings: QuoteRulings = NO_RULINGS,
    register: Sequence[dict[str, str]] = (),
    codings: pd.DataFrame = NO_CODINGS,
    **settings: Any,
) -> Files:
    given = context(rulings, register)
    tables = ReportTables(**settled(frames, codings))
    return report(tables, ReportConfig(**settings), given, template)


def report(
    tables: ReportTables,
    config: ReportConfig,
    given: ReportContext,
    template: bytes | None = None,
    scratch: Path | None = None,
) -> Files:
    """Return every file of a report, written as the stage's steps do when it is read."""
    told = gather_report(tables, config, context=given)
    public_facts = gather_public(tables, config, fitted=told, context=given)
    looks = {"deck_template": template, "word_template": None}
    found = forms.findings(fitted=told)
    made: dict[str, Callable[[], Mapping[str, bytes]]] = {
        "report.html": lambda: forms.page(fitted=told),
        "deck.pptx": lambda: forms.deck(fitted=told, deck_template=template),
        "report.docx": lambda: forms.text(fitted=told, word_template=None),
        "tables.xlsx": lambda: workbook(
            tables,
            config,
            fitted=told,
            taxonomy=given.taxonomy,
            provenance=given.provenance,
            seed=given.seed,
            progress=given.progress,
            scratch=scratch,
        ),
        "methods.md": lambda: forms.methods(fitted=told),
        **dict.fromkeys(found, lambda: found),
    }
    of_audiences = {
        "units": (("html", "docx"), lambda: forms.units(config, fitted=told, word_template=None)),
        "director": (("docx", "pptx"), lambda: forms.director(config, fitted=told, **looks)),
        "public": (
            ("html", "docx"),
            lambda: forms.public(fitted=public_facts, word_template=None),
        ),
    }
    for audience in config.audiences:
        kinds, form = of_audiences.get(audience, ((), dict))
        made |= {f"{audience}.{kind}": form for kind in kinds}
    return Files(made)


def sheets_of(frames: Frames, **settings: Any) -> dict[str, pd.DataFrame]:
    """Return the workbook's sheets."""
    config = ReportConfig(**settings)
    return sheets(material_of(frames, **settings), load_catalogue(config.language))


def facts(
    frames: Frames, register: Sequence[dict[str, str]] = (), **settings: Any
) -> tuple[ReportFacts, Catalogue]:
    """Gather what the report says, and the words it says it with."""
    config = ReportConfig(**settings)
    given = context(register=register)
    material, words = (
        report_material(ReportTables(**settled(frames)), config, given),
        load_catalogue(config.language),
    )
    return gather_facts(material, words, TAXONOMY, PROVENANCE), words


def material_of(frames: Frames, **settings: Any) -> Material:
    """Gather what the sections are written from."""
    config = ReportConfig(**settings)
    return report_material(ReportTables(**settled(frames)), config, context())


def page(frames: Frames, register: Sequence[dict[str, str]] = (), **settings: Any) -> str:
    """Write the page alone."""
    return render_page(*facts(frames, register, **settings)).decode("utf-8")


def deck(frames: Frames, template: bytes | None = None, **settings: Any) -> bytes:
    """Write the deck alone."""
    return render_deck(*facts(frames, **settings), template)
