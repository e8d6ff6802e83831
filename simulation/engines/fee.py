"""What accounts pay for investment and recordkeeping, less what forfeitures pay of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from simulation.balances import BALANCES, balance, spread, total_balance
from simulation.dates import days_in_year, year_end
from simulation.engines.decided import decided
from simulation.events.sources import SOURCES
from simulation.forfeiture_account import fund_cents, paid_in_turn
from simulation.units import BP, basis_points, cents, divide_half_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.state import State

_CENT_DAYS: Final = tuple(f"cent_days_{source}" for source in SOURCES)
_READ: Final = ("seed", "person", "employee_id", *BALANCES, *_CENT_DAYS)


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return the fee of every account with money in it on 31 December, from its sources pro rata.

    Where forfeitures pay expenses, also what they pay, in the order of persons; the fee is the rest.
    """
    plan = context.scenario.plan
    if not plan.enabled:
        return {}
    by_forfeitures = plan.forfeitures.use == "expenses"
    fund = fund_cents(state) if by_forfeitures else pl.lit(0, dtype=pl.Int64)
    owing = (
        state.people.select(_READ)
        .filter(total_balance() > 0)
        .with_columns(
            due=_due_cents(context),
            effective_date=pl.lit(year_end(context.year)),
            use=pl.lit("expenses"),
        )
        .with_columns(used=paid_in_turn(pl.col("due"), fund))
        .with_columns(fee=pl.col("due") - pl.col("used"))
    )
    charged = owing.filter(pl.col("fee") > 0).with_columns(
        **spread(pl.col("fee"), {source: balance(source) for source in SOURCES})
    )
    fees = {"fee": decided(charged, "fee", rule="plan.accounts.fee_rate", amount=pl.col("fee"))}
    if not by_forfeitures:
        return fees
    used = owing.filter(pl.col("used") > 0)
    rule = "plan.forfeitures.use"
    return {
        "forfeiture_use": decided(used, "forfeiture_use", rule=rule, amount=pl.col("used")),
        **fees,
    }


def _due_cents(context: YearContext) -> pl.Expr:
    """Return the year's fee of an account in cents, at most what is in it.

    The asset fee is a rate on the average of the days' closing balances, half-up; the fee per participant
    is that of a whole year for everybody with money on 31 December.
    """
    accounts = context.scenario.plan.accounts
    held = pl.sum_horizontal(_CENT_DAYS)
    asset = divide_half_up(held * basis_points(accounts.fee_rate), BP * days_in_year(context.year))
    return pl.min_horizontal(asset + cents(accounts.fee_per_participant), total_balance())
