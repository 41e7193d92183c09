"""Encoders as needs of stages: the study's own behind its vector cache, and one for phrases."""

from pipeline.embed.embed import encoded_texts
from pipeline.embed.encoders import encoder_identity, make_encoder
from pipeline.embed.protocol import Encoder
from pipeline.embed.shipped_vectors import WithShipped
from pipeline.embed.vector_cache import CachedEncoder
from pipeline.embed.word_vectors import FloretVectors, WordVectors
from pipeline.needs import Identity, Need, Supply
from pipeline.study import private_folder


def cached_encoder(supply: Supply) -> CachedEncoder:
    """Return the study's encoder behind its vector cache, which notes the stage that asks."""
    study = supply.study

    def make() -> CachedEncoder:
        file = private_folder(study.cache) / "vectors.sqlite"
        encoder = make_encoder(supply.settings.embed, study.root)
        return CachedEncoder(encoder, file, study.secret())

    encoder = supply.once("encoder", make)
    encoder.stage = supply.stage
    return encoder


def forget_unused_vectors(supply: Supply) -> None:
    """Delete the cached vectors of texts that are no longer in the study."""
    reports = supply.store.read("reports", "report_id", "observation", "proposal")
    segments = supply.store.read("segments", "report_id", "text")
    with_text = reports[reports["report_id"].isin(set(segments["report_id"]))]
    cached_encoder(supply).keep_only(encoded_texts(with_text, segments))


def _load_encoder(supply: Supply) -> Encoder:
    if not supply.has_cache:
        config, root = supply.settings.embed, supply.study.root
        return supply.once("bare_encoder", lambda: WithShipped(make_encoder(config, root)))
    return WithShipped(cached_encoder(supply))


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
PHRASE_ENCODER = Need(
    "phrase_encoder",
    _load_phrase_encoder,
    lambda supply: {**_identify_encoder(supply), "phrases": "query"},
)
WORD_VECTORS = Need(
    "word_vectors", _load_word_vectors, lambda supply: {"name": FloretVectors().name}
)
