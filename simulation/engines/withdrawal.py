"""Money that is paid out while the plan goes on: taken back, in hardship, from 59½, by force of law.

What leaves an account on a drawn day was there on 1 January or was put in before that day, so that no day's
balance falls below nought; the rest is dated 31 December.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from simulation.balances import BALANCES, VESTED, balance, owned_at_once, spread
from simulation.dates import day_between, year_end, year_start
from simulation.engines.decided import decided
from simulation.events.sources import ELECTIVE, EMPLOYER, SOURCES
from simulation.opening_balances import with_kept
from simulation.permissible import NEEDED, taken_back
from simulation.rng import Purpose, uniform
from simulation.rules.minimum_distribution import (
    divisor_tenths,
    first_distribution_year,
    minimum_distribution_cents,
)
from simulation.rules.periods import months_after
from simulation.state import IDENTITY, KEYS, employed, left_in
from simulation.units import basis_points, share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.state import State

FIFTY_NINE_AND_A_HALF: Final = 12 * 59 + 6
"""Months of age from which deferrals may be paid out in service: section 401(k)(2)(B)(i)(III)."""

YOUNGEST: Final = 70
"""Nobody of this age in completed years or less has a required minimum distribution."""

TAXED: Final = ("pre_tax", *EMPLOYER)
"""Sources with required minimum distributions; Roth money has none in life from 2024."""

_READ: Final = tuple(
    dict.fromkeys(
        (
            *IDENTITY,
            *NEEDED,
            *("birth_date", "start_date", "termination_reason", "opened_year", "ownership_bp"),
            *(f"year_{source}_cents" for source in SOURCES),
            *(f"opening_{source}_cents" for source in SOURCES),
            *BALANCES,
            *VESTED,
        )
    )
)


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return withdrawals of people in service, and required minimum distributions of former employees."""
    if not context.scenario.plan.enabled:
        return {}
    held = _concerned(context, state.people.select(_READ))
    back = _taken_back(context, state, held)
    others = held.join(back.select(KEYS), on=KEYS, how="anti", maintain_order="left")
    hardship = _hardship(context, state, others)
    later = _less(others, hardship)
    required = _required(context, later)
    in_service = _in_service(context, _less(later, required.filter(employed())))
    former = required.filter(~employed())
    return {
        "withdrawal": pl.concat(
            [
                _events(back, "permissible", "auto_enrollment.withdrawal_rate"),
                _events(hardship, "hardship", "distributions.hardship_rate"),
                _events(required.filter(employed()), "required_minimum", "distributions.required_minimum"),
                _events(in_service, "in_service", "distributions.in_service_rate"),
            ]
        ),
        "distribution": _events(former, "required_minimum", "distributions.required_minimum", "distribution"),
    }


def _concerned(context: YearContext, people: pl.DataFrame) -> pl.DataFrame:
    """Return, with their draws, the few who may be paid something: chosen, lately enrolled, or old."""
    year, ways = context.year, context.scenario.plan.distributions
    struck, taking = Purpose.HARDSHIP, Purpose.IN_SERVICE_WITHDRAWAL
    drawn = people.with_columns(uniform(people, struck, year), uniform(people, taking, year))
    return drawn.filter(
        pl.any_horizontal(
            pl.col(_HARDSHIP) < float(ways.hardship_rate),
            pl.col(_IN_SERVICE) < float(ways.in_service_rate),
            pl.col("enrollment_date").dt.year() >= year - 1,
            pl.col("birth_date").dt.year() < year - YOUNGEST,
        )
        & pl.any_horizontal(pl.col(name) > 0 for name in BALANCES)
    )


_HARDSHIP: Final = Purpose.HARDSHIP.name.lower()
_IN_SERVICE: Final = Purpose.IN_SERVICE_WITHDRAWAL.name.lower()
"""Columns of draws."""


def _taken_back(context: YearContext, state: State, held: pl.DataFrame) -> pl.DataFrame:
    """Return the default contributions that are taken back, of this year and of last year's last months.

    Who was enrolled last year has nothing else in the elective sources. Earnings of the open year are
    credited on 31 December and stay.
    """
    takers = with_kept(context, state, taken_back(context, held))
    this_year = pl.col("enrollment_date").dt.year() == context.year
    parts = {
        source: pl.col(f"year_{source}_cents")
        + pl.when(this_year).then(0).otherwise(pl.col(f"kept_{source}_cents"))
        for source in ELECTIVE
    }
    rate = float(context.scenario.plan.auto_enrollment.withdrawal_rate)
    return _paid(
        takers.with_columns(effective_date="withdrawal_date", chance=pl.lit(rate), draw="withdrawal_draw"),
        parts,
        pl.sum_horizontal(parts.values()),
    )


def _hardship(context: YearContext, state: State, held: pl.DataFrame) -> pl.DataFrame:
    """Return hardship withdrawals: a share of the elective money that was there on 1 January.

    Of people who work the whole year through, as far as this year's loans have left it.
    """
    ways, year = context.scenario.plan.distributions, context.year
    rate = float(ways.hardship_rate)
    own = pl.any_horizontal(balance(source) > 0 for source in ELECTIVE)
    struck = held.filter(employed() & pl.col("opened_year") & own & (pl.col(_HARDSHIP) < rate)).with_columns(
        draw=_HARDSHIP, chance=pl.lit(rate)
    )
    day = day_between(
        pl.lit(year_start(year)), pl.lit(year_end(year)), pl.lit(uniform(struck, Purpose.HARDSHIP_DATE, year))
    )
    parts = {source: pl.col(f"kept_{source}_cents") for source in ELECTIVE}
    there = with_kept(context, state, struck.with_columns(effective_date=day))
    amount = share(pl.sum_horizontal(parts.values()), basis_points(ways.hardship_share))
    return _paid(there, parts, amount)


def _required(context: YearContext, held: pl.DataFrame) -> pl.DataFrame:
    """Return required minimum distributions, each in its distribution calendar year, on 31 December.

    The first one is not put off to 1 April. Owners of more than 5 % get it in service, others from the year
    in which they leave; who died this year left it to others. No more is paid than there is.
    """
    year = context.year
    if not context.scenario.plan.distributions.required_minimum:
        return _paid(_undrawn(held.clear(), year), {"pre_tax": balance("pre_tax")}, pl.lit(0))
    old = held.filter(pl.col("birth_date").dt.year() < year - YOUNGEST)
    first = first_distribution_year(pl.col("birth_date"), pl.col("termination_date"), pl.col("ownership_bp"))
    died = left_in(year) & (pl.col("termination_reason") == "death")
    due = old.filter((first <= year) & ~died.fill_null(value=False))
    opening = pl.sum_horizontal(f"opening_{source}_cents" for source in TAXED)
    before = due.select(opening).to_series().to_numpy()
    divisor = divisor_tenths(due.select(year - pl.col("birth_date").dt.year()).to_series().to_numpy())
    owed = pl.Series(minimum_distribution_cents(before, divisor), dtype=pl.Int64)
    parts = {source: balance(source) for source in TAXED}
    amount = pl.min_horizontal(pl.lit(owed), pl.sum_horizontal(parts.values()))
    return _paid(_undrawn(due, year), parts, amount)


def _undrawn(rows: pl.DataFrame, year: int) -> pl.DataFrame:
    nothing = pl.lit(None, dtype=pl.Float64)
    return rows.with_columns(effective_date=pl.lit(year_end(year)), chance=nothing, draw=nothing)


def _in_service(context: YearContext, held: pl.DataFrame) -> pl.DataFrame:
    """Return withdrawals from 59½, on 31 December: all that is in the sources that are owned in full."""
    year, rate = context.year, float(context.scenario.plan.distributions.in_service_rate)
    of_age = months_after(pl.col("birth_date"), FIFTY_NINE_AND_A_HALF) <= pl.lit(year_end(year))
    taking = held.filter(employed() & of_age & (pl.col(_IN_SERVICE) < rate)).with_columns(
        draw=_IN_SERVICE, chance=pl.lit(rate), effective_date=pl.lit(year_end(year))
    )
    parts = {source: pl.when(owned_at_once(source)).then(balance(source)).otherwise(0) for source in SOURCES}
    return _paid(taking, parts, pl.sum_horizontal(parts.values()))


def _paid(rows: pl.DataFrame, parts: Mapping[str, pl.Expr], amount: pl.Expr) -> pl.DataFrame:
    """Return rows with the ``amount`` that is paid and what of it comes from each source, pro rata."""
    asked = rows.with_columns(amount=amount).filter(pl.col("amount") > 0)
    return asked.with_columns(**spread(pl.col("amount"), parts))


def _less(held: pl.DataFrame, paid: pl.DataFrame) -> pl.DataFrame:
    """Return people with what has been paid already taken off their balances."""
    if paid.is_empty():
        return held
    gone = paid.select(*KEYS, *(f"{source}_cents" for source in SOURCES))
    joined = held.join(gone, on=KEYS, how="left", maintain_order="left")
    left = {
        f"balance_{source}_cents": balance(source) - pl.col(f"{source}_cents").fill_null(0)
        for source in SOURCES
    }
    return joined.with_columns(**left).select(held.columns)


def _events(paid: pl.DataFrame, reason: str, rule: str, kind: str = "withdrawal") -> pl.DataFrame:
    return decided(
        paid.with_columns(reason=pl.lit(reason)),
        kind,
        rule=f"plan.{rule}",
        amount=pl.col("amount"),
        probability=pl.col("chance"),
        draw=pl.col("draw"),
    )
