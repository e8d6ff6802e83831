"""Limits that the cases of several topics ask for: as given, or of their year; in cents."""

from __future__ import annotations

import numpy as np

from simulation.parameters.limits import Limits, limits, published
from simulation.rules.compensation_limit import countable_pay, countable_pay_in_period
from simulation.rules.deferral_limits import catchup_limit
from simulation.rules.rounding import Whole
from simulation.units import CENTS_PER_DOLLAR
from tests.golden.money import cents, row
from tests.golden.registry import Inputs


def limits_of(inputs: Inputs) -> Limits:
    """Return the limits of the case's year."""
    return limits(int(inputs["year"]))


def in_cents(dollars: int) -> int:
    """Return a limit of whole dollars in cents."""
    return dollars * CENTS_PER_DOLLAR


def age_of(inputs: Inputs) -> int:
    """Return the age at 31 December; a case that does not tell it is of somebody too young for catch-up."""
    return int(inputs.get("age", inputs.get("age_at_dec31", 0)))


def deferral_cap(inputs: Inputs) -> int:
    """Return the 402(g) limit of the case."""
    if "deferral_limit" in inputs:
        return cents(inputs["deferral_limit"])
    return in_cents(limits_of(inputs).elective_deferral_402g)


def catchup_cap(inputs: Inputs) -> Whole:
    """Return the catch-up limit of the case at its age."""
    return catchup_at(age_of(inputs), limits_of(inputs))


def catchup_at(age: int, of_year: Limits) -> Whole:
    """Return the catch-up limit at an age."""
    higher = of_year.catchup_age60_63_414v
    return catchup_limit(
        age, in_cents(of_year.catchup_age50_414v), None if higher is None else in_cents(higher)
    )


def compensation_cap(inputs: Inputs) -> int | None:
    """Return the 401(a)(17) cap of the case, or nothing where it tells no cap and no year on file."""
    if "comp_limit" in inputs:
        return cents(inputs["comp_limit"])
    if int(inputs.get("year", 0)) < min(published()):
        return None
    return in_cents(limits_of(inputs).comp_limit_401a17)


def countable(inputs: Inputs, pay: str | Whole) -> Whole:
    """Return pay of a year up to the cap of the case, all of it where there is none."""
    paid = row(pay) if isinstance(pay, str) else pay
    cap = compensation_cap(inputs)
    return paid if cap is None else countable_pay(paid, cap)


def countable_periods(inputs: Inputs, pay: Whole) -> Whole:
    """Return pay of one period after another until the cap of the case is reached."""
    cap = compensation_cap(inputs)
    return pay if cap is None else countable_pay_in_period(pay, np.cumsum(pay) - pay, cap)
