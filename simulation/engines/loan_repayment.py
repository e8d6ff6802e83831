"""The payments on loans that are made in the year: the ledger's interest, principal and settlement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.balances import amounts, by_source, spread
from simulation.engines.decided import decided
from simulation.events.sources import SOURCES
from simulation.loan_ledger import Calendar, Loans
from simulation.open_loans import open_loans
from simulation.state import LOAN_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from simulation.context import YearContext
    from simulation.rules.rounding import Whole
    from simulation.state import State

_NAMED: Final = (*LOAN_KEYS, "employee_id")
_LENT: Final = tuple(f"{source}_cents" for source in SOURCES)


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
    paid = _payments(context, loans)
    rule, amount = "plan.loans.interest_rate", paid["amount_cents"]
    return {"loan_repayment": decided(paid, "loan_repayment", rule=rule, amount=amount)}


def _payments(context: YearContext, loans: pl.DataFrame) -> pl.DataFrame:
    """Return one row a payment: the loan's names, day, amount, principal and interest, and the sources."""
    calendar = Calendar.since(loans, context.scenario.payroll.frequency, context.year)
    start = loans["start_date"].to_numpy()
    due = calendar.due(start, loans["pays_through"].to_numpy())
    made = [*Loans.of(loans, calendar.per_year).paying(due)]
    rows = _joined(np.flatnonzero(payment.paid) for payment in made)
    number = _joined(payment.number[payment.paid] for payment in made)
    amount = _joined(payment.amount[payment.paid] for payment in made)
    interest = _joined(payment.interest[payment.paid] for payment in made)
    return loans[[*_NAMED]][rows].hstack(
        [
            pl.Series("effective_date", calendar.due_on(start[rows], number)),
            pl.Series("amount_cents", amount),
            pl.Series("principal_cents", amount - interest),
            pl.Series("interest_cents", interest),
            *by_source(spread(amount, amounts(loans, _LENT)[rows])),
        ]
    )


def _joined(columns: Iterable[Whole]) -> Whole:
    return np.concatenate([np.zeros(0, dtype=np.int64), *columns])
