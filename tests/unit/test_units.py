from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.units import basis_points, cents, divide_half_up, dollars, rate, share

NUMERATORS = st.integers(-(10**15), 10**15)
DENOMINATORS = st.integers(1, 10**6)


@given(NUMERATORS, DENOMINATORS)
def test_division_rounds_halves_away_from_zero_like_decimal(numerator: int, denominator: int) -> None:
    exact = Decimal(numerator) / Decimal(denominator)
    assert divide_half_up(numerator, denominator) == int(exact.to_integral_value(ROUND_HALF_UP))


@given(st.lists(st.tuples(NUMERATORS, DENOMINATORS), min_size=1, max_size=50))
def test_a_column_is_divided_as_each_of_its_values(pairs: list[tuple[int, int]]) -> None:
    frame = pl.DataFrame(pairs, schema={"n": pl.Int64, "d": pl.Int64}, orient="row")
    column = frame.select(divide_half_up(pl.col("n"), pl.col("d")).alias("q"))["q"].to_list()
    assert column == [divide_half_up(numerator, denominator) for numerator, denominator in pairs]


@pytest.mark.parametrize(
    ("amount_cents", "rate_bp", "expected"),
    [(10_000, 325, 325), (1, 5_000, 1), (-1, 5_000, -1), (10_001, 50, 50), (6_000_000, 320, 192_000)],
)
def test_a_share_is_rounded_to_the_cent(amount_cents: int, rate_bp: int, expected: int) -> None:
    assert share(amount_cents, rate_bp) == expected


@given(st.integers(-(10**14), 10**14))
def test_cents_and_dollars_undo_each_other(amount: int) -> None:
    assert cents(dollars(amount)) == amount


@given(st.integers(-(10**6), 10**6))
def test_basis_points_and_rates_undo_each_other(points: int) -> None:
    assert basis_points(rate(points)) == points


@pytest.mark.parametrize(
    ("amount", "expected"), [("0.005", 1), ("-0.005", -1), ("12.344999", 1234), (3, 300)]
)
def test_dollars_become_cents_by_the_one_rule(amount: str | int, expected: int) -> None:
    assert cents(amount) == expected
