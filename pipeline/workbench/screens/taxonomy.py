"""The taxonomy: what each theme means, how it is used, and how it changes."""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime

from starlette.responses import Response

from pipeline.commands.settings import study_settings
from pipeline.errors import ConfigError
from pipeline.frames import each_row
from pipeline.taxonomy.model import Change, Taxonomy, Theme
from pipeline.taxonomy.save import save_taxonomy
from pipeline.taxonomy.versions import keep_version
from pipeline.workbench import rule
from pipeline.workbench.desk import Desk
from pipeline.workbench.pages import render, to
from pipeline.workbench.screens.start import stale
from pipeline.workbench.visit import Visit

ADDRESS = "/luokitus"
FOLDER = "taxonomy"
"""Where a study keeps a taxonomy of its own."""
_TEXTS = ("label_fi", "label_en", "definition", "includes", "excludes")
_MAY_BE_EMPTY = ("label_en", "includes", "excludes")


@dataclass(frozen=True)
class Use:
    """One theme and how it is used."""

    theme: Theme
    letter: str
    suggested: tuple[int, ...]
    given: int
    examples: tuple[str, ...]


def show(visit: Visit) -> Response:
    """Show the themes, the gaps, and what was coded under an old meaning."""
    desk = visit.desk
    periods = sorted(p for p in desk.periods if p)
    return render(
        desk,
        "taxonomy.html.j2",
        desk.words("taxonomy.title"),
        here=ADDRESS,
        uses=_uses(desk, periods),
        periods=periods,
        gaps=[
            (row.gap, row.topic_id, row.label, ", ".join(row.terms), int(row.n_reports))
            for row in each_row(desk.table("theme_gaps"))
        ],
        stale=sorted(stale(desk).items())[:200],
        version=desk.taxonomy.version,
        history=list(reversed(desk.taxonomy.history))[:30],
    )


def _uses(desk: Desk, periods: list[str]) -> list[Use]:
    """Return each theme with its reports by period, suggested, and those people gave it."""
    rows = desk.index.execute(
        "SELECT facet.value, report.period, count(*) FROM facet JOIN report ON report.n = facet.n "
        "WHERE facet.kind = 'theme' GROUP BY facet.value, report.period"
    ).fetchall()
    suggested = {(row[0], row[1]): row[2] for row in rows}
    given: dict[str, int] = {}
    for report_id in desk.people.reported().intersection(desk.places):
        readings = desk.people.readings(report_id).values()
        themes = {theme for one in readings if one.state == "read" for theme in one.themes}
        for theme in themes:
            given[theme] = given.get(theme, 0) + 1
    letters = desk.letters.of_theme
    return [
        Use(
            theme,
            letters.get(theme.theme_id, ""),
            tuple(suggested.get((theme.theme_id, period), 0) for period in periods),
            given.get(theme.theme_id, 0),
            tuple(p.text for p in desk.taxonomy.examples[theme.theme_id] if p.lang == "fi")[:3],
        )
        for theme in desk.taxonomy.themes
    ]


def act(visit: Visit) -> Response:
    """Make a new version of the taxonomy with one change in it."""
    desk = visit.desk
    old = desk.taxonomy
    if visit.sent("versio") != old.version:
        return _told(visit, desk.words("told.file_changed", file=FOLDER))
    try:
        made = _changed(visit, old)
    except ConfigError as err:
        return _told(visit, str(err))
    if made is None:
        return _told(visit, desk.words("taxonomy.not_whole"))
    new, said = made
    _save(desk, old, new)
    text = f"{old.version} → {new.version}: {said}"
    pen = desk.pen("assisted")
    desk.write(pen, [rule.memo("files", FOLDER, visit.sent("teema"), "määritelmä", text)])
    return to(ADDRESS)


def _told(visit: Visit, text: str) -> Response:
    """Say why nothing was written."""
    words = visit.desk.words
    return render(visit.desk, "told.html.j2", words("taxonomy.title"), 409, here=ADDRESS, text=text)


def _changed(visit: Visit, old: Taxonomy) -> tuple[Taxonomy, str] | None:
    """Return the new version and what it changes, in a few words; None when the form is not whole.

    Raises
    ------
    ConfigError
        When the new version would not be a taxonomy, as with two themes of one name.
    """
    do, theme_id, other = visit.sent("do"), visit.sent("teema"), visit.sent("toinen")
    held = {theme.theme_id: theme for theme in old.themes}
    texts = {name: visit.sent(name, 4000) for name in _TEXTS}
    is_whole = all(texts[name] for name in _TEXTS if name not in _MAY_BE_EMPTY)
    if do in ("edit", "split", "merge", "retire") and theme_id not in held:
        return None
    if do == "edit" and is_whole:
        themes = {**held, theme_id: _with(held[theme_id], texts)}
        return _version(old, themes, "revise", (theme_id,), (theme_id,)), f"revise {theme_id}"
    if do in ("add", "split") and is_whole:
        new_id = _new_id(texts["label_fi"], held)
        parent = held[theme_id].parent_id if do == "split" else None
        themes = {**held, new_id: _with(_blank(new_id, parent), texts)}
        if do == "add":
            return _version(old, themes, "add", (), (new_id,)), f"add {new_id}"
        made = _version(old, themes, "split", (theme_id,), (theme_id, new_id))
        return made, f"split {theme_id} + {new_id}"
    is_parent = any(theme.parent_id == theme_id for theme in old.themes)
    if do == "merge" and other in held and other != theme_id and not is_parent:
        themes = {key: theme for key, theme in held.items() if key != theme_id}
        made = _version(old, themes, "merge", (theme_id, other), (other,))
        return made, f"merge {theme_id} > {other}"
    if do == "retire" and len(held) > 1 and not is_parent:
        themes = {key: theme for key, theme in held.items() if key != theme_id}
        return _version(old, themes, "retire", (theme_id,), ()), f"retire {theme_id}"
    return None


def _blank(theme_id: str, parent_id: str | None) -> Theme:
    """Return a theme whose texts are still to be written."""
    return Theme(theme_id=theme_id, parent_id=parent_id, label_fi="", definition="")


def _with(theme: Theme, texts: dict[str, str]) -> Theme:
    """Return a theme with other texts."""
    return replace(
        theme,
        label_fi=texts["label_fi"],
        label_en=texts["label_en"],
        definition=texts["definition"],
        includes=texts["includes"],
        excludes=texts["excludes"],
    )


def _new_id(label: str, held: dict[str, Theme]) -> str:
    """Return an id made of a name."""
    plain = unicodedata.normalize("NFKD", label.lower()).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "teema"
    number = 2
    new = stem
    while new in held:
        new, number = f"{stem}-{number}", number + 1
    return new


def _version(
    old: Taxonomy,
    themes: dict[str, Theme],
    action: str,
    from_ids: tuple[str, ...],
    to_ids: tuple[str, ...],
) -> Taxonomy:
    """Return the next version, with its line of history.

    Raises
    ------
    ConfigError
        When two themes would have one name.
    """
    names = [theme.label_fi.casefold() for theme in themes.values()]
    if len(set(names)) < len(names):
        raise ConfigError("Two themes would have the same name. Give each its own.")
    today = datetime.now().astimezone().date().isoformat()
    version = next_version(old.version)
    change = Change(
        version=version,
        date=today,
        action=action,
        from_ids=tuple(sorted(from_ids)),
        to_ids=tuple(sorted(to_ids)),
    )
    return replace(
        old,
        version=version,
        themes=tuple(themes.values()),
        terms={key: old.terms.get(key, ()) for key in themes},
        examples={key: old.examples.get(key, ()) for key in themes},
        history=(*old.history, change),
    )


def next_version(version: str) -> str:
    """Return the version after one: its second number is raised.

    Examples
    --------
    >>> next_version("1.0.3"), next_version("kevät")
    ('1.1.0', 'kevät.1')
    """
    found = re.fullmatch(r"(\d+)\.(\d+)(\.\d+)?", version)
    return f"{found[1]}.{int(found[2]) + 1}.0" if found else f"{version}.1"


def _save(desk: Desk, old: Taxonomy, new: Taxonomy) -> None:
    """Write the new version into the study, keep the old one, and have the study use it."""
    import tomlkit

    folder = desk.study.root / FOLDER
    with desk.study.locked():
        keep_version(old, folder)
        save_taxonomy(new, folder)
        file = desk.study.settings_file
        held = tomlkit.parse(file.read_text(encoding="utf-8") if file.exists() else "")
        section = held.setdefault("study", tomlkit.table())
        if section.get("taxonomy") != FOLDER:
            section["taxonomy"] = FOLDER
            part = file.with_name(f".{file.name}.part")
            part.write_text(tomlkit.dumps(held), encoding="utf-8")
            part.replace(file)
    desk.settings = study_settings(desk.study)
    desk.take_into_use(desk.generation)
