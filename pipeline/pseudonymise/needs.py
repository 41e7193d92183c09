"""What pseudonymising needs: the finder of persons' names, and the study's own lists."""

import hashlib
import hmac

from pipeline.artifacts import sha256_file
from pipeline.lemmatise.voikko import voikko_versions
from pipeline.needs import Identity, Need, Supply
from pipeline.pseudonymise.lists import PiiLists, load_pii_lists
from pipeline.pseudonymise.persons import PersonFinder, VoikkoPersonFinder
from pipeline.resources import shipped
from pipeline.versions import version


def _load_person_finder(supply: Supply) -> PersonFinder:
    return supply.once("person_finder", VoikkoPersonFinder)


def _identify_person_finder(supply: Supply) -> Identity:
    lists = sorted(shipped("configs", "names").glob("*.t*"))
    return {
        **voikko_versions(),
        "spacy-fi-experimental-web-md": version("spacy-fi-experimental-web-md"),
        **{path.name: sha256_file(path) for path in lists},
    }


def _load_pii_lists(supply: Supply) -> PiiLists:
    return load_pii_lists(supply.human)


def _identify_pii_lists(supply: Supply) -> Identity:
    lists = load_pii_lists(supply.human)
    # Keyed: a plain hash of a list of one name would tell whether a guessed name is on it.
    digest = hmac.new(supply.study.secret(), repr(lists).encode(), hashlib.sha256).hexdigest()
    return {"always": len(lists.always), "never": len(lists.never), "hmac_sha256": digest}


PERSON_FINDER = Need("person_finder", _load_person_finder, _identify_person_finder)
PII_LISTS = Need("pii_lists", _load_pii_lists, _identify_pii_lists)
