"""Money that is paid out while the plan goes on: taken back, in hardship, from 59½, by force of law.

What leaves an account on a drawn day was there on 1 January or was put in before that day, so that no day's
balance falls below nought; the rest is dated 31 December. Few people are paid anything: each way of being
paid finds its rows of the people first. Accounts are matrices of people by sources, in cents.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import polars as pl

from simulation.balances import BALANCES, VESTED, amounts, by_source, owned_in_full, spread
from simulation.dates import year_end, year_start
from simulation.engines.decided import decided
from simulation.events.sources import ELECTIVE, EMPLOYER, SOURCES
from simulation.opening_balances import OPENING, kept_cents
from simulation.permissible import taken_back
from simulation.rng import Purpose, uniform_array
from simulation.rules.days import day_between
from simulation.rules.minimum_distribution import (
    divisor_tenths,
    first_distribution_year,
    minimum_distribution_cents,
)
from simulation.rules.rounding import part
from simulation.state import left_in
from simulation.units import basis_points

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.hazards import Floats
    from simulation.loan_ledger import Days
    from simulation.rules.rounding import Truths, Whole
    from simulation.state import State

FIFTY_NINE: Final = 59
"""Deferrals may be paid out in service from 59½, section 401(k)(2)(B)(i)(III): who is born by 30 June has
that age on 31 December of the 59th year after."""

YOUNGEST: Final = 70
"""Nobody of this age in completed years or less has a required minimum distribution."""

TAXED: Final = ("pre_tax", *EMPLOYER)
"""Sources with required minimum distributions; Roth money has none in life from 2024."""

RULES: Final = {
    "permissible": "plan.auto_enrollment.withdrawal_rate",
    "hardship": "plan.distributions.hardship_rate",
    "required_minimum": "plan.distributions.required_minimum",
    "in_service": "plan.distributions.in_service_rate",
}
"""The parameter that a payment follows from, by its reason."""

_NAMED: Final = ("seed", "person", "employee_id")
_AGED: Final = ("birth_date", "termination_date", "termination_reason", "ownership_bp")
_YEAR: Final = tuple(f"year_{source}_cents" for source in SOURCES)
_ELECTIVE, _TAXED = np.isin(SOURCES, ELECTIVE), np.isin(SOURCES, TAXED)
_FIRST_YEAR: Final = first_distribution_year(
    pl.col("birth_date"), pl.col("termination_date"), pl.col("ownership_bp")
)


class Lot(NamedTuple):
    """What was drawn for some rows of people; neither is a number where nothing is left to luck."""

    chance: float
    draws: Floats


class Payments(NamedTuple):
    """What some people are paid for one reason: their rows of people, the days, and cents by source."""

    reason: str
    rows: Whole
    days: Days
    parts: Whole
    lot: Lot

    def of(self, some: Whole) -> Payments:
        """Return some of the payments."""
        lot = Lot(self.lot.chance, self.lot.draws[some])
        return Payments(self.reason, self.rows[some], self.days[some], self.parts[some], lot)


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return withdrawals of people in service, and required minimum distributions of former employees."""
    if not context.scenario.plan.enabled:
        return {}
    people = state.people
    employed = np.isnat(people["termination_date"].to_numpy())
    left, kept = amounts(people, BALANCES), kept_cents(context, state)
    back = _taken_back(context, people, left, kept)
    left[back.rows] = 0  # Who takes default contributions back is paid nothing else.
    hardship = _hardship(context, people, employed, left, kept)
    left[hardship.rows] -= hardship.parts
    required = _required(context, people, left)
    left[required.rows] -= required.parts
    in_service = _in_service(context, people, employed, left)
    serving = employed[required.rows]
    inside, former = required.of(np.flatnonzero(serving)), required.of(np.flatnonzero(~serving))
    return {
        "withdrawal": _events(people, "withdrawal", back, hardship, inside, in_service),
        "distribution": _events(people, "distribution", former),
    }


def _taken_back(context: YearContext, people: pl.DataFrame, left: Whole, kept: Whole) -> Payments:
    """Return the default contributions that are taken back, of this year and of last year's last months.

    Who was enrolled last year has nothing else in the elective sources. Earnings of the open year are
    credited on 31 December and stay.
    """
    takers = taken_back(context, people)
    rows = takers.row
    this_year = people["enrollment_date"].to_numpy()[rows] >= np.datetime64(year_start(context.year))
    there = np.where(this_year[:, None], 0, kept[rows]) + amounts(people, _YEAR)[rows]
    paid = np.where(_any(left[rows])[:, None] & _ELECTIVE, there, 0)
    chance = float(context.scenario.plan.auto_enrollment.withdrawal_rate)
    return _paid("permissible", rows, takers.on, paid.sum(axis=1), paid, Lot(chance, takers.draw))


def _hardship(
    context: YearContext, people: pl.DataFrame, employed: Truths, left: Whole, kept: Whole
) -> Payments:
    """Return hardship withdrawals: a share of the elective money that was there on 1 January.

    Of people who work the whole year through, as far as this year's loans have left it.
    """
    ways, year = context.scenario.plan.distributions, context.year
    stay = employed & people["opened_year"].to_numpy() & _any(left[:, _ELECTIVE])
    rows, lot = _struck(people, np.flatnonzero(stay), Purpose.HARDSHIP, year, float(ways.hardship_rate))
    opens = np.full(len(rows), np.datetime64(year_start(year)))
    days = day_between(opens, year_end(year), _draws(people, rows, Purpose.HARDSHIP_DATE, year))
    there = np.where(_ELECTIVE, kept[rows], 0)
    amount = part(there.sum(axis=1), basis_points(ways.hardship_share))
    return _paid("hardship", rows, days, amount, there, lot)


def _required(context: YearContext, people: pl.DataFrame, left: Whole) -> Payments:
    """Return required minimum distributions, each in its distribution calendar year, on 31 December.

    The first one is not put off to 1 April. Owners of more than 5 % get it in service, others from the year
    in which they leave; who died this year left it to others. No more is paid than there is.
    """
    year = context.year
    old = _born_before(people, date(year - YOUNGEST, 1, 1)) & _any(left)
    rows = np.flatnonzero(old & context.scenario.plan.distributions.required_minimum)
    died = left_in(year) & (pl.col("termination_reason") == "death").fill_null(value=False)
    aged = people[[*_AGED, *OPENING]][rows].hstack([pl.Series("row", rows)])
    due = aged.filter((year >= _FIRST_YEAR) & ~died)
    ages = due.select(year - pl.col("birth_date").dt.year()).to_series().to_numpy()
    opening = np.where(_TAXED, amounts(due, OPENING), 0).sum(axis=1)
    owed = minimum_distribution_cents(opening, divisor_tenths(ages))
    there = np.where(_TAXED, left[due["row"].to_numpy()], 0)
    amount, undrawn = np.minimum(owed, there.sum(axis=1)), Lot(np.nan, np.full(due.height, np.nan))
    return _paid(
        "required_minimum", due["row"].to_numpy(), _at_the_end(year, due.height), amount, there, undrawn
    )


def _in_service(context: YearContext, people: pl.DataFrame, employed: Truths, left: Whole) -> Payments:
    """Return withdrawals from 59½, on 31 December: all that is in the sources that are owned in full."""
    year, rate = context.year, float(context.scenario.plan.distributions.in_service_rate)
    of_age = employed & _born_before(people, date(year - FIFTY_NINE, 7, 1)) & _any(left)
    rows, lot = _struck(people, np.flatnonzero(of_age), Purpose.IN_SERVICE_WITHDRAWAL, year, rate)
    owned = np.where(owned_in_full(people[[*VESTED]][rows]), left[rows], 0)
    return _paid("in_service", rows, _at_the_end(year, len(rows)), owned.sum(axis=1), owned, lot)


def _any(cents: Whole) -> Truths:
    """Tell where there is money in any source."""
    return np.asarray(cents.sum(axis=1) > 0)


def _born_before(people: pl.DataFrame, day: date) -> Truths:
    return np.asarray(people["birth_date"].to_numpy() < np.datetime64(day))


def _at_the_end(year: int, count: int) -> Days:
    return np.full(count, np.datetime64(year_end(year)))


def _struck(
    people: pl.DataFrame, rows: Whole, purpose: Purpose, year: int, chance: float
) -> tuple[Whole, Lot]:
    """Return those of some rows of people whose draw comes out below a chance."""
    draws = _draws(people, rows, purpose, year)
    below = draws < chance
    return rows[below], Lot(chance, draws[below])


def _draws(people: pl.DataFrame, rows: Whole, purpose: Purpose, year: int) -> Floats:
    seeds, keys = people["seed"].to_numpy(), people["person_key"].to_numpy()
    return uniform_array(seeds[rows], purpose, year, keys[rows])


def _paid(reason: str, rows: Whole, days: Days, amount: Whole, weights: Whole, lot: Lot) -> Payments:
    """Return payments of amounts above nought, pro rata of what may be paid out of each source."""
    return Payments(reason, rows, days, spread(amount, weights), lot).of(np.flatnonzero(amount > 0))


def _events(people: pl.DataFrame, kind: str, *payments: Payments) -> pl.DataFrame:
    lengths = [len(each.rows) for each in payments]
    parts = np.concatenate([each.parts for each in payments])
    chances = np.repeat([each.lot.chance for each in payments], lengths)
    draws = np.concatenate([each.lot.draws for each in payments])
    which = np.repeat(np.arange(len(payments)), lengths)
    return decided(
        people[[*_NAMED]][np.concatenate([each.rows for each in payments])].hstack(by_source(parts)),
        kind,
        rule=pl.Series([RULES[each.reason] for each in payments])[which],
        amount=parts.sum(axis=1),
        probability=chances,
        draw=draws,
        effective_date=np.concatenate([each.days for each in payments]),
        reason=pl.Series([each.reason for each in payments])[which],
    )
