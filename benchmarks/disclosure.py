"""Attack the reports of random studies: how many small numbers can be worked out of what they show.

Run ``python benchmarks/disclosure.py [--n 100] [--first 1000] [--deck]``. The attacker of
``tests/form_attack.py`` reads every form as its reader would: the tables of the page and of the
workbook, the deck with its notes and charts, the Word text, and the files of every audience. He
looks at each alone, at those that several audiences hold together, and at the reports of two
half-years published one after the other. He knows whether a report has one theme, one group and
one area, and the names of all groups and areas, and solves a linear programme for the smallest and
largest count of each pair of a theme, topic or signal with a client group or an area that no file
shows; where a report may have several themes, a theme's cells are bounded by its size. ``--deck``
adds the older attack on the cross tables of the deck alone (``tests/deck_attack.py``).
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import deck_attack
import form_attack

COUNTED = ("exact", "positive", "linked", "by_areas", "told_later", "by_sizes")


def counts_of(leaks: form_attack.Leaks) -> Counter[str]:
    """Return the small pairs of one attack, and how many of them each way gave away."""
    held = {way: len(getattr(leaks, way)) for way in COUNTED}
    return Counter({"small": leaks.n_small, **held})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=100, help="random studies")
    parser.add_argument("--first", type=int, default=1000, help="first seed")
    parser.add_argument("--deck", action="store_true", help="attack the deck's cross tables too")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    seeds = range(args.first, args.first + args.n)
    totals: dict[str, Counter[str]] = defaultdict(Counter)
    for seed in seeds:
        for form, leaks in form_attack.attacked(seed).items():
            totals[form] += counts_of(leaks)
    if args.json:
        print(json.dumps({form: dict(held) for form, held in totals.items()}))
        return
    print(f"{args.n} studies", *COUNTED, sep="\t")
    for form, held in totals.items():
        print(f"{form}: {held['small']} small", *(held[way] for way in COUNTED), sep="\t")
    if args.deck:
        found = [deck_attack.attacked(seed) for seed in seeds]
        print(f"cross tables of the deck: {sum(one.n_hidden for one in found)} hidden cells, "
              f"{sum(len(one.exact) for one in found)} worked out exactly, "
              f"{sum(len(one.positive) for one in found)} small ones shown to be 1 or more, "
              f"{sum(len(one.needed) for one in found)} needed to make up a row")  # fmt: skip


if __name__ == "__main__":
    main()
