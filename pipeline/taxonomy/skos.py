"""Give a taxonomy as SKOS, and take one back.

=================================  =========================================================
in the graph                       in the taxonomy
=================================  =========================================================
``skos:ConceptScheme`` (base URI)  name, titles, licence; ``owl:versionInfo`` is the version
``skos:Concept`` (base URI + id)   a theme, with ``prefLabel``, ``definition``, ``broader``
``skos:prefLabel`` in "sv" etc.    a label in another language
``dct:alternative``                a short label
``skos:editorialNote``             "Otsikko, jota ei koodata.": a mere heading
``skos:altLabel``                  a term
``skos:example``                   an example sentence
``skos:scopeNote``                 "Sisältyy: ..." includes, "Ei sisälly: ..." excludes
``skos:OrderedCollection``         the order of the themes
``prov:Activity``                  a line of the history, numbered from 1
=================================  =========================================================

SKOS: W3C Recommendation, 2009, https://www.w3.org/TR/skos-reference/
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ConfigError
from pipeline.taxonomy.foreign_skos import read_foreign
from pipeline.taxonomy.json_ld import json_ld_text, parse_json_ld
from pipeline.taxonomy.model import Taxonomy, Theme
from pipeline.taxonomy.read import check_taxonomy
from pipeline.taxonomy.rows import Row, Sheets, clean_row, short_column

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node, URIRef

_INCLUDES = "Sisältyy: "
_EXCLUDES = "Ei sisälly: "
_HEADING = "Otsikko, jota ei koodata."
_ORDER = "luettelo/teemat"
_HISTORY = "historia/"


def to_skos(taxonomy: Taxonomy) -> "Graph":
    """Return the taxonomy as a SKOS graph."""
    from rdflib import DCTERMS, OWL, RDF, SKOS, BNode, Graph, Literal, URIRef
    from rdflib.collection import Collection

    graph = Graph()
    graph.bind("dct", DCTERMS)
    graph.bind("", taxonomy.base_uri)
    scheme = URIRef(taxonomy.base_uri)
    graph.add((scheme, RDF.type, SKOS.ConceptScheme))
    graph.add((scheme, DCTERMS.identifier, Literal(taxonomy.name)))
    graph.add((scheme, DCTERMS.license, URIRef(taxonomy.licence)))
    graph.add((scheme, OWL.versionInfo, Literal(taxonomy.version)))
    for lang, title in (("fi", taxonomy.title_fi), ("en", taxonomy.title_en)):
        if title:
            graph.add((scheme, DCTERMS.title, Literal(title, lang=lang)))
    for theme in taxonomy.themes:
        _add_theme(graph, taxonomy, theme)
    order = URIRef(taxonomy.base_uri + _ORDER)
    members = BNode()
    graph.add((order, RDF.type, SKOS.OrderedCollection))
    graph.add((order, SKOS.memberList, members))
    Collection(graph, members, [URIRef(taxonomy.base_uri + i) for i in taxonomy.theme_ids])
    _add_history(graph, taxonomy)
    return graph


def _add_theme(graph: "Graph", taxonomy: Taxonomy, theme: Theme) -> None:
    from rdflib import DCTERMS, RDF, SKOS, Literal, URIRef

    concept, scheme = URIRef(taxonomy.base_uri + theme.theme_id), URIRef(taxonomy.base_uri)
    graph.add((concept, RDF.type, SKOS.Concept))
    graph.add((concept, SKOS.inScheme, scheme))
    graph.add((concept, SKOS.prefLabel, Literal(theme.label_fi, lang="fi")))
    graph.add((concept, SKOS.definition, Literal(theme.definition, lang="fi")))
    if theme.label_en:
        graph.add((concept, SKOS.prefLabel, Literal(theme.label_en, lang="en")))
    for lang, label in theme.labels:
        graph.add((concept, SKOS.prefLabel, Literal(label, lang=lang)))
    for lang, label in theme.short_labels:
        graph.add((concept, DCTERMS.alternative, Literal(label, lang=lang)))
    if not theme.is_codable:
        graph.add((concept, SKOS.editorialNote, Literal(_HEADING, lang="fi")))
    for prefix, note in ((_INCLUDES, theme.includes), (_EXCLUDES, theme.excludes)):
        if note:
            graph.add((concept, SKOS.scopeNote, Literal(prefix + note, lang="fi")))
    for lang, text in taxonomy.terms[theme.theme_id]:
        graph.add((concept, SKOS.altLabel, Literal(text, lang=lang)))
    for lang, text in taxonomy.examples[theme.theme_id]:
        graph.add((concept, SKOS.example, Literal(text, lang=lang)))
    if theme.parent_id is None:
        graph.add((concept, SKOS.topConceptOf, scheme))
        graph.add((scheme, SKOS.hasTopConcept, concept))
    else:
        parent = URIRef(taxonomy.base_uri + theme.parent_id)
        graph.add((concept, SKOS.broader, parent))
        graph.add((parent, SKOS.narrower, concept))


def _add_history(graph: "Graph", taxonomy: Taxonomy) -> None:
    from rdflib import DCTERMS, OWL, PROV, RDF, XSD, Literal, URIRef

    for number, line in enumerate(taxonomy.history, start=1):
        change = URIRef(f"{taxonomy.base_uri}{_HISTORY}{number}")
        graph.add((change, RDF.type, PROV.Activity))
        graph.add((change, DCTERMS.isPartOf, URIRef(taxonomy.base_uri)))
        graph.add((change, DCTERMS.type, Literal(line.action)))
        graph.add((change, DCTERMS.date, Literal(line.date, datatype=XSD.date)))
        graph.add((change, OWL.versionInfo, Literal(line.version)))
        for predicate, ids in ((PROV.used, line.from_ids), (PROV.generated, line.to_ids)):
            for theme_id in ids:
                graph.add((change, predicate, URIRef(taxonomy.base_uri + theme_id)))


def turtle(taxonomy: Taxonomy) -> str:
    """Return the taxonomy as Turtle text, the same bytes each time."""
    return to_skos(taxonomy).serialize(format="turtle").rstrip("\n") + "\n"


def write_turtle(taxonomy: Taxonomy, path: Path) -> None:
    """Write the taxonomy to a Turtle file, the same bytes each time."""
    path.write_bytes(turtle(taxonomy).encode("utf-8"))


def write_json_ld(taxonomy: Taxonomy, path: Path) -> None:
    """Write the taxonomy to a JSON-LD file, the same bytes each time."""
    from rdflib import DCTERMS, OWL, PROV, SKOS, XSD

    namespaces = {"dct": DCTERMS, "owl": OWL, "prov": PROV, "skos": SKOS, "xsd": XSD}
    prefixes = {name: str(namespace) for name, namespace in namespaces.items()}
    text = json_ld_text(to_skos(taxonomy), {**prefixes, "teema": taxonomy.base_uri})
    path.write_bytes(text.encode("utf-8"))


def from_skos(source: "Graph | Path") -> Taxonomy:
    """Read a taxonomy as :func:`read_skos` does, without the notes."""
    return read_skos(source)[0]


def read_skos(source: "Graph | Path") -> tuple[Taxonomy, tuple[str, ...]]:
    """Read a taxonomy from a SKOS graph, a Turtle file or a JSON-LD file (``.jsonld``).

    What :func:`to_skos` made comes back whole. Of another maker's SKOS what is there is taken and
    the rest assumed (:mod:`pipeline.taxonomy.foreign_skos`).

    Returns
    -------
    taxonomy : Taxonomy
    notes : tuple of str
        What was assumed or left out; empty for what :func:`to_skos` made.

    Raises
    ------
    ConfigError
        When the file cannot be parsed, has no concept or fails a check of
        :func:`pipeline.taxonomy.load_taxonomy`; the message names the concept's URI.
    """
    if isinstance(source, Path):
        is_json = source.suffix.lower() == ".jsonld"
        graph, where = (parse_json_ld if is_json else _parse_turtle)(source), str(source)
    else:
        graph, where = source, "The SKOS graph"
    scheme = _own_scheme(graph)
    if scheme is None:
        sheets, notes = read_foreign(graph, where)
        return check_taxonomy(sheets), notes
    return check_taxonomy(_Reader(graph, scheme, where).sheets()), ()


def _parse_turtle(path: Path) -> "Graph":
    from rdflib import Graph
    from rdflib.plugins.parsers.notation3 import BadSyntax

    try:
        return Graph().parse(path, format="turtle")
    except (BadSyntax, RecursionError, UnicodeDecodeError) as err:
        raise ConfigError(
            "{path} is not a Turtle file. Export the taxonomy as .ttl.", path=path
        ) from err
    except OSError as err:
        raise ConfigError(
            "{path} cannot be read ({why}). Check the path.", path=path, why=err.strerror
        ) from err


def _own_scheme(graph: "Graph") -> "Node | None":
    """Return the scheme of a graph that :func:`to_skos` made, which states an order of themes."""
    from rdflib import RDF, SKOS, URIRef

    schemes = sorted(graph.subjects(RDF.type, SKOS.ConceptScheme), key=str)
    own = [one for one in schemes if (URIRef(f"{one}{_ORDER}"), None, None) in graph]
    return own[0] if len(schemes) == len(own) == 1 else None


class _Reader:
    """One SKOS graph, asked for the rows of each sheet."""

    def __init__(self, graph: "Graph", scheme: "Node", where: str) -> None:
        self.graph = graph
        self.scheme = scheme
        self.where = where
        uri = str(scheme)
        self.base = uri if uri.endswith(("/", "#")) else uri + "/"

    def sheets(self) -> Sheets:
        from rdflib import RDF, SKOS, URIRef

        known = {
            node for node in self.graph.subjects(RDF.type, SKOS.Concept) if isinstance(node, URIRef)
        }
        listed = [c for c in self._listed() if c in known]
        concepts = listed + sorted(known.difference(listed))
        return Sheets(
            meta=self._meta(),
            themes=[self._theme(concept) for concept in concepts],
            terms=[row for concept in concepts for row in self._terms(concept)],
            examples=[row for c in concepts for row in self._phrases(c, SKOS.example)],
            history=self._history(),
        )

    def _listed(self) -> Iterable["Node"]:
        from rdflib import SKOS, URIRef
        from rdflib.collection import Collection

        members = self.graph.value(URIRef(self.base + _ORDER), SKOS.memberList)
        return [] if members is None else Collection(self.graph, members)

    def _id(self, node: "Node") -> str:
        return str(node).removeprefix(self.base)

    def _texts(self, node: "Node", predicate: "URIRef", *langs: str) -> list[str]:
        from rdflib import Literal

        return sorted(
            str(value)
            for value in self.graph.objects(node, predicate)
            if isinstance(value, Literal) and (not langs or (value.language or "") in langs)
        )

    def _text(self, node: "Node", predicate: "URIRef", *langs: str) -> str:
        return " ".join(self._texts(node, predicate, *langs))

    def _meta(self) -> Row:
        from rdflib import DCTERMS, OWL

        name = self._text(self.scheme, DCTERMS.identifier)
        licence = self.graph.value(self.scheme, DCTERMS.license)
        cells = {
            "name": name or self.base.rstrip("/#").rpartition("/")[2],
            "version": self._text(self.scheme, OWL.versionInfo),
            "base_uri": self.base,
            "title_fi": self._text(self.scheme, DCTERMS.title, "fi"),
            "title_en": self._text(self.scheme, DCTERMS.title, "en"),
            "licence": "" if licence is None else str(licence),
        }
        return clean_row(f"{self.where}, {self.scheme}", cells)

    def _row(self, node: "Node", **cells: str) -> Row:
        return clean_row(f"{self.where}, {node}", cells)

    def _theme(self, concept: "Node") -> Row:
        from rdflib import DCTERMS, SKOS

        parents = sorted(self.graph.objects(concept, SKOS.broader), key=str)
        if len(parents) > 1:
            raise ConfigError(
                "{where}, {concept}: a theme has one skos:broader at most. Got "
                "{n_parents}. Keep one.",
                where=self.where,
                concept=concept,
                n_parents=len(parents),
            )
        notes = self._texts(concept, SKOS.scopeNote, "fi", "")
        excludes = [note.removeprefix(_EXCLUDES) for note in notes if note.startswith(_EXCLUDES)]
        includes = [
            note.removeprefix(_INCLUDES) for note in notes if not note.startswith(_EXCLUDES)
        ]
        return self._row(
            concept,
            theme_id=self._id(concept),
            parent_id=self._id(parents[0]) if parents else "",
            label_fi=self._text(concept, SKOS.prefLabel, "fi"),
            label_en=self._text(concept, SKOS.prefLabel, "en"),
            definition=self._text(concept, SKOS.definition, "fi", ""),
            includes=" ".join(includes),
            excludes=" ".join(excludes),
            is_codable="no" if self._texts(concept, SKOS.editorialNote) == [_HEADING] else "yes",
            **{
                f"label_{row.cells['lang']}": row.cells["text"]
                for row in self._phrases(concept, SKOS.prefLabel)
                if row.cells["lang"] not in ("fi", "en")
            },
            **{
                short_column(row.cells["lang"]): row.cells["text"]
                for row in self._phrases(concept, DCTERMS.alternative)
                if row.cells["lang"]
            },
        )

    def _terms(self, concept: "Node") -> list[Row]:
        from rdflib import SKOS

        return self._phrases(concept, SKOS.altLabel)

    def _phrases(self, concept: "Node", predicate: "URIRef") -> list[Row]:
        from rdflib import Literal

        return [
            self._row(
                concept, theme_id=self._id(concept), lang=value.language or "", text=str(value)
            )
            for value in self.graph.objects(concept, predicate)
            if isinstance(value, Literal)
        ]

    def _history(self) -> list[Row]:
        from rdflib import DCTERMS, OWL, PROV, URIRef

        rows: list[Row] = []
        while True:
            change = URIRef(f"{self.base}{_HISTORY}{len(rows) + 1}")
            if (change, None, None) not in self.graph:
                return rows
            ids = {
                name: ";".join(sorted(map(self._id, self.graph.objects(change, predicate))))
                for name, predicate in (("from_ids", PROV.used), ("to_ids", PROV.generated))
            }
            rows.append(
                self._row(
                    change,
                    version=self._text(change, OWL.versionInfo),
                    date=self._text(change, DCTERMS.date),
                    action=self._text(change, DCTERMS.type),
                    **ids,
                )
            )
