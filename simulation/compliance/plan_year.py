"""What the tests of a plan year look at: everybody who worked in it or had an account, one row each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Any, TypeVar, cast

import dataframely as dy
import polars as pl

from simulation.compliance.people import People
from simulation.parameters import Scenario
from simulation.parameters.limits import Limits, limits

Found = TypeVar("Found")


class PlanYearFrame(dy.Schema):
    """One row an employee or former participant, by employee number; money in whole cents.

    Amounts are those of the plan year; balances stand at its two ends. ``catchup_cents`` is the part of the
    deferrals that is catch-up. What was taken back within the permissible window is still in the deferrals.
    Service counts from ``service_date``, which for who came back is later than the date of hire.
    ``allotted_pay_cents`` is the pay on which nonelective money and profit sharing were worked out, uncapped:
    that since the entry date; nought for who got none.
    """

    employee = dy.Int32(primary_key=True)
    employee_id = dy.String()
    birth_date = dy.Date()
    hire_date = dy.Date()
    service_date = dy.Date()
    worked = dy.Bool()
    employed_at_end = dy.Bool()
    termination_date = dy.Date(nullable=True)
    termination_reason = dy.String(nullable=True)
    employee_class = dy.String()
    is_officer = dy.Bool()
    owned_bp = dy.Int32()
    pay_cents = dy.Int64(min=0)
    allotted_pay_cents = dy.Int64(min=0)
    lookback_pay_cents = dy.Int64(min=0)
    hours = dy.Int32(min=0)
    entry_date = dy.Date(nullable=True)
    employer_entry_date = dy.Date(nullable=True)
    is_hce = dy.Bool()
    pre_tax_cents = dy.Int64(min=0)
    roth_cents = dy.Int64(min=0)
    catchup_cents = dy.Int64(min=0)
    match_cents = dy.Int64(min=0)
    nonelective_cents = dy.Int64(min=0)
    profit_sharing_cents = dy.Int64(min=0)
    reallocated_cents = dy.Int64(min=0)
    taken_back_cents = dy.Int64(min=0)
    match_taken_back_cents = dy.Int64(min=0)
    returns_cents = dy.Int64()
    withdrawn_cents = dy.Int64(min=0)
    distributed_cents = dy.Int64(min=0)
    opening_balance_cents = dy.Int64(min=0)
    closing_balance_cents = dy.Int64(min=0)
    opening_loans_cents = dy.Int64(min=0)
    closing_loans_cents = dy.Int64(min=0)
    vested_match_bp = dy.Int32(min=0, max=10_000)
    vested_nonelective_bp = dy.Int32(min=0, max=10_000)
    vested_profit_sharing_bp = dy.Int32(min=0, max=10_000)


@dataclass(frozen=True, eq=False)
class PlanYear:
    """A plan year as it is tested, and the one before it if the run has it."""

    year: int
    everybody: People
    scenario: Scenario
    previous: PlanYear | None = None
    found: dict[str, Any] = field(default_factory=dict, init=False, repr=False)
    """What several tests ask for, by what works it out: see ``once``."""

    @property
    def people(self) -> pl.DataFrame:
        """Return ``PlanYearFrame``, made anew each time."""
        return self.everybody.frame(*PlanYearFrame.columns())

    @cached_property
    def limits(self) -> Limits:
        """Return the statutory limits of the year, in dollars."""
        return limits(self.year, self.scenario.limits.indexation.rate)


def once(work: Callable[[PlanYear], Found]) -> Callable[[PlanYear], Found]:
    """Return what works something out of a plan year once, however many tests ask for it."""
    name = f"{work.__module__}.{work.__qualname__}"

    @wraps(work)
    def kept(year: PlanYear) -> Found:
        if name not in year.found:
            year.found[name] = work(year)
        return cast("Found", year.found[name])

    return kept
