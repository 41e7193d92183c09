"""Write the page: facts into templates, reports into data, and nothing from the network."""

import base64
import hashlib
from collections.abc import Sequence
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipeline.compiled_templates import CompiledTemplates
from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.report_facts import ReportFacts
from pipeline.report.page import marks
from pipeline.report.page.buttons import Buttons, PageWords
from pipeline.report.page.data import page_data, script_json

_COMPILED = CompiledTemplates(__file__)


def render_page(facts: ReportFacts, words: Catalogue) -> bytes:
    """Write the period report as one self-contained page.

    Parameters
    ----------
    facts : ReportFacts
        Each is known to the templates by its name, and each section has a template of its own.
    words : Catalogue

    Returns
    -------
    bytes
        UTF-8 HTML. Style and script are in the page and allowed by their hash alone; the
        content security policy lets nothing else run or load. Everything from a table is
        escaped, and report texts go in as JSON that the script shows as plain text.
    """
    style, script = _asset("report.css"), _asset("report.js")
    buttons = Buttons(words, facts.max_listed_ids)
    environment = Environment(
        loader=PackageLoader("pipeline.report.page"),
        autoescape=True,
        undefined=StrictUndefined,
        bytecode_cache=_COMPILED,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=buttons.html,
    )
    environment.filters["zip"] = zip
    environment.globals["marks"] = marks
    environment.globals["position"] = buttons.position
    page = environment.get_template("report.html.j2").render(
        t=PageWords(words, buttons),
        style=Markup(style),
        script=Markup(script),
        policy=_policy(style, script),
        data=lambda: Markup(script_json(page_data(facts.reading, words, buttons))),
        **vars(facts),
    )
    return page.encode("utf-8")


def policy_of(style: str) -> str:
    """Return a policy under which only this style works, and nothing runs or loads."""
    return (
        f"default-src 'none'; style-src '{_source_hash(style)}'; base-uri 'none'; "
        "form-action 'none'"
    )


def _policy(style: str, script: str) -> str:
    """Return a policy under which only this style and this script work, and nothing loads."""
    parts: Sequence[str] = (
        "default-src 'none'",
        f"style-src '{_source_hash(style)}'",
        f"script-src '{_source_hash(script)}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return "; ".join(parts)


def _source_hash(text: str) -> str:
    """Return the hash by which a policy names an inline source."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()


def _asset(name: str) -> str:
    """Read a file that goes into the page as it is."""
    return (files("pipeline.report.page") / "templates" / name).read_text(encoding="utf-8")
