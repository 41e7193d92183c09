"""Settings of ``havainto archive``."""

from datetime import date

from pydantic import BaseModel, Field, model_validator


class ArchiveConfig(BaseModel, frozen=True, extra="forbid"):
    """Settings of the archive."""

    anonymised: bool = Field(
        default=False,
        description="Whether a person has read the texts and confirms that they are anonymous; "
        "pseudonymised texts are personal data and are not archived.",
    )
    confirmed_by: str = Field(default="", description="Who confirms it, by name.")
    confirmed_on: date | None = Field(default=None, description="When, as YYYY-MM-DD.")
    creator: str = Field(default="", description="Whose data it is: person or organisation.")
    licence: str = Field(
        default="", description="Licence or conditions of access of what is archived."
    )

    @model_validator(mode="after")
    def _names_its_confirmer(self) -> "ArchiveConfig":
        """Want a name and a day with every confirmation."""
        if self.anonymised and not (self.confirmed_by.strip() and self.confirmed_on):
            raise ValueError(
                "anonymised = true needs confirmed_by (a name) and confirmed_on (a day)"
            )
        return self
