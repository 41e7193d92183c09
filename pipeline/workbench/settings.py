"""Settings of the workbench, the section ``[workbench]`` of study.toml."""

from typing import Literal

from pydantic import BaseModel, Field


class WorkbenchConfig(BaseModel, frozen=True, extra="forbid"):
    """Settings of the workbench; no stage reads them, so changing one reruns nothing."""

    language: Literal["fi", "en"] | None = Field(
        default=None,
        description="Language of the workbench; by default the report's, and Finnish beside one "
        "in Swedish.",
    )
    read_first_share: float = Field(
        default=0.2,
        ge=0,
        le=1,
        description="Share of a period's reports ruled on before suggestions are shown.",
    )
    read_first_least: int = Field(
        default=8,
        ge=0,
        description="Reports of a period drawn for that at least, when the share is above 0.",
    )
    page_size: int = Field(
        default=50, ge=10, le=500, description="Reports on one page of the grid."
    )
