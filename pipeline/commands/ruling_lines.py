"""What ``havainto status`` says of people's rulings: how many wait, and which name what is gone."""

import re
from collections.abc import Collection

from pipeline.artifacts import Store, sha256_file
from pipeline.errors import InputError
from pipeline.frames import each_row
from pipeline.human.lock import synced_service
from pipeline.needs import Supply
from pipeline.review import loose_ends as loose
from pipeline.review.decisions_file import FILE_NAME, read_decisions
from pipeline.review.freeze import FOLDER
from pipeline.speech import Said, say
from pipeline.taxonomy.needs import TAXONOMY

_MAX_IDS = 5
_LONGEST_ID = 80
_PERSONAL = re.compile(r"@|\d{6}[-+A-FU-Yu-y_/]\d{3}\w|\+?\d{2,4}[ -]\d{3,}[ -]\d{3,}")
_WORDS = {
    loose.REPORT: Said("report"),
    loose.SEGMENT: Said("segment"),
    loose.THEME: Said("theme"),
    loose.TOPIC: Said("topic"),
    loose.SIGNAL: Said("signal"),
    loose.GONE: Said("gone"),
    loose.RETIRED: Said("retired"),
    loose.UNKNOWN: Said("unknown"),
}


def ruling_lines(supply: Supply) -> list[str]:
    """Return one line a thing there is to say.

    Parameters
    ----------
    supply : Supply
        Of the study's own ``human`` folder.

    Returns
    -------
    list of str
        In the reader's language; a file that cannot be read is a line too.
    """
    study = supply.study
    try:
        lines = [*_waiting(supply), *_loose(supply)]
    except InputError as err:
        lines = [str(err)]
    if service := synced_service(study.human):
        lines.append(
            say(
                "{folder} is kept in {service}, which may copy a file while it is written. "
                "Keep a study on the machine's own disk.",
                folder=study.human,
                service=service,
            )
        )
    return lines


def _waiting(supply: Supply) -> list[str]:
    """Say how many rows of the log the last run has not read."""
    store, path = supply.store, supply.human / FILE_NAME
    manifest = store.manifest("decisions")
    read = manifest["resources"].get("decisions_file", {}) if manifest else {}
    named = read.get(FILE_NAME, "")
    if not path.exists() or named == sha256_file(path):
        return []
    known = set(store.read("decisions")["decision_id"]) if store.is_whole("decisions") else set()
    frozen = supply.study.tables / FOLDER
    if (frozen / FILE_NAME).exists() and named == sha256_file(frozen / FILE_NAME):
        known |= set(read_decisions(frozen)["decision_id"])
    log = read_decisions(supply.human)
    n = int((~log["decision_id"].isin(known)).sum())
    if not n:
        return []
    command = f"havainto run {supply.study.root}"
    return [say("{n} rulings wait for the next run: {command}", n=n, command=command)]


def _loose(supply: Supply) -> list[str]:
    """List what people's files name and the study does not have."""
    found = loose.find_loose(
        loose.named_ids(supply.human), _known(supply.store), supply.value(TAXONOMY)
    )
    if found.empty:
        return []
    lines = [say("Named in human/ and not in the study; the rows are kept and wait:")]
    for (file, kind, reason), group in found.groupby(["file", "kind", "reason"], sort=True):
        ids = list(dict.fromkeys(_told_id(row.id) for row in each_row(group)))
        more = say(" and {n} more", n=len(ids) - _MAX_IDS) if len(ids) > _MAX_IDS else ""
        named = ", ".join(ids[:_MAX_IDS]) + more
        lines.append(
            say(
                "  {file}: {n} rows, {kind} {reason}: {named}",
                file=file,
                n=len(group),
                kind=_WORDS[str(kind)],
                reason=_WORDS[str(reason)],
                named=named,
            )
        )
    root = supply.study.root
    lines.append(
        say(
            "To move rulings to what is there: havainto review {root} --retarget OLD=NEW. "
            "To take a report out everywhere: havainto erase {root} REPORT_ID",
            root=root,
        )
    )
    return lines


def _told_id(text: str) -> str:
    """Return an id as it may be shown: what looks like a text of a shifted column is not repeated.

    Examples
    --------
    >>> _told_id("asuminen-2"), _told_id("Vastaus 12"), _told_id("Pirjo Haapasalo jonottaa")
    ('asuminen-2', 'Vastaus 12', '(a text, not an id)')
    """
    n_words = sum(any(c.isalpha() for c in part) for part in text.split())
    if n_words > 1 or len(text) > _LONGEST_ID or _PERSONAL.search(text):
        return say("(a text, not an id)")
    return text


def _known(store: Store) -> dict[str, Collection[str]]:
    """Return the ids that exist, of the kinds whose tables are made."""
    tables = {
        loose.REPORT: ("reports", "report_id"),
        loose.SEGMENT: ("segments", "segment_id"),
        loose.TOPIC: ("topics", "topic_id"),
        loose.SIGNAL: ("signals", "signal_id"),
    }
    return {
        kind: set(store.read(name)[column])
        for kind, (name, column) in tables.items()
        if store.is_whole(name)
    }
