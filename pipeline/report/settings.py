"""Settings of the report stage."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field

EXCEL_ROWS = 1_048_576
"""Rows of one Excel sheet, heading included."""

Audience = Literal["internal", "units", "director", "public"]
"""For whom files are made."""


class Activity(BaseModel, frozen=True, extra="forbid"):
    """One figure from a source other than the reports."""

    name: str = Field(min_length=1, description="What was counted, as the report says it.")
    n: int = Field(ge=0, description="How many.")
    source: str = Field(default="", description="Who counted, and when.")


class ReportConfig(BaseModel, frozen=True, extra="forbid"):
    """Settings of the report stage."""

    period: str | None = Field(
        default=None,
        description="Period to report on, as known at its end; the newest one when not given.",
    )
    title: str = Field(
        default="", description="Title of the report; that of its language when empty."
    )
    organisation: str = Field(
        default="", description="Who publishes the report, shown above the title."
    )
    language: Literal["fi", "en", "sv"] = Field(
        default="fi", description="Language of the report: Finnish, English or Swedish."
    )
    template: Path | None = Field(
        default=None,
        description="PowerPoint file (.pptx or .potx), from the study's folder, that gives the "
        "deck its design; the plain one when not given.",
    )
    word_template: Path | None = Field(
        default=None,
        description="Word file (.docx or .dotx), from the study's folder, that gives the texts "
        "their design; the plain one when not given.",
    )
    audiences: tuple[Audience, ...] = Field(
        default=("internal",),
        description="For whom files are made beside the internal ones: units, director, public.",
    )
    min_cell: int = Field(
        default=3,
        ge=1,
        description="Smallest count shown in a cross table, in reports; smaller ones are hidden, "
        "and others with them, so that totals do not give them away. 1 shows all.",
    )
    activities: tuple[Activity, ...] = Field(
        default=(),
        description="Activity figures from other sources, such as outreach visits, in order.",
    )
    n_key_themes: int = Field(
        default=6, ge=1, description="Themes that are opened with their phenomena and quotations."
    )
    n_topic_cards: int = Field(
        default=12, ge=0, description="Topics shown as cards; the rest is listed by name."
    )
    n_quotes: int = Field(
        default=3, ge=0, description="Most quotations under one theme or client group."
    )
    min_quote_chars: int = Field(default=40, ge=1, description="Shortest quotation, in characters.")
    max_quote_chars: int = Field(
        default=280, ge=20, description="Longest quotation, in characters."
    )
    n_uncertain: int = Field(
        default=20, ge=0, description="Most report-theme pairs listed for review, nearest the cut."
    )
    max_embedded_reports: int = Field(
        default=2000,
        ge=0,
        description="Most reports whose text is in the page, newest first; 0 leaves all out.",
    )
    max_listed_ids: int = Field(
        default=500, ge=1, description="Most report ids listed behind one number."
    )
    max_sheet_rows: int = Field(
        default=200_000,
        ge=1,
        le=EXCEL_ROWS - 2,
        description="Most rows of one sheet of the workbook; Excel itself ends at 1,048,576.",
    )
