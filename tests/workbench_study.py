"""A small finished study for the workbench, and a client that talks to it in this process."""

import html
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import anyio
import httpx
from small_export import copy_study

from pipeline.commands.settings import study_settings
from pipeline.study import Study
from pipeline.workbench.app import make_app
from pipeline.workbench.desk import Desk
from pipeline.workbench.guard import Keys

OWN = {"sec-fetch-site": "same-origin"}
PERIOD = "2024H2"
QUEUE = f"jakso={PERIOD}"
_FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


def copied(study: Study, folder: Path) -> Study:
    """Copy a finished study, and have one report of each period read before the machine speaks."""
    made = copy_study(study, folder)
    with made.settings_file.open("a", encoding="utf-8") as stream:
        stream.write("[workbench]\nread_first_share = 0.2\nread_first_least = 1\n")
    return made


class Tab:
    """One browser tab: it keeps its cookie, follows redirects, and remembers its page."""

    def __init__(self, desk: Desk, *, signs_in: bool = True) -> None:
        self.desk = desk
        self.keys = Keys(80)
        self.app = make_app(desk, self.keys)
        self.cookies: dict[str, str] = {}
        self.page = httpx.Response(200, text="")
        if signs_in:
            self.get(f"/?token={self.keys.token}")

    def ask(self, method: str, path: str, data=None, headers=None, host="localhost"):
        async def go() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(
                transport=transport, base_url=f"http://{host}", cookies=self.cookies
            ) as client:
                answer = await client.request(
                    method, path, data=data, headers=headers, follow_redirects=True
                )
                self.cookies.update(client.cookies)
                return answer

        self.page = anyio.run(go)
        return self.page

    def get(self, path: str) -> httpx.Response:
        return self.ask("GET", path)

    def post(self, path: str, **fields) -> httpx.Response:
        return self.ask("POST", path, fields, OWN)

    @property
    def hidden(self) -> dict[str, str]:
        """The hidden fields of the page's ruling form."""
        form = self.page.text.split('id="ruling"', 1)[1]
        return {name: html.unescape(value) for name, value in _FIELD.findall(form)[:3]}

    @property
    def report_id(self) -> str:
        return parse_qs(urlsplit(str(self.page.url)).query).get("id", [""])[0]

    def open(self, report_id: str, queue: str = QUEUE) -> httpx.Response:
        return self.get(str(httpx.URL("/raportti", params={"id": report_id, "jono": queue})))

    def press(self, do: str, **more) -> httpx.Response:
        """Press a button of the report's page as it stands in this tab."""
        return self.post("/ratkaise", do=do, **self.hidden, **more)


def desk_of(study: Study, coder: str = "Maija", *, is_blind: bool = False) -> Desk:
    return Desk(study, study_settings(study), coder, is_blind=is_blind)
