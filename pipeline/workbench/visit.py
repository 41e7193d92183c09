"""One request, as the screens see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request

from pipeline.workbench.desk import Desk
from pipeline.workbench.pages import text_of


@dataclass(frozen=True)
class Visit:
    """One request.

    Attributes
    ----------
    desk : Desk
    request : Request
    form : FormData or None
        What was sent with a POST.
    """

    desk: Desk
    request: Request
    form: FormData | None

    @property
    def path(self) -> str:
        """Return the address without its query."""
        return str(self.request.url.path)

    @property
    def query(self) -> str:
        """Return the query string."""
        return str(self.request.url.query)

    @property
    def here(self) -> str:
        """Return the address with its query, for a form to come back to."""
        return f"{self.path}?{self.query}" if self.query else self.path

    def asked(self, name: str) -> str:
        """Return a value of the query string, or ""."""
        return text_of(self.request.query_params, name)

    def sent(self, name: str, most: int = 20_000) -> str:
        """Return a field of the form, or ""."""
        return text_of(self.form or {}, name, most)

    def sent_list(self, name: str) -> list[str]:
        """Return all values of a field of the form."""
        found: Mapping[str, Any] | FormData = self.form or FormData()
        return [str(value) for value in FormData(found).getlist(name)]
