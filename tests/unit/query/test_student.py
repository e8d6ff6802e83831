from __future__ import annotations

import pytest
from scipy import stats

from simulation.query.student import central_bound, central_probability

FREEDOMS = (1, 2, 3, 4, 5, 10, 19, 30, 99, 1000)


@pytest.mark.parametrize("freedom", FREEDOMS)
@pytest.mark.parametrize("probability", [0.5, 0.9, 0.95, 0.99])
def test_bounds_are_those_of_scipy(freedom: int, probability: float) -> None:
    expected = stats.t.ppf((1 + probability) / 2, freedom)
    assert central_bound(probability, freedom) == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("freedom", FREEDOMS)
@pytest.mark.parametrize("t", [0.0, 0.1, 1.0, 2.5, 12.7])
def test_probabilities_are_those_of_scipy(freedom: int, t: float) -> None:
    expected = 2 * stats.t.cdf(t, freedom) - 1
    assert central_probability(t, freedom) == pytest.approx(expected, abs=1e-12)
