"""Measure how many made-up form exports are understood at the first try, without a hand.

    python benchmarks/form_mutations.py [--forms 200] [--seed 11]

Every form draws its wordings, choices, order of questions and language from lists and is laid out
as one of twelve tools exports it (``form_layouts.py``). It is *right* when every report has the
areas, groups, valence, themes, texts, unit, writer and day that were put in, *asked* when each
field that is not right is named among the doubts, and *silent* when one is not.
"""

import argparse
import random
import tempfile
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

from form_layouts import KEEPS_TYPED, LAYOUTS, Form, Layout, draw_form

from pipeline.frames import each_row
from pipeline.ingest.ingest import IngestConfig, ingest
from pipeline.ingest.preview import inspect_file, study_toml
from pipeline.taxonomy.model import Taxonomy
from pipeline.taxonomy.read import find_taxonomy, load_taxonomy

LANGUAGES = ("fi", "fi", "fi", "sv", "en")
LISTS = {
    "area": "area_other",
    "client_groups": "client_groups_other",
    "themes_ticked": "themes_other",
}


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--forms", type=int, default=200)
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args()
    taxonomy = load_taxonomy(find_taxonomy("sosiaalinen-raportointi"))
    tally: dict[str, Counter[str]] = {layout.__name__: Counter() for layout in LAYOUTS}
    for number in range(options.forms):
        layout = LAYOUTS[number % len(LAYOUTS)]
        rng = random.Random(options.seed * 100_000 + number)
        form = draw_form(rng, rng.choice(LANGUAGES))
        verdict, wrong = judge(form, layout, taxonomy)
        tally[layout.__name__][verdict] += 1
        if verdict != "right":
            print(f"form {number}, {layout.__name__}, {form.lang}: {verdict}: {sorted(wrong)}")
    print("| layout | right | asked | silent |\n|---|---|---|---|")
    total: Counter[str] = Counter()
    for name, counts in tally.items():
        total += counts
        print(f"| {name} | {counts['right']} | {counts['asked']} | {counts['silent']} |")
    print(f"| all {options.forms} | {total['right']} | {total['asked']} | {total['silent']} |")


def judge(form: Form, layout: Layout, taxonomy: Taxonomy) -> tuple[str, set[str]]:
    """Return ``right``, ``asked`` or ``silent`` for one form, and the fields that are wrong."""
    with tempfile.TemporaryDirectory() as folder:
        path = layout(form, Path(folder))
        preview = inspect_file(path, taxonomy)
        settings = tomllib.loads(study_toml(preview)).get("ingest", {})
        config = IngestConfig.model_validate(settings)
        reports = ingest([path], config, secret=bytes(32), taxonomy=taxonomy)[0]
    told = [row._asdict() for row in each_row(reports)]
    wrong = wrong_fields(form, told, has_typed=layout in KEEPS_TYPED)
    asked = {doubt.field for doubt in preview.guess.doubts}
    if not wrong:
        return "right", wrong
    owners = {typed: field for field, typed in LISTS.items()}
    return ("asked" if {owners.get(f, f) for f in wrong} <= asked else "silent"), wrong


def wrong_fields(form: Form, reports: list[dict[str, Any]], *, has_typed: bool) -> set[str]:
    """Return the fields in which some report differs from what was put in."""
    by_text = {report["observation"]: report for report in reports}
    wrong: set[str] = set()
    for given in form.reports:
        got = by_text.get(given["observation"])
        if got is None:
            return {"observation"}
        wanted: dict[str, Any] = {
            "proposal": given["proposal"],
            "valence": form.choices["valence"][given["valence"][0]],
            "unit": given["unit"] if "unit" in form.order else "",
            "date": given["date"] if "date" in form.order else given["day"].date(),
        }
        if "reporter_id" in form.order:
            wanted["reporter_id"] = given["reporter_id"]
        wrong |= {name for name, value in wanted.items() if got[name] != value}
        for name, typed in LISTS.items():
            labels = given[name] if name in form.order else []
            if sorted(got[name]) != sorted(form.choices[name][label] for label in labels):
                wrong.add(name)
            if has_typed and name in form.order and got[typed] != given[f"{name}_other"]:
                wrong.add(typed)
    return wrong


if __name__ == "__main__":
    main()
