"""Key employees and the accounts at a determination date: IRC 416(g), (i); Reg. 1.416-1.

The determination date of a plan year is the last day of the year before. In the first year of a run what the
census tells stands for that year: what was paid out in it is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from simulation.compliance.people import People
from simulation.compliance.plan_year import PlanYear, once
from simulation.rules.key_employee import key_officers, key_owners, officer_cap
from simulation.rules.rounding import Truths, Whole
from simulation.rules.top_heavy import Shares, counted_balance, key_share
from simulation.units import CENTS_PER_DOLLAR

YEARS_OF_WITHDRAWALS: Final = 5
"""Years of in-service payments that are added back: IRC 416(g)(3)(B)."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts at the determination date of a plan year, one row a person.

    ``pay`` is that of the year that holds the date, ``balance`` has loans, ``paid_out`` is of that year and
    ``withdrawn`` in service over five, all in cents; who ``served`` was at work in that year.
    """

    people: People
    pay: Whole
    balance: Whole
    paid_out: Whole
    withdrawn: Whole
    served: Truths
    key: Truths
    former_key: Truths
    ever_key: Whole
    """Numbers of who was key at this determination date or at one before it, as far as a run goes."""

    @property
    def shares(self) -> Shares:
        """Return the money of key employees and of all."""
        counted = counted_balance(self.balance, self.paid_out, self.withdrawn)
        return key_share(counted, self.key, self.former_key, self.served)

    def rows(self) -> pl.DataFrame:
        """Return the working: who is key, and what counts."""
        return self.people.frame(
            "employee_id",
            key=self.key,
            former_key=self.former_key,
            pay_cents=self.pay,
            balance_cents=self.balance,
            paid_out_cents=self.paid_out + self.withdrawn,
        )


@once
def accounts(year: PlanYear) -> Accounts:
    """Return the accounts at the determination date of a plan year."""
    before, everybody = year.previous, year.everybody
    if before is None:
        people = everybody.where(everybody.year_of("hire_date") < year.year)
        nothing, nobody = np.zeros(len(people), dtype=np.int64), np.zeros(len(people), dtype=np.bool_)
        pay, served = people["lookback_pay_cents"], ~nobody
        key = _key(year, people, pay, served)
        balance = people["opening_balance_cents"]
        return Accounts(people, pay, balance, nothing, nothing, served, key, nobody, people["employee"][key])
    people, earlier = before.everybody, accounts(before).ever_key
    pay, served, numbers = people["pay_cents"], people["worked"], people["employee"]
    key = _key(year, people, pay, served)
    return Accounts(
        people,
        pay,
        people.sum_of("closing_balance_cents", "closing_loans_cents"),
        people["distributed_cents"],
        _withdrawn(before),
        served,
        key,
        np.isin(numbers, earlier) & ~key,
        np.union1d(earlier, numbers[key]),
    )


def _key(year: PlanYear, people: People, pay: Whole, served: Truths) -> Truths:
    """Return who is key: officers above the threshold, owners of more than 5 %, or of 1 % and well paid."""
    threshold = year.limits.key_officer_threshold_to_apply_for_topheavy_plan_year * CENTS_PER_DOLLAR
    officers = key_officers(pay, people["is_officer"] & served, threshold, officer_cap(int(served.sum())))
    owners = key_owners(pay, people["owned_bp"], year.limits.key_owner_1pct_comp_threshold * CENTS_PER_DOLLAR)
    return (officers | owners) & served


def _withdrawn(last: PlanYear) -> Whole:
    """Return what was paid out in service in the five years up to the end of one, as far as a run goes."""
    people = last.everybody["employee"]
    paid, year = np.zeros(int(people.max(initial=0)) + 1, dtype=np.int64), last
    for _ in range(YEARS_OF_WITHDRAWALS):
        there = year.everybody["employee"]
        known = there < len(paid)
        np.add.at(paid, there[known], year.everybody["withdrawn_cents"][known])
        if year.previous is None:
            break
        year = year.previous
    return paid[people]
