"""The clients' voice: where a client speaks or is reported, by theme."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pipeline.report.catalogue import Catalogue
from pipeline.report.links import Links
from pipeline.report.material import Material
from pipeline.report.quotes import Quote, centrality, choose
from pipeline.report.sections.quoted import QuoteView, views

_MAX_THEMES = 6
_N_QUOTES = 2
_N_QUOTES_OF_REST = 4


@dataclass(frozen=True)
class VoiceTheme:
    """Clients' words on one theme."""

    label: str
    n: Markup
    quotes: tuple[QuoteView, ...]


@dataclass(frozen=True)
class ClientVoices:
    """How many reports let the client speak, and on what."""

    n: Markup
    percent: str
    themes: tuple[VoiceTheme, ...]


def client_voices(
    material: Material, words: Catalogue, links: Links, taken: set[str]
) -> ClientVoices:
    """Write the section of the clients' voice.

    A sentence belongs to the theme it carries most strongly, among the themes its report is
    counted under. Sentences without a theme, and those of themes that are not shown, come last
    under one heading.
    """
    segments = material.tables.segments
    mine = segments["report_id"].isin(material.now_ids) & segments["client_voice"].astype(bool)
    spoken = segments[mine]
    strongest = _strongest(material, set(spoken["segment_id"]))
    sentences: dict[str, list[str]] = {}
    for segment_id in spoken["segment_id"]:
        if segment_id in strongest:
            sentences.setdefault(strongest[segment_id][0], []).append(segment_id)
    report_of = dict(zip(spoken["segment_id"], spoken["report_id"], strict=True))
    sizes = {t: len({report_of[i] for i in ids}) for t, ids in sentences.items()}
    pool = material.quotable[material.quotable["client_voice"]]
    themes: list[VoiceTheme] = []
    shown: set[str] = set()

    def add(label: str, mine: Sequence[str], quotes: tuple[Quote, ...]) -> None:
        n = links.amount((report_of[i] for i in mine), f"{words('toc.voices')}: {label}")
        themes.append(VoiceTheme(label, n, views(quotes, links)))
        shown.update(mine)

    for theme_id in sorted(sizes, key=lambda t: (-sizes[t], t)):
        scores = {i: strongest[i][1] for i in sentences[theme_id]}
        quotes = choose(pool, scores, _N_QUOTES, taken) if len(themes) < _MAX_THEMES else ()
        if quotes:
            add(material.theme_label(theme_id), sentences[theme_id], quotes)
    rest = [i for i in spoken["segment_id"] if i not in shown]
    if rest:
        unquoted = [i for i in rest if i in set(pool["segment_id"])]
        central = centrality(unquoted, material.words)
        add(str(words("voices.rest")), rest, choose(pool, central, _N_QUOTES_OF_REST, taken))
    ids = list(dict.fromkeys(spoken["report_id"]))
    n = links.amount(ids, str(words("toc.voices")))
    return ClientVoices(n, words.percent(len(ids), material.n_now), tuple(themes))


def _strongest(material: Material, segment_ids: set[str]) -> dict[str, tuple[str, float]]:
    """Return the theme each sentence carries most strongly, with its score."""
    table = material.tables.segment_themes
    table = table[table["segment_id"].isin(segment_ids)]
    themes = material.themes
    counted = set(zip(themes["report_id"], themes["value"], strict=True))
    segments = material.tables.segments
    report_of = dict(zip(segments["segment_id"], segments["report_id"], strict=True))
    best: dict[str, tuple[str, float]] = {}
    columns = [table[name] for name in ("segment_id", "theme_id", "score")]
    for segment_id, theme_id, score in zip(*columns, strict=True):
        if (report_of[segment_id], theme_id) not in counted:
            continue
        if segment_id not in best or (-score, theme_id) < (
            -best[segment_id][1],
            best[segment_id][0],
        ):
            best[segment_id] = (theme_id, float(score))
    return best
