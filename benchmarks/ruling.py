"""Time from one new ruling to the new report, everything else cached.

    python benchmarks/ruling.py [--study DIR] [--copies N]

Without a study the demo's export is run first, with hashing vectors; ``--copies`` writes its texts
so many times, each with a number of its own (42 for 10,000 reports). Three rulings follow: a theme
accepted in a report that nobody has read, which changes counts alone; a report read, which teaches
too; and a topic renamed. Prints wall and CPU seconds of ``havainto run`` after each, the load of
the machine, and the seconds of each stage that ran.
"""

import argparse
import csv
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from demo_run import EXPORT, HAVAINTO, keep_compiled, measure

from pipeline.artifacts import Store
from pipeline.frames import each_row
from pipeline.review.log import CsvLog
from pipeline.study import Study, create_study

SETTINGS = '[embed]\nencoder = "hashing"\n'


def make_study(root: Path, n_copies: int) -> Study:
    """Run the demo's reports once, or so many times over."""
    study = create_study(root)
    config = (Path(__file__).parents[1] / "configs" / "jarvimaa.toml").read_text(encoding="utf-8")
    lines = [line for line in config.splitlines() if "encoder" not in line]
    study.settings_file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if n_copies == 1:
        study.add_input(EXPORT)
        subprocess.run([HAVAINTO, "run", str(root), "--set", "embed.encoder=hashing"], check=True)
        study.settings_file.write_text("\n".join(lines) + "\n" + SETTINGS, encoding="utf-8")
        return study
    small = make_study(root.with_name("small"), 1)
    reports = Store(small).read("reports")
    study.settings_file.write_text(SETTINGS, encoding="utf-8")
    columns = ("report_id", "date", "area", "client_groups", "valence", "observation", "proposal")
    with (study.inputs / "raportit.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        for copy in range(n_copies):
            for row in each_row(reports[list(columns)]):
                given = row._asdict()
                given["report_id"] = f"{row.report_id}-{copy}"
                given["observation"] = f"{row.observation} Tapaus {copy} kirjattiin."
                cells = [given[name] for name in columns]
                writer.writerow([";".join(c) if isinstance(c, list) else c for c in cells])
    subprocess.run([HAVAINTO, "run", str(root)], check=True)
    return study


def main() -> None:
    """Rule three times and time the run after each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--study", type=Path, help="a study that is finished; it is copied")
    parser.add_argument("--copies", type=int, default=1)
    given = parser.parse_args()
    keep_compiled()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "study"
        if given.study:
            shutil.copytree(given.study, root)
            study = Study(root)
            subprocess.run([HAVAINTO, "run", str(root)], check=True)
        else:
            study = make_study(root, given.copies)
        store = Store(study)
        report = str(store.read("reports")["report_id"].iloc[-1])
        topic = str(store.read("topics")["topic_id"].iloc[0])
        on = {"target_table": "report_themes", "target_id": report, "verdict": "accept"}
        rulings = {
            "a count": [on | {"theme_id": "yksinaisyys"}],
            "a reading": [
                on | {"theme_id": "asuminen"},
                {"target_table": "reports", "target_id": report, "verdict": "read"},
            ],
            "a name": [{"target_table": "topics", "target_id": topic, "verdict": "change",
                        "new_value": "Uusi nimi"}],
        }  # fmt: skip
        print(f"{len(store.read('reports')):,} reports, load {os.getloadavg()[0]:.1f}")
        for what, rows in rulings.items():
            before = times(study)
            CsvLog(study.human).append([row | {"coder": "Mittaaja"} for row in rows])
            wall, cpu, peak = measure([HAVAINTO, "run", str(root)])
            ran = {
                stage: s for stage, (made, s) in times(study).items() if before[stage][0] != made
            }
            told = ", ".join(f"{stage} {seconds:.1f}" for stage, seconds in ran.items())
            print(f"{what:10} {wall:6.1f} s wall {cpu:6.1f} s CPU {peak:6.0f} MB  ran: {told}")


def times(study: Study) -> dict[str, tuple[str, float]]:
    """Return when each stage ran last and how long it took."""
    manifests = [json.loads(p.read_text()) for p in sorted(study.tables.glob("*.json"))]
    return {m["stage"]: (m["made_at"], m["seconds"]) for m in manifests}


if __name__ == "__main__":
    main()
