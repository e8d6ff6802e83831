"""Profit sharing integrated with Social Security: permitted disparity (IRC 401(l), Reg. 1.401(l)-2).

Pay above the integration level, excess pay, gets more. A plan document fills steps one after another; the
pool may end inside a step, which is then shared by the weights of that step.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final, NamedTuple

import numpy as np

from simulation.rules.allocation import Residual, allocate
from simulation.rules.exact import Term, column, combined, total
from simulation.rules.rounding import Whole, Wholes
from simulation.units import BP

TOP_HEAVY_RATE: Final = Fraction(300, BP)
"""What the first steps of the four give, so that the top-heavy minimum is met first: IRC 416(c)(2)."""

WIDEST_DISPARITY_BP: Final = 570
"""At the wage base itself, or at a level of no more than a fifth of it."""

NEAR_DISPARITY_BP: Final = 540
"""At more than 80 % of the wage base, but below it."""

MIDDLE_DISPARITY_BP: Final = 430
"""At more than a fifth, up to 80 % of the wage base."""

LOWEST_LEVEL_CENTS: Final = 10_000_00
"""Levels up to it keep the widest disparity even where it is more than a fifth of the wage base."""


class Step(NamedTuple):
    """A step of a document's formula: a rate on a column of weights; no rate takes all that is left."""

    rate: Fraction | None
    weights: Whole


def max_disparity_bp(level_cents: int, wage_base_cents: int) -> int:
    """Return the maximum disparity rate in basis points for an integration level.

    Source: Reg. 1.401(l)-2(d)(4).

    Raises:
        ValueError: The level is above the wage base, which the regulation does not know.
    """
    if level_cents > wage_base_cents:
        raise ValueError(
            f"integration level {level_cents} is above the wage base {wage_base_cents}, in cents"
        )
    if level_cents == wage_base_cents:
        return WIDEST_DISPARITY_BP
    if 100 * level_cents > 80 * wage_base_cents:
        return NEAR_DISPARITY_BP
    low = max(wage_base_cents, 5 * LOWEST_LEVEL_CENTS)
    return MIDDLE_DISPARITY_BP if 5 * level_cents > low else WIDEST_DISPARITY_BP


def permitted_disparity(base_rate: Fraction, disparity: Fraction) -> Fraction:
    """Return by how much the excess rate may exceed the base rate: never by more than the base rate itself.

    Source: IRC 401(l)(2)(A).
    """
    return min(base_rate, disparity)


def excess_pay(pay: Whole, level_cents: Wholes) -> Whole:
    """Return pay above the integration level, in cents."""
    return column(np.maximum(pay - level_cents, 0))


def excess_pay_in_period(pay: Whole, pay_ytd: Wholes, level_cents: Wholes) -> Whole:
    """Return the excess pay of a period, in cents: it begins when the year's pay has passed the level.

    Over the periods of a year it adds up to ``excess_pay`` of the year.
    """
    return excess_pay(pay_ytd + pay, level_cents) - excess_pay(column(pay_ytd), level_cents)


def integrated_contribution(pay: Whole, excess: Whole, base_rate: Fraction, disparity: Fraction) -> Whole:
    """Return ``base rate x pay + disparity x excess pay`` in cents, half-up once, for exact rates.

    The disparity is cut to what is permitted. Pay and excess pay are of a year or of a period.
    """
    return combined((base_rate, pay), (permitted_disparity(base_rate, disparity), excess))


def base_rate_for(target_cents: int, pay_cents: int, level_cents: int, disparity: Fraction) -> Fraction:
    """Return the base rate that gives one pay a target contribution, exactly.

    ``(target - disparity x excess) / pay``; where that is below the disparity the excess gets twice the base
    rate, so that it is ``target / (pay + excess)``.
    """
    excess = max(pay_cents - level_cents, 0)
    rate = (target_cents - disparity * excess) / pay_cents
    return rate if rate >= disparity else Fraction(target_cents, pay_cents + excess)


def two_steps(pay: Whole, level_cents: int, disparity: Fraction) -> tuple[Step, ...]:
    """Return: the disparity on pay and excess pay, the rest on pay."""
    excess = excess_pay(pay, level_cents)
    return Step(disparity, pay + excess), Step(None, pay)


def four_steps(pay: Whole, level_cents: int, disparity: Fraction) -> tuple[Step, ...]:
    """Return the steps of a top-heavy plan: 3 % on pay, 3 % on excess, the disparity beyond 3 %, the rest."""
    excess = excess_pay(pay, level_cents)
    return (
        Step(TOP_HEAVY_RATE, pay),
        Step(TOP_HEAVY_RATE, excess),
        Step(max(disparity - TOP_HEAVY_RATE, Fraction(0)), pay + excess),
        Step(None, pay),
    )


def allocate_by_steps(pool_cents: int, steps: Sequence[Step], residual: Residual = Residual.NONE) -> Whole:
    """Return a pool allocated by steps, in cents, one row a person: the shares of all steps, rounded once.

    Each step takes its rate on its weights, or all that is left of the pool, pro rata on its weights.
    """
    return allocate(pool_cents, _terms(pool_cents, steps), residual)


def step_totals(pool_cents: int, steps: Sequence[Step]) -> list[Fraction]:
    """Return what each step takes of the pool, exactly, in cents."""
    return [factor * total(weights) for factor, weights in _terms(pool_cents, steps)]


def _terms(pool_cents: int, steps: Sequence[Step]) -> list[Term]:
    left, terms = Fraction(pool_cents), list[Term]()
    for step in steps:
        weight = total(step.weights)
        rate = left / weight if weight else Fraction(0)
        factor = rate if step.rate is None else min(step.rate, rate)
        terms.append((factor, step.weights))
        left -= factor * weight
    return terms
