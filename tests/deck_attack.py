"""Attack a deck: work out its hidden cells from all that its slides and notes show."""

import re
from dataclasses import dataclass

import numpy as np
from deck_reader import notes, opened
from report_tables import Frames, deck, make_frames
from scipy.optimize import linprog

from pipeline.report.catalogue import load_catalogue

TABLES = {"Teemat asiakasryhmittäin": "Raportit asiakasryhmittäin",
          "Teemat alueittain": "Raportit alueittain"}  # fmt: skip
THEME_TOTALS = "Raportit teemoittain"
LEAST = 3


@dataclass
class Findings:
    """What the attacker worked out of hidden cells: how many there are, and which.

    ``positive`` are small ones (1 up to the limit) told from nought by an attacker who knows that
    rows and columns add up; ``needed`` are hidden ones of any size without which a row cannot.
    """

    n_hidden: int
    exact: list[tuple[str, str]]
    positive: list[tuple[str, str]]
    needed: list[tuple[str, str]]


def random_study(seed: int) -> Frames:
    """Make reports of few or many groups, one or several to a report."""
    rng = np.random.default_rng(seed)
    n, n_groups, n_areas = (
        int(rng.integers(12, 60)),
        int(rng.integers(2, 6)),
        int(rng.integers(2, 6)),
    )
    is_single = bool(rng.integers(2))
    shares = rng.dirichlet(np.ones(3) * 0.7)

    def some(count: int, name: str) -> list[str]:
        k = 1 if is_single else int(rng.integers(1, 3))
        return [f"{name}{j}" for j in rng.choice(count, size=min(k, count), replace=False)]

    themes = np.array(["asuminen", "toimeentulo", "palvelut"])

    def pair() -> list[str]:
        return [str(t) for t in rng.choice(themes, size=int(rng.integers(1, 3)), replace=False)]

    return make_frames(
        [
            {
                "id": f"R-{i:03d}",
                "period": "2024H2",
                "area": [f"Alue {a[4:]}" for a in some(n_areas, "alue")],
                "client_groups": some(n_groups, "ryhma"),
                "themes": [str(rng.choice(themes, p=shares))]
                if is_single
                else [
                    str(t) for t in rng.choice(themes, size=int(rng.integers(1, 3)), replace=False)
                ],
                "text": f"Perhe numero {i} tarvitsi asunnon ja jonotti pitkään apua kaupungilla.",
            }
            for i in range(n)
        ]
    )


def attack(made: bytes, truth: dict[tuple[str, str], int], *, is_single: bool) -> Findings:
    """Solve for every hidden cell of a deck's cross tables.

    Parameters
    ----------
    made : bytes
    truth : dict of (theme, group or area) to int
        To tell the small cells from those withheld for their sake; the attacker has it not.
    is_single : bool
        What the attacker knows of the form: each report has one theme and one group.
    """
    slides = [(s.shapes.title.text, s) for s in opened(made).slides]
    grids: dict[str, list[list[list[str]]]] = {}
    for title, slide in slides:
        for shape in slide.shapes:
            if shape.has_table:
                rows = [[cell.text for cell in row.cells] for row in shape.table.rows]
                grids.setdefault(re.sub(r"(?:: n ja %)?(?: \(.*\))?$", "", title), []).append(rows)
    listed = {
        title.split(": ")[0]: "\n".join(s.text_frame.text for s in slide.shapes if s.has_text_frame)
        for title, slide in slides
    }
    told = "\n".join(notes(slide) for _, slide in slides)
    found = Findings(0, [], [], [])
    for title, margin in TABLES.items():
        for grid in grids.get(title, ()):
            _solve(grid, _totals(grids, THEME_TOTALS), _totals(grids, margin), listed, told,
                   found, truth, is_single=is_single)  # fmt: skip
    return found


def _totals(grids: dict[str, list[list[list[str]]]], title: str) -> dict[str, int]:
    """Return the sizes that a table of counts shows, by name."""
    return {
        row[0]: int(re.sub(r"\D", "", row[1]) or 0)
        for key, tables in grids.items()
        if key.startswith(title)
        for rows in tables
        for row in rows[1:]
        if re.fullmatch(r"[\d\s\u00a0]+", row[1] or "")
    }


def _solve(
    grid: list[list[str]],
    themes: dict[str, int],
    groups: dict[str, int],
    listed: dict[str, str],
    told: str,
    found: Findings,
    truth: dict[tuple[str, str], int],
    *,
    is_single: bool,
) -> None:
    """Add what one table gives away to the findings."""
    columns, rows = grid[0][1:], [row for row in grid[1:] if row[0] in themes]
    cells = [
        (row[0], name, text) for row in rows for name, text in zip(columns, row[1:], strict=True)
    ]
    low, high, hidden = _bounds(cells, themes, groups, listed, told)
    sums, totals = [], []
    for axis, sizes in ((0, themes), (1, groups)):
        for name in dict.fromkeys(cell[axis] for cell in cells):
            if name in sizes:
                sums.append([1.0 if cell[axis] == name else 0.0 for cell in cells])
                totals.append(sizes[name])
    matrix, total = np.array(sums), np.array(totals)
    given = {"A_eq": matrix, "b_eq": total} if is_single else {"A_ub": -matrix, "b_ub": -total}
    found.n_hidden += len(hidden)
    for place in hidden:
        ends = []
        for sign in (1.0, -1.0):
            goal = np.zeros(len(cells))
            goal[place] = sign
            answer = linprog(
                goal, bounds=list(zip(low, high, strict=True)), method="highs", **given
            )
            ends.append(round(float(answer.x[place])) if answer.x is not None else None)
        pair = cells[place][:2]
        is_small = 0 < truth.get(pair, 0) < LEAST
        if is_small and ends[0] is not None and ends[0] >= 1:
            found.positive.append(pair)
        if ends[0] is not None and ends[0] == ends[1] and ends[0] > 0:
            found.exact.append(pair)
        row = [k for k, cell in enumerate(cells) if cell[0] == pair[0] and k != place]
        others = sum(high[k] for k in row)
        could_be = sum(min(themes[pair[0]], groups.get(cells[k][1], 10**6)) for k in row)
        if others < themes[pair[0]] <= could_be:
            found.needed.append(pair)


def _bounds(
    cells: list[tuple[str, str, str]],
    themes: dict[str, int],
    groups: dict[str, int],
    listed: dict[str, str],
    told: str,
) -> tuple[list[int], list[int], list[int]]:
    """Return the smallest and largest each cell can be by itself, and which are hidden."""
    low: list[int] = []
    high: list[int] = []
    hidden: list[int] = []
    for place, (theme, group, text) in enumerate(cells):
        top = min(themes[theme], groups.get(group, 10**6))
        if re.fullmatch(r"\d+", text):
            low.append(int(text))
            high.append(int(text))
            continue
        hidden.append(place)
        stated = re.search(rf"{re.escape(theme)} × {re.escape(group)}: (\d+)", told)
        is_named = re.search(rf"^{re.escape(theme)}\b", listed.get(group, ""), re.MULTILINE)
        low.append(int(stated[1]) if stated else int(bool(is_named)))
        high.append(min(top, LEAST - 1) if text.startswith("<") else top)
    return low, high, hidden


def attacked(seed: int) -> Findings:
    """Make a random study's deck and attack it."""
    assert load_catalogue("fi")("themes.heat_title") in TABLES
    frames = random_study(seed)
    is_single = all(len(groups) == 1 for groups in frames["reports"]["client_groups"])
    is_single = is_single and all(len(areas) == 1 for areas in frames["reports"]["area"])
    counts = frames["report_themes"]
    n_themes = counts[counts["assigned"]].groupby("report_id").size()
    return attack(deck(frames), _truth(frames), is_single=is_single and bool((n_themes == 1).all()))


def _truth(frames: Frames) -> dict[tuple[str, str], int]:
    """Count the cells of both cross tables, by the names the deck shows."""
    held = frames["report_themes"]
    held = held[held["assigned"]].merge(frames["reports"], on="report_id")
    counts: dict[tuple[str, str], int] = {}
    for theme, groups, areas in zip(
        held["theme_id"], held["client_groups"], held["area"], strict=True
    ):
        for name in (*groups, *areas):
            counts[theme.capitalize(), name] = counts.get((theme.capitalize(), name), 0) + 1
    return counts
