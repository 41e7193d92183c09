"""Find the settings, taxonomies and weights that travel with the code."""

from importlib.resources import files
from pathlib import Path

from pipeline.errors import ResourceError


def shipped(*parts: str) -> Path:
    """Return the path of a file or folder shipped under ``configs/`` or ``models/``.

    In an installed wheel these folders lie inside the package; in a checkout they lie beside it.

    Parameters
    ----------
    *parts : str
        Path below the project, such as ``"configs", "taxonomy", "sosiaalinen-raportointi"``.

    Returns
    -------
    Path

    Raises
    ------
    ResourceError
        When neither place has it.
    """
    package = Path(str(files("pipeline")))
    for root in (package, package.parent):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise ResourceError(
        "{parts} is missing from the installation. Install havainto again.", parts="/".join(parts)
    )
