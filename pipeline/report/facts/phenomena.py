"""Topics as they are named under a theme, a client group or in the brief."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.name_parts import NameParts, name_parts
from pipeline.report.facts.values import Hidden, Number, count_of
from pipeline.report.material import Material

STABLE, _FAIRLY = 0.75, 0.5


@dataclass(frozen=True)
class Phenomenon:
    """A topic as it is named under a theme or a client group."""

    topic_id: str
    label: str
    name: NameParts
    terms: tuple[str, ...]
    n: Number
    size: int
    stability: str


def stability_word(stability: float) -> str:
    """Name a stability of 0-1: ``stable``, ``fair`` or ``fragile``."""
    if stability >= STABLE:
        return "stable"
    return "fair" if stability >= _FAIRLY else "fragile"


def other_terms(terms: Iterable[str], label: str) -> tuple[str, ...]:
    """Return the words of a topic that its label does not already say.

    Examples
    --------
    >>> other_terms(["jono", "jonot", "lääkäri"], "lääkäri, jono")
    ('jonot',)
    """
    said = {word.strip().lower() for word in label.split(",")}
    return tuple(term for term in terms if term.lower() not in said)


def phenomena(
    material: Material,
    report_ids: Iterable[str],
    words: Catalogue,
    *,
    where: str,
    among: Collection[str] | None = None,
    hidden: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Phenomenon, ...]:
    """Return the topics of some reports, most members first; rejected topics are left out.

    Those that hang together loosely come last.

    Parameters
    ----------
    material : Material
    report_ids : iterable of str
    words : Catalogue
    where : str
        Name of the theme or group, for the titles of the lists of ids.
    among : collection of str or None, default=None
        Topics that may be named; any when None.
    hidden : mapping of str to str, default={}
        What is said instead of the number, by topic, where it may not be shown.
    """
    ids = set(report_ids)
    every = material.topic_members
    members = {t: held for t in every if (held := [i for i in every[t] if i in ids])}
    topics = material.topics
    named = set(members) if among is None else set(members).intersection(among)
    rows = topics[topics["topic_id"].isin(named) & (topics["ruling"] != "reject")]
    found = [
        Phenomenon(
            topic_id=topic_id,
            label=row["label"],
            name=name_parts(row),
            terms=other_terms(row["terms"], str(row["words"]))[:4],
            n=Hidden(hidden[topic_id])
            if topic_id in hidden
            else count_of(members[topic_id], f"{where}: {row['label']}"),
            size=len(members[topic_id]),
            stability=words(f"stability.{stability_word(row['stability'])}"),
        )
        for topic_id, row in zip(rows["topic_id"], rows.to_dict("records"), strict=True)
    ]
    firm = material.firm_topics
    return tuple(
        sorted(found, key=lambda o: (o.topic_id not in firm, -o.size, o.label, o.topic_id))
    )
