"""Highly compensated employees: IRC 414(q), Reg. 1.414(q)-1T, Notice 97-45.

Owners of more than 5 %, this year or the year before; and whoever was paid more than the threshold in the
lookback year, the plan year before, under an election only if among the top-paid fifth of that year.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np

from simulation.rules.exact import column
from simulation.rules.rounding import Truths, Wholes
from simulation.units import divide_half_up

OWNER_PERCENT: Final = 5
"""An owner has more than this: IRC 414(q)(2), 416(i)(1)(B)(i)."""

TOP_PAID_PART: Final = 5
"""The top-paid group is the highest fifth: IRC 414(q)(3)."""


def threshold_year(first_day: date, *, calendar_data: bool = False) -> int:
    """Return the calendar year whose threshold a plan year takes: that in which its lookback year begins.

    ``first_day`` is the plan year's. By the calendar-year data election a plan year that is none looks back
    at the calendar year that begins within its lookback year (Notice 97-45, V).
    """
    fiscal = (first_day.month, first_day.day) != (1, 1)
    return first_day.year - 1 + (calendar_data and fiscal)


def highly_compensated(
    lookback_pay: Wholes, threshold_cents: Wholes, owners: Truths, top_paid: Truths | None = None
) -> Truths:
    """Return who is highly compensated.

    ``lookback_pay`` is 415(c)(3) compensation from this employer in the lookback year, in cents, never
    annualised: nought for new hires. It has to exceed the threshold. ``owners`` own more than 5 % at any time
    of the plan year or the lookback year. ``top_paid`` is the top-paid group, if the plan elects it.
    """
    paid = column(lookback_pay) > threshold_cents
    return owners | (paid if top_paid is None else paid & top_paid)


def top_paid_count(employees: int, excluded: int = 0) -> int:
    """Return the size of the top-paid group: a fifth of the employees that count, half-up.

    ``excluded`` are people left out of the count: under six months of service, below 17.5 hours a week or six
    months a year, under 21, nonresident aliens. They can still be in the group. Rounding is the plan's
    choice, if consistent. Source: Reg. 1.414(q)-1T, A-9.
    """
    return divide_half_up(employees - excluded, TOP_PAID_PART)


def top_paid(lookback_pay: Wholes, count: int) -> Truths:
    """Return who is in the top-paid group: so many of the highest lookback pays, the first of equal ones.

    Owners with such a pay are in it; other owners take nobody's place.
    """
    pay = column(lookback_pay)
    chosen = np.zeros(len(pay), dtype=np.bool_)
    chosen[np.argsort(-pay, kind="stable")[: max(count, 0)]] = True
    return chosen
