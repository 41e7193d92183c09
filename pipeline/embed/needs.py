"""Encoders as needs of stages: for the reports' texts, for those of themes, and for phrases."""

import json

from pipeline.embed.encoders import encoder_identity, make_encoder
from pipeline.embed.kept_vectors import KeptVectors, KeyedEncoder, TextKeys
from pipeline.embed.protocol import Encoder
from pipeline.embed.shipped_vectors import WithShipped
from pipeline.embed.vector_cache import CachedEncoder
from pipeline.embed.word_vectors import FloretVectors, WordVectors
from pipeline.needs import SECRET, Identity, Need, Supply
from pipeline.study import HALF_MADE, private_folder
from pipeline.tables import VECTOR_TABLES
from pipeline.text_cache import TextCache

THEME_VECTORS = "theme_vectors.sqlite"
FORMER_CACHE = "vectors.sqlite"
"""Held the vectors of reports too, in versions before their tables were their own cache."""


def forget_kept(supply: Supply) -> None:
    """Let go of the vectors there were, and of the file in which earlier versions kept them."""
    supply.once("kept_vectors", list).clear()
    (supply.study.cache / FORMER_CACHE).unlink(missing_ok=True)


def _bare_encoder(supply: Supply) -> Encoder:
    config, root = supply.settings.embed, supply.study.root
    return supply.once("encoder", lambda: make_encoder(config, root))


def _load_encoder(supply: Supply) -> Encoder:
    study = supply.study

    def make() -> CachedEncoder:
        file = private_folder(study.cache) / THEME_VECTORS
        made_by = json.dumps(dict(_identify_encoder(supply)), sort_keys=True)
        return CachedEncoder(_bare_encoder(supply), TextCache(file, study.secret(), made_by))

    return WithShipped(supply.once("cached_encoder", make))


def _load_text_encoder(supply: Supply) -> KeyedEncoder:
    """Return the encoder of reports, which knows the vectors of the tables and parts there are."""
    identity = supply.once("encoder_identity", lambda: _identify_encoder(supply))
    keys = TextKeys(supply.study.secret(), identity)
    return KeyedEncoder(WithShipped(_bare_encoder(supply)), keys, _kept_vectors(supply))


def _kept_vectors(supply: Supply) -> KeptVectors:
    """Return the vectors there are, found once while the tables stay as they are."""
    store = supply.store
    tables = [(name, store.path(name)) for name in VECTOR_TABLES]
    mark = [(path.stat().st_ino, path.stat().st_mtime_ns) for _, path in tables if path.exists()]
    held: list[tuple[object, KeptVectors]] = supply.once("kept_vectors", list)
    if not held or held[0][0] != mark:
        parts = sorted((store.study.tables / HALF_MADE / "embed").glob("*.parquet"))
        files = [*tables, *((path.name.split(".")[1], path) for path in parts)]
        held[:] = [(mark, KeptVectors(files))]
    return held[0][1]


def _identify_encoder(supply: Supply) -> Identity:
    return encoder_identity(supply.settings.embed, supply.study.root)


def _load_phrase_encoder(supply: Supply) -> Encoder:
    """Return the encoder set to search texts by a phrase, without a cache.

    E5 models are trained to match a text marked as a question with texts marked as passages.
    """
    config = supply.settings.embed.model_copy(update={"prefix": "query"})
    return make_encoder(config, supply.study.root)


def _load_word_vectors(supply: Supply) -> WordVectors:
    return FloretVectors()


ENCODER = Need("encoder", _load_encoder, _identify_encoder)
TEXT_ENCODER = Need(
    "text_encoder",
    _load_text_encoder,
    lambda supply: {**_identify_encoder(supply), **supply.identity(SECRET)},
)
PHRASE_ENCODER = Need(
    "phrase_encoder",
    _load_phrase_encoder,
    lambda supply: {**_identify_encoder(supply), "phrases": "query"},
)
WORD_VECTORS = Need(
    "word_vectors", _load_word_vectors, lambda supply: {"name": FloretVectors().name}
)
