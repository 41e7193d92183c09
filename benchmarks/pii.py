"""Measure how much personal data the pseudonymise stage removes, and what it touches in vain.

Run ``python benchmarks/pii.py [--data corpora/jarvimaa] [--json]``. Two peers run beside it on the
same texts: spaCy's Finnish NER alone, and plain regular expressions of the kind found in scripts.
A planted string counts as removed only when every letter and digit of it is gone.
"""

import argparse
import csv
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd
from pii_sentences import CONTROLS, make_sentences
from python_calamine import CalamineWorkbook

from pipeline.frames import each_row
from pipeline.pseudonymise.levels import Level
from pipeline.pseudonymise.lists import PiiLists
from pipeline.pseudonymise.persons import VoikkoPersonFinder
from pipeline.pseudonymise.pseudonymise import FIELDS, PseudonymiseConfig, key_table

Ranges = list[tuple[int, int]]

N_SENTENCES = 300
SEED = 20241231
COLUMNS = {
    "report_id": "Vastausnumero",
    "area": "Mitä aluetta",
    "observation": "Kuvaa havaintosi",
    "proposal": "Ehdotuksesi ratkaisuksi",
}
PLAIN_PATTERNS = re.compile(
    r"\b\d{6}[-+A]\d{3}[0-9A-Z]\b|\b0\d{1,2}[ -]?\d{3}[ -]?\d{3,4}\b|[\w.]+@[\w.]+\w|FI\d{16}"
    r"|\b[A-ZÅÄÖ]{3}-\d{1,3}\b|\b\w+(?:katu|tie|kuja|polku) \d+(?: [A-Z] \d+)?"
    r"|\b[A-ZÅÄÖ][a-zåäö]+ [A-ZÅÄÖ][a-zåäö]+(?:-[A-ZÅÄÖ][a-zåäö]+)?\b"
)


@dataclass(frozen=True)
class Report:
    """The texts of one report with what is planted in each, as (start, end, kind)."""

    texts: tuple[str, ...]
    gold: tuple[tuple[tuple[int, int, str], ...], ...]
    area: tuple[str, ...] = ()


def one_text(text: str, gold: tuple[tuple[int, int, str], ...] = ()) -> Report:
    return Report((text, ""), (gold, ()))


def havainto(reports: Sequence[Report], level: Level = "recall") -> list[list[Ranges]]:
    """Run the stage itself at a level and return what it replaced in each field."""
    raw = pd.DataFrame(
        {
            "report_id": [f"B-{i}" for i in range(len(reports))],
            "area": [list(report.area) for report in reports],
            "observation": [report.texts[0] for report in reports],
            "proposal": [report.texts[1] for report in reports],
            "reporter_id": "",
            "unit": "",
        }
    )
    key = key_table(
        raw,
        PseudonymiseConfig(level=level),
        person_finder=VoikkoPersonFinder(),
        pii_lists=PiiLists(),
        secret=b"benchmark",
    )
    found: dict[tuple[str, str], Ranges] = defaultdict(list)
    for row in each_row(key):
        found[row.report_id, row.field].append((row.raw_start, row.raw_end))
    return [[found[report_id, field] for field in FIELDS] for report_id in raw["report_id"]]


def spacy_alone(reports: Sequence[Report]) -> list[list[Ranges]]:
    import spacy

    nlp = spacy.load("spacy_fi_experimental_web_md")
    docs = iter(nlp.pipe(text for report in reports for text in report.texts))
    return [
        [
            [(e.start_char, e.end_char) for e in next(docs).ents if e.label_ == "PERSON"]
            for _ in report.texts
        ]
        for report in reports
    ]


def presidio(reports: Sequence[Report]) -> list[list[Ranges]]:
    """Find what Presidio finds with its recognisers for Finnish and the same spaCy model."""
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import NlpEngineProvider
    from presidio_analyzer.predefined_recognizers import FiPersonalIdentityCodeRecognizer

    model = {"lang_code": "fi", "model_name": "spacy_fi_experimental_web_md"}
    engine = NlpEngineProvider(
        nlp_configuration={"nlp_engine_name": "spacy", "models": [model]}
    ).create_engine()
    registry = RecognizerRegistry(supported_languages=["fi"])
    registry.load_predefined_recognizers(languages=["fi"], nlp_engine=engine)
    # Off in its default list, and the reason why a Finn would take Presidio.
    registry.add_recognizer(FiPersonalIdentityCodeRecognizer(supported_language="fi"))
    analyzer = AnalyzerEngine(nlp_engine=engine, registry=registry, supported_languages=["fi"])
    # Places and days stay in a report that is to be read; all that tells of a person goes.
    wanted = [
        name
        for name in analyzer.get_supported_entities(language="fi")
        if name not in ("LOCATION", "DATE_TIME", "NRP", "URL", "ORGANIZATION")
    ]
    return [
        [
            [(f.start, f.end) for f in analyzer.analyze(text, language="fi", entities=wanted)]
            for text in report.texts
        ]
        for report in reports
    ]


def regex_alone(reports: Sequence[Report]) -> list[list[Ranges]]:
    return [
        [[m.span() for m in PLAIN_PATTERNS.finditer(text)] for text in report.texts]
        for report in reports
    ]


FINDERS: dict[str, Callable[[Sequence[Report]], list[list[Ranges]]]] = {
    "havainto": havainto,
    "havainto balanced": partial(havainto, level="balanced"),
    "havainto precision": partial(havainto, level="precision"),
    "spaCy NER": spacy_alone,
    "regex": regex_alone,
}


def read_corpus(data: Path) -> list[Report]:
    """Read the reports of the demo export and what is planted in them."""
    gold: dict[tuple[str, str], list[tuple[int, int, str]]] = defaultdict(list)
    with (data / "gold_pii.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            span = (int(row["start"]), int(row["end"]), row["kind"])
            gold[row["report_id"], row["field"]].append(span)
    rows = CalamineWorkbook.from_path(str(next(data.glob("*.xlsx")))).get_sheet_by_index(0)
    table = rows.to_python()
    top = next(i for i, row in enumerate(table) if COLUMNS["report_id"] in row)
    at = {
        name: next(i for i, cell in enumerate(table[top]) if str(cell).startswith(header))
        for name, header in COLUMNS.items()
    }
    reports = []
    for cells in table[top + 1 :]:
        report_id = str(cells[at["report_id"]])
        if report_id:
            planted = tuple(tuple(gold.pop((report_id, field), ())) for field in FIELDS)
            area = tuple(name.strip() for name in re.split("[;,]", str(cells[at["area"]])))
            reports.append(Report(tuple(str(cells[at[f]]) for f in FIELDS), planted, area))
    if gold:
        raise SystemExit(f"{len(gold)} planted fields of {data} have no report.")
    return reports


def covered_and_planted(
    report: Report, ranges: list[Ranges]
) -> Iterator[tuple[str, set[int], tuple[tuple[int, int, str], ...]]]:
    """Yield each text with the letters and digits that were replaced, and what is planted."""
    for text, found, gold in zip(report.texts, ranges, report.gold, strict=True):
        covered = {i for low, high in found for i in range(low, high) if text[i].isalnum()}
        yield text, covered, gold


def measure(reports: Sequence[Report], ranges: list[list[Ranges]]) -> dict[str, tuple[int, int]]:
    """Return (removed, planted) by kind, and (touched, all) of what should not be touched."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for report, found in zip(reports, ranges, strict=True):
        is_clean = not any(report.gold)
        is_touched = False
        for text, covered, gold in covered_and_planted(report, found):
            for start, end, kind in gold:
                letters = {i for i in range(start, end) if text[i].isalnum()}
                counts[kind][0] += letters <= covered
                counts[kind][1] += 1
            planted = {i for start, end, _ in gold for i in range(start, end)}
            is_touched |= bool(covered - planted)
        label = "(clean reports touched)" if is_clean else "(other words touched)"
        counts[label][0] += is_touched
        counts[label][1] += 1
    return {kind: (n, of) for kind, (n, of) in sorted(counts.items())}


def misses(reports: Sequence[Report]) -> Iterator[str]:
    """Yield what was missed or touched in vain, for reading; invented texts only."""
    for report, found in zip(reports, havainto(reports), strict=True):
        for text, covered, gold in covered_and_planted(report, found):
            for start, end, kind in gold:
                if not {i for i in range(start, end) if text[i].isalnum()} <= covered:
                    yield f"missed  {kind}: {text[start:end]} | {text}"
            planted = {i for start, end, _ in gold for i in range(start, end)}
            if covered - planted:
                yield f"touched {''.join(text[i] for i in sorted(covered - planted))} | {text}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("corpora/jarvimaa"))
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument(
        "--presidio",
        action="store_true",
        help="measure Presidio too (pip install --no-deps presidio-analyzer tldextract)",
    )
    parser.add_argument("--json", action="store_true", help="print the counts as JSON")
    parser.add_argument("--misses", action="store_true", help="print what was missed, and stop")
    args = parser.parse_args()
    made = make_sentences(N_SENTENCES, args.seed)
    sets = {
        "demo corpus": read_corpus(args.data),
        f"{N_SENTENCES} Faker sentences": [one_text(s.text, s.gold) for s in made],
        f"{len(CONTROLS)} tempting sentences": [one_text(text) for text in CONTROLS],
    }
    if args.misses:
        print("\n".join(line for reports in sets.values() for line in misses(reports)))
        return
    finders = FINDERS | ({"Presidio": presidio} if args.presidio else {})
    results = {
        title: {name: measure(reports, find(reports)) for name, find in finders.items()}
        for title, reports in sets.items()
    }
    if args.json:
        print(json.dumps(results, ensure_ascii=False, indent=1))
        return
    for title, by_finder in results.items():
        print(f"\n{title}\n{'':26}" + "".join(f"{name:>20}" for name in by_finder))
        for kind in by_finder["havainto"]:
            cells = (
                f"{n} / {of}  {n / of:6.1%}" for n, of in (r[kind] for r in by_finder.values())
            )
            print(f"{kind:26}" + "".join(f"{cell:>20}" for cell in cells))


if __name__ == "__main__":
    main()
