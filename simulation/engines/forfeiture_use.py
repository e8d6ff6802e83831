"""What the forfeiture account pays for besides fees: employer contributions, or more for participants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.balances import amounts
from simulation.dates import year_end
from simulation.engines.decided import decided
from simulation.events.sources import EMPLOYER, SOURCES
from simulation.forfeiture_account import fund_cents, paid_in_turn
from simulation.plan_limits import PlanLimits
from simulation.rules.allocation import Residual, pro_rata
from simulation.rules.annual_additions import additions_limit, additions_room
from simulation.rules.compensation_limit import countable_pay
from simulation.state import employed, paid_cents

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.rules.rounding import Whole
    from simulation.state import State

_PAID_IN: Final = tuple(f"year_{source}_cents" for source in SOURCES)
_READ: Final = (
    *("seed", "person", "employee_id", "termination_date", "employer_entry_date"),
    *("day_cents", "employed_days", "leave_days", "year_catchup_cents"),
    *_PAID_IN,
)


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return what the forfeiture account pays on 31 December.

    This year's employer contributions in the order of persons until it is empty, or all of it to
    participants; the expenses of accounts are the engine of fees' business.
    """
    plan = context.scenario.plan
    use = plan.forfeitures.use
    if not plan.enabled or use == "expenses":
        return {}
    fund = fund_cents(state)
    able = np.flatnonzero(fund > 0)
    people, fund = state.people[_READ][able], fund[able]
    used = _reallocated(context, people, fund) if use == "reallocate" else _reduced(people, fund)
    rows = np.flatnonzero(used > 0)
    return {
        "forfeiture_use": decided(
            people[rows],
            "forfeiture_use",
            rule="plan.forfeitures.use",
            amount=used[rows],
            effective_date=year_end(context.year),
            use=use,
        )
    }


def _reduced(people: pl.DataFrame, fund: Whole) -> Whole:
    """Return what the account pays of the employer contributions that are due for people."""
    due = amounts(people, _EMPLOYER).sum(axis=1)
    return paid_in_turn(people["seed"].to_numpy(), due, fund)


_EMPLOYER: Final = tuple(f"year_{source}_cents" for source in EMPLOYER)


def _reallocated(context: YearContext, people: pl.DataFrame, fund: Whole) -> Whole:
    """Share the account out by pay among those in for employer money on 31 December.

    Pay counts up to 401(a)(17). A share is an annual addition and is cut to the room that 415(c) leaves;
    what is cut off stays in the account.
    """
    year, known = context.year, PlanLimits.of(context.scenario, context.year)
    there = employed() & (pl.col("employer_entry_date") <= pl.lit(year_end(year)))
    beside = people.hstack([pl.Series("fund", fund), pl.Series("row", np.arange(people.height))])
    entitled = beside.filter(there).with_columns(
        paid=paid_cents(year), additions=pl.sum_horizontal(_PAID_IN) - pl.col("year_catchup_cents")
    )
    used = np.zeros(people.height, dtype=np.int64)
    for part in entitled.partition_by("seed"):
        used[part["row"].to_numpy()] = _seed_shares(part, known)
    return used


def _seed_shares(entitled: pl.DataFrame, known: PlanLimits) -> Whole:
    paid = entitled["paid"].to_numpy()
    asked = pro_rata(int(entitled["fund"][0]), countable_pay(paid, known.compensation), Residual.REMAINDERS)
    limit = additions_limit(paid, known.annual_additions)
    return np.minimum(asked, additions_room(limit, entitled["additions"].to_numpy()))
