"""Which year's limit a plan year takes, and limits of periods shorter than twelve months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from simulation.rules.exact import portion
from simulation.rules.rounding import Whole, Wholes

MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class LimitYears:
    """Calendar years whose limits hold for a plan year; 402(g) and 414(v) run by calendar year throughout."""

    compensation: int
    additions: int


def limit_years(first_day: date, last_day: date) -> LimitYears:
    """Return the years that give a plan year its limits.

    The 401(a)(17) cap is that of the calendar year in which the plan year begins (Reg. 1.401(a)(17)-1(a)),
    the 415(c) limit that of the calendar year in which the limitation year, here the plan year, ends
    (Reg. 1.415(d)-1(b)).
    """
    return LimitYears(compensation=first_day.year, additions=last_day.year)


def short_period_limit(limit_cents: Wholes, months: int) -> Whole:
    """Return a yearly limit for a measuring period of so many months, in cents: ``limit x months / 12``.

    For a short plan year (Reg. 1.401(a)(17)-1(b)(3)(iii)(A)) or limitation year (Reg. 1.415(j)-1(d)(2)),
    never for somebody who enters or leaves in the middle of a whole one.

    Raises:
        ValueError: The period has no months, or more than twelve.
    """
    if not 0 < months <= MONTHS:
        raise ValueError(f"a measuring period has 1 to {MONTHS} months, not {months}")
    return portion(limit_cents, Fraction(months, MONTHS))
