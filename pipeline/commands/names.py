"""``havainto names``: the words that may be names, for a person to settle once."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.table import Table

from pipeline.artifacts import Store
from pipeline.commands.settings import study_settings
from pipeline.errors import ArtifactError
from pipeline.needs import Supply
from pipeline.pseudonymise.lists import ALWAYS_FILE, NEVER_FILE, add_to_list
from pipeline.pseudonymise.name_queue import KEPT, REPLACED, dictionary_form
from pipeline.pseudonymise.needs import PERSON_FINDER, PII_LISTS
from pipeline.pseudonymise.pseudonymise import key_table
from pipeline.speech import Said, language, marked, say
from pipeline.study import open_study

_AROUND = 30
_HIDDEN = Said("(the raw text is purged)")
_VERDICTS = {REPLACED: Said("replaced"), KEPT: Said("kept")}


@dataclass(frozen=True)
class Waiting:
    """One uncertain word of a study.

    Attributes
    ----------
    word : str
        Its dictionary form; empty when only ``raw/`` held it and that is purged.
    verdict : str
        What the stage did: replaced or kept.
    n_places, n_reports : int
    score : float
        Highest of its places.
    example : str
        A place with a few words around it, from the safe text.
    """

    word: str
    verdict: str
    n_places: int
    n_reports: int
    score: float
    example: str


def settle_names(path: Path, always: Sequence[str], never: Sequence[str], limit: int) -> None:
    """Put words on the study's lists, or show which ones wait.

    Parameters
    ----------
    path : Path
    always, never : sequence of str
        Words that are always, or never, a person's name in this study.
    limit : int
        Most words to show.

    Raises
    ------
    ArtifactError
        When pseudonymise has not run, or a list could not be written.
    """
    study = open_study(path)
    console = Console(highlight=False, markup=False)
    if always or never:
        human = study.root / "human"
        n_always = add_to_list(human, ALWAYS_FILE, always)
        n_never = add_to_list(human, NEVER_FILE, never)
        console.print(
            say(
                "{n_always} new on human/{always_file}, {n_never} on human/{never_file}. "
                "Run: havainto run {path}",
                n_always=n_always,
                always_file=ALWAYS_FILE,
                n_never=n_never,
                never_file=NEVER_FILE,
                path=path,
            )
        )
        return
    store = Store(study)
    if not store.is_whole("name_queue"):
        raise ArtifactError(
            "The names of {path} are not searched yet. Run: havainto run {path}", path=path
        )
    waiting = waiting_names(store, Supply(store, study_settings(study)))
    if not waiting:
        console.print(say("No word waits for a ruling."))
        return
    table = Table(box=None, pad_edge=False)
    for title in marked("word", "now", "places", "reports", "score", "for example"):
        table.add_column(say(title), overflow="fold")
    for one in waiting[:limit]:
        numbers = (str(one.n_places), str(one.n_reports), f"{one.score:.2f}")
        table.add_row(
            one.word or _HIDDEN.in_language(language()),
            _VERDICTS[one.verdict].in_language(language()),
            *numbers,
            one.example,
        )
    console.print(table)
    if len(waiting) > limit:
        console.print(
            say("{n_waiting} more; see them with --limit.", n_waiting=len(waiting) - limit)
        )
    console.print(say("Settle them: havainto names STUDY --always WORD --never WORD (repeatable)."))


def waiting_names(store: Store, supply: Supply) -> list[Waiting]:
    """Return the uncertain words of a study, the most frequent first.

    Parameters
    ----------
    store : Store
    supply : Supply

    Returns
    -------
    list of Waiting
    """
    queue, reports = store.read("name_queue"), store.read("reports").set_index("report_id")
    originals = _originals(store, supply, queue)
    bases = supply.value(PERSON_FINDER).bases
    waiting = []
    for _, rows in queue.groupby(["word_id", "verdict"], sort=True):
        first = rows.iloc[0]
        text = str(reports.at[first.report_id, first.field])
        place = (first.report_id, first.field, first.start)
        word = originals.get(place, "")
        if first.verdict == KEPT:
            word = text[first.start : first.end]
        around = text[max(0, first.start - _AROUND) : first.end + _AROUND].replace("\n", " ")
        waiting.append(
            Waiting(
                dictionary_form(word, bases) if word else "",
                str(first.verdict),
                len(rows),
                rows["report_id"].nunique(),
                float(rows["score"].max()),
                around,
            )
        )
    return sorted(waiting, key=lambda one: (-one.n_reports, -one.n_places, one.word))


def _originals(
    store: Store, supply: Supply, queue: pd.DataFrame
) -> dict[tuple[str, str, int], str]:
    """Return what stood at the replaced places, by report, field and safe start."""
    replaced = queue[queue["verdict"] == REPLACED]
    if replaced.empty or not store.is_whole("raw_reports"):
        return {}
    raw = store.read("raw_reports")
    raw = raw[raw["report_id"].isin(set(replaced["report_id"]))].reset_index(drop=True)
    key = key_table(
        raw,
        supply.settings.pseudonymise,
        person_finder=supply.value(PERSON_FINDER),
        pii_lists=supply.value(PII_LISTS),
        secret=supply.study.secret(),
    )
    columns = (key[name] for name in ("report_id", "field", "safe_start", "original"))
    return {(r, f, s): original for r, f, s, original in zip(*columns, strict=True)}
