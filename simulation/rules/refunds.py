"""Correcting a failed ADP or ACP test by paying back: how much, to whom, with what income.

The total comes from the highest percentages and is then paid to the highest dollars, so that who has the
highest percentage may get nothing (IRC 401(k)(8)(B)-(C), 401(m)(6)(B)-(C); Reg. 1.401(k)-2(b)(2)). Money in
cents, one row a highly compensated employee.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from operator import le
from typing import Final

import numpy as np

from simulation.rules.allocation import Residual
from simulation.rules.exact import column, total
from simulation.rules.ratios import (
    STEP,
    Enclosed,
    Number,
    Ratios,
    exact_of,
    high_of,
    in_steps,
    low_of,
    settled,
)
from simulation.rules.rounding import Whole, Wholes, part
from simulation.units import BP, divide_half_up

HALF: Final = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Correction:
    """What a failed test gives back."""

    cap: Number
    """The ratio to which the highest ones are cut in the first step."""
    total_cents: int
    """What they are cut by in all, half-up."""
    refunds: Whole
    """What each gives back, before any of it becomes catch-up."""


def correction(
    contributions: Wholes, pay: Wholes, limit: Number, residual: Residual = Residual.REMAINDERS
) -> Correction:
    """Return the refunds that bring the average ratio to its limit.

    By default they add up to the total: each is rounded down, and the cents left over come one each from the
    highest contributions, the first of equal ones. ``Residual.NONE`` rounds each half-up alone.
    """
    given = column(contributions)
    ranked = Ratios.of(given, pay).descending()
    cap = ratio_cap(ranked, limit)
    total_cents = settled(lambda level: _cents(excess_over(ranked, level)), cap)
    if residual is Residual.REMAINDERS:
        return Correction(cap, total_cents, levelled(given, total_cents))
    kept = settled(lambda level: _kept(given, excess_over(ranked, level)), cap)
    refunds = np.maximum(given - kept, 0)
    if residual is Residual.LARGEST and total_cents:
        refunds[given.argmax()] += total_cents - total(refunds)
    return Correction(cap, total_cents, refunds)


def ratio_cap(ranked: Ratios, limit: Number) -> Number:
    """Return the ratio to which the highest ones are cut so that all average the limit.

    ``ranked`` descend. Where they are within the limit already, the highest of them.
    Source: Reg. 1.401(k)-2(b)(2)(ii).
    """
    if settled(le, ranked.mean(), limit):
        return ranked.highest()
    cut_off, rounded_up = ranked.groups, ranked.groups.copy()
    rounded_up[-1] += ranked.cut
    # Higher ratios and a lower limit both lower the cap: these are its two ends.
    low, high = _step_cap(rounded_up, low_of(limit)), _step_cap(cut_off, high_of(limit))
    return Enclosed(low, high, lambda: _exact_cap(ranked, exact_of(limit)))


def _step_cap(groups: Whole, limit: Fraction) -> Fraction:
    sums, people = groups.cumsum(axis=1), groups.shape[1]
    too_much = in_steps(sums[:, -1]) - people * limit / STEP
    if too_much <= 0:
        return (in_steps(groups[:, 0]) + 1) * STEP
    level = _level(
        lambda row: in_steps(groups[:, row]), lambda many: in_steps(sums[:, many - 1]), people, too_much
    )
    return level * STEP


def _exact_cap(ranked: Ratios, limit: Fraction) -> Fraction:
    too_much = ranked.exact_sum() - len(ranked) * limit
    return _level(ranked.at, lambda many: ranked.rows(slice(many)).exact_sum(), len(ranked), too_much)


def _level(
    value: Callable[[int], Fraction | int],
    sum_of: Callable[[int], Fraction | int],
    people: int,
    take: Fraction | int,
) -> Fraction:
    """Return the level to which the first of descending values are cut to take so much off their sum.

    ``sum_of(k)`` adds the first k values. Nothing to take leaves the highest value.
    """
    cut = bisect_left(range(1, people + 1), take, key=lambda many: sum_of(many) - many * value(many - 1))
    return Fraction(sum_of(cut) - take) / cut if cut else Fraction(value(0))


def excess_over(ranked: Ratios, cap: Fraction) -> Fraction:
    """Return by how much contributions exceed ``cap x pay`` in all, exactly, in cents.

    The total excess contributions: Reg. 1.401(k)-2(b)(2)(ii)(B).
    """
    above = bisect_left(range(len(ranked)), x=True, key=lambda row: ranked.at(row) <= cap)
    return total(ranked.amounts[:above]) - cap * total(ranked.pay[:above])


def levelled(contributions: Wholes, total_cents: int) -> Whole:
    """Return a total paid back by those with the highest dollars, each down to the next, in whole cents.

    The level that the total reaches is a fraction of a cent: refunds are rounded down to it, and the cents
    that are left over come one each from the highest contributions, the first of equal ones.
    Source: Reg. 1.401(k)-2(b)(2)(iii).

    Raises:
        ValueError: The total is more than all contributions.
    """
    given = column(contributions)
    if total_cents > total(given):
        raise ValueError(f"{total_cents} cents cannot be refunded out of {total(given)}")
    kept = ceil(_dollar_level(given, total_cents))
    refunds = np.maximum(given - kept, 0)
    left = total_cents - total(refunds)
    refunds[np.argsort(-given, kind="stable")[:left]] += 1
    return refunds


def _kept(given: Whole, take: Fraction) -> int:
    """Return the level in cents such that refunds down to it are each rounded half-up."""
    return ceil(_dollar_level(given, take) - HALF)


def _dollar_level(given: Whole, take: Fraction | int) -> Fraction:
    ranked = np.sort(given)[::-1]
    sums = ranked.cumsum()
    if not len(ranked):
        return Fraction(0)
    return _level(lambda row: int(ranked[row]), lambda many: int(sums[many - 1]), len(ranked), take)


def _cents(exact: Fraction) -> int:
    return divide_half_up(exact.numerator, exact.denominator)


def recharacterised(refunds: Wholes, unused_catchup: Wholes) -> Whole:
    """Return what of refunds becomes catch-up instead of being paid, in cents; the test is not run again.

    ``unused_catchup`` is what the catch-up limit has left, nought below age 50.
    Source: Reg. 1.401(k)-2(b)(4)(iii), 1.414(v)-1(d)(2)(iii).
    """
    return np.minimum(column(refunds), column(np.maximum(unused_catchup, 0)))


def allocable_income(excess: Wholes, income: Wholes, opening_balance: Wholes, contributions: Wholes) -> Whole:
    """Return the income (or loss, below nought) refunded with an excess, in cents.

    ``excess x income of the plan year / (opening balance + contributions)``, all of the same kind of money;
    nothing for the time after the plan year. Source: Reg. 1.401(k)-2(b)(2)(iv)(C)-(D).
    """
    base = column(opening_balance) + column(contributions)
    return part(column(excess), column(income), np.maximum(base, 1))


def vested_part(excess: Wholes, income: Wholes, vested: Wholes, one: Wholes = BP) -> Whole:
    """Return what is distributed of excess match with its income, in cents; the rest of both is forfeited.

    ``vested`` is in basis points unless ``one`` says otherwise. Source: Reg. 1.401(m)-2(b)(2)(v), (3)(v).
    """
    return part(column(excess) + column(income), vested, one)


def refund_of_matched(refunds: Wholes, unmatched_deferrals: Wholes) -> Whole:
    """Return what of refunds had been matched, in cents: deferrals that were not matched go back first.

    The order is the plan's choice; this one costs participants least.
    """
    return column(np.maximum(column(refunds) - column(unmatched_deferrals), 0))


def forfeited_match(refunded_matched: Wholes, match_rate: Wholes, one: Wholes = BP) -> Whole:
    """Return the match on refunded deferrals, in cents, which is forfeited however vested it is.

    For one match rate, in basis points unless ``one`` says otherwise; with tiers it is the match before less
    the match after. Source: IRC 411(a)(3)(G), Reg. 1.401(a)(4)-4(e)(3)(iii)(G).
    """
    return part(column(refunded_matched), match_rate, one)
