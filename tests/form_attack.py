"""Random studies of topics and periods, and an attack on every form of their reports.

The attacker has one file, all files that several audiences were given, or those of two half-years
published one after the other. What is sought are pairs of a theme, topic or signal with a client
group or an area that 1 or 2 reports have and no file shows.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from form_reader import Told, read
from report_tables import THEMES, Frames, frame, make_frames, write
from scipy.optimize import linprog

from pipeline.report.quote_rulings import QuoteRulings

N_TOPICS, LEAST = 4, 3
THEN, NOW = "2024H1", "2024H2"
FORMS = ("report.html", "tables.xlsx", "deck.pptx", "report.docx", "units.html", "units.docx",
         "director.docx", "director.pptx", "public.html", "public.docx")  # fmt: skip
TABLES_ONLY = ("report.html", "tables.xlsx")
"""Forms that hold the reports themselves: their tables of numbers are attacked, not their texts."""
TOGETHER = {
    "units + public": ("units.html", "public.html"),
    "director + public": ("director.docx", "director.pptx", "public.html"),
    "units + director + public": ("units.html", "director.docx", "director.pptx", "public.html"),
    "all without ids": ("deck.pptx", "report.docx", "units.html", "director.docx", "public.html"),
}
LABELS = tuple(theme.capitalize() for theme in THEMES)
Pair = tuple[str, str]
_THEME = "|".join(LABELS)
_NAME = r"(?:nimi\d|nouseva)"
_NUMBER = r"\s?[:–—]?\s(\d+)\b"
_SIZE = rf"{_NUMBER} raportti"


def random_study(seed: int) -> Frames:
    """Make two periods of reports with themes, groups, areas, kinds, topics and a signal."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(30, 70))
    n_groups, n_areas = int(rng.integers(2, 6)), int(rng.integers(2, 6))
    is_single = bool(rng.integers(2))
    shares = rng.dirichlet(np.ones(len(THEMES)) * 0.7)

    def some(count: int) -> list[int]:
        k = 1 if is_single else int(rng.integers(1, 3))
        odds = 1.0 / np.arange(1, count + 1)
        chosen = rng.choice(count, min(k, count), replace=False, p=odds / odds.sum())
        return [int(j) for j in chosen]

    rows, topic_of = [], {}
    for i in range(n):
        theme = int(rng.choice(len(THEMES), p=shares))
        more = [] if is_single else [int(rng.integers(len(THEMES)))]
        topic = theme if rng.random() < 0.8 else int(rng.integers(N_TOPICS))
        if rng.random() < 0.9:
            topic_of[f"R-{i:03d}"] = topic
        rows.append({
            "id": f"R-{i:03d}", "period": THEN if rng.random() < 0.4 else NOW,
            "area": [f"Alue{j}" for j in some(n_areas)],
            "client_groups": [f"ryhma{j}" for j in some(n_groups)],
            "themes": [THEMES[t] for t in dict.fromkeys([theme, *more])],
            "text": f"Perhe tarvitsi asunnon ja jonotti apua kaupungilla {'q' * (i + 4)}.",
        })  # fmt: skip
    said = rng.choice(["havainto", "hyva-kaytanto", "ehdotus"], size=n)
    kinds = {str(row["id"]): str(kind) for row, kind in zip(rows, said, strict=True)}
    return with_topics(rows, topic_of, kinds)


def with_topics(
    rows: list[dict[str, Any]], topic_of: dict[str, int], kinds: dict[str, str]
) -> Frames:
    """Make the tables of reports with the topics they are in and one signal."""
    frames = make_frames(rows)
    ids = {row["id"] for row in rows}
    members = {t: [i for i, topic in topic_of.items() if topic == t and i in ids]
               for t in range(N_TOPICS)}  # fmt: skip
    main = [(i, f"T-{t}") for t, held in members.items() for i in held]
    now = {row["id"] for row in rows if row["period"] == max(r["period"] for r in rows)}
    risen = max(members, key=lambda t: len(members[t]))
    signal = members[risen][: max(3, len(members[risen]) // 3)]
    said = frames["segment_kinds"].copy()
    said["kind"] = [kinds[s.split("/")[0]] for s in said["segment_id"]]
    counts = [sum(i in now for i in signal)]
    if len({row["period"] for row in rows}) > 1:
        counts.insert(0, len(signal) - counts[0])
    return frames | {
        "segment_kinds": said,
        "topics": frame("topics", (
            {"topic_id": f"T-{t}", "topic_no": t, "label": f"nimi{t}", "terms": ["asunto"],
             "stability": 0.8, "n_reports": len(held)} for t, held in members.items() if held)),
        "report_topics": frame("report_topics", (
            {"report_id": i, "topic_id": t, "weight": 0.9, "is_main": True} for i, t in main)),
        "segment_topics": frame("segment_topics", (
            {"segment_id": f"{i}/observation/000", "topic_id": t, "weight": 0.9}
            for i, t in main)),
        "topic_themes": frame("topic_themes", (
            {"topic_id": f"T-{t}", "theme_id": theme, "relation": "broad", "weight": 0.9,
             "ci_low": 0.5, "ci_high": 1.0} for t, theme in enumerate(THEMES) if members[t])),
        "signals": frame("signals", [
            {"signal_id": "S-1", "rank": 1, "status": "emerging", "strength": "watch",
             "label": "nouseva", "report_ids": signal, "counts": counts,
             "p_value": 0.01, "q_value": 0.08, "p_max": 0.1, "ci_low": 0.2, "ci_high": 0.9,
             "n_areas": 1, "n_client_groups": 1, "candidate_id": None, "topic_id": f"T-{risen}",
             "theme_ids": []}]),
    }  # fmt: skip


def earlier(frames: Frames) -> Frames:
    """Return the study as it was half a year ago, before the newer period's reports had come."""
    reports = frames["reports"]
    held = reports[reports["period"] == THEN]
    themes = frames["report_themes"]
    held_themes = themes[themes["assigned"]].groupby("report_id")["theme_id"].agg(list)
    texts = frames["segments"].set_index("report_id")["text"]
    rows = [
        {"id": i, "period": THEN, "area": area, "client_groups": groups,
         "themes": held_themes[i], "text": texts[i]}
        for i, area, groups in held[["report_id", "area", "client_groups"]].to_numpy()
    ]  # fmt: skip
    main = frames["report_topics"]
    topic_of = {i: int(t[2:]) for i, t in zip(main["report_id"], main["topic_id"], strict=True)}
    said = frames["segment_kinds"]
    kinds = {s.split("/")[0]: k for s, k in zip(said["segment_id"], said["kind"], strict=True)}
    return with_topics(rows, topic_of, kinds)


@dataclass
class Margins:
    """The numbers a reader finds: of topics, groups, areas, themes, and of pairs of them.

    ``past`` are pairs of the period before, ``under`` the names each quotation stands under,
    ``rest`` the most that a group or area can have which a table leaves out.
    """

    topics: dict[str, int] = field(default_factory=dict)
    n_areas: dict[str, int] = field(default_factory=dict)
    groups: dict[str, int] = field(default_factory=dict)
    areas: dict[str, int] = field(default_factory=dict)
    themes: dict[str, int] = field(default_factory=dict)
    pairs: dict[Pair, int] = field(default_factory=dict)
    most: dict[Pair, int] = field(default_factory=dict)
    past: dict[Pair, int] = field(default_factory=dict)
    under: dict[int, set[str]] = field(default_factory=dict)
    rest: dict[str, int] = field(default_factory=dict)


def joined(parts: Iterable[Margins]) -> Margins:
    """Put together what several files say of one period."""
    made = Margins()
    for part in parts:
        for name in ("topics", "n_areas", "groups", "areas", "themes", "pairs", "most", "past"):
            getattr(made, name).update(getattr(part, name))
        for kind, most in part.rest.items():
            made.rest[kind] = min(most, made.rest.get(kind, most))
        for quote, names in part.under.items():
            made.under.setdefault(quote, set()).update(names)
    return made


def margins(told: Told) -> Margins:
    """Find the numbers of a file, and under which names each quotation stands."""
    found, before = Margins(), ("", "")
    for title, line in told.lines:
        over = re.match(rf"(?:\d+\. )?(ryhma\d|Alue\d|{_NAME}|{_THEME})\b", title)
        head = over[1] if over else ""
        if sized := re.match(rf"(ryhma\d){_NUMBER}", title):
            found.groups[sized[1]] = int(sized[2])
        if sized := re.match(rf"(Alue\d){_NUMBER}", title):
            found.areas[sized[1]] = int(sized[2])
            if themed := re.match(rf"({_THEME}){_SIZE}", line):
                found.pairs[themed[1], sized[1]] = int(themed[2])
        named = re.match(rf"({_NAME}){_SIZE}", line)
        if named:
            _read_line(found, head, named[1], int(named[2]), line)
        for run in re.findall(r"\bq{4,}\b", line):
            near = named[1] if named else before[1] if before[0] == title else ""
            found.under.setdefault(len(run) - 4, set()).update(filter(None, (head, near)))
        if line:
            before = title, named[1] if named else ""
        if crossed := re.match(r"(\w+) × (ryhma\d|Alue\d): (\d+)$", line):
            found.pairs[crossed[1], crossed[2]] = int(crossed[3])
    _read_tables(told, found)
    return found


def _read_line(found: Margins, head: str, name: str, n: int, line: str) -> None:
    """Read the line of a topic or signal: how many reports it has of the part it stands in."""
    earlier_n = re.search(r"jaksolla (\d+)", line)
    if head.startswith("ryhma"):
        found.pairs[name, head] = n
        if earlier_n:
            found.past[name, head] = int(earlier_n[1])
    elif head in LABELS:
        found.pairs[head, name] = n
    else:
        found.topics[name] = n
        if areas := re.search(r"raporttia? (\d+) aluee", line):
            found.n_areas[name] = int(areas[1])


def _read_tables(told: Told, found: Margins) -> None:
    """Find the numbers of the tables: sizes, and the cells of cross tables with their limits."""
    head: tuple[str, ...] = ()
    for row in told.rows:
        if not row or not re.fullmatch(rf"ryhma\d|Alue\d|{_THEME}", row[0]):
            head = row
        elif head and re.fullmatch(r"ryhma\d|Alue\d", head[-1]):
            for name, cell in zip(head[1:], row[1:], strict=True):
                if cell.isdigit():
                    found.pairs[row[0], name] = int(cell)
                elif cell.startswith("<"):
                    found.most[row[0], name] = LEAST - 1
        elif len(row) > 2 and (number := _number_of(row)):
            is_theme, is_area = row[0] in LABELS, row[0].startswith("Alue")
            sizes = found.themes if is_theme else found.areas if is_area else found.groups
            sizes[row[0]] = int(number)
            kind = row[0].rstrip("0123456789")
            found.rest[kind] = min(int(number), found.rest.get(kind, int(number)))


def _number_of(row: Sequence[str]) -> str:
    """Return the newest count of a row of counts with shares; empty when it has none."""
    if row[1].isdigit() and "%" in row[2]:
        return row[1]
    cells = [cell for cell in row[1:] if re.match(r"\d+ \d+(?:,\d)? %", cell)]
    return cells[-1].split()[0] if cells else ""


@dataclass
class Leaks:
    """What an attacker works out of pairs of 1 up to the limit that no file shows.

    ``n_read`` numbers were read: an attack that reads none finds nothing. ``by_sizes`` follow from
    the numbers of single things alone, which are published as they are.
    """

    n_small: int = 0
    n_read: int = 0
    linked: list[Pair] = field(default_factory=list)
    by_areas: list[Pair] = field(default_factory=list)
    positive: list[Pair] = field(default_factory=list)
    exact: list[Pair] = field(default_factory=list)
    told_later: list[Pair] = field(default_factory=list)
    by_sizes: list[Pair] = field(default_factory=list)

    @property
    def n(self) -> int:
        """How many are given away."""
        given = (self.linked, self.by_areas, self.positive, self.exact, self.told_later)
        return sum(len(one) for one in given)


def attack(
    found: Margins, truth: dict[Pair, int], n_now: int, *, is_single: bool, later: Margins
) -> Leaks:
    """Work out small pairs by quotations, numbers of areas, later reports, and all numbers."""
    small = {pair for pair, n in truth.items() if 0 < n < LEAST and pair not in found.pairs}
    held = (found.topics, found.groups, found.areas, found.themes, found.pairs)
    leaks = Leaks(len(small), sum(len(one) for one in held))
    leaks.told_later = sorted(pair for pair in small if pair in later.past)
    for names in found.under.values():
        leaks.linked += [(a, b) for a in names for b in names if (a, b) in small]
    areas = {b for _, b in truth if b.startswith("Alue")}
    is_whole = areas <= set(found.areas)  # of areas that are not listed nothing is known
    for name, n_areas in found.n_areas.items():
        for area in found.areas if is_whole else ():
            others = sorted((n for one, n in found.areas.items() if one != area), reverse=True)
            is_sure = len(others) < n_areas or sum(others[:n_areas]) < found.topics[name]
            if is_sure and (name, area) in small:
                leaks.by_areas.append((name, area))
    for values in (found.groups, found.areas):
        if values and (found.topics or found.themes):
            kind = next(iter(values)).rstrip("0123456789")
            left_out = sorted({b for _, b in truth if b.startswith(kind)} - set(values))
            unlisted = dict.fromkeys(left_out, found.rest.get(kind, n_now))
            equations = _Equations(found, n_now, values=values, unlisted=unlisted,
                                   is_single=is_single)  # fmt: skip
            _solve(equations, small, leaks)
            if not is_single:
                _bound_rows(found, unlisted | values, small, leaks)
    return leaks


def _bound_rows(found: Margins, most: dict[str, int], small: set[Pair], leaks: Leaks) -> None:
    """Bound the pairs of each theme where a report may have several groups or areas.

    The cells of a theme add up to its total or more, and none is above what `most` says of the
    group or area.
    """
    for theme, n in found.themes.items():
        wide = {v: min(n, m) for v, m in most.items()}
        tight = {v: found.pairs.get((theme, v), min(m, found.most.get((theme, v), m)))
                 for v, m in wide.items()}  # fmt: skip
        for v in sorted(most):
            least = n - sum(tight.values()) + tight[v]
            if (theme, v) not in small or least < 1:
                continue
            is_of_sizes = n - sum(wide.values()) + wide[v] >= 1
            given = leaks.exact if least == tight[v] else leaks.positive
            (leaks.by_sizes if is_of_sizes else given).append((theme, v))


class _Equations:
    """What the numbers say of the reports of each theme, topic and group or area.

    Where a report may have several values the cells of a row add up to its total or more. A list
    need not be whole: of groups or areas it leaves out, the attacker knows the names and the most
    they can have: no more than the smallest of a table, which is in order of size.
    """

    def __init__(
        self, found: Margins, n_now: int, *,
        values: dict[str, int], unlisted: dict[str, int], is_single: bool,
    ) -> None:  # fmt: skip
        topics = [name for name in found.topics if name != "nouseva"]
        kinds = ([*found.themes, ""], [*topics, ""], [*values, *unlisted, ""])
        self.cells = [(t, k, v) for t in kinds[0] for k in kinds[1] for v in kinds[2]]
        self.names = {name for name in topics + list(found.themes) * is_single if name}
        self.values = {*values, *unlisted}
        sizes = {**found.themes, **{k: found.topics[k] for k in topics}}
        self.of_sizes: list[tuple[np.ndarray, int]] = []
        self.at_least: list[tuple[np.ndarray, int]] = []
        pairs = {p: n for p, n in found.pairs.items() if self.line(*p).any()}
        self.of_pairs = [(self.line(*p), n) for p, n in pairs.items()]
        self.limits: list[tuple[np.ndarray, int]] = []
        if is_single:
            self.of_sizes = [(self.line(a), n) for a, n in (*sizes.items(), *values.items())]
            self.of_sizes.append((self.line(), n_now))
            self.at_least = [(-self.line(v), -n) for v, n in unlisted.items()]
            for kind, is_whole in ((0, sum(found.themes.values()) == n_now), (2, True)):
                if is_whole:
                    none = np.array([float(not cell[kind]) for cell in self.cells])
                    self.of_sizes.append((none, 0))
            most = {p: n for p, n in found.most.items() if self.line(*p).any()}
            self.limits = [(-self.line(*p), -n) for p, n in most.items()]
        else:
            in_some = np.array([float(bool(cell[2])) for cell in self.cells])
            self.at_least = [(self.line(k) * in_some, found.topics[k]) for k in topics]
            self.of_pairs = [(self.line(*p), n) for p, n in pairs.items()
                             if p[0] in topics and p[1] in self.values]  # fmt: skip
            if topics:
                in_topic = np.array([float(bool(cell[1])) for cell in self.cells])
                sizes = unlisted | values
                self.at_least += [(-self.line(v) * in_topic, -n) for v, n in sizes.items()]

    def line(self, *wanted: str) -> np.ndarray:
        """Return the cells that have all of some names, as ones."""
        return np.array([float(set(wanted) <= set(cell)) for cell in self.cells])


def _solve(equations: _Equations, small: set[Pair], leaks: Leaks) -> None:
    """Bound every small pair by all numbers at once."""
    shown = equations.of_sizes + equations.of_pairs
    limits = equations.at_least + equations.limits
    for pair in sorted(small):
        if pair[1] not in equations.values or pair[0] not in equations.names:
            continue
        goal = equations.line(*pair)
        low = _extreme(goal, shown, limits)
        if low < 1 - 1e-6:
            continue
        if _extreme(goal, equations.of_sizes, equations.at_least) >= 1 - 1e-6:
            leaks.by_sizes.append(pair)
        elif round(-_extreme(-goal, shown, limits)) == round(low):
            leaks.exact.append(pair)
        else:
            leaks.positive.append(pair)


def _extreme(
    goal: np.ndarray, equal: list[tuple[np.ndarray, int]], least: list[tuple[np.ndarray, int]]
) -> float:
    """Return the smallest value of a sum of cells."""
    given: dict[str, Any] = {}
    if equal:
        given |= {"A_eq": np.array([a for a, _ in equal]), "b_eq": [b for _, b in equal]}
    if least:
        given |= {"A_ub": -np.array([a for a, _ in least]), "b_ub": [-b for _, b in least]}
    answer = linprog(goal, method="highs", **given)
    if answer.status == 3:
        return -np.inf
    assert answer.status == 0, answer.message
    return float(answer.fun)


def truth_of(frames: Frames, period: str) -> dict[Pair, int]:
    """Count the reports of a period by theme, topic or signal and group or area."""
    reports = frames["reports"]
    now = reports[reports["period"] == period].set_index("report_id")
    names: dict[str, list[str]] = {i: [] for i in now.index}
    themes = frames["report_themes"]
    for i, theme in themes.loc[themes["assigned"], ["report_id", "theme_id"]].to_numpy():
        if i in names:
            names[i].append(theme.capitalize())
    for i, topic in frames["report_topics"][["report_id", "topic_id"]].to_numpy():
        if i in names:
            names[i].append(f"nimi{topic[2:]}")
    for i in frames["signals"]["report_ids"].iloc[0]:
        if i in names:
            names[i].append("nouseva")
    of = {i: (*groups, *areas) for i, groups, areas in zip(
        now.index, now["client_groups"], now["area"], strict=True)}  # fmt: skip
    return dict(Counter(
        (name, value) for i, held in names.items() for name in held
        for value in of[i]
    ))  # fmt: skip


def _is_single(frames: Frames) -> bool:
    """Tell whether every report has one theme, one group and one area, which a form may say."""
    reports, themes = frames["reports"], frames["report_themes"]
    per_report = themes[themes["assigned"]].groupby("report_id").size()
    held = [reports[column].map(len) for column in ("client_groups", "area")]
    return bool((per_report == 1).all()) and all((n == 1).all() for n in held)


def _told(frames: Frames, period: str) -> dict[str, Margins]:
    """Make every form of a study, every other sentence approved, and read it."""
    pinned = frozenset(frames["segments"]["segment_id"].iloc[::2])
    files = write(frames, rulings=QuoteRulings(pinned=pinned),
                  audiences=("units", "director", "public"))  # fmt: skip
    held = {}
    for name in FORMS:
        told = read(name, files[name], period)
        held[name] = margins(Told([], told.rows) if name in TABLES_ONLY else told)
    return held


def attacked(seed: int) -> dict[str, Leaks]:
    """Attack every form of a random study, forms held together, and two half-years in a row."""
    frames = random_study(seed)
    before = earlier(frames)
    now, then = _told(frames, NOW), _told(before, THEN)
    found: dict[str, Leaks] = {}
    for held, of, period, tail in ((now, frames, NOW, ""), (then, before, THEN, ", then")):
        reports = of["reports"]
        truth, n_now = truth_of(of, period), int((reports["period"] == period).sum())
        later = joined(now.values()) if tail else Margins()
        wholes = {name: joined(held[one] for one in names) for name, names in TOGETHER.items()}
        parts = wholes if tail else held | wholes
        for name, part in parts.items():
            found[name + tail] = attack(part, truth, n_now, is_single=_is_single(of), later=later)
    return found
