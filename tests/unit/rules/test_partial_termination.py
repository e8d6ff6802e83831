from __future__ import annotations

import numpy as np
import pytest

from simulation.rules.partial_termination import employer_initiated, presumed, turnover_bp


@pytest.mark.parametrize(
    ("severances", "initial", "added", "rate_bp", "is_presumed"),
    [
        (20, 100, 0, 2_000, True),
        (19, 100, 0, 1_900, False),
        (22, 100, 10, 2_000, True),
        (19_999, 100_000, 0, 2_000, False),
        (0, 0, 0, 0, False),
    ],
)
def test_layoffs_of_a_fifth_presume_a_partial_termination_on_the_exact_rate(
    severances: int, initial: int, added: int, rate_bp: int, is_presumed: bool
) -> None:
    assert turnover_bp(severances, initial, added).tolist() == [rate_bp]
    assert presumed(severances, initial, added).tolist() == [is_presumed]


def test_seeds_are_rows() -> None:
    assert presumed(np.array([10, 30]), 100, np.array([0, 20])).tolist() == [False, True]


@pytest.mark.parametrize(("shown", "counted"), [(True, 12), (False, 17)])
def test_quits_count_where_they_cannot_be_shown_to_be_voluntary(shown: bool, counted: int) -> None:
    assert employer_initiated(12, 5, shown_voluntary=shown).tolist() == [counted]
