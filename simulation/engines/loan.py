"""Who borrows from the account, when, how much, and on which terms (Code section 72(p)(2)).

A loan is paid out of what the borrower already owned in full on 1 January, so that no day's balance can
fall below nought, and what is left of a source is owned in the same share as before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.balances import (
    BALANCES,
    VESTED,
    amounts,
    by_source,
    owned_in_full,
    shares_bp,
    spread,
)
from simulation.dates import year_start
from simulation.engines.decided import decided
from simulation.events.sources import SOURCES
from simulation.hazards import stepped, steps_of
from simulation.loan_ledger import Calendar, Loans, repayment_frequency
from simulation.rng import Purpose, uniform
from simulation.rules.amortisation import PAYMENTS_PER_YEAR, Terms, level_payment_cents
from simulation.rules.loan import highest_at_once_cents, highest_of_each_cents, maximum_cents
from simulation.rules.vesting import vested_cents
from simulation.state import IDENTITY, age, rows_of
from simulation.units import CENTS_PER_DOLLAR, basis_points, cents

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulation.context import YearContext
    from simulation.loan_ledger import Days
    from simulation.rules.rounding import Whole
    from simulation.state import State

LEAST_CENTS: Final = 100_000
"""Plans may refuse to lend less than 1,000, and most do: 29 CFR 2550.408b-1(b)(2)."""

LOWEST: Final = 0.2
WIDTH: Final = 1.6
"""Amounts asked for spread evenly from 0.2 to 1.8 times the mean."""

HIGHEST: Final[Mapping[str, Callable[[Whole], Whole]]] = {
    "outstanding_then": highest_at_once_cents,
    "cumulative": highest_of_each_cents,
}

_YEAR: Final = tuple(f"year_{source}_cents" for source in SOURCES)
_LENDABLE: Final = tuple(f"opening_{source}_cents" for source in SOURCES)
_READ: Final = (*IDENTITY, "birth_date", "loans_taken", *BALANCES, *VESTED, *_YEAR)


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return the loans of the year to participants who stay through it."""
    plan = context.scenario.plan
    if not plan.enabled or not plan.loans.enabled:
        return {}
    lent = _lent(context, state, _asking(context, state))
    per_year = PAYMENTS_PER_YEAR[repayment_frequency(context.scenario.payroll.frequency)]
    rate, payments = basis_points(plan.loans.interest_rate), per_year * plan.loans.term_years
    amount = lent["lent"].to_numpy()
    level = level_payment_cents(amount, Terms(rate, per_year, payments))
    parts = by_source(spread(amount, amounts(lent, _LENDABLE)))
    return {
        "loan": decided(
            lent.hstack(parts),
            "loan",
            rule="plan.loans.take_up",
            amount=amount,
            probability=lent["chance"],
            draw=lent["draw"],
            loan_number=lent["loans_taken"].to_numpy() + 1,
            interest_rate_bp=rate,
            payments=payments,
            payment_cents=level,
        )
    }


def _asking(context: YearContext, state: State) -> pl.DataFrame:
    """Return who asks for a loan, with its day and amount and what each source could pay."""
    asking, year = _drawn(context, state), context.year
    days = Calendar.of(context.scenario.payroll.frequency, year, year).days
    place = uniform(asking, Purpose.LOAN_DATE, year).to_numpy() * len(days)
    size = LOWEST + WIDTH * uniform(asking, Purpose.LOAN_AMOUNT, year).to_numpy()
    mean = cents(context.scenario.plan.loans.mean_amount) / CENTS_PER_DOLLAR
    dollars = np.floor(size * mean).astype(np.int64)
    return asking.hstack(
        [
            pl.Series("effective_date", days[place.astype(np.int64)]),
            pl.Series("asked", dollars * CENTS_PER_DOLLAR),
        ]
    )


def _drawn(context: YearContext, state: State) -> pl.DataFrame:
    """Return those whom the year's draw makes ask and who could get the least loan."""
    people, loans, year = state.people, context.scenario.plan.loans, context.year
    able = _able(state, loans.maximum_loans)
    draw = uniform(people[["seed", "person_key"]][able], Purpose.LOAN, year).alias("draw")
    steps = steps_of(loans.age_multiplier, "from_age", "multiplier")
    rate = float(loans.origination_rate)
    # Most draws are above the chance of any age, so that few ages and accounts are looked up.
    below = np.flatnonzero(draw.to_numpy() < rate * max(multiplier for _, multiplier in steps))
    chance = (rate * stepped(age(year_start(year)), steps)).clip(0.0, 1.0)
    return (
        _with_there(people[[*_READ]][able[below]].hstack([draw[below]]))
        .with_columns(chance=chance)
        .filter((pl.col("draw") < pl.col("chance")) & (pl.sum_horizontal(_LENDABLE) >= LEAST_CENTS))
    )


def _with_there(people: pl.DataFrame) -> pl.DataFrame:
    """Return people with what was there of each source on 1 January, if it is owned in full."""
    there = amounts(people, BALANCES) - amounts(people, _YEAR)
    lendable = np.where(owned_in_full(people), there, 0)
    return people.hstack([pl.Series(name, lendable[:, place]) for place, name in enumerate(_LENDABLE)])


def _able(state: State, maximum: int) -> Whole:
    """Return the rows of people with enough money who stay the year through and may borrow once more."""
    people = state.people
    owed = np.isnat(state.loans["end_date"].to_numpy())
    debts = np.bincount(rows_of(people, state.loans)[owed], minlength=people.height)
    stays = np.isnat(people["termination_date"].to_numpy()) & people["opened_year"].to_numpy()
    enough = amounts(people, BALANCES).sum(axis=1) >= LEAST_CENTS
    return np.flatnonzero(stays & enough & (debts < maximum))


def _lent(context: YearContext, state: State, asking: pl.DataFrame) -> pl.DataFrame:
    """Return those who get a loan: what they ask for, or what the law and the account allow if less."""
    before = amounts(asking, BALANCES) - amounts(asking, _YEAR)
    vested = vested_cents(before, shares_bp(asking)).sum(axis=1)
    balances = _balances_before(context, state, asking)
    owed = balances[:, :, -1].sum(axis=1)
    highest = HIGHEST[context.scenario.plan.loans.highest_balance](balances)
    # The note of an earlier loan is part of the accrued benefit, though not of what can be lent.
    allowed = np.minimum(maximum_cents(vested + owed, owed, highest), asking["asked"].to_numpy())
    lent = np.minimum(allowed, amounts(asking, _LENDABLE).sum(axis=1))
    enough = np.flatnonzero(lent >= LEAST_CENTS)
    return asking[enough].hstack([pl.Series("lent", lent[enough])])


def _balances_before(context: YearContext, state: State, asking: pl.DataFrame) -> Whole:
    """Return what was owed on each earlier loan in the year before the new one: by person, loan and day.

    The days are those on which a total can be highest (the first of the twelve months and the start of each
    loan in them), and last the day of the new loan.
    """
    place = np.full(state.people.height, -1, dtype=np.int64)
    place[rows_of(state.people, asking)] = np.arange(asking.height)
    beside = place[rows_of(state.people, state.loans)]
    new = asking.select(new="effective_date", first=pl.col("effective_date").dt.offset_by("-1y"))
    loans = (
        state.loans[np.flatnonzero(beside >= 0)]
        .hstack(new[beside[beside >= 0]])
        .hstack([pl.Series("row", beside[beside >= 0])])
        .filter(pl.col("end_date").is_null() | (pl.col("end_date") > pl.col("first")))
    )
    if loans.is_empty():
        return np.zeros((asking.height, 1, 1), dtype=np.int64)
    rows = loans["row"].to_numpy()
    slots = np.arange(len(rows)) - np.searchsorted(rows, rows)
    size = int(slots.max()) + 1
    first = loans["first"].to_numpy()
    starts = np.repeat(new["first"].to_numpy()[:, None], size, axis=1)
    starts[rows, slots] = np.maximum(loans["start_date"].to_numpy(), first)
    days = np.stack([first, *(starts[rows, slot] for slot in range(size)), loans["new"].to_numpy()])
    balances = np.zeros((asking.height, size, len(days)), dtype=np.int64)
    calendar = Calendar.since(loans, context.scenario.payroll.frequency, context.year)
    balances[rows, slots] = _owed_on(loans, calendar, days).T
    return balances


def _owed_on(loans: pl.DataFrame, calendar: Calendar, days: Days) -> Whole:
    """Return what is owed at the end of a loan's days, all payments due by then made, by days and loans."""
    start = loans["start_date"].to_numpy()
    ended = loans["end_date"].to_numpy() <= days
    owed = Loans.as_lent(loans, calendar.per_year).balance_after(calendar.due(start, days))
    return np.where((start > days) | ended, 0, owed)
