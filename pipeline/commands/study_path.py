"""The argument that nearly every command begins with."""

from pathlib import Path
from typing import Annotated

import typer

StudyPath = Annotated[Path, typer.Argument(help="Folder of the study.", show_default=False)]
