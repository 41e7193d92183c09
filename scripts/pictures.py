"""Take the pictures of docs/opas.md from the demo: .venv/bin/python scripts/pictures.py demo.

Copies the study, has two made-up coders code a dozen reports of its newest period, opens the
workbench in Chromium, and writes docs/kuvat/tyopoyta-*.png. Nothing of the study itself changes.
"""

import random
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from playwright.sync_api import Page, ViewportSize, sync_playwright

from pipeline.commands.settings import study_settings
from pipeline.commands.workbench import listen
from pipeline.study import Study
from pipeline.workbench.app import make_app
from pipeline.workbench.desk import Desk
from pipeline.workbench.guard import Keys

PICTURES = Path(__file__).parents[1] / "docs" / "kuvat"
SIZE = ViewportSize(width=1280, height=800)
N_CODED = 14


@contextmanager
def served(study: Study, coder: str) -> Iterator[tuple[Desk, str, Keys]]:
    """Serve a workbench on a port of its own."""
    desk = Desk(study, study_settings(study), coder)
    listener = listen(0)
    port = listener.getsockname()[1]
    keys = Keys(port)
    server = uvicorn.Server(
        uvicorn.Config(make_app(desk, keys), log_level="critical", lifespan="off")
    )
    thread = threading.Thread(target=lambda: server.run(sockets=[listener]))
    thread.start()
    try:
        yield desk, f"http://127.0.0.1:{port}", keys
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def code(tab: Page, url: str, desk: Desk, period: str, seed: int) -> None:
    """Code some reports the way a person would: most as suggested, some otherwise."""
    rng = random.Random(seed)
    letters = [key for key in desk.letters.of_theme.values() if len(key) == 1]
    for report_id in desk.periods[period][:N_CODED]:
        tab.goto(f"{url}/raportti?id={report_id}&jono=jakso%3D{period}")
        if rng.random() < 0.3:
            tab.keyboard.press(rng.choice(letters))
            tab.wait_for_load_state("networkidle")
        tab.keyboard.press("Enter")
        tab.wait_for_load_state("networkidle")


def main() -> None:
    """Take the pictures."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        study = Study(Path(folder) / "syksy2024")
        shutil.copytree(sys.argv[1], study.root)
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for number, coder in enumerate(("Pekka", "Maija")):
            with served(study, coder) as (desk, url, keys):
                tab = browser.new_page(viewport=SIZE, color_scheme="light", locale="fi-FI")
                tab.goto(f"{url}/?token={keys.token}")
                period = max(desk.periods)
                code(tab, url, desk, period, number)
                if coder == "Maija":
                    take(tab, url, desk, period)
                tab.close()
        browser.close()


def take(tab: Page, url: str, desk: Desk, period: str) -> None:
    """Open each screen and keep its picture."""
    plain = [r for r in desk.periods[period][N_CODED:] if r not in desk.lots]
    withheld = [r for r in desk.periods[period][N_CODED:] if r in desk.lots]
    queue = f"jono=jakso%3D{period}"
    addresses = {
        "aloitus": "/",
        "raportti": f"/raportti?id={plain[0]}&{queue}",
        "ensin-itse": f"/raportti?id={withheld[0]}&{queue}",
        "raportit": f"/raportit?jakso={period}&haku=asunto",
        "ilmiot": "/ilmiot",
        "signaalit": "/signaalit",
        "yksimielisyys": "/yksimielisyys",
        "ratkaisu": "/ratkaisu",
    }
    for name, address in addresses.items():
        tab.goto(url + address)
        if name == "raportti":
            tab.locator(".suggestion .why summary").first.click()
        tab.screenshot(path=PICTURES / f"tyopoyta-{name}.png")


if __name__ == "__main__":
    main()
