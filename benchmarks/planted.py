"""Measure what the pseudonymise stage removes, kind by kind, in sentences meant to slip past it.

Run ``python benchmarks/planted.py [--half developed|unseen|all] [--json]``. The sentences are
``planted_sentences.csv``: invented persons and artificial identity codes (900 series). The part
``developed`` was read while the rules were written, the part ``unseen`` was written by somebody who
had not seen them: it is judged, and its failures are never listed. With
``--data DIR`` it reads ``planted_*.txt`` and ``clean_*.txt`` of a folder instead, one sentence a
line, ``{kind|text}`` around what is planted. Every level of the stage is measured, and the peers
of :mod:`pii` in the same run. A planted string counts as removed when every letter and digit of it
is gone; a clean sentence counts as touched when any is.
"""

import argparse
import csv
import json
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import pii

HALVES = ("developed", "unseen", "all")
SENTENCES = Path(__file__).with_name("planted_sentences.csv")
_PLANTED = re.compile(r"\{(?P<kind>\w+)\|(?P<text>[^}]*)\}")


def parse(line: str) -> pii.Report:
    """Take the marks out of a sentence and return it with what is planted in it."""
    text, at = "", 0
    gold: list[tuple[int, int, str]] = []
    for match in _PLANTED.finditer(line):
        text += line[at : match.start()].replace("\\n", "\n")
        planted = match["text"].replace("\\n", "\n")
        gold.append((len(text), len(text) + len(planted), match["kind"]))
        text += planted
        at = match.end()
    return pii.one_text(text + line[at:].replace("\\n", "\n"), tuple(gold))


def read_own(half: str) -> dict[str, list[pii.Report]]:
    """Read the sentences of a half, by the group they are counted in."""
    groups: dict[str, list[pii.Report]] = defaultdict(list)
    with SENTENCES.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if half in ("all", row["half"]):
                report = parse(row["text"])
                clean = "" if any(report.gold) else "clean "
                groups[f"{clean}{row['lang']}"].append(report)
    return groups


def read_folder(folder: Path) -> dict[str, list[pii.Report]]:
    """Read the sentences of a folder, one group a file."""
    groups = {}
    for path in sorted([*folder.glob("planted_*.txt"), *folder.glob("clean_*.txt")]):
        lines = path.read_text(encoding="utf-8").splitlines()
        groups[path.stem] = [parse(line) for line in lines if line and not line.startswith("#")]
    if not groups:
        raise SystemExit(f"{folder} holds no planted_*.txt or clean_*.txt.")
    return groups


def counts_of(
    groups: dict[str, list[pii.Report]], finder: str
) -> tuple[dict[str, tuple[int, int]], list[str]]:
    """Return (removed, planted) by kind with (touched, all) by clean group, and the failures."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    failures = []
    for group, reports in groups.items():
        for report, found in zip(reports, pii.FINDERS[finder](reports), strict=True):
            text, covered, gold = next(pii.covered_and_planted(report, found))
            for start, end, kind in gold:
                letters = {i for i in range(start, end) if text[i].isalnum()}
                counts[kind][0] += letters <= covered
                counts[kind][1] += 1
                if not letters <= covered:
                    failures.append(f"missed {kind}: {text[start:end]!r} in {text!r}")
            if not gold:
                counts[f"touched: {group}"][0] += bool(covered)
                counts[f"touched: {group}"][1] += 1
                if covered:
                    failures.append(f"touched in {text!r}")
    return {kind: (n, of) for kind, (n, of) in counts.items()}, failures


def with_totals(counts: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    """Add the sums over coded kinds, over names and over clean sentences."""

    def total(kinds: Sequence[str]) -> tuple[int, int]:
        return sum(counts[k][0] for k in kinds), sum(counts[k][1] for k in kinds)

    clean = [kind for kind in counts if kind.startswith("touched")]
    names = [kind for kind in counts if kind.startswith("nimi")]
    coded = [kind for kind in counts if kind not in (*clean, *names, "epasuora")]
    return {
        **counts,
        "ALL CODED": total(coded),
        "ALL NAMES": total(names),
        "ALL TOUCHED": total(clean),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=HALVES, default="all")
    parser.add_argument("--data", type=Path, help="a folder of planted_*.txt and clean_*.txt")
    parser.add_argument("--only", nargs="*", help="finders to run; all when left out")
    parser.add_argument("--presidio", action="store_true", help="also Presidio, where installed")
    parser.add_argument("--failures", action="store_true", help="list them; developed half only")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    if args.failures and not args.data and args.half != "developed":
        raise SystemExit("Failures are listed of the developed half only: --half developed.")
    groups = read_folder(args.data) if args.data else read_own(args.half)
    if not groups:
        raise SystemExit(f"{SENTENCES.name} has no sentence of the part {args.half!r}.")
    results = {}
    if args.presidio:
        pii.FINDERS["Presidio"] = pii.presidio
    for finder in args.only or pii.FINDERS:
        counts, failures = counts_of(groups, finder)
        results[finder] = with_totals(counts)
        if args.failures:
            print(*failures, sep="\n")
    if args.json:
        print(json.dumps(results, ensure_ascii=False, indent=2))
        return
    print(f"{'':24}", *(f"{finder:>22}" for finder in results))
    for kind in next(iter(results.values())):
        cells = (f"{n} of {of}" for n, of in (results[f][kind] for f in results))
        print(f"{kind:24}", *(f"{cell:>22}" for cell in cells))


if __name__ == "__main__":
    main()
