"""A report's sum of word vectors: of its own words, rare ones first, whatever is beside it."""

import numpy as np
import pytest
from hashed_words import HashedWords
from spacy.lookups import Lookups
from spacy.vocab import Vocab

from pipeline.embed.word_vectors import FloretVectors, summed_words
from pipeline.finnish_model import load_finnish_model, log_probabilities

TEXTS = [["Vuokra", "nousi", "taas", "."], ["jono", "jono"], [], ["[NIMI-1]", "12", "—"]]


def test_a_sum_is_of_the_words_of_its_own_text():
    sums = summed_words(TEXTS, HashedWords())
    np.testing.assert_array_equal(summed_words(TEXTS[:1], HashedWords())[0], sums[0])
    np.testing.assert_allclose(sums[1], 2 * HashedWords().weighed(["jono"])[0])
    np.testing.assert_array_equal(
        summed_words([["VUOKRA", "nousi", "taas"]], HashedWords())[0], sums[0]
    )


def test_stand_ins_numbers_and_marks_say_nothing():
    assert (summed_words(TEXTS, HashedWords())[2:] == 0).all()
    assert summed_words([], HashedWords()).shape == (0, 8)


@pytest.fixture(scope="module")
def floret():
    return FloretVectors()


def test_a_rare_word_says_more_than_a_frequent_one(floret):
    frequent, rare = np.linalg.norm(floret.weighed(["ja", "huumeongelma"]), axis=1)
    assert frequent < 0.01
    assert rare > 0.9


def test_an_unknown_word_is_near_the_word_it_is_made_of(floret):
    known, misspelt, other = floret.weighed(["toimeentulotuki", "toimeentulotukki", "metsästys"])
    assert known @ misspelt > 0.5 > known @ other


def test_a_word_vector_does_not_depend_on_the_words_beside_it(floret):
    words = ["asunto", "vuokra", "häätö", "xqzw"]
    np.testing.assert_array_equal(floret.weighed(words[2:3])[0], floret.weighed(words)[2])


def test_a_word_is_as_probable_as_spacy_has_it():
    table = Lookups().from_disk(load_finnish_model().path / "vocab")
    vocabulary = Vocab(lookups=table)
    words = ["ja", "asunto", "Helsinki", "xqzw", "vapettaa", "😀", "NOUN"]
    assert log_probabilities(words) == [vocabulary[word].prob for word in words]
