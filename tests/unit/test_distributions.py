from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from simulation.distributions import BINS, BY_CHANCE, Distribution
from simulation.rules.rounding import Whole

NUMBERS = st.lists(st.integers(-50, 50), min_size=2, max_size=120).map(lambda v: np.array(v, dtype=np.int64))


def whole(*values: int) -> Whole:
    return np.array(values, dtype=np.int64)


def between(before: Whole, now: Whole) -> tuple[float, float]:
    first, later = Distribution.of(before), Distribution.of(now)
    return first.kolmogorov_smirnov(later).size, first.stability_index(later).size


@given(NUMBERS, NUMBERS)
def test_the_distance_is_that_of_scipy(before: Whole, now: Whole) -> None:
    expected = stats.ks_2samp(before, now, method="asymp").statistic
    assert between(before, now)[0] == pytest.approx(expected, abs=1e-12)


@given(NUMBERS, NUMBERS)
def test_the_index_is_both_relative_entropies_over_the_deciles(before: Whole, now: Whole) -> None:
    edges = np.unique(np.quantile(before, np.arange(1, BINS) / BINS, method="inverted_cdf"))
    bounds = [-np.inf, *edges[edges < before.max()], np.inf]
    counts = [np.histogram(-sample, bins=sorted(-bound for bound in bounds))[0] for sample in (before, now)]
    shares = [(count + 0.5) / (count.sum() + 0.5 * len(count)) for count in counts]
    expected = special.rel_entr(*shares).sum() + special.rel_entr(*reversed(shares)).sum()
    assert between(before, now)[1] == pytest.approx(expected, abs=1e-9)


@given(NUMBERS)
def test_nothing_has_moved_from_itself(values: Whole) -> None:
    distance, index = between(values, values[::-1])
    assert distance == 0
    assert index == pytest.approx(0, abs=1e-12)


def test_a_distance_by_hand() -> None:
    # Up to 2 stand three quarters of the first and a quarter of the second.
    moved = Distribution.of(whole(1, 1, 2, 3)).kolmogorov_smirnov(Distribution.of(whole(2, 3, 3, 4)))
    assert moved == (0.5, 2, 0.75, 0.25)


def test_an_index_by_hand() -> None:
    # Two bins, up to 0 and above: 9 and 1 of ten before, 4 and 6 now; half a person more in each.
    before, now = Distribution.of(whole(*[0] * 9, 1)), Distribution.of(whole(*[0] * 4, *[5] * 6))
    p, q = 9.5 / 11, 4.5 / 11
    expected = (q - p) * log(q / p) + ((1 - q) - (1 - p)) * log((1 - q) / (1 - p))
    moved = before.stability_index(now)
    assert moved.size == pytest.approx(expected)
    assert moved.at == 5
    assert moved.now == pytest.approx(6.5 / 11)


def test_a_group_that_vanishes_counts_without_being_infinite() -> None:
    _, index = between(whole(*range(100)), whole(*range(50, 100)))
    assert 1 < index < 10


def test_values_of_one_kind_have_one_bin_that_never_moves() -> None:
    before, now = Distribution.of(whole(3, 3)), Distribution.of(whole(3, 4, 5))
    assert before.stability_index(now).size == 0
    assert before.index_by_chance(now) == 0


def test_what_chance_makes_is_the_limit_of_the_tables() -> None:
    before, now = Distribution.of(whole(*range(200))), Distribution.of(whole(*range(50)))
    scale = 200 * 50 / 250
    assert before.distance_by_chance(now) * scale**0.5 == pytest.approx(
        stats.kstwobign.isf(BY_CHANCE), rel=1e-3
    )
    assert before.index_by_chance(now) * scale == pytest.approx(stats.chi2.isf(BY_CHANCE, 9), rel=1e-3)


@pytest.mark.parametrize("bins", range(2, BINS + 1))
def test_the_table_of_chance_has_an_entry_for_each_number_of_bins(bins: int) -> None:
    before = Distribution.of(np.repeat(np.arange(bins, dtype=np.int64), 90))
    expected = stats.chi2.isf(BY_CHANCE, bins - 1) * 2 / before.people
    assert before.index_by_chance(before) == pytest.approx(expected, rel=1e-3)
