"""What one form offered under a question: known from its columns, or from the settings."""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.ingest.forms import FormMap
from pipeline.ingest.headers import Plan
from pipeline.ingest.texts import fold
from pipeline.ingest.vocabulary import is_other_label

if TYPE_CHECKING:
    from pipeline.ingest.drafts import DraftRules

ONE, SEVERAL = "one", "several"


@dataclass(frozen=True)
class Offer:
    """What a form offered under one question.

    Attributes
    ----------
    labels : tuple of (str, str)
        Label on the form and the value it stands for, "" for a theme that the taxonomy lacks.
    answers : str
        ``one`` or ``several`` may be chosen.
    other : str
        Label of the choice for anything else; "" when there is none.
    is_closed : bool
        Whether all choices are known.
    """

    labels: tuple[tuple[str, str], ...]
    answers: str
    other: str
    is_closed: bool

    @property
    def values(self) -> tuple[str, ...]:
        """What was offered, each value once."""
        return tuple(dict.fromkeys(value for _, value in self.labels if value))

    def is_open(self, label: str) -> bool:
        """Tell whether a label is none of the choices, so that somebody typed it."""
        return self.is_closed and fold(label) not in {fold(own) for own, _ in self.labels}


def offer_of(field: str, plan: Plan, rules: "DraftRules") -> Offer:
    """Return what a form offered under a field's question.

    The settings tell, or else the columns of ticks. A list of themes of which nothing is known is
    taken for the whole taxonomy.
    """
    form = rules.form
    own = getattr(form.offered, field)
    columns = [source.choice for source in plan.sources[field] if source.choice]
    labels = [*own.choices] or [choice for choice in columns if not is_other_label(choice)]
    other = own.other or next((choice for choice in columns if is_other_label(choice)), "")
    if field == "themes_ticked":
        if not labels and plan.sources[field]:
            everything = dict.fromkeys(rules.themes.values())
            return Offer(tuple((v, v) for v in everything), own.answers or SEVERAL, other, False)
        pairs = tuple((label, rules.themes.get(label) or "") for label in labels)
    else:
        values = {fold(k): v for k, v in getattr(form.values, field).items()}
        pairs = tuple((label, values.get(fold(label), label)) for label in labels)
    return Offer(pairs, own.answers or SEVERAL, other, bool(own.choices))


def form_id(form: FormMap, plan: Plan) -> str:
    """Return a name for a form that tells two forms of a study apart, and stays over periods.

    It is made of what the form asks and offers, and never of an answer.
    """
    offered = sorted(
        f"{field}\n{source.header}\n{source.choice}"
        for field, sources in plan.sources.items()
        for source in sources
    )
    text = "\n".join([*offered, form.offered.model_dump_json(), form.values.model_dump_json()])
    return f"F-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
