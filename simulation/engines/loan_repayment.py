"""The payments on loans that are made in the year: the ledger's interest, principal and settlement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.balances import spread
from simulation.engines.decided import decided
from simulation.events.sources import SOURCES
from simulation.loan_ledger import Calendar, Loans
from simulation.open_loans import open_loans, pays_through
from simulation.state import LOAN_KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.state import State

_KEPT: Final = (*LOAN_KEYS, "employee_id", *(f"{source}_cents" for source in SOURCES))


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return every payment that is due in the year and made.

    It goes back to the sources in the proportion in which the loan was taken from them; payments of one
    amount are split alike.
    """
    if not context.scenario.plan.enabled:
        return {}
    loans = open_loans(context, state)
    if loans.is_empty():
        return {}
    weights = {source: pl.col(f"{source}_cents") for source in SOURCES}
    amount = pl.col("amount_cents")
    credited = _payments(context, loans).with_columns(**spread(amount, weights))
    rule = "plan.loans.interest_rate"
    return {"loan_repayment": decided(credited, "loan_repayment", rule=rule, amount=amount)}


def _payments(context: YearContext, loans: pl.DataFrame) -> pl.DataFrame:
    """Return one row a payment: the loan's columns, day, amount, principal and interest."""
    calendar = Calendar.since(loans, context.scenario.payroll.frequency, context.year)
    start = loans["start_date"].to_numpy()
    through = loans.select(pays_through(context)).to_series().to_numpy()
    kept, parts = loans.select(_KEPT), []
    for payment in Loans.of(loans, calendar.per_year).paying(calendar.due(start, through)):
        paid = np.flatnonzero(payment.paid)
        amount, interest = payment.amount[paid], payment.interest[paid]
        parts.append(
            kept[paid].with_columns(
                effective_date=pl.Series(calendar.due_on(start[paid], payment.number[paid])),
                amount_cents=pl.Series(amount, dtype=pl.Int64),
                principal_cents=pl.Series(amount - interest, dtype=pl.Int64),
                interest_cents=pl.Series(interest, dtype=pl.Int64),
            )
        )
    return pl.concat(parts) if parts else kept.clear().with_columns(**_NOTHING)


_NOTHING: Final = {
    "effective_date": pl.lit(None, dtype=pl.Date),
    **{name: pl.lit(None, dtype=pl.Int64) for name in ("amount_cents", "principal_cents", "interest_cents")},
}
