"""How quick the workbench is: start, key to the next page, and 40,000 made-up reports.

    python benchmarks/workbench.py --study demo --reports 40000

Copies a finished study, and makes a large one of it by drawing sentences of its reports anew (the
tables that the workbench reads are written straight; no stage runs). Answers are timed in this
process, from the request to the last byte.
"""

import argparse
import json
import random
import shutil
import statistics
import tempfile
import time
from pathlib import Path

import anyio
import httpx
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.artifacts import Store, sha256_file
from pipeline.commands.settings import study_settings
from pipeline.study import Study
from pipeline.workbench.app import make_app
from pipeline.workbench.desk import Desk
from pipeline.workbench.generation import READS
from pipeline.workbench.guard import Keys
from pipeline.workbench.index import report_of

OWN = {"sec-fetch-site": "same-origin"}
N_KEYS, N_TIMES = 40, 9


def seconds(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def enlarged(study: Study, folder: Path, n_reports: int, seed: int) -> Study:
    """Make a study of many reports: each has the sentences of one drawn report, under a new id."""
    rng = random.Random(seed)
    large = Study(folder)
    for part in (large.inputs, large.human, large.tables):
        part.mkdir(parents=True)
    shutil.copy(study.secret_file, large.secret_file)
    if study.settings_file.exists():
        shutil.copy(study.settings_file, large.settings_file)
    old, new = Store(study), Store(large)
    ids = old.read("reports")["report_id"].tolist()
    drawn = pd.DataFrame({"old": [rng.choice(ids) for _ in range(n_reports)]})
    drawn["new"] = [f"S-{n:06d}" for n in range(n_reports)]
    for name in (name for name in READS if old.manifest(name) is not None):
        table = redrawn(pq.read_table(old.path(name)), drawn, name)
        pq.write_table(table, new.path(name), compression="zstd")
        output = {
            "rows": table.num_rows,
            "bytes": new.path(name).stat().st_size,
            "sha256": sha256_file(new.path(name)),
        }
        made_at = "2026-01-01T00:00:00+00:00"
        own = {"output": output, "inputs": {}, "made_at": made_at}
        new.write_manifest(name, {**(old.manifest(name) or {}), **own})
    return large


def redrawn(table: pa.Table, drawn: pd.DataFrame, name: str) -> pa.Table:
    """Return the rows of the drawn reports, once a draw, under the reports' new ids."""
    column = next((c for c in ("report_id", "segment_id") if c in table.column_names), None)
    if column is None or name in ("embeddings", "report_embeddings", "pii_spans"):
        return table
    held = table.column(column).to_pylist()
    keys = held if column == "report_id" else [report_of(one) for one in held]
    rows = pd.DataFrame({"old": keys, "row": range(len(keys))})
    joined = drawn.merge(rows, on="old").sort_values(["new", "row"])
    found = table.take(pa.array(joined["row"]))
    for name_of in ("report_id", "segment_id"):
        if name_of in found.column_names:
            new = joined["new"].tolist()
            if name_of == "segment_id":
                olds = found.column(name_of).to_pylist()
                new = [f"{a}/{b.split('/', 1)[1]}" for a, b in zip(new, olds, strict=True)]
            place = found.column_names.index(name_of)
            found = found.set_column(place, name_of, pa.array(new, pa.string()))
    return found


class Client:
    """Ask the workbench in this process."""

    def __init__(self, desk: Desk) -> None:
        self.keys = Keys(80)
        self.app = make_app(desk, self.keys)
        self.cookies: dict[str, str] = {}
        self.ask("GET", f"/?token={self.keys.token}")

    def ask(self, method: str, path: str, data=None) -> httpx.Response:
        """Send one request and follow where it leads."""

        async def go() -> httpx.Response:
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(self.app),
                base_url="http://localhost",
                cookies=self.cookies,
                follow_redirects=True,
            ) as client:
                answer = await client.request(method, path, data=data, headers=OWN)
                self.cookies.update(client.cookies)
                return answer

        return anyio.run(go)


def measured(study: Study) -> dict[str, float]:
    """Return the seconds of each thing a person waits for."""
    first = seconds(lambda: Desk(study, study_settings(study), "A"))
    start = seconds(lambda: Desk(study, study_settings(study), "A"))
    desk = Desk(study, study_settings(study), "A")
    client = Client(desk)
    found = {"index and start": first, "start with a current index": start}
    for name, path in (
        ("first page of the grid", "/raportit"),
        ("grid, filtered by period", f"/raportit?jakso={max(desk.periods)}"),
        ("grid, hardest first", "/raportit?sort=vaikein"),
    ):
        desk.cache.clear()
        found[name + ", counts not cached"] = seconds(lambda p=path: client.ask("GET", p))
        times = [seconds(lambda p=path: client.ask("GET", p)) for _ in range(N_TIMES)]
        found[name] = statistics.median(times)
    client.ask("GET", "/raportit?haku=vuokra")
    from pipeline.workbench.search import parse
    from pipeline.workbench.views import listing, read_view

    times = []
    for word in ("asunto", "jono", "koulu", '"ei ole"', "velka -vuokra"):
        view = read_view(f"haku={word}")
        desk.lemmatiser.analyse(word)
        times.append(
            seconds(lambda v=view: listing(desk.index, v, parse(v.query, desk.lemmatiser), 50))
        )
    found["search, found and counted (slowest of 5)"] = max(times)
    found["search, whole page"] = seconds(lambda: client.ask("GET", "/raportit?haku=asunto"))
    keys = []
    page = client.ask("GET", "/jono?jono=")
    for _ in range(N_KEYS):
        text = page.text.split('id="ruling"', 1)[1]
        report_id, basis = (
            text.split(f'name="{n}" value="', 1)[1].split('"', 1)[0] for n in ("id", "basis")
        )
        data = {"id": report_id, "jono": "", "do": "confirm", "basis": basis.replace("&#34;", '"')}
        begin = time.perf_counter()
        page = client.ask("POST", "/ratkaise", data)
        keys.append(time.perf_counter() - begin)
    found["key to the next page, p95"] = sorted(keys)[int(0.95 * len(keys)) - 1]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--study", type=Path, required=True, help="a finished study, such as demo")
    parser.add_argument("--reports", type=int, default=40_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        small = Study(Path(folder) / "small")
        shutil.copytree(given.study, small.root)
        shutil.rmtree(small.cache / "workbench", ignore_errors=True)
        rows = {f"{len(Store(small).read('reports'))} reports": measured(small)}
        large = enlarged(small, Path(folder) / "large", given.reports, given.seed)
        rows[f"{given.reports} reports"] = measured(large)
        size = next((large.cache / "workbench").glob("*/index.sqlite")).stat().st_size
    names = list(rows)
    print(f"| seconds | {' | '.join(names)} |\n|---|{'--:|' * len(names)}")
    for what in rows[names[0]]:
        print(f"| {what} | {' | '.join(f'{rows[name][what]:.3f}' for name in names)} |")
    print(json.dumps({"index MB": round(size / 1e6, 1)}))


if __name__ == "__main__":
    main()
