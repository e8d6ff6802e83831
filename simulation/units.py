"""Money as integer cents, rates as integer basis points, and the one rounding rule.

Half-up (away from zero) is the only rounding in the engines: payroll offices use it and the worked
examples state it. Nothing here knows what the money is for.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final, overload

import polars as pl

CENTS_PER_DOLLAR: Final = 100
BP: Final = 10_000
"""Basis points in one: 1 % is 100."""

CENT: Final = Decimal("0.01")
BASIS_POINT: Final = Decimal("0.0001")
MONEY: Final = Decimal("0.000001")
"""The step of money in the store and in payloads: six decimal places, eighteen digits."""


@overload
def divide_half_up(numerator: int, denominator: int) -> int: ...
@overload
def divide_half_up(numerator: pl.Expr, denominator: int | pl.Expr) -> pl.Expr: ...
def divide_half_up(numerator: int | pl.Expr, denominator: int | pl.Expr) -> int | pl.Expr:
    """Return ``numerator / denominator`` as a whole number, halves away from zero.

    The one rounding rule, for a single value and for a column alike; the denominator is positive.
    """
    if isinstance(numerator, pl.Expr):
        size = (numerator.abs() * 2 + denominator) // (denominator * 2)
        return size * numerator.sign()
    if isinstance(denominator, pl.Expr):
        msg = "a whole number is not divided by a column"
        raise TypeError(msg)
    size_of_one = (2 * abs(numerator) + denominator) // (2 * denominator)
    return size_of_one if numerator >= 0 else -size_of_one


@overload
def share(amount_cents: int, rate_bp: int) -> int: ...
@overload
def share(amount_cents: pl.Expr, rate_bp: int | pl.Expr) -> pl.Expr: ...
def share(amount_cents: int | pl.Expr, rate_bp: int | pl.Expr) -> int | pl.Expr:
    """Return ``amount x rate`` in cents, half-up: 3.25 % of 100.00 is 3.25."""
    return divide_half_up(amount_cents * rate_bp, BP)


def cents(amount: Decimal | str | int) -> int:
    """Return an amount of dollars as whole cents, half-up."""
    return int((Decimal(amount) / CENT).to_integral_value(ROUND_HALF_UP))


def dollars(amount_cents: int) -> Decimal:
    """Return cents as dollars with two decimal places."""
    return Decimal(amount_cents).scaleb(-2)


def basis_points(rate: Decimal | str | int) -> int:
    """Return a rate (0.015 is 1.5 %) as whole basis points, half-up."""
    return int((Decimal(rate) / BASIS_POINT).to_integral_value(ROUND_HALF_UP))


def rate(rate_bp: int) -> Decimal:
    """Return basis points as a rate with four decimal places."""
    return Decimal(rate_bp).scaleb(-4)
