"""Fisher's exact test is that of scipy, for many tables at once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pipeline.figures.fisher import fisher_exact

CELL = st.one_of(st.integers(0, 6), st.integers(0, 3000))


@given(st.lists(st.tuples(CELL, CELL, CELL, CELL), min_size=1, max_size=4))
def test_each_table_has_the_p_that_scipy_gives(cells):
    tables = np.array(cells).reshape(-1, 2, 2)
    told = [stats.fisher_exact(table).pvalue for table in tables]
    assert fisher_exact(tables) == pytest.approx(told, rel=1e-8, abs=1e-300)


def test_no_tables_have_no_p():
    assert fisher_exact(np.zeros((0, 2, 2), dtype=np.int64)).shape == (0,)
