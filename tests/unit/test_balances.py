from __future__ import annotations

from fractions import Fraction
from itertools import accumulate, pairwise
from math import floor

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simulation.balances import spread
from simulation.events.sources import SOURCES

CENTS = st.integers(0, 10**15)


@given(st.lists(CENTS, min_size=len(SOURCES), max_size=len(SOURCES)), CENTS)
def test_an_amount_is_shared_to_the_cent_however_large_it_is(weights: list[int], total: int) -> None:
    parts = spread(np.array([total]), np.array([weights]))[0].tolist()
    shares = [Fraction(total * running, max(sum(weights), 1)) for running in accumulate(weights, initial=0)]
    upto = [floor(share + Fraction(1, 2)) for share in shares]
    assert parts == [now - then for then, now in pairwise(upto)]
    assert sum(parts) == (total if sum(weights) else 0)


def test_many_rows_are_shared_each_by_its_own_weights() -> None:
    weights = np.array([[1, 1, 1, 0, 0], [0, 0, 3, 0, 1]])
    assert spread(np.array([100, 4]), weights).tolist() == [[33, 34, 33, 0, 0], [0, 0, 3, 0, 1]]
