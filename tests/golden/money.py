"""Decimal strings of the worked examples, in and out, as their README writes them.

Money has two decimals, thresholds are whole dollars, ratios have four decimals, limits stand in their
shortest form. In: exact, and an amount or rate that does not fit raises ValueError instead of being rounded.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from simulation.units import BP, CENTS_PER_DOLLAR, divide_half_up

Cents: TypeAlias = NDArray[np.int64]
RATIO_PLACES: Final = 4


def fraction(text: str) -> Fraction:
    """Return a rate or an amount as it stands, exactly."""
    return Fraction(Decimal(text))


def cents(text: str) -> int:
    """Return an amount of dollars as whole cents."""
    return _whole(text, CENTS_PER_DOLLAR, "cents")


def basis_points(text: str) -> int:
    """Return a rate ("0.0325" is 325) as whole basis points."""
    return _whole(text, BP, "basis points")


def _whole(text: str, steps: int, unit: str) -> int:
    exact = fraction(text) * steps
    if exact.denominator != 1:
        raise ValueError(f"{text} is no whole number of {unit}")
    return exact.numerator


def column(amounts: Iterable[str]) -> Cents:
    """Return amounts of dollars as a column of cents."""
    return np.array([cents(text) for text in amounts], dtype=np.int64)


def row(text: str) -> Cents:
    """Return one amount of dollars as a column of one person."""
    return column([text])


def money(amount_cents: int | np.integer | Cents) -> str:
    """Return cents (a number, or a column of one) as dollars with two decimals: "1666.67"."""
    return str(Decimal(only(amount_cents)).scaleb(-2))


def moneys(amounts_cents: Cents) -> list[str]:
    """Return a column of cents as dollars with two decimals each."""
    return [money(amount) for amount in amounts_cents]


def whole_dollars(amount_cents: int | np.integer | Cents) -> str:
    """Return cents as a threshold in whole dollars: "160000"."""
    return str(_whole(money(amount_cents), 1, "dollars"))


def ratio(value: Fraction, places: int = RATIO_PLACES) -> str:
    """Return a ratio with a fixed number of decimals, half-up: "0.0417"."""
    return str(Decimal(divide_half_up(value.numerator * 10**places, value.denominator)).scaleb(-places))


def shortest(value: Fraction) -> str:
    """Return an exact decimal in its shortest form: "0.1", "0.044", "0"."""
    exact = Decimal(value.numerator) / value.denominator
    if Fraction(exact) != value:
        raise ValueError(f"{value} has no end as a decimal")
    return f"{exact.normalize():f}"


def rate_of_bp(rate_bp: int | np.integer) -> str:
    """Return basis points as a rate in its shortest form: 325 is "0.0325"."""
    return shortest(Fraction(int(rate_bp), BP))


def only(amount: int | np.integer | Cents) -> int:
    """Return the number, or the one number of a column of one; a longer column raises ValueError."""
    return int(np.asarray(amount).reshape(-1).item())
