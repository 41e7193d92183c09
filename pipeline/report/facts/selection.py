"""Which signals, themes, client groups, topics and spoken sentences the report shows, in order."""

from dataclasses import dataclass

import pandas as pd

from pipeline.report.material import Material, Row

VOICES_OF_THEME = 2
VOICES_OF_REST = 4
MAX_VOICE_THEMES = 6


@dataclass(frozen=True)
class Listed:
    """Signals of the list that nobody rejected: those with evidence, and the candidates."""

    evident: pd.DataFrame
    unsure: pd.DataFrame


def listed_signals(material: Material) -> Listed:
    """Return the listed signals by rank; one that a person accepted counts as evident."""
    signals = material.signals
    held = signals[(signals["ruling"] != "reject") & signals["rank"].notna()].sort_values("rank")
    is_evident = (held["strength"] != "candidate") | (held["ruling"] == "accept")
    return Listed(held[is_evident], held[~is_evident])


def key_themes(material: Material) -> list[str]:
    """Return the largest themes of the period, largest first."""
    table = material.theme_table
    table = table[table["n"] > 0].head(material.config.n_key_themes)
    return [str(theme_id) for theme_id in table["value"]]


def theme_reports(material: Material, theme_id: str) -> list[str]:
    """Return this period's reports counted under a theme."""
    themes = material.themes
    mine = (themes["value"] == theme_id) & (themes["period"] == material.period)
    return list(themes.loc[mine, "report_id"])


def client_groups(material: Material) -> dict[str, list[str]]:
    """Return this period's reports of each client group, largest group first."""
    members = material.members("client_groups")
    members = members[(members["period"] == material.period) & (members["value"] != "")]
    sizes = members["value"].value_counts()
    names = sorted(sizes.index, key=lambda value: (-int(sizes[value]), value))
    return {str(name): list(members.loc[members["value"] == name, "report_id"]) for name in names}


@dataclass(frozen=True)
class RankedTopics:
    """Topics with members, those with most members in this period first.

    What hangs together loosely (:attr:`~pipeline.report.material.Material.firm_topics`) has no card
    and stands after the others.

    Attributes
    ----------
    shown, rest : tuple of dict
        Rows of ``topics``: those with a card, and the others.
    n_now : int
        Topics with members in this period.
    members : dict of str to list of str
        Members of each topic, up to this period.
    """

    shown: tuple[Row, ...]
    rest: tuple[Row, ...]
    n_now: int
    members: dict[str, list[str]]


def ranked_topics(material: Material) -> RankedTopics:
    """Order the topics that nobody rejected."""
    members = material.topic_members
    n_now = {t: sum(i in material.now_ids for i in ids) for t, ids in members.items()}
    gone = material.topics["ruling"] == "reject"
    rows = material.topics[~gone & material.topics["topic_id"].isin(set(members))]
    firm = material.firm_topics
    ranked = sorted(
        rows.to_dict("records"),
        key=lambda row: (
            row["topic_id"] not in firm,
            -n_now[row["topic_id"]],
            -len(members[row["topic_id"]]),
            row["topic_id"],
        ),
    )
    alive = [row for row in ranked if n_now[row["topic_id"]]]
    shown = [row for row in alive if row["topic_id"] in firm][: material.config.n_topic_cards]
    rest = [row for row in ranked if row not in shown]
    return RankedTopics(tuple(shown), tuple(rest), len(alive), members)


@dataclass(frozen=True)
class Spoken:
    """Sentences of the period in which a client speaks or is reported.

    Attributes
    ----------
    report_of : dict of str to str
        Report of each such sentence, in reading order.
    by_theme : dict of str to dict of str to float
        Score of each sentence under the theme it carries most strongly, among the themes its
        report is counted under; the theme of most reports first.
    """

    report_of: dict[str, str]
    by_theme: dict[str, dict[str, float]]


def spoken_sentences(material: Material) -> Spoken:
    """Gather the sentences of the clients' voice by theme."""
    segments = material.tables.segments
    mine = segments["report_id"].isin(material.now_ids) & segments["client_voice"].astype(bool)
    spoken = segments[mine]
    report_of = dict(zip(spoken["segment_id"], spoken["report_id"], strict=True))
    strongest = _strongest(material, set(report_of))
    sentences: dict[str, dict[str, float]] = {}
    for segment_id in report_of:
        if segment_id in strongest:
            theme_id, score = strongest[segment_id]
            sentences.setdefault(theme_id, {})[segment_id] = score
    sizes = {t: len({report_of[i] for i in ids}) for t, ids in sentences.items()}
    order = sorted(sizes, key=lambda t: (-sizes[t], t))
    return Spoken(report_of, {theme_id: sentences[theme_id] for theme_id in order})


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
