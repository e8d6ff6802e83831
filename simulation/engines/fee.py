"""What accounts pay for investment and recordkeeping, less what forfeitures pay of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.balances import BALANCES, amounts, by_source, spread
from simulation.dates import days_in_year, year_end
from simulation.engines.decided import decided
from simulation.events.sources import SOURCES
from simulation.forfeiture_account import fund_cents, paid_in_turn
from simulation.rules.rounding import half_up
from simulation.units import BP, basis_points, cents

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.rules.rounding import Whole
    from simulation.state import State

_CENT_DAYS: Final = tuple(f"cent_days_{source}" for source in SOURCES)
_NAMED: Final = ("seed", "person", "employee_id")
_READ: Final = (*_NAMED, *BALANCES, *_CENT_DAYS)


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return the fee of every account with money in it on 31 December, from its sources pro rata.

    Where forfeitures pay expenses, also what they pay, in the order of persons; the fee is the rest.
    """
    plan = context.scenario.plan
    if not plan.enabled:
        return {}
    people = state.people[[*_READ]]
    rows = np.flatnonzero(amounts(people, BALANCES).sum(axis=1) > 0)
    owing = people[rows]
    due = _due_cents(context, owing)
    if plan.forfeitures.use != "expenses":
        return {"fee": _fees(context, owing, due)}
    used = paid_in_turn(owing["seed"].to_numpy(), due, fund_cents(state)[rows])
    return {"forfeiture_use": _uses(context, owing, used), "fee": _fees(context, owing, due - used)}


def _due_cents(context: YearContext, owing: pl.DataFrame) -> Whole:
    """Return the year's fee of each account in cents, at most what is in it.

    The asset fee is a rate on the average of the days' closing balances, half-up; the fee per participant
    is that of a whole year for everybody with money on 31 December.
    """
    accounts = context.scenario.plan.accounts
    held = amounts(owing, _CENT_DAYS).sum(axis=1)
    asset = half_up(held * basis_points(accounts.fee_rate), BP * days_in_year(context.year))
    due = asset + cents(accounts.fee_per_participant)
    return np.asarray(np.minimum(due, amounts(owing, BALANCES).sum(axis=1)), dtype=np.int64)


def _fees(context: YearContext, owing: pl.DataFrame, fee: Whole) -> pl.DataFrame:
    paying = np.flatnonzero(fee > 0)
    charged = owing[paying]
    parts = spread(fee[paying], amounts(charged, BALANCES))
    return decided(
        charged[[*_NAMED]].hstack(by_source(parts)),
        "fee",
        rule="plan.accounts.fee_rate",
        amount=fee[paying],
        effective_date=year_end(context.year),
    )


def _uses(context: YearContext, owing: pl.DataFrame, used: Whole) -> pl.DataFrame:
    helped = np.flatnonzero(used > 0)
    return decided(
        owing[[*_NAMED]][helped],
        "forfeiture_use",
        rule="plan.forfeitures.use",
        amount=used[helped],
        effective_date=year_end(context.year),
        use="expenses",
    )
