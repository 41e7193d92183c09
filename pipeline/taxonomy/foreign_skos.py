"""Read a SKOS vocabulary that another maker wrote: take what is there, assume the rest, say so.

Finto, Skosmos, PoolParty and others leave out what a taxonomy needs (a version, a definition, a
licence) and have what it has not (several broader concepts, other namespaces, regions in language
tags). Nothing of that stops the reading; each thing that was assumed or left out is a note.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import unquote

from pipeline.errors import ConfigError
from pipeline.taxonomy.rows import Row, Sheets, clean_row

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node, URIRef

NO_DEFINITION = "Määritelmä puuttuu."
NO_LICENCE = "https://rightsstatements.org/vocab/UND/1.0/"
"""Said of a vocabulary without a licence: its rights are undetermined."""
NO_VERSION = "1.0.0"
_OTHER_BASE = "https://example.org/"
_SHOWN = 5
_ADDRESS = r"https?://[^\s<>\"{}|\\^`]+"


class Notes:
    """What was assumed or left out, each kind once with the concepts it holds for."""

    def __init__(self) -> None:
        self._found: dict[str, list[str]] = {}

    def add(self, note: str, theme_id: str = "") -> None:
        """Add a note, of one theme or of the whole."""
        self._found.setdefault(note, [])
        if theme_id and theme_id not in self._found[note]:
            self._found[note].append(theme_id)

    def lines(self) -> tuple[str, ...]:
        """Return a line a kind, with the first five themes it holds for."""
        return tuple(
            f"{note}: {', '.join(ids[:_SHOWN])}"
            + (f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else "")
            if ids
            else note
            for note, ids in self._found.items()
        )


def read_foreign(graph: "Graph", where: str) -> tuple[Sheets, tuple[str, ...]]:
    """Return the rows of a taxonomy and what was assumed to make them.

    Parameters
    ----------
    graph : rdflib.Graph
    where : str
        The file, for errors.

    Raises
    ------
    ConfigError
        When the graph has no concept that is not deprecated.
    """
    return _Reader(graph, where).read()


class _Reader:
    """One graph of another maker, asked for rows."""

    def __init__(self, graph: "Graph", where: str) -> None:
        self.graph, self.where, self.notes = graph, where, Notes()
        self.ids: dict[Node, str] = {}

    def read(self) -> tuple[Sheets, tuple[str, ...]]:
        scheme = self._scheme()
        concepts = self._concepts(scheme)
        base = self._base(scheme, concepts)
        self._name(concepts, base)
        meta = self._meta(scheme, base)
        parents = self._parents(concepts)
        themes: list[Row] = []
        terms: list[Row] = []
        for concept in concepts:
            row, labels = self._theme(concept, parents.get(concept))
            themes.append(row)
            terms += self._terms(concept, labels)
        examples = [row for concept in concepts for row in self._examples(concept)]
        themes = self._distinct_labels(themes)
        sheets = Sheets(meta=meta, themes=themes, terms=terms, examples=examples, history=())
        return sheets, self.notes.lines()

    def _scheme(self) -> "Node | None":
        """Return the scheme that most concepts are in."""
        from rdflib import RDF, SKOS

        schemes = sorted(set(self.graph.subjects(RDF.type, SKOS.ConceptScheme)), key=str)
        if not schemes:
            self.notes.add("no concept scheme is stated; the concepts are taken as one")
            return None
        sizes = {scheme: len(self._members(scheme)) for scheme in schemes}
        chosen = max(schemes, key=lambda scheme: sizes[scheme])
        if len(schemes) > 1:
            self.notes.add(f"{len(schemes)} concept schemes; read the largest, {chosen}")
        return chosen

    def _members(self, scheme: "Node") -> set["Node"]:
        from rdflib import SKOS

        return {
            *self.graph.subjects(SKOS.inScheme, scheme),
            *self.graph.subjects(SKOS.topConceptOf, scheme),
            *self.graph.objects(scheme, SKOS.hasTopConcept),
        }

    def _concepts(self, scheme: "Node | None") -> list["Node"]:
        """Return the concepts of the scheme and of none, without deprecated ones, by URI."""
        from rdflib import OWL, RDF, SKOS, URIRef

        found: list[Node] = []
        for concept in sorted(set(self.graph.subjects(RDF.type, SKOS.Concept)), key=str):
            own = {
                *self.graph.objects(concept, SKOS.inScheme),
                *self.graph.objects(concept, SKOS.topConceptOf),
                *self.graph.subjects(SKOS.hasTopConcept, concept),
            }
            short = _local(str(concept)) or str(concept)
            marks = [str(mark).lower() for mark in self.graph.objects(concept, OWL.deprecated)]
            if any(mark in ("true", "1") for mark in marks):
                self.notes.add("left out, deprecated", short)
            elif not isinstance(concept, URIRef):
                self.notes.add("left out, a concept without an address", short)
            elif own and scheme is not None and scheme not in own:
                self.notes.add("left out, in another scheme only", short)
            else:
                found.append(concept)
        if not found:
            raise ConfigError(
                "{where} has no skos:Concept that can be used. {notes}. Export the vocabulary "
                "with its concepts.",
                where=self.where,
                notes="; ".join(self.notes.lines()),
            )
        return found

    def _base(self, scheme: "Node | None", concepts: Sequence["Node"]) -> str:
        """Return the address that ids are put behind."""
        spaces = Counter(_space(str(concept)) for concept in concepts)
        space = max(sorted(spaces), key=lambda one: spaces[one])
        if len(spaces) > 1:
            self.notes.add(f"{len(spaces)} namespaces; ids are the last part of each address")
        if re.fullmatch(_ADDRESS + "(?<=[/#])", space):
            if scheme is not None and space.rstrip("/#") != str(scheme).rstrip("/#"):
                self.notes.add(
                    f"the concepts' namespace {space} is taken as the base, not {scheme}"
                )
            return space
        base = f"{space.rstrip(':')}/" if space.startswith("http") else _OTHER_BASE
        self.notes.add(f"addresses of the form {space}... become {base}...")
        return base

    def _name(self, concepts: Sequence["Node"], base: str) -> None:
        """Give each concept an id."""
        for concept in concepts:
            local = unquote(str(concept).removeprefix(base) or _local(str(concept)))
            if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", local):
                local = unquote(_local(str(concept)))
            theme_id = stem = _slug(local)
            n = 2
            while theme_id in self.ids.values():
                theme_id, n = f"{stem}-{n}", n + 1
            if theme_id != local:
                self.notes.add(f"the id {local} becomes {theme_id}")
            self.ids[concept] = theme_id

    def _meta(self, scheme: "Node | None", base: str) -> Row:
        from rdflib import DC, DCTERMS, OWL, RDFS, SKOS, URIRef

        cc = URIRef("http://creativecommons.org/ns#license")
        schema = URIRef("http://schema.org/license")
        name = self._first(scheme, DCTERMS.identifier, DC.identifier)
        tail = _local((str(scheme) if scheme is not None else base).rstrip("/#:"))
        titles: dict[str, str] = {}
        for predicate in (DCTERMS.title, DC.title, RDFS.label, SKOS.prefLabel):
            for lang, text in self._texts(scheme, predicate):
                titles.setdefault(lang, text)
        title = titles.get("fi") or next((titles[lang] for lang in sorted(titles)), "")
        if not titles:
            self.notes.add("no title is stated; the name serves")
        elif "fi" not in titles:
            self.notes.add("no title in Finnish; one in another language serves")
        version = self._first(scheme, OWL.versionInfo, DCTERMS.hasVersion)
        if not version:
            version = self._first(scheme, DCTERMS.modified, DCTERMS.issued, DC.date)[:10]
            version = version or NO_VERSION
            self.notes.add(f"no version is stated; {version} is assumed")
        licence = self._first(scheme, DCTERMS.license, cc, schema, DCTERMS.rights, DC.rights)
        if not re.fullmatch(_ADDRESS, licence):
            self.notes.add(
                "no licence is stated by its address; the rights are taken as undetermined"
            )
            licence = NO_LICENCE
        cells = {
            "name": _slug(name or unquote(tail) or "luokitus"),
            "version": version,
            "base_uri": base,
            "title_fi": title or unquote(tail) or "luokitus",
            "title_en": titles.get("en", ""),
            "licence": licence,
        }
        return clean_row(f"{self.where}, {scheme}", cells)

    def _parents(self, concepts: Sequence["Node"]) -> dict["Node", "Node"]:
        """Return one broader concept of each, from broader and narrower alike, without cycles."""
        from rdflib import SKOS

        parents: dict[Node, Node] = {}
        for concept in concepts:
            above = {
                *self.graph.objects(concept, SKOS.broader),
                *self.graph.subjects(SKOS.narrower, concept),
            } - {concept}
            inside = sorted(above & set(concepts), key=str)
            if above and not inside:
                self.notes.add(
                    "its broader concept is not in the file; set at the top", self.ids[concept]
                )
            if len(inside) > 1:
                self.notes.add(
                    "several broader concepts; the first by address is kept", self.ids[concept]
                )
            for one in inside[:1]:
                line, seen = one, {concept}
                while line in parents and line not in seen:
                    seen.add(line)
                    line = parents[line]
                if line in seen:
                    self.notes.add("broader concepts in a circle; cut at", self.ids[concept])
                else:
                    parents[concept] = one
        return parents

    def _theme(self, concept: "Node", parent: "Node | None") -> tuple[Row, set[tuple[str, str]]]:
        """Return the row of a theme and its labels, by language."""
        from rdflib import DCTERMS, RDFS, SKOS

        theme_id = self.ids[concept]
        labels: dict[str, str] = {}
        for lang, text in self._texts(concept, SKOS.prefLabel, theme_id):
            labels.setdefault(lang, text)
        if "fi" not in labels:
            ranked = sorted(labels, key=lambda lang: (lang != "sv", lang != "en", lang))
            others = [labels[lang] for lang in ranked]
            others += [text for _, text in self._texts(concept, SKOS.altLabel)]
            label = next(iter(others), theme_id)
            self.notes.add("no preferred label in Finnish; another one serves", theme_id)
        else:
            label = labels["fi"]
        definitions: dict[str, str] = {}
        for predicate in (SKOS.definition, SKOS.note, DCTERMS.description, RDFS.comment):
            for lang, text in self._texts(concept, predicate):
                definitions.setdefault(lang, text)
        definition = definitions.get("fi") or next(
            (definitions[lang] for lang in sorted(definitions)), ""
        )
        if not definition:
            self.notes.add("no definition is stated", theme_id)
        elif "fi" not in definitions:
            self.notes.add("no definition in Finnish; another one serves", theme_id)
        notes = [text for lang, text in self._texts(concept, SKOS.scopeNote) if lang == "fi"]
        cells = {
            "theme_id": theme_id,
            "parent_id": "" if parent is None else self.ids[parent],
            "label_fi": label,
            "label_en": labels.get("en", ""),
            "definition": definition or NO_DEFINITION,
            "includes": " ".join(notes),
            "excludes": "",
            **{
                f"label_{lang}": text
                for lang, text in labels.items()
                if lang not in ("fi", "en") and re.fullmatch("[a-z]{2,3}", lang)
            },
        }
        return clean_row(f"{self.where}, {concept}", cells), {("fi", label), *labels.items()}

    def _terms(self, concept: "Node", labels: set[tuple[str, str]]) -> list[Row]:
        """Return other labels that are not labels already, each once."""
        from rdflib import SKOS

        theme_id = self.ids[concept]
        found: dict[tuple[str, str], None] = {}
        for predicate in (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel):
            for phrase in self._texts(concept, predicate, theme_id):
                if phrase not in labels:
                    found.setdefault(phrase)
                elif predicate != SKOS.prefLabel:
                    self.notes.add("an alternative label repeats a label; left out", theme_id)
        return self._phrases(concept, list(found))

    def _examples(self, concept: "Node") -> list[Row]:
        from rdflib import SKOS

        return self._phrases(concept, list(dict.fromkeys(self._texts(concept, SKOS.example))))

    def _phrases(self, concept: "Node", phrases: Sequence[tuple[str, str]]) -> list[Row]:
        place = f"{self.where}, {concept}"
        return [
            clean_row(place, {"theme_id": self.ids[concept], "lang": lang, "text": text})
            for lang, text in phrases
            if re.fullmatch("[a-z]{2,3}", lang)
        ]

    def _texts(
        self, node: "Node | None", predicate: "URIRef", theme_id: str = ""
    ) -> list[tuple[str, str]]:
        """Return languages and texts; a region is cut off a tag, no tag is taken as Finnish."""
        from rdflib import Literal

        found = []
        for value in self.graph.objects(node, predicate) if node is not None else ():
            text = unicodedata.normalize("NFC", str(value)).strip()
            if not isinstance(value, Literal) or not text:
                continue
            tag = (value.language or "").lower()
            if not tag and theme_id:
                self.notes.add("a label without a language is taken as Finnish", theme_id)
            if "-" in tag:
                self.notes.add(f"the language {value.language} is taken as {tag.split('-')[0]}")
            found.append((tag.split("-")[0] or "fi", text))
        return sorted(found)

    def _first(self, node: "Node | None", *predicates: "URIRef") -> str:
        """Return the first value, by predicate and then by text."""
        if node is None:
            return ""
        return next(
            (
                str(value).strip()
                for predicate in predicates
                for value in sorted(self.graph.objects(node, predicate), key=str)
            ),
            "",
        )

    def _distinct_labels(self, themes: Sequence[Row]) -> list[Row]:
        """Put the id behind a label that a sibling has too."""
        changed = list(themes)
        for column in [name for name in ("label_fi", "label_en")]:
            places: dict[tuple[str, str], int] = {}
            for number, row in enumerate(changed):
                key = row.cells["parent_id"], row.cells[column].casefold()
                if row.cells[column] and key in places:
                    theme_id = row.cells["theme_id"]
                    cells = {**row.cells, column: f"{row.cells[column]} ({theme_id})"}
                    changed[number] = Row(row.place, cells)
                    self.notes.add("a label that a sibling has too gets its id behind it", theme_id)
                places.setdefault(key, number)
        return changed


def _space(uri: str) -> str:
    """Return an address up to its last ``#``, ``/`` or ``:``."""
    return uri[: len(uri) - len(_local(uri))]


def _local(uri: str) -> str:
    """Return what stands behind the last ``#``, ``/`` or ``:``."""
    return re.split(r"[#/:]", uri)[-1]


def _slug(text: str) -> str:
    """Return an id of plain letters."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^A-Za-z0-9_.-]+", "-", plain).strip("-_.")
    return stem or "teema"
