"""Write down what a form offered, and what its labels stand for."""

from collections import Counter
from typing import Any

from pipeline.ingest import guess_words as say
from pipeline.ingest.answers import Answers, Known
from pipeline.ingest.choices import Choices
from pipeline.ingest.drafts import VALENCES
from pipeline.ingest.forms import LIST_FIELDS
from pipeline.ingest.guess_words import Doubt
from pipeline.ingest.vocabulary import GROUP_STEMS, VALENCE_STEMS, stem_value


def offered_of(
    chosen: dict[str, Answers], others: dict[str, list[str]], reasons: dict[str, str]
) -> dict[str, Any]:
    """Return what the form offered, as settings.

    Parameters
    ----------
    chosen : dict of str to Answers
        The question of each field with choices.
    others : dict of str to list of str
        Headers of what was typed under another choice, by field.
    reasons : dict of str to str
        Gets the reason of each.
    """
    offered: dict[str, Any] = {}
    for name, one in chosen.items():
        if name not in LIST_FIELDS:
            continue
        entry: dict[str, Any] = {"choices": tuple(one.labels)}
        if one.answers:
            entry["answers"] = one.answers
        if one.other:
            entry["other"] = one.other
        if name in others:
            entry["other_text"] = tuple(others[name])
        offered[name] = entry
        reasons[f"offered.{name}"] = say.choices(one)
    return offered


def values_of(
    chosen: dict[str, Answers], known: Known, reasons: dict[str, str]
) -> tuple[dict[str, dict[str, str]], list[Doubt]]:
    """Return what labels stand for, and which ones a person must tell.

    Parameters
    ----------
    chosen : dict of str to Answers
    known : Known
    reasons : dict of str to str
        Gets the reason of each.
    """
    values: dict[str, dict[str, str]] = {}
    doubts: list[Doubt] = []
    for name, one in chosen.items():
        words = {label: one.codes.get(label, label) for label in one.labels}
        found: dict[str, str] = {}
        match name:
            case "valence":
                found, doubts_here = _valences(words)
                doubts += doubts_here
            case "client_groups":
                found = _groups(words)
            case "themes_ticked":
                found, doubts_here = _themes(words, known)
                doubts += doubts_here
        if one.codes:
            found = {label: found.get(label, text) for label, text in words.items()}
            if name == "themes_ticked":
                found = {label: v for label, v in found.items() if v in known.themes.stems}
        if found:
            values[name] = found
            reasons[f"values.{name}"] = say.known_labels(len(found), len(words) - len(found))
    return values, doubts


def _valences(words: dict[str, str]) -> tuple[dict[str, str], list[Doubt]]:
    """Return the valence of each label."""
    standard = Choices(VALENCES)
    found = {
        label: value
        for label, text in words.items()
        if (value := standard.get(text) or stem_value(text, VALENCE_STEMS))
    }
    return found, [say.unsure_valence(words[label]) for label in words if label not in found]


def _groups(words: dict[str, str]) -> dict[str, str]:
    """Return the standing client group of each label that alone on the form speaks of it."""
    found = {label: value for label, t in words.items() if (value := stem_value(t, GROUP_STEMS))}
    n_labels = Counter(found.values())
    return {label: value for label, value in found.items() if n_labels[value] == 1}


def _themes(words: dict[str, str], known: Known) -> tuple[dict[str, str], list[Doubt]]:
    """Return the theme of each label that words one otherwise than the taxonomy."""
    found: dict[str, str] = {}
    doubts = []
    for label, text in words.items():
        exact = known.themes.exact(text)
        theme, is_sure = known.themes.alike(text)
        if exact:
            if label != text:
                found[label] = exact
        elif theme and is_sure:
            found[label] = theme
        else:
            doubts.append(say.unsure_theme(text, theme))
    return found, doubts
