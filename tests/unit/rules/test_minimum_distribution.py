from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from simulation.rules.minimum_distribution import (
    UNIFORM_LIFETIME_TENTHS,
    applicable_age_months,
    divisor_tenths,
    first_distribution_year,
    minimum_distribution_cents,
    required_beginning_date,
)


@pytest.mark.parametrize(
    ("age", "tenths"), [(72, 274), (85, 160), (95, 89), (100, 64), (110, 35), (119, 23), (120, 20), (127, 20)]
)
def test_the_table_gives_divisors_by_age(age: int, tenths: int) -> None:
    assert divisor_tenths(age).tolist() == [tenths]


def test_the_table_falls_from_72_to_120() -> None:
    assert len(UNIFORM_LIFETIME_TENTHS) == 49
    assert all(younger > older for younger, older in pairwise(UNIFORM_LIFETIME_TENTHS))


def test_a_distribution_is_the_balance_over_the_divisor_half_up() -> None:
    balances = np.array([10_000_000, 1, 0])
    assert minimum_distribution_cents(balances, divisor_tenths(np.array([80, 120, 73]))).tolist() == [
        495_050,
        1,
        0,
    ]


@pytest.mark.parametrize(
    ("birth", "months"),
    [
        (date(1949, 6, 30), 846),
        (date(1949, 7, 1), 864),
        (date(1950, 12, 31), 864),
        (date(1951, 1, 1), 876),
        (date(1959, 12, 31), 876),
        (date(1960, 1, 1), 900),
    ],
)
def test_the_applicable_age_follows_the_date_of_birth(birth: date, months: int) -> None:
    assert pl.select(applicable_age_months(pl.lit(birth))).item() == months


@pytest.mark.parametrize(
    ("birth", "retirement", "owned_bp", "first"),
    [
        (date(1955, 2, 28), date(2020, 1, 1), 0, 2028),
        (date(1955, 2, 28), date(2030, 6, 30), 0, 2030),
        (date(1955, 2, 28), None, 0, None),
        (date(1955, 2, 28), None, 501, 2028),
        (date(1960, 2, 29), date(2025, 1, 1), 0, 2035),
        (date(1948, 9, 1), date(2000, 1, 1), 0, 2019),
    ],
)
def test_distributions_begin_at_the_applicable_age_or_retirement(
    birth: date, retirement: date | None, owned_bp: int, first: int | None
) -> None:
    rule = first_distribution_year(pl.lit(birth), pl.lit(retirement, dtype=pl.Date), pl.lit(owned_bp))
    assert pl.select(rule).item() == first


def test_an_owner_of_exactly_five_percent_may_wait() -> None:
    waiting = first_distribution_year(pl.lit(date(1953, 5, 5)), pl.lit(None, dtype=pl.Date), pl.lit(500))
    assert pl.select(waiting).item() is None


def test_the_first_distribution_may_wait_until_april() -> None:
    assert pl.select(required_beginning_date(pl.lit(2027))).item() == date(2028, 4, 1)
