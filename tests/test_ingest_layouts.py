"""Exports in the layouts of survey tools are understood at the first try, or asked about."""

import random
import sys
from pathlib import Path

import pytest

from pipeline.taxonomy.read import find_taxonomy, load_taxonomy

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "benchmarks"))
from form_layouts import LAYOUTS, draw_form
from form_mutations import judge

TAXONOMY = load_taxonomy(find_taxonomy("sosiaalinen-raportointi"))


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_a_form_is_read_as_it_was_answered(layout, lang):
    verdict, wrong = judge(draw_form(random.Random(layout.__name__ + lang), lang), layout, TAXONOMY)
    assert verdict != "silent", wrong
    if lang == "fi":
        assert verdict == "right", wrong
