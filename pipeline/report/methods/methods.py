"""Write a methods section to paste into an article: data, steps, settings, versions, references."""

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.compiled_templates import CompiledTemplates
from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.report_facts import ReportFacts

_COMPILED = CompiledTemplates(__file__)


def render_methods(facts: ReportFacts, words: Catalogue) -> str:
    """Write ``methods.md``.

    Parameters
    ----------
    facts : ReportFacts
    words : Catalogue

    Returns
    -------
    str
        Markdown. It holds counts, settings and versions and no report text.
    """
    environment = Environment(
        loader=PackageLoader("pipeline.report.methods"),
        autoescape=False,  # Markdown, not HTML
        undefined=StrictUndefined,
        bytecode_cache=_COMPILED,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    template = environment.get_template(f"methods.{facts.front.language}.md.j2")
    return template.render(
        told=facts.methods,
        period=facts.front.period,
        look_back=words.plain(facts.front.look_back),
        amount=words.amount,
        t=words,
        plain=words.plain,
        srqr=facts.srqr,
        origin=facts.origin,
    )
