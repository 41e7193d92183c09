"""Settings of the detect stage."""

from pydantic import BaseModel, Field

from pipeline.detect.calibrate import ListRules
from pipeline.detect.exchange import Exchange


class DetectConfig(BaseModel, frozen=True, extra="forbid"):
    """Settings of the detect stage."""

    n_listed: int = Field(
        default=8,
        ge=1,
        le=20,
        description="Most rising groups in the list a person looks at: 8 suits a county, 20 a "
        "country.",
    )
    n_listed_region: int = Field(
        default=8, ge=1, le=20, description="Most rising groups in the list of each region."
    )
    n_shuffles: int = Field(
        default=400,
        ge=20,
        description="Shuffles of the periods that tell how much of the list is chance.",
    )
    exchange: Exchange = Field(
        default="reporter",
        description="What moves together in a shuffle: nothing (report), or one reporter's or one "
        "unit's reports of one period, where the form tells who wrote.",
    )
    signal_q: float = Field(
        default=0.1,
        gt=0,
        le=1,
        description="Largest expected share of chance (q) of a group called a signal, by all "
        "shuffles and by most fifths of them.",
    )
    watch_q: float = Field(
        default=0.5,
        gt=0,
        le=1,
        description="Largest expected share of chance (q) of a group to watch.",
    )
    alpha: float = Field(
        default=0.05, gt=0, lt=0.5, description="Level of the exact tests that name a status."
    )
    min_reports: int = Field(
        default=3, ge=2, description="Fewest reports of a group whose history is named."
    )
    min_newest_reports: int = Field(
        default=1, ge=0, description="Reports a listed group must have in the newest period."
    )
    min_recent_reports: int = Field(
        default=3, ge=0, description="Reports a listed group must have in the newest two periods."
    )
    max_overlap: float = Field(
        default=0.34,
        ge=0,
        lt=1,
        description="Largest share of a group's reports that a better one in the list may have.",
    )
    watch_cut: float = Field(
        default=4.5,
        description="Least score, in standard scores, of a report that says what is watched for.",
    )
    wide_areas: tuple[str, ...] = Field(
        default=("hyvinvointialue", "valtakunnallinen", "koko "),
        description="An area whose name holds one of these is wide and not counted as an area.",
    )

    @property
    def rules(self) -> ListRules:
        """What gets into the list."""
        return self._rules(self.n_listed)

    @property
    def region_rules(self) -> ListRules:
        """What gets into the list of a region."""
        return self._rules(self.n_listed_region)

    def _rules(self, n_listed: int) -> ListRules:
        return ListRules(
            n_listed, self.max_overlap, self.min_newest_reports, self.min_recent_reports
        )
