"""Who borrows from the account, when, how much, and on which terms (Code section 72(p)(2)).

A loan is paid out of what the borrower already owned in full on 1 January, so that no day's balance can
fall below nought, and what is left of a source is owned in the same share as before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.balances import BALANCES, VESTED, balance, owned_at_once, spread, with_vested
from simulation.dates import year_start
from simulation.engines.decided import decided
from simulation.events.sources import SOURCES
from simulation.hazards import stepped, steps_of
from simulation.loan_ledger import Calendar, Loans, repayment_frequency
from simulation.pay_periods import pay_dates
from simulation.rng import Purpose, uniform
from simulation.rules.amortisation import PAYMENTS_PER_YEAR, Terms, level_payment_cents
from simulation.rules.loan import highest_at_once_cents, highest_of_each_cents, maximum_cents
from simulation.state import IDENTITY, KEYS, age, employed
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
_OPENED: Final = tuple(f"opening_{source}_cents" for source in SOURCES)
_READ: Final = (
    *IDENTITY,
    *("birth_date", "termination_date", "opened_year", "loans_taken"),
    *BALANCES,
    *VESTED,
    *_YEAR,
)


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return the loans of the year to participants who stay through it."""
    plan = context.scenario.plan
    if not plan.enabled or not plan.loans.enabled:
        return {}
    lent = _lent(context, state, _asking(context, state))
    per_year = PAYMENTS_PER_YEAR[repayment_frequency(context.scenario.payroll.frequency)]
    rate, payments = basis_points(plan.loans.interest_rate), per_year * plan.loans.term_years
    level = level_payment_cents(lent["lent"].to_numpy(), Terms(rate, per_year, payments))
    loans = lent.with_columns(
        loan_number=pl.col("loans_taken") + 1,
        interest_rate_bp=pl.lit(rate),
        payments=pl.lit(payments),
        payment_cents=pl.Series(level, dtype=pl.Int64),
        **spread(pl.col("lent"), {source: pl.col(f"opening_{source}_cents") for source in SOURCES}),
    )
    return {
        "loan": decided(
            loans,
            "loan",
            rule="plan.loans.take_up",
            amount=pl.col("lent"),
            probability=pl.col("chance"),
            draw=pl.col("draw"),
        )
    }


def _asking(context: YearContext, state: State) -> pl.DataFrame:
    """Return who asks for a loan, with its day and amount and what each source could pay."""
    loans, year = context.scenario.plan.loans, context.year
    steps = steps_of(loans.age_multiplier, "from_age", "multiplier")
    chance = float(loans.origination_rate) * stepped(age(year_start(year)), steps)
    people = (
        state.people.select(_READ)
        .filter(employed() & pl.col("opened_year"))
        .with_columns(**{f"opening_{source}_cents": _opened(source) for source in SOURCES})
        .filter(pl.sum_horizontal(_OPENED) >= LEAST_CENTS)
        .join(_in_debt(state, loans.maximum_loans), on=KEYS, how="anti", maintain_order="left")
    )
    asking = people.with_columns(
        draw=uniform(people, Purpose.LOAN, year), chance=chance.clip(0.0, 1.0)
    ).filter(pl.col("draw") < pl.col("chance"))
    days = pl.Series(pay_dates(repayment_frequency(context.scenario.payroll.frequency), year))
    day = (pl.lit(uniform(asking, Purpose.LOAN_DATE, year)) * len(days)).floor().cast(pl.Int32)
    size = LOWEST + WIDTH * pl.lit(uniform(asking, Purpose.LOAN_AMOUNT, year))
    dollars = (size * (cents(loans.mean_amount) / CENTS_PER_DOLLAR)).floor().cast(pl.Int64)
    return asking.with_columns(effective_date=pl.lit(days).gather(day), asked=dollars * CENTS_PER_DOLLAR)


def _opened(source: str) -> pl.Expr:
    """Return what of a source was there on 1 January, if it is owned in full."""
    there = balance(source) - pl.col(f"year_{source}_cents")
    return pl.when(owned_at_once(source)).then(there).otherwise(0)


def _in_debt(state: State, maximum: int) -> pl.DataFrame:
    """Return who has as many loans as the plan allows."""
    owed = state.loans.filter(pl.col("end_date").is_null()).group_by(KEYS).len()
    return owed.filter(pl.col("len") >= maximum)


def _lent(context: YearContext, state: State, asking: pl.DataFrame) -> pl.DataFrame:
    """Return those who get a loan: what they ask for, or what the law and the account allow if less."""
    before = asking.with_columns(
        **{f"balance_{source}_cents": balance(source) - pl.col(f"year_{source}_cents") for source in SOURCES}
    )
    vested = with_vested(before).select(pl.sum_horizontal(f"owned_{source}_cents" for source in SOURCES))
    balances = _balances_before(context, state, asking)
    owed = balances[:, :, -1].sum(axis=1)
    highest = HIGHEST[context.scenario.plan.loans.highest_balance](balances)
    # The note of an earlier loan is part of the accrued benefit, though not of what can be lent.
    allowed = maximum_cents(vested.to_series().to_numpy() + owed, owed, highest)
    able = pl.sum_horizontal(_OPENED)
    return asking.with_columns(
        lent=pl.min_horizontal("asked", pl.Series(allowed, dtype=pl.Int64), able)
    ).filter(pl.col("lent") >= LEAST_CENTS)


def _balances_before(context: YearContext, state: State, asking: pl.DataFrame) -> Whole:
    """Return what was owed on each earlier loan in the year before the new one: by person, loan and day.

    The days are those on which a total can be highest (the first of the twelve months and the start of each
    loan in them), and last the day of the new loan.
    """
    numbered = asking.select(
        *KEYS,
        new=pl.col("effective_date"),
        first=pl.col("effective_date").dt.offset_by("-1y"),
        row=pl.int_range(pl.len(), dtype=pl.Int64),
    )
    loans = (
        state.loans.join(numbered, on=KEYS, maintain_order="left")
        .filter(pl.col("end_date").is_null() | (pl.col("end_date") > pl.col("first")))
        .with_columns(slot=pl.int_range(pl.len(), dtype=pl.Int64).over(KEYS))
    )
    if loans.is_empty():
        return np.zeros((asking.height, 1, 1), dtype=np.int64)
    rows, slots = loans["row"].to_numpy(), loans["slot"].to_numpy()
    size = int(slots.max()) + 1
    first = loans["first"].to_numpy()
    starts = np.repeat(numbered["first"].to_numpy()[:, None], size, axis=1)
    starts[rows, slots] = np.maximum(loans["start_date"].to_numpy(), first)
    days = [first, *(starts[rows, slot] for slot in range(size)), loans["new"].to_numpy()]
    balances = np.zeros((asking.height, size, len(days)), dtype=np.int64)
    calendar = Calendar.since(loans, context.scenario.payroll.frequency, context.year)
    for place, day in enumerate(days):
        balances[rows, slots, place] = _owed_on(loans, calendar, day)
    return balances


def _owed_on(loans: pl.DataFrame, calendar: Calendar, day: Days) -> Whole:
    """Return what is owed on each loan at the end of a day, all payments due by then made."""
    start = loans["start_date"].to_numpy()
    ended = loans["end_date"].fill_null(pl.date(9999, 12, 31)).to_numpy() <= day
    owed = Loans.as_lent(loans, calendar.per_year).balance_after(calendar.due(start, day))
    return np.where((start > day) | ended, 0, owed)
