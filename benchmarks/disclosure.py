"""Attack the decks of random studies: how many hidden cells can be worked out of what they show.

Run ``python benchmarks/disclosure.py [--n 100]``. The attacker of ``tests/deck_attack.py`` reads
every slide and note, knows whether a report has one theme and one group, and solves a linear
programme for the smallest and largest count of each hidden cell.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from deck_attack import attacked


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=100, help="random studies")
    parser.add_argument("--first", type=int, default=1000, help="first seed")
    args = parser.parse_args()
    found = [attacked(seed) for seed in range(args.first, args.first + args.n)]
    n_hidden = sum(one.n_hidden for one in found)
    n_exact = sum(len(one.exact) for one in found)
    n_positive = sum(len(one.positive) for one in found)
    print(f"{args.n} studies, {n_hidden} hidden cells: {n_exact} worked out exactly, "
          f"{n_positive} small ones shown to be 1 or more, "
          f"{sum(len(one.needed) for one in found)} needed to make up a row")  # fmt: skip


if __name__ == "__main__":
    main()
