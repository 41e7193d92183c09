"""Tell whether a study still is what was archived of it."""

from rich.console import Console

from pipeline.errors import ArtifactError
from pipeline.exchange.archive.state import archived_states, state_of
from pipeline.needs import Supply
from pipeline.speech import say
from pipeline.taxonomy.needs import TAXONOMY


def show_archived(supply: Supply, console: Console) -> None:
    """Print a line for the newest archived state; none when the study was never archived."""
    states = archived_states(supply.study)
    if not states:
        return
    newest = states[-1]
    at = str(newest["at"])[:10]
    parts = newest["parts"]
    try:
        now = state_of(supply.store, supply.settings, supply.value(TAXONOMY))
        changed = now.differs_in(parts if isinstance(parts, dict) else {})
    except ArtifactError:
        changed = ["outputs"]
    words = {
        "inputs": say("inputs"),
        "settings": say("settings"),
        "taxonomy": say("taxonomy"),
        "log": say("rulings"),
        "human": say("other files of human/"),
        "outputs": say("results"),
    }
    if changed:
        listed = ", ".join(words[name] for name in changed)
        console.print(
            say("Archived {at}; changed since: {parts}", at=at, parts=listed), markup=False
        )
        return
    sha256 = str(newest["sha256"])[:12]
    console.print(say("Archived {at}; unchanged since ({sha256}…)", at=at, sha256=sha256))
