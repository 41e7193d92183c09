"""``havainto workbench``: open the workbench of a study in the browser."""

import getpass
import socket
import webbrowser
from pathlib import Path

from rich.console import Console

from pipeline.commands.settings import study_settings
from pipeline.errors import ConfigError
from pipeline.human.lock import synced_service
from pipeline.study import open_study

HOST = "127.0.0.1"
DEFAULT_PORT = 8765


def open_workbench(
    path: Path, *, coder: str, is_blind: bool, port: int | None, opens_browser: bool
) -> None:
    """Serve the workbench of a study until it is interrupted.

    Parameters
    ----------
    path : Path
        Folder of the study.
    coder : str
        Who rules; the name of the account when empty.
    is_blind : bool
        Show neither suggestions nor other coders' rulings.
    port : int or None
        Port to listen on; None takes 8765, or any free one when that is taken.
    opens_browser : bool

    Raises
    ------
    PipelineError
        When the study has no finished run, or the port is taken.
    """
    import uvicorn

    from pipeline.workbench.app import make_app
    from pipeline.workbench.desk import Desk
    from pipeline.workbench.guard import Keys

    study = open_study(path)
    desk = Desk(study, study_settings(study), coder.strip() or getpass.getuser(), is_blind=is_blind)
    listener = listen(port)
    keys = Keys(listener.getsockname()[1])
    url = f"http://{HOST}:{listener.getsockname()[1]}/?token={keys.token}"
    console = Console(highlight=False, soft_wrap=True)
    words = desk.words
    service = synced_service(study.root)
    if service:
        console.print(str(words("command.synced", service=service)), markup=False)
    for line in ("coder", "open", "used", "stop"):
        console.print(str(words(f"command.{line}", url=url, coder=desk.coder)), markup=False)
    server = uvicorn.Server(
        uvicorn.Config(make_app(desk, keys), log_level="critical", access_log=False, lifespan="off")
    )
    if opens_browser:
        webbrowser.open(url)
    try:
        server.run(sockets=[listener])
    finally:
        desk.runner.stop()


def listen(port: int | None) -> socket.socket:
    """Listen on the loopback address."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, DEFAULT_PORT if port is None else port))
    except OSError as err:
        if port is not None:
            listener.close()
            raise ConfigError(
                "--port {port} is taken. Give another, or leave --port out.", port=port
            ) from err
        listener.bind((HOST, 0))
    listener.listen(64)
    return listener
