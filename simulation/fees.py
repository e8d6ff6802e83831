"""What accounts owe for investment and recordkeeping, before forfeitures pay any of it.

Asked twice: by what forfeitures pay for, and by what is left for the account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from simulation.balances import total_balance
from simulation.dates import days_in_year
from simulation.events.sources import SOURCES
from simulation.units import BP, basis_points, cents, divide_half_up

if TYPE_CHECKING:
    from simulation.context import YearContext

CENT_DAYS = tuple(f"cent_days_{source}" for source in SOURCES)


def fee_due_cents(context: YearContext) -> pl.Expr:
    """Return the year's fee of an account in cents, at most what is in it.

    The asset fee is a rate on the average of the days' closing balances, half-up; the fee per participant
    is that of a whole year for everybody with money on 31 December.
    """
    accounts = context.scenario.plan.accounts
    held = pl.sum_horizontal(CENT_DAYS)
    asset = divide_half_up(held * basis_points(accounts.fee_rate), BP * days_in_year(context.year))
    return pl.min_horizontal(asset + cents(accounts.fee_per_participant), total_balance())
