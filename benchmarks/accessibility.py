"""Look for accessibility faults in the page of a report, and for anything it tries to load.

    scripts/axe STUDY/report/report.html

Runs axe-core in Chromium over the page at two widths, light and dark: first as it opens, then with
everything unfolded, a search made and a list of reports open. Prints one line a view, then every
rule broken with the first places; ends with status 1 when a fault is serious or critical, when the
console tells of an error, or when the page asks for anything but itself.
"""

import argparse
import json
import shutil
import sys
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Page, sync_playwright

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
VIEWS = [(width, scheme) for width in (1280, 390) for scheme in SCHEMES]
GRAVE = ("serious", "critical")
RUN = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"


def faults(tab: Page) -> list[dict[str, Any]]:
    """Return the rules that the page breaks as it stands."""
    found: list[dict[str, Any]] = tab.evaluate(RUN)
    return found


def unfold(tab: Page) -> None:
    """Open all that is folded and search for a letter that every report has."""
    tab.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
    if tab.locator("#haku").count():
        tab.fill("#haku", "asia")
        tab.wait_for_timeout(400)


def checked(tab: Page) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the faults of each state of the page."""
    states = [("as it opens", faults(tab))]
    unfold(tab)
    states.append(("unfolded", faults(tab)))
    button = tab.locator("#counts button.n").first
    if button.count():
        button.click()
        states.append(("with a list of reports", faults(tab)))
    return states


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", type=Path)
    parser.add_argument("axe", type=Path, help="axe.min.js")
    given = parser.parse_args()
    script = given.axe.read_text(encoding="utf-8")
    problems: list[str] = []
    asked: list[str] = []
    broken: dict[str, dict[str, Any]] = {}
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for width, scheme in VIEWS:
            tab = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
            tab.on("console", lambda said: problems.append(said.text))
            tab.on("pageerror", lambda error: problems.append(str(error)))
            tab.on("request", lambda request: asked.append(request.url))
            tab.goto(given.page.as_uri())
            tab.evaluate(script)
            for state, found in checked(tab):
                counts = {rule["id"]: len(rule["nodes"]) for rule in found}
                said = json.dumps(counts) if counts else "none"
                print(f"{width:>5} px  {scheme:<5}  {state:<24}  {said}")
                broken |= {rule["id"]: rule for rule in found}
            tab.close()
        browser.close()
    own = {given.page.as_uri(), "data:,"}
    problems += [f"asked for {url}" for url in asked if url.split("#")[0] not in own]
    for rule in broken.values():
        print(f"\n{rule['impact']}: {rule['id']}: {rule['help']}")
        for node in rule["nodes"][:4]:
            print(
                f"    {node['html'][:160]}\n    {node['failureSummary'].splitlines()[-1].strip()}"
            )
    for problem in problems:
        print(f"console or network: {problem}")
    grave = [rule for rule in broken.values() if rule["impact"] in GRAVE]
    print(f"\n{len(grave)} serious or critical rules broken, {len(broken)} in all.")
    sys.exit(1 if grave or problems else 0)


if __name__ == "__main__":
    main()
