"""A workbench that is killed under load has lost no ruling that it confirmed."""

import os
import random
import signal
import subprocess
import sys
import threading
import time

import httpx
import pytest
from workbench_study import copied

from pipeline.review.decisions_file import read_decisions
from pipeline.review.log import CsvLog

NURSERY = """
import os
import sys
from pathlib import Path
import uvicorn
from pipeline.commands.settings import study_settings
from pipeline.commands.workbench import listen
from pipeline.study import Study
from pipeline.workbench.app import make_app
from pipeline.workbench.desk import Desk
from pipeline.workbench.guard import Keys


def serve():
    study = Study(Path(sys.argv[1]))
    desk = Desk(study, study_settings(study), "Maija")
    listener = listen(0)
    keys = Keys(listener.getsockname()[1])
    print(os.getpid(), listener.getsockname()[1], keys.token, *desk.places, flush=True)
    config = uvicorn.Config(make_app(desk, keys), log_level="critical", lifespan="off")
    uvicorn.Server(config).run(sockets=[listener])


for _ in sys.stdin:
    child = os.fork()
    if child == 0:
        serve()
        os._exit(0)
    os.waitpid(child, 0)
"""
"""A process that has imported all, and at each line it is sent starts a workbench of its own."""
N_KILLS = int(os.environ.get("HAVAINTO_KILLS", "4"))
"""How often the workbench is killed; 100 is what ``make check`` leaves to a person to wait for."""


def load(
    url: str, token: str, reports: list[str], confirmed: list[str], rng: random.Random
) -> None:
    """Send memos and rulings as fast as they are answered, until the server is gone."""
    with httpx.Client(base_url=url, headers={"sec-fetch-site": "same-origin"}) as client:
        try:
            client.get("/", params={"token": token})
            while True:
                name = f"muistio-{len(confirmed)}-{rng.random()}"
                fields = {"id": rng.choice(reports), "laji": "havainto", "teksti": name}
                if client.post("/muistio", data=fields).status_code == 303:
                    confirmed.append(name)
        except httpx.TransportError:
            return


@pytest.mark.slow
def test_no_confirmed_ruling_is_lost_at_a_kill(finished_study, tmp_path) -> None:
    study = copied(finished_study, tmp_path / "study")
    rng = random.Random(7)
    confirmed: list[str] = []
    command = [sys.executable, "-W", "ignore", "-c", NURSERY, str(study.root)]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as nursery:
        for _ in range(N_KILLS):
            kill_one(nursery, study, confirmed, rng)
    assert len(confirmed) > N_KILLS


def kill_one(nursery, study, confirmed: list[str], rng: random.Random) -> None:
    """Start a workbench, kill it under load, and look for what it confirmed."""
    nursery.stdin.write("\n")
    nursery.stdin.flush()
    server, port, token, *reports = nursery.stdout.readline().split()
    url = f"http://127.0.0.1:{port}"
    sender = threading.Thread(target=load, args=(url, token, reports, confirmed, rng))
    sender.start()
    n_before, end = len(confirmed), time.monotonic() + 10
    while len(confirmed) == n_before and time.monotonic() < end:
        time.sleep(0.002)
    time.sleep(rng.uniform(0, 0.3))
    os.kill(int(server), signal.SIGKILL)
    sender.join()
    CsvLog(study.human).since(0)  # whoever opens the log finishes what was begun
    held = read_decisions(study.human)
    assert set(confirmed) <= set(held["memo"])
    assert held["decision_id"].is_unique
