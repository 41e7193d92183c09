"""Write a document as a page that holds nothing but its text: no ids, no script, no search."""

from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipeline.compiled_templates import CompiledTemplates
from pipeline.report.audiences import Document
from pipeline.report.page.page import policy_of

_COMPILED = CompiledTemplates(__file__)


def render_leaflet(held: Document) -> bytes:
    """Write a document as one self-contained page; everything in it is escaped."""
    folder = files("pipeline.report.page") / "templates"
    style = (folder / "leaflet.css").read_text(encoding="utf-8")
    environment = Environment(
        loader=PackageLoader("pipeline.report.page"),
        autoescape=True,
        undefined=StrictUndefined,
        bytecode_cache=_COMPILED,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("leaflet.html.j2").render(
        held=held, style=Markup(style), policy=policy_of(style)
    )
    return page.encode("utf-8")
