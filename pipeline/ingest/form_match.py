"""Match the form of a new file with the forms that a study already has."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pipeline.ingest.forms import FIELDS, LIST_FIELDS, FormMap
from pipeline.ingest.texts import fold
from pipeline.ingest.theme_labels import stems_of

Kind = Literal["same", "reworded", "renamed", "alike", "new", "gone"]
_BESIDE = re.compile(r"\([^)]*\)|\b\d+(?:\s*[–-]\s*\d+)?\s*(?:v\b\.?|-?vuotiaa\w*)?")
_ALIKE = 0.5


@dataclass(frozen=True)
class Change:
    """How one question or choice of the new form stands to the old ones.

    Attributes
    ----------
    field : str
    kind : str
        ``same``; ``reworded``, a question; ``renamed``, a choice that a rule joins with its old
        one; ``alike``, one that a person must join; ``new``; ``gone``.
    new, old : str
        Header or label in the new form and in the old ones; "" when there is none.
    """

    field: str
    kind: Kind
    new: str
    old: str

    @property
    def is_asked(self) -> bool:
        """Whether a person has to say yes to it; a new theme is one of the taxonomy or none."""
        return self.kind in ("alike", "new") and self.field in ("area", "client_groups")


@dataclass(frozen=True)
class Match:
    """A new form with its choices joined to the old ones, and how each stands."""

    form: FormMap
    questions: tuple[Change, ...]
    choices: tuple[Change, ...]

    @property
    def asks(self) -> tuple[Change, ...]:
        """Return the changes a person has to say yes to."""
        return tuple(change for change in self.choices if change.is_asked)


def known_labels(forms: Sequence[FormMap]) -> dict[str, dict[str, str]]:
    """Return every label the forms have, by field, with what it stands for."""
    found: dict[str, dict[str, str]] = {}
    for field in LIST_FIELDS:
        own = found.setdefault(field, {})
        for form in forms:
            values = {fold(k): v for k, v in getattr(form.values, field).items()}
            for label in (*getattr(form.offered, field).choices, *getattr(form.values, field)):
                own.setdefault(label, values.get(fold(label), label))
    return found


def match_form(forms: Sequence[FormMap], new: FormMap, joins: Mapping[str, str]) -> Match:
    """Match a guessed form with those of the study.

    Parameters
    ----------
    forms : sequence of FormMap
        The study's, the newest last.
    new : FormMap
        As guessed.
    joins : mapping of str to str
        New label to old one, as a person says.

    Returns
    -------
    Match
        Its form has the value of the old choice for each renamed or alike one.
    """
    known = known_labels(forms)
    said = {fold(k): fold(v) for k, v in joins.items()}
    changes: list[Change] = []
    values = new.values.model_dump(exclude_unset=True)
    for field in LIST_FIELDS:
        own = known[field]
        by_fold = {fold(label): label for label in own}
        guessed = {fold(k): v for k, v in getattr(new.values, field).items()}
        seen: set[str] = set()
        for label in getattr(new.offered, field).choices:
            kind, old = _match_choice(label, own, by_fold, guessed, said)
            if not own:
                kind = "same"
            changes.append(Change(field, kind, label, old))
            if old:
                seen.add(fold(old))
                if own[old] != label or fold(label) in guessed:
                    values.setdefault(field, {})[label] = own[old]
        latest = getattr(forms[-1].offered, field).choices if forms else ()
        if getattr(new.columns, field):
            changes += [Change(field, "gone", "", x) for x in latest if fold(x) not in seen]
    content: dict[str, Any] = new.model_dump(exclude_unset=True)
    if values:
        content["values"] = values
    return Match(FormMap.model_validate(content), _questions(forms, new), tuple(changes))


def _match_choice(
    label: str,
    own: Mapping[str, str],
    by_fold: Mapping[str, str],
    guessed: Mapping[str, str],
    said: Mapping[str, str],
) -> tuple[Kind, str]:
    """Return how a choice stands, and the old one it is."""
    key = fold(label)
    if said.get(key) in by_fold:
        return "renamed", by_fold[said[key]]
    if key in by_fold:
        return "same", by_fold[key]
    by_value = [old for old, value in own.items() if value == guessed.get(key)]
    if by_value:
        return "renamed", by_value[-1]
    bare = [old for old in own if _bare(old) == _bare(label)]
    if len({own[old] for old in bare}) == 1:
        return "renamed", bare[-1]
    stems = stems_of([label])
    near = [old for old in own if stems and len(stems & stems_of([old])) >= _ALIKE * len(stems)]
    if len({own[old] for old in near}) == 1:
        return "alike", near[-1]
    return "new", ""


def _bare(label: str) -> str:
    """Return a label without what stands in brackets, and without ages.

    >>> _bare("Työikäiset (18–64 v)") == _bare("työikäiset")
    True
    """
    return " ".join(re.sub(r"[^\w ]+", " ", _BESIDE.sub(" ", fold(label))).split())


def _questions(forms: Sequence[FormMap], new: FormMap) -> tuple[Change, ...]:
    """Return how the question of each field stands."""
    changes = []
    for field in FIELDS:
        old = [getattr(form.columns, field) for form in forms]
        now, before = getattr(new.columns, field), next((x for x in reversed(old) if x), ())
        shown, was = ", ".join(now), ", ".join(before)
        if not now and not before:
            continue
        is_same = any([fold(x) for x in now] == [fold(x) for x in own] for own in old)
        kind: Kind = "new" if not before else "gone" if not now else "reworded"
        changes.append(Change(field, "same" if is_same and now else kind, shown, was))
    return tuple(changes)
