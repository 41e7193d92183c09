"""The lemmatiser as a need of stages."""

from pipeline.lemmatise.protocol import Lemmatiser
from pipeline.lemmatise.voikko_lemmatiser import lemmatiser_identity, load_lemmatiser
from pipeline.needs import Identity, Need, Supply


def _load_lemmatiser(supply: Supply) -> Lemmatiser:
    """Return the lemmatiser, with its cache of forms."""
    config = supply.settings.lemmatise
    return supply.once("lemmatiser", lambda: load_lemmatiser(config, supply.study.root))


def _identify_lemmatiser(supply: Supply) -> Identity:
    return lemmatiser_identity(supply.settings.lemmatise, supply.study.root)


LEMMATISER = Need("lemmatiser", _load_lemmatiser, _identify_lemmatiser)
