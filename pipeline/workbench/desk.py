"""One person's desk: a study open in the workbench, and all that the screens ask of it."""

import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import pandas as pd

from pipeline.artifacts import Store
from pipeline.codings import read_codings
from pipeline.config import Settings
from pipeline.lemmatise.needs import LEMMATISER
from pipeline.lemmatise.protocol import Lemmatiser
from pipeline.name.shown import with_names
from pipeline.needs import Supply
from pipeline.report.catalogue import load_catalogue
from pipeline.report.names import reader_names
from pipeline.review.decisions_file import Key, in_order
from pipeline.review.log import Conflict, CsvLog
from pipeline.study import Study
from pipeline.taxonomy.model import Taxonomy, Theme
from pipeline.taxonomy.needs import TAXONOMY
from pipeline.taxonomy.old_codings import successors
from pipeline.workbench.blind import read_first
from pipeline.workbench.generation import (
    Generation,
    forget_old,
    is_running,
    latest,
    manifests_stamp,
    newest,
)
from pipeline.workbench.index import open_index, unpacked
from pipeline.workbench.keys import Letters, read_letters, with_themes, write_letters
from pipeline.workbench.message_catalogue import Words, load_words
from pipeline.workbench.people import People, Reading, team_state
from pipeline.workbench.rule import Pen, Ruling
from pipeline.workbench.runner import Runner

_TEMP = """
CREATE TEMP TABLE mine (n INTEGER PRIMARY KEY, state TEXT NOT NULL);
CREATE TEMP TABLE team (n INTEGER PRIMARY KEY, state TEXT NOT NULL);
CREATE TEMP TABLE given (theme_id TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (theme_id, n));
CREATE TEMP TABLE withheld (n INTEGER PRIMARY KEY);
"""

_NAMED = ("topics", "candidates", "signals")
"""Tables whose rows are called what the report calls them."""


class Desk:
    """A study open in the workbench of one coder.

    Attributes
    ----------
    study : Study
    settings : Settings
    coder : str
    is_blind : bool
        True when neither suggestions nor other coders' rulings are ever shown.
    generation : Generation
        The set of tables shown.
    people : People
        What people decided, in step with the log.
    lock : RLock
        Held while a request is answered.
    """

    def __init__(
        self, study: Study, settings: Settings, coder: str, *, is_blind: bool = False
    ) -> None:
        self.study = study
        self.settings = settings
        self.coder = coder
        self.is_blind = is_blind
        self.lock = threading.RLock()
        self.store = Store(study)
        self.supply = Supply(self.store, settings)
        spoken = "en" if settings.report.language == "en" else "fi"  # it speaks these two
        self.words: Words = load_words(spoken)
        self.labels = load_catalogue(self.words.language)
        self.log = CsvLog(study.human)
        self.runner = Runner(study)
        self.people = People()
        self.cache: dict[Any, Any] = {}
        self._position: Any = 0
        self._letters_stamp: Any = None
        self._stamp: tuple[int, ...] | None = None
        self._newer: Generation | None = None
        self._letters = Letters()
        self.take_into_use(latest(study))

    # --- the tables -------------------------------------------------------------------------

    def take_into_use(self, generation: Generation) -> None:
        """Show a generation from now on."""
        self.supply = Supply(self.store, self.settings)
        self.generation = generation
        self._stamp = self._newer = None
        self.cache = {}
        self.index = open_index(generation, self.words.tell_indexing)
        self.index.executescript(_TEMP)
        forget_old(self.study, generation.name)
        found = self.index.execute("SELECT report_id, n, period FROM report ORDER BY n").fetchall()
        self.places = {row["report_id"]: row["n"] for row in found}
        self.periods: dict[str, list[str]] = defaultdict(list)
        for row in found:
            self.periods[row["period"]].append(row["report_id"])
        self._draw_lots()
        self.read_people()

    def waiting(self) -> Generation | None:
        """Return a newer generation that a run has made, or None."""
        stamp = manifests_stamp(self.study)
        if stamp != self._stamp:
            found = newest(self.study)
            self._newer = found if found and found.name != self.generation.name else None
            self._stamp = stamp if not is_running(self.study) else None
        return self._newer

    def table(self, name: str) -> pd.DataFrame:
        """Return a table of the generation, read once; topics and signals with their names."""
        key = ("table", name)
        if key not in self.cache:
            read = self.generation.read(name)
            self.cache[key] = self._named(read) if name in _NAMED else read
        frame: pd.DataFrame = self.cache[key]
        return frame

    def _named(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Give topics, candidates or signals the names the report gives them."""
        held = reader_names(self.table("names"), self.taxonomy, self.labels, self.words.language)
        return with_names(frame, held)

    def report_row(self, report_id: str) -> Mapping[str, Any] | None:
        """Return what the index holds of a report, or None when the study has no such one."""
        row = self.index.execute(
            "SELECT * FROM report WHERE report_id = ?", (report_id,)
        ).fetchone()
        return dict(row) if row is not None else None

    def page_of(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the report's own page shows."""
        return unpacked(row["page"])

    # --- the taxonomy and its keys ----------------------------------------------------------

    @property
    def taxonomy(self) -> Taxonomy:
        """The study's themes."""
        return self.supply.value(TAXONOMY)

    @property
    def themes(self) -> tuple[Theme, ...]:
        """Themes a report can be given, in the order of the taxonomy; headings are left out."""
        return tuple(theme for theme in self.taxonomy.themes if theme.is_codable)

    @property
    def theme_ids(self) -> tuple[str, ...]:
        """Ids of the themes a report can be given."""
        return tuple(theme.theme_id for theme in self.themes)

    def theme_label(self, theme_id: str) -> str:
        """Return a theme's name; one that is gone is shown by its id."""
        key = ("labels",)
        if key not in self.cache:
            language = self.words.language
            self.cache[key] = {t.theme_id: t.label(language) for t in self.taxonomy.themes}
        return str(self.cache[key].get(theme_id, theme_id))

    @property
    def letters(self) -> Letters:
        """The letter of each theme; written to the file when a theme has none yet."""
        path = self.study.human / "keys.toml"
        stamp = (path.stat().st_mtime_ns if path.exists() else 0, self.taxonomy.sha256)
        if stamp != self._letters_stamp:
            held = read_letters(self.study.human)
            full = with_themes(held, {t.theme_id: t.label_fi for t in self.themes})
            if full != held:
                write_letters(self.study.human, full)
            self._letters = full
            self._letters_stamp = (path.stat().st_mtime_ns, self.taxonomy.sha256)
        return self._letters

    @cached_property
    def lemmatiser(self) -> Lemmatiser:
        """The study's own lemmatiser."""
        return self.supply.value(LEMMATISER)

    # --- people -----------------------------------------------------------------------------

    def read_people(self) -> None:
        """Read the whole record anew."""
        self.people = People(successors(self.taxonomy))
        codings = read_codings(self.study.human)
        self.people.take_codings(
            {str(name): str(cell) for name, cell in row.items()}
            for row in codings.to_dict("records")
        )
        self._position = 0
        for name in ("mine", "team", "given"):
            self.index.execute(f"DELETE FROM {name}")
        rows, self._position = self.log.since(0)
        self.people.take(in_order(rows))
        for report_id in self.people.reported():
            self._restate(report_id)

    def catch_up(self) -> None:
        """Take in what others have added to the log since."""
        rows, self._position = self.log.since(self._position)
        if rows:
            for report_id in self.people.take(rows):
                self._restate(report_id)

    def pen(self, mode: str) -> Pen:
        """Return what this coder writes with."""
        return Pen(self.coder, self.taxonomy.version, mode, self.generation.suggestions)

    def write(
        self, pen: Pen, rulings: Sequence[Ruling], seen: Mapping[Key, str] | None = None
    ) -> Conflict | None:
        """Write one batch to the log; it is on disk when this returns.

        Parameters
        ----------
        pen : Pen
        rulings : sequence of Ruling
        seen : mapping of key to decision_id, optional
            What stood on the page that the person looked at, "" for nothing.

        Returns
        -------
        Conflict or None
            What has changed since; nothing was written then.
        """
        result = self.log.append(pen.rows(rulings), seen)
        self.catch_up()
        return result if isinstance(result, Conflict) else None

    def mine(self, report_id: str) -> Reading | None:
        """Return this coder's word on a report."""
        return self.people.readings(report_id).get(self.coder)

    def is_withheld(self, report_id: str) -> bool:
        """Tell whether the suggestions of a report are withheld from this coder now."""
        if self.is_blind:
            return True
        if report_id not in self.lots:
            return False
        mine = self.mine(report_id)
        return mine is None or mine.state != "read"

    def _draw_lots(self) -> None:
        """Draw the reports that this coder reads before the machine speaks."""
        config = self.settings.workbench
        secret = self.study.secret()
        drawn = [
            read_first(secret, self.coder, ids, config.read_first_share, config.read_first_least)
            for ids in self.periods.values()
        ]
        self.lots = frozenset().union(*drawn)
        self.index.execute("DELETE FROM withheld")
        self.index.executemany(
            "INSERT INTO withheld VALUES (?)", [(self.places[one],) for one in self.lots]
        )

    def _restate(self, report_id: str) -> None:
        """Bring a report's state, and the themes this coder gave it, up to date in the index."""
        n = self.places.get(report_id)
        if n is None:
            return
        readings = self.people.readings(report_id)
        mine = readings.get(self.coder)
        for name in ("mine", "team", "given"):
            self.index.execute(f"DELETE FROM {name} WHERE n = ?", (n,))
        if mine is not None:
            self.index.execute("INSERT INTO mine VALUES (?, ?)", (n, mine.state))
            self.index.executemany(
                "INSERT INTO given VALUES (?, ?)", [(theme, n) for theme in mine.themes]
            )
        self.index.execute("INSERT INTO team VALUES (?, ?)", (n, team_state(readings)))
        if report_id in self.lots:
            self.index.execute("DELETE FROM withheld WHERE n = ?", (n,))
            if mine is None or mine.state != "read":
                self.index.execute("INSERT INTO withheld VALUES (?)", (n,))
