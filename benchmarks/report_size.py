"""Time and size of the report at 40, 240 and 40,000 reports, made of generated tables.

    python benchmarks/report_size.py [--n 40 240 40000]

Prints one line a size: seconds for all files (and of CPU, which tells more on a busy machine),
megabytes of each, and how long Chromium takes to open the page where Playwright has a browser.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from report_tables import frame, make_frames, write

WORDS = (
    "perhe asunto vuokra jono palvelu lääkäri apu koulu nuori päätös hakemus kotihoito raha "
    "työntekijä puhelin aika tulkki lapsi vanhus matka lomake tuki lasku kunta ryhmä velka"
).split()
AREAS = ("Lahti", "Heinola", "Hollola", "Asikkala", "Orimattila", "Padasjoki", "Kärkölä")
GROUPS = ("tyoikaiset", "lapset-nuoret-perheet", "vammaiset", "ikaantyneet", "paihde-riippuvuus")
THEMES = ("asuminen", "toimeentulo", "palvelut")


def generated(n: int):
    """Make the tables of n reports in six half-years, with topics and a few signals."""
    rng = random.Random(n)
    periods = ["2022H1", "2022H2", "2023H1", "2023H2", "2024H1", "2024H2"]
    rows = [
        {
            "id": f"R-{i:06d}",
            "period": periods[i * len(periods) // n],
            "text": " ".join(rng.choices(WORDS, k=rng.randint(12, 70))).capitalize() + ".",
            "area": [rng.choice(AREAS)],
            "client_groups": rng.sample(GROUPS, rng.randint(1, 2)),
            "themes": rng.sample(THEMES, rng.randint(1, 2)),
            "valence": rng.choice(("negatiivinen", "negatiivinen", "neutraali", "positiivinen")),
        }
        for i in range(n)
    ]
    frames = make_frames(rows)
    n_topics = max(3, min(n // 12, 120))
    topic_of = {row["id"]: f"T-{rng.randrange(n_topics)}" for row in rows}
    frames["topics"] = frame(
        "topics",
        (
            {"topic_id": f"T-{t}", "topic_no": t, "label": ", ".join(rng.sample(WORDS, 3)),
             "terms": rng.sample(WORDS, 8), "stability": rng.random(),
             "n_reports": sum(v == f"T-{t}" for v in topic_of.values())}
            for t in range(n_topics)
        ),
    )  # fmt: skip
    frames["report_topics"] = frame(
        "report_topics",
        ({"report_id": i, "topic_id": t, "weight": 0.8, "is_main": True}
         for i, t in topic_of.items()),
    )  # fmt: skip
    drawn = rng.sample([row["id"] for row in rows], min(n, 2000))
    frames["report_map"] = frame(
        "report_map", ({"report_id": i, "x": rng.random(), "y": rng.random()} for i in drawn)
    )
    return frames


def seconds_to_open(page: bytes) -> float | None:
    """Return how long Chromium takes from asking for the page to its load event."""
    from playwright.sync_api import Error, sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        file = Path(folder) / "report.html"
        file.write_bytes(page)
        try:
            browser = play.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
        except Error:
            return None
        start = time.perf_counter()
        browser.new_page().goto(file.as_uri(), wait_until="load")
        taken = time.perf_counter() - start
        browser.close()
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, nargs="+", default=[40, 240, 40_000])
    for n in parser.parse_args().n:
        frames = generated(n)
        start, began = time.perf_counter(), time.process_time()
        files = write(frames)
        taken, worked = time.perf_counter() - start, time.process_time() - began
        sizes = "  ".join(f"{name} {len(data) / 1e6:.2f} MB" for name, data in files.items())
        opened = seconds_to_open(files["report.html"])
        said = "no browser" if opened is None else f"opens in {opened:.1f} s"
        print(f"{n:>6} reports: {taken:6.1f} s ({worked:.1f} of CPU)  {sizes}  {said}")


if __name__ == "__main__":
    main()
