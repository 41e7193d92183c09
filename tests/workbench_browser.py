"""A workbench that listens, and a browser that looks at it; for tests marked ``browser``."""

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from pipeline.commands.workbench import listen
from pipeline.workbench.app import make_app
from pipeline.workbench.desk import Desk
from pipeline.workbench.guard import Keys

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


class Workbench:
    """A workbench on a port of its own."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        listener = listen(0)
        self.keys = Keys(listener.getsockname()[1])
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = uvicorn.Config(make_app(desk, self.keys), log_level="critical", lifespan="off")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=lambda: self.server.run(sockets=[listener]))
        self.thread.start()
        self.listener = listener

    def enter(self, context: BrowserContext) -> Page:
        """Open the first page with the one-time token."""
        tab = context.new_page()
        tab.goto(f"{self.url}/?token={self.keys.token}")
        return tab

    def close(self) -> None:
        self.server.should_exit = True
        self.thread.join(10)
        self.listener.close()


@contextmanager
def listening(desk: Desk) -> Iterator[Workbench]:
    bench = Workbench(desk)
    try:
        yield bench
    finally:
        bench.close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser; while it runs, this thread can run no event loop of its own."""
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@contextmanager
def new_context(browser: Browser) -> Iterator[BrowserContext]:
    """A profile of its own, without cookies, in a browser that is there."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=False)
    context.set_default_timeout(15_000)
    yield context
    context.close()


def until(is_so, seconds: float = 15.0) -> None:
    """Wait for something another thread does."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "It did not come about in time."
        time.sleep(0.02)
