"""Age-weighted profit sharing: equal benefits at the testing age cost more the closer somebody is to it.

A dollar allocated at an age grows with interest until the testing age (Reg. 1.401(a)(4)-8(b)(2)), so weights
fall by a constant ratio with each year younger.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import numpy as np

from simulation.rules.allocation import Residual, allocate
from simulation.rules.exact import Term, total
from simulation.rules.rounding import Whole
from simulation.units import divide_half_up

TESTING_AGE: Final = 65
"""Age at which the benefits are compared; who is older is tested at once."""

BILLION: Final = 10**9
"""Discount factors are whole billionths, half-up: finer than a cent of any pool, and products stay exact."""


def age_weight_ratio(interest: Fraction, older: int, younger: int) -> Fraction:
    """Return how much more an allocation rate is at one age than at another: ``(1 + interest) ^ years``."""
    return (1 + interest) ** (older - younger)


def discount_billionths(interest: Fraction, age: int, testing_age: int = TESTING_AGE) -> int:
    """Return what one at the testing age is worth at an age, in billionths."""
    factor = 1 / age_weight_ratio(interest, max(testing_age, age), age)
    return divide_half_up(factor.numerator * BILLION, factor.denominator)


def age_weighted(
    pool_cents: int, pay: Whole, ages: Whole, interest: Fraction, residual: Residual = Residual.NONE
) -> Whole:
    """Return a pool allocated by ``pay x discount factor``, in cents, one row a person.

    Ages are those reached in the plan year; interest is between 7.5 % and 8.5 % (Reg. 1.401(a)(4)-12).
    """
    by_age = {int(age): np.where(ages == age, pay, 0) for age in np.unique(ages)}
    factors = {age: discount_billionths(interest, age) for age in by_age}
    whole = sum(factors[age] * total(column) for age, column in by_age.items())
    terms: list[Term] = [
        (Fraction(pool_cents * factors[age], whole or 1), column) for age, column in by_age.items()
    ]
    return allocate(pool_cents, terms or [(Fraction(0), pay)], residual)
