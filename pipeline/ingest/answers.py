"""Say of each question what its choices are and which field's they look like."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.ingest.choices import Choices
from pipeline.ingest.closed import Closed, closed_choices, is_personal
from pipeline.ingest.drafts import VALENCES
from pipeline.ingest.questions import Question
from pipeline.ingest.texts import fold
from pipeline.ingest.theme_labels import ThemeLabels
from pipeline.ingest.vocabulary import (
    GROUP_STEMS,
    VALENCE_STEMS,
    WIDE_AREA,
    is_named,
    is_other_label,
    stem_value,
)

_SEVERAL = re.compile(
    r"yksi tai usea|useita|useamm|useampi|kaikki|one or more|several|all that|en eller flera"
    r"|flera|alla som|mihin teemoihin|mitkä",
    re.IGNORECASE,
)
_ONE = re.compile(
    r"valitse yksi\b(?! tai)|parhaiten|pääasia|ensisijai|tärkein|pääteem|\bbest\b|\bmain\b"
    r"|choose one|select one\b(?! or)|välj en?t?\b(?! eller)|\bbäst\b|huvudsak",
    re.IGNORECASE,
)
_CODE = re.compile(r"-?\d{1,3}|[A-Z]{1,3}\d{1,4}")
_MIN_TO_TELL = 10  # answers from which one choice each means that only one may be chosen
_MOSTLY = 0.5
_SURELY = 0.6
_MIN_FREQUENT, _FREQUENT_SHARE = 3, 0.08  # answers from which a label that is no theme is a choice
_NAME_SCORE, _CONTENT_SCORE, _CONTRARY = 2.5, 4.0, 3.0
_LEAST = {"valence": 0.6, "client_groups": 0.5, "themes_ticked": 0.4, "area": 0.4}


@dataclass(frozen=True)
class Known:
    """What is known of choices before the form is seen."""

    themes: ThemeLabels
    places: Collection[str]
    labels: Collection[str] = ()

    def is_choice(self, label: str) -> bool:
        """Tell whether a label is a choice although it stands only once."""
        if is_personal(label):
            return False
        return (
            fold(label) in self.labels
            or self.is_area(label)
            or self.themes.exact(label) is not None
            or label in Choices(VALENCES)
            or (fold(label) in _GROUP_LABELS)
        )

    def is_theme(self, label: str) -> bool:
        """Tell whether a label is a theme's, or words one without doubt."""
        return self.themes.exact(label) is not None or self.themes.alike(label)[1]

    def is_area(self, label: str) -> bool:
        """Tell whether a label is a municipality, or a wide area in few words."""
        return fold(label) in self.places or (
            len(label.split()) <= 4
            and not re.search(r"[,;|]", label)
            and re.search(WIDE_AREA, label.casefold()) is not None
        )


_GROUP_LABELS = frozenset(
    fold(label)
    for label in (
        *("Työikäiset", "Aikuiset", "Lapset, nuoret ja perheet", "Lapset", "Nuoret", "Perheet"),
        *("Lapsiperheet", "Vammaiset", "Vammaiset henkilöt", "Ikääntyneet", "Ikäihmiset"),
        *("Päihde- ja riippuvuusasiakkaat", "Päihde- ja riippuvuustyö", "Working age", "Elderly"),
        *("Children, young people and families", "Persons with disabilities", "Older people"),
        *("Barn, unga och familjer", "Äldre", "Personer i arbetsför ålder"),
        *("Personer med funktionsnedsättning",),
    )
)


@dataclass(frozen=True)
class Answers:
    """A question with its choices.

    Attributes
    ----------
    question : Question
    known : Known
    codes : mapping of str to str
        What its answers stand for, when they are codes and the workbook says so.
    """

    question: Question
    known: Known
    codes: Mapping[str, str]

    @cached_property
    def closed(self) -> Closed:
        """The choices in its column, for answers that stand in one."""
        codes = self.codes
        return closed_choices(
            self.question.texts, lambda label: label in codes or self.known.is_choice(label)
        )

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Choices as written in the export, the one for anything else left out."""
        if self.question.choices:
            return self.question.labels
        found = dict.fromkeys((*self.closed.choices, *(c for c in self.codes if c.isdigit())))
        if not self.codes and self._content_of("themes_ticked", tuple(found)) >= _MOSTLY:
            # Typed among themes in one column: a few like words that no theme has.
            found = {x: None for x in found if self.known.is_theme(x) or self._is_frequent(x)}
        return tuple(label for label in found if not is_other_label(self.codes.get(label, label)))

    def _is_frequent(self, label: str) -> bool:
        """Tell whether a choice is made as often as a form's own choices are."""
        n = sum(label in text for text in self.question.texts)
        return n >= max(_MIN_FREQUENT, _FREQUENT_SHARE * len(self.question.texts))

    @property
    def other(self) -> str:
        """Label of the choice for anything else; "" when there is none."""
        labels = self.question.choices or (self.closed.other, *self.codes)
        return next((x for x in labels if x and is_other_label(self.codes.get(x, x))), "")

    @cached_property
    def meanings(self) -> tuple[str, ...]:
        """Choices in words."""
        return tuple(self.codes.get(label, label) for label in self.labels)

    @property
    def is_choice_list(self) -> bool:
        """True when the answers are choices."""
        question = self.question
        if question.is_yes_no or question.n_dates:
            return False
        if question.choices:
            return True
        if question.is_free_text:  # long choices, several in a cell, look like it
            return self.closed.n_joined > 0 and self.closed.share >= _SURELY
        if question.is_ticks and not self.codes:
            return False
        return self.closed.is_closed

    @property
    def are_codes(self) -> bool:
        """True when the choices are numbers or codes that nothing explains."""
        return bool(self.meanings) and all(_CODE.fullmatch(text) for text in self.meanings)

    @property
    def n_answered(self) -> int:
        """Rows with an answer."""
        return len({row for column in self.question.columns for row in column.ticked_rows})

    @property
    def answers(self) -> str | None:
        """``one`` or ``several`` may be chosen; None when too few answers tell."""
        question = self.question
        is_joined = self.closed.n_joined > 0 if not question.choices else False
        if is_joined or question.most_choices > 1:
            return "several"
        if _SEVERAL.search(question.words):
            return "several"
        if _ONE.search(question.words) or self.n_answered >= _MIN_TO_TELL:
            return "one"
        return None

    def score(self, field: str) -> float:
        """Return how well the question fits a field; below 2 it does not."""
        if not self.is_choice_list or (field != "valence" and len(self.labels) < 1):
            return 0.0
        contents = {name: self._content(name) for name in _LEAST}
        if self.question.kind:
            return _CONTENT_SCORE * (field == self.question.kind)
        if is_named("unit", self.question.words) and not is_named(field, self.question.words):
            return 0.0  # units are often named after client groups
        named = _NAME_SCORE * is_named(field, self.question.words)
        own = contents[field]
        if field == "valence" and not own:
            return 0.0
        contrary = max((c for name, c in contents.items() if name != field), default=0.0)
        penalty = _CONTRARY if contrary > own and contrary >= 0.5 else 0.0
        return named + _CONTENT_SCORE * own - penalty

    def _content(self, field: str) -> float:
        """Return the share of choices that look like a field's, 0-1; 0 when too few do."""
        return self._content_of(field, self.meanings)

    def _content_of(self, field: str, labels: tuple[str, ...]) -> float:
        """Return the share of labels that look like a field's, 0-1; 0 when too few do."""
        if len(labels) < (2 if self.question.text else 1):
            return 0.0
        match field:
            case "valence":
                values = [stem_value(label, VALENCE_STEMS) for label in labels]
                n = sum(value is not None for value in values)
                if len(labels) > 7 or len(set(values) - {None}) < 2:
                    return 0.0
            case "client_groups":
                n = sum(
                    any(re.search(stem, label.casefold()) for stem in GROUP_STEMS.values())
                    for label in labels
                )
            case "themes_ticked":
                n = sum(map(self.known.is_theme, labels))
            case _:
                n = sum(self.known.is_area(label) for label in labels)
        share = n / len(labels)
        return share if share >= _LEAST[field] else 0.0


def assign_choices(
    answers: Sequence[Answers],
) -> tuple[dict[str, Answers], dict[str, Answers]]:
    """Give each field with choices the question that fits it best, and each question one field.

    Returns
    -------
    chosen : dict of str to Answers
    rivals : dict of str to Answers
        Questions that fit a field nearly as well and feed nothing, to be asked about.
    """
    scored = sorted(
        (
            (one.score(field), -place, field, one)
            for field in _LEAST
            for place, one in enumerate(answers)
        ),
        key=lambda item: item[:2],
        reverse=True,
    )
    chosen: dict[str, Answers] = {}
    for score, _, field, one in scored:
        if score >= 2 and field not in chosen and all(one is not x for x in chosen.values()):
            chosen[field] = one
    rivals = {}
    for score, _, field, one in scored:
        if field not in chosen or any(one is x for x in chosen.values()) or field in rivals:
            continue
        if score >= 2 and score > chosen[field].score(field) - 1:
            rivals[field] = one
    return chosen, rivals
