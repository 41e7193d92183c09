"""What stages need besides tables and settings: how each thing is named, and how it is loaded.

A need has two sides. Its *identity* is cheap and goes into the manifests, so that a changed
dictionary, model, taxonomy or list makes the stages that use it run again. Its *value* is loaded
only when a stage really runs.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.artifacts import Store, sha256_file
from pipeline.assign import not_evidence
from pipeline.assign.label_texts import LABEL_SETS
from pipeline.assign.model_file import SavedModel, load_model
from pipeline.cluster.edits_file import FILE_NAME as EDITS_FILE
from pipeline.cluster.edits_file import read_edits
from pipeline.codings import read_codings
from pipeline.config import Settings
from pipeline.detect.register import FILE_NAME as REGISTER_FILE
from pipeline.detect.register import read_register
from pipeline.detect.watch_file import FILE_NAME as WATCH_FILE
from pipeline.detect.watch_file import read_watches
from pipeline.embed.encoders import encoder_identity, make_encoder
from pipeline.embed.protocol import Encoder
from pipeline.embed.vector_cache import CachedEncoder
from pipeline.errors import ConfigError
from pipeline.frames import empty
from pipeline.lemmatise.protocol import Lemmatiser
from pipeline.lemmatise.voikko import voikko_versions
from pipeline.lemmatise.voikko_lemmatiser import lemmatiser_identity, load_lemmatiser
from pipeline.pseudonymise.lists import load_pii_lists
from pipeline.pseudonymise.persons import PersonFinder, VoikkoPersonFinder
from pipeline.report.provenance import Provenance
from pipeline.report.quote_rulings import FILE_NAME as QUOTES_FILE
from pipeline.report.quote_rulings import quote_rulings_identity, read_quote_rulings
from pipeline.resources import shipped
from pipeline.review.decisions_file import FILE_NAME, read_decisions
from pipeline.review.loose_ends import named_ids
from pipeline.study import Study, private_folder
from pipeline.tables import TABLES
from pipeline.taxonomy.model import Taxonomy, find_taxonomy, load_taxonomy
from pipeline.versions import package_versions

Identity = Mapping[str, Any]


@dataclass(frozen=True)
class Need:
    """One outside thing.

    Attributes
    ----------
    identity : callable
        Returns what makes the thing what it is: versions, hashes, names.
    load : callable
        Returns the thing.
    """

    identity: Callable[["Supply"], Identity]
    load: Callable[["Supply"], Any]


class Supply:
    """Everything the stages of one study may need, loaded at first use.

    Parameters
    ----------
    store : Store
    settings : Settings
    human : Path, optional
        Where what people made is read from: the study's ``human`` folder, or the copy of it that a
        run has frozen.
    """

    def __init__(self, store: Store, settings: Settings, human: Path | None = None) -> None:
        self.store = store
        self.settings = settings
        self.human = store.study.human if human is None else human

    @property
    def study(self) -> Study:
        """The study."""
        return self.store.study

    def identity(self, name: str) -> Identity:
        """Return what makes the thing of that name what it is."""
        return NEEDS[name].identity(self)

    def value(self, name: str) -> Any:
        """Return the thing of that name."""
        return NEEDS[name].load(self)

    @cached_property
    def taxonomy_folder(self) -> Path:
        """Where the taxonomy lies: in the study, or among those that ship."""
        name = self.settings.study.taxonomy
        own = self.study.root / name
        if not own.resolve().is_relative_to(self.study.root.resolve()):
            raise ConfigError(
                f"study.taxonomy must be a name that ships with Havainto or a folder in the study. "
                f"Got {name!r}. Copy the folder into {self.study.root}."
            )
        return own if own.is_dir() else find_taxonomy(name)

    @cached_property
    def taxonomy(self) -> Taxonomy:
        """The theme taxonomy."""
        return load_taxonomy(self.taxonomy_folder)

    @cached_property
    def encoder(self) -> CachedEncoder:
        """The encoder, behind the study's vector cache."""
        file = private_folder(self.study.cache) / "vectors.sqlite"
        return CachedEncoder(load_encoder(self.settings, self.study), file, self.study.secret())

    @cached_property
    def lemmatiser(self) -> Lemmatiser:
        """The lemmatiser, with its cache of forms."""
        return load_lemmatiser(self.settings.lemmatise, self.study.root)

    @cached_property
    def person_finder(self) -> PersonFinder:
        """The finder of persons' names."""
        return VoikkoPersonFinder()

    def close(self) -> None:
        """Let go of open files."""
        if "encoder" in self.__dict__:
            self.encoder.close()


def load_encoder(settings: Settings, study: Study) -> Encoder:
    """Return the encoder the settings name, without a cache."""
    return make_encoder(settings.embed, study.root)


def load_phrase_encoder(supply: Supply) -> Encoder:
    """Return the encoder of the study set to search its texts by a phrase, without a cache.

    E5 models are trained to match a text marked as a question with texts marked as passages.
    """
    embed = supply.settings.embed.model_copy(update={"prefix": "query"})
    return load_encoder(supply.settings.model_copy(update={"embed": embed}), supply.study)


def _encoder_identity(supply: Supply) -> Identity:
    return encoder_identity(supply.settings.embed, supply.study.root)


def _file_identity(path: Path) -> Identity:
    return {path.name: sha256_file(path) if path.exists() else "none"}


def _secret_identity(supply: Supply) -> Identity:
    return {"fingerprint": hashlib.sha256(b"havainto" + supply.study.secret()).hexdigest()[:16]}


def _files_identity(supply: Supply) -> Identity:
    return {
        path.name: sha256_file(path) if path.is_file() else "not a file"
        for path in supply.study.listed_inputs()
    }


def _pii_lists_identity(supply: Supply) -> Identity:
    lists = load_pii_lists(supply.human)
    # Keyed: a plain hash of a list of one name would tell whether a guessed name is on it.
    digest = hmac.new(supply.study.secret(), repr(lists).encode(), hashlib.sha256).hexdigest()
    return {"always": len(lists.always), "never": len(lists.never), "hmac_sha256": digest}


def _person_finder_identity(supply: Supply) -> Identity:
    lists = sorted(shipped("configs", "names").glob("*.txt"))
    return {
        **voikko_versions(),
        "spacy-fi-experimental-web-md": version("spacy-fi-experimental-web-md"),
        **{path.name: sha256_file(path) for path in lists},
    }


def _codings_identity(supply: Supply) -> Identity:
    return _file_identity(supply.human / "codings.csv")


def _human_ids_identity(supply: Supply) -> Identity:
    names = (FILE_NAME, "codings.csv", QUOTES_FILE, WATCH_FILE, not_evidence.FILE_NAME)
    return {name: value for n in names for name, value in _file_identity(supply.human / n).items()}


def _saved_model(supply: Supply) -> SavedModel | None:
    """Read the model of another study, or return None when the settings name none."""
    name = supply.settings.assign.model
    return None if name is None else load_model(supply.study.root / name)


def _saved_model_identity(supply: Supply) -> Identity:
    """Return the hash of the model's JSON, which holds that of its arrays."""
    name = supply.settings.assign.model
    if name is None:
        return {"sha256": "none"}
    path = supply.study.root / name
    if not path.is_file():
        raise ConfigError(
            f"assign.model must be a .json that havainto train wrote. Got {path}, which is not "
            "there. Check the path."
        )
    return {"sha256": sha256_file(path)}


def _label_sets() -> dict[str, Taxonomy]:
    """Read the small sets of labels that every study shares."""
    return {name: load_taxonomy(find_taxonomy(name)) for name in LABEL_SETS}


def _label_sets_identity(supply: Supply) -> Identity:
    return {name: labels.sha256 for name, labels in _label_sets().items()}


def _deck_template(supply: Supply) -> bytes | None:
    """Read the template of the deck, or return None when the settings name none."""
    name = supply.settings.report.template
    if name is None:
        return None
    path = supply.study.root / name
    try:
        return path.read_bytes()
    except OSError as err:
        raise ConfigError(
            f"report.template must be a .pptx or .potx file. Cannot read {path}. Check the path."
        ) from err


def _deck_template_identity(supply: Supply) -> Identity:
    template = _deck_template(supply)
    return {"sha256": hashlib.sha256(template).hexdigest() if template is not None else "none"}


def _provenance(supply: Supply) -> Provenance:
    """Gather the manifests, settings and versions behind a report."""
    shared = ("stage", "seconds", "resources", "code", "made_at")
    finished: dict[str, dict[str, Any]] = {}
    for name in TABLES:
        manifest = supply.store.manifest(name)
        if manifest is not None:
            finished[name] = {key: manifest[key] for key in shared} | manifest["output"]
    return Provenance(
        made_at=max((entry["made_at"] for entry in finished.values()), default=""),
        versions=package_versions(),
        settings=supply.settings.model_dump(mode="json"),
        manifests=finished,
    )


def _previous_lineage(supply: Supply) -> pd.DataFrame:
    """Read the topics of the last run, which lie in the tables until this run replaces them."""
    name = "topic_lineage"
    return supply.store.read(name) if supply.store.is_whole(name) else empty(name)


NEEDS: dict[str, Need] = {
    "codings_file": Need(_codings_identity, lambda s: read_codings(s.human)),
    "decisions_file": Need(
        lambda s: _file_identity(s.human / FILE_NAME), lambda s: read_decisions(s.human)
    ),
    "edits": Need(lambda s: _file_identity(s.human / EDITS_FILE), lambda s: read_edits(s.human)),
    "deck_template": Need(_deck_template_identity, _deck_template),
    "encoder": Need(_encoder_identity, lambda s: s.encoder),
    "files": Need(_files_identity, lambda s: s.study.input_files()),
    "human_ids": Need(_human_ids_identity, lambda s: named_ids(s.human)),
    "label_sets": Need(_label_sets_identity, lambda s: _label_sets()),
    "lemmatiser": Need(
        lambda s: lemmatiser_identity(s.settings.lemmatise, s.study.root), lambda s: s.lemmatiser
    ),
    "not_evidence": Need(
        lambda s: _file_identity(s.human / not_evidence.FILE_NAME),
        lambda s: not_evidence.read_not_evidence(s.human),
    ),
    "person_finder": Need(_person_finder_identity, lambda s: s.person_finder),
    "pii_lists": Need(_pii_lists_identity, lambda s: load_pii_lists(s.human)),
    "phrase_encoder": Need(
        lambda s: {**_encoder_identity(s), "phrases": "query"}, load_phrase_encoder
    ),
    # The last run's topics only keep ids alive, and with nothing else changed they change nothing.
    "previous_lineage": Need(lambda s: {"from": "the run before"}, _previous_lineage),
    "provenance": Need(lambda s: {"havainto": version("havainto")}, _provenance),
    "quote_rulings": Need(
        lambda s: quote_rulings_identity(s.human),
        lambda s: read_quote_rulings(s.human),
    ),
    "register": Need(
        lambda s: _file_identity(s.human / REGISTER_FILE),
        lambda s: read_register(s.human),
    ),
    "saved_model": Need(_saved_model_identity, _saved_model),
    "secret": Need(_secret_identity, lambda s: s.study.secret()),
    "seed": Need(lambda s: {"seed": s.settings.study.seed}, lambda s: s.settings.study.seed),
    "taxonomy": Need(
        lambda s: {
            "name": s.taxonomy.name,
            "version": s.taxonomy.version,
            "sha256": s.taxonomy.sha256,
        },
        lambda s: s.taxonomy,
    ),
    "watches": Need(
        lambda s: _file_identity(s.human / WATCH_FILE), lambda s: read_watches(s.human)
    ),
}
