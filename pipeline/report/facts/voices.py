"""The clients' voice: where a client speaks or is reported, by theme."""

from dataclasses import dataclass

from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.quotations import REST, Quotations
from pipeline.report.facts.selection import spoken_sentences
from pipeline.report.facts.values import Count, Quotation, amount_of
from pipeline.report.material import Material


@dataclass(frozen=True)
class VoiceTheme:
    """Clients' words on one theme."""

    label: str
    n: Count
    quotes: tuple[Quotation, ...]


@dataclass(frozen=True)
class ClientVoices:
    """How many reports let the client speak, and on what."""

    n: Count
    percent: str
    themes: tuple[VoiceTheme, ...]


def client_voices(material: Material, words: Catalogue, quotations: Quotations) -> ClientVoices:
    """Write the section of the clients' voice.

    Sentences without a theme, and those of themes that are not shown, come last under one
    heading.
    """
    spoken = spoken_sentences(material)
    named = [theme_id for theme_id in quotations.of_voices if theme_id != REST]
    told = {i for theme_id in named for i in spoken.by_theme[theme_id]}
    sentences = {theme_id: list(spoken.by_theme[theme_id]) for theme_id in named}
    if REST in quotations.of_voices:
        sentences[REST] = [i for i in spoken.report_of if i not in told]
    title, themes = words("toc.voices"), []
    for theme_id, mine in sentences.items():
        label = words("voices.rest") if theme_id == REST else material.theme_label(theme_id)
        n = amount_of((spoken.report_of[i] for i in mine), f"{title}: {label}")
        themes.append(VoiceTheme(label, n, quotations.of_voices[theme_id]))
    everyone = amount_of(spoken.report_of.values(), title)
    return ClientVoices(everyone, words.percent(everyone.n, material.n_now), tuple(themes))
