"""What accounts pay for investment and recordkeeping, less what forfeitures have paid of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from simulation.balances import BALANCES, balance, spread, total_balance
from simulation.dates import year_end
from simulation.engines.decided import decided
from simulation.events.sources import SOURCES
from simulation.fees import CENT_DAYS, fee_due_cents

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.state import State

_READ: Final = (
    "seed",
    "person",
    "employee_id",
    *BALANCES,
    *CENT_DAYS,
    "year_forfeitures_used_cents",
)


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return the fee of every account with money in it on 31 December, from its sources pro rata."""
    plan = context.scenario.plan
    if not plan.enabled:
        return {}
    paid = pl.col("year_forfeitures_used_cents") if plan.forfeitures.use == "expenses" else pl.lit(0)
    charged = (
        state.people.select(_READ)
        .filter(total_balance() > 0)
        .with_columns(fee=fee_due_cents(context) - paid)
        .filter(pl.col("fee") > 0)
        .with_columns(
            effective_date=pl.lit(year_end(context.year)),
            **spread(pl.col("fee"), {source: balance(source) for source in SOURCES}),
        )
    )
    return {"fee": decided(charged, "fee", rule="plan.accounts.fee_rate", amount=pl.col("fee"))}
