"""The lemmatiser as a need of stages."""

from pipeline.lemmatise.protocol import Lemmatiser
from pipeline.lemmatise.voikko_lemmatiser import lemmatiser_identity, load_lemmatiser
from pipeline.needs import Identity, Need, Supply

_last: dict[str, Lemmatiser] = {}
"""The lemmatiser of the run before in this process, by what its lemmas depend on."""


def _load_lemmatiser(supply: Supply) -> Lemmatiser:
    """Return the lemmatiser, with its cache of forms: that of the run before if it is the same."""
    config, root = supply.settings.lemmatise, supply.study.root

    def make() -> Lemmatiser:
        depends_on = repr(sorted(_identify_lemmatiser(supply).items()))
        if depends_on not in _last:
            _last.clear()
            _last[depends_on] = load_lemmatiser(config, root)
        return _last[depends_on]

    return supply.once("lemmatiser", make)


def _identify_lemmatiser(supply: Supply) -> Identity:
    return lemmatiser_identity(supply.settings.lemmatise, supply.study.root)


LEMMATISER = Need("lemmatiser", _load_lemmatiser, _identify_lemmatiser)
