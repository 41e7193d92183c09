"""Keep every version of a study's taxonomy: codings and decisions refer to them."""

import re
from pathlib import Path

from pipeline.taxonomy.model import Taxonomy
from pipeline.taxonomy.read import load_taxonomy
from pipeline.taxonomy.save import save_taxonomy

FOLDER = "versions"


def keep_version(taxonomy: Taxonomy, folder: Path) -> Path:
    """Write a version into ``versions/`` of a taxonomy folder, unless it is there already.

    Parameters
    ----------
    taxonomy : Taxonomy
    folder : Path
        The study's taxonomy folder.

    Returns
    -------
    Path
        ``versions/NAME-VERSION``; with the start of the content's hash behind it where that name
        holds other content. It can be used as a taxonomy as it is.
    """
    name = re.sub(r"[^\w.-]+", "-", f"{taxonomy.name}-{taxonomy.version}")
    for kept in (name, f"{name}-{taxonomy.sha256[:8]}"):
        path = folder / FOLDER / kept
        if not path.exists():
            save_taxonomy(taxonomy, path)
            return path
        if load_taxonomy(path).sha256 == taxonomy.sha256:
            return path
    return path
