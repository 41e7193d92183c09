"""The page that opens a published report beside the current one, or beside another."""

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.human.durable import write_durably
from pipeline.report.catalogue import Catalogue
from pipeline.report.published import FOLDER, read_published
from pipeline.study import Study


@dataclass(frozen=True)
class _Opened:
    """One report that can be opened: its name and its address from ``published/``."""

    name: str
    href: str


def write_side_by_side(study: Study, words: Catalogue, language: str) -> Path:
    """Write ``published/index.html``.

    Returns
    -------
    Path
        Two frames and a choice of one report for each: plain HTML, no script, nothing from
        elsewhere. The chosen one is the one open, and is marked; at first the current report and
        the newest publication stand side by side.
    """
    reports = [_Opened(words("published.today"), "../report/report.html")]
    for one in reversed(read_published(study)):
        if not one.withdrawn:
            name = words(
                "published.one", period=words.period_name(one.period), day=words.day(one.day)
            )
            reports.append(_Opened(name, f"{one.period}/{one.number}/report.html"))
    environment = Environment(
        loader=PackageLoader("pipeline.report.page"), autoescape=True, undefined=StrictUndefined
    )
    page = environment.get_template("side_by_side.html.j2").render(
        language=language,
        t=words,
        reports=reports,
        sides=[("left", 0), ("right", min(1, len(reports) - 1))],
    )
    path = study.root / FOLDER / "index.html"
    write_durably(path, page.encode("utf-8"))
    return path
