"""Loans as a ledger of paid cents: when payments are due, and what is owed after so many of them.

A loan is paid out on a pay date, and the n-th payment is due on the n-th pay date after it. The ledger is
what is true of an account: interest of one period on what is owed, the level payment, and a last one that
settles. The exact schedule of ``rules.amortisation`` may differ by cents.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import NamedTuple, Self, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from simulation.pay_periods import pay_dates
from simulation.rules.amortisation import PAYMENTS_PER_YEAR, Terms, instalment_cents, interest_cents
from simulation.rules.rounding import Truths, Whole, Wholes

Days: TypeAlias = NDArray[np.datetime64]


def repayment_frequency(payroll: str) -> str:
    """Return how often loans are repaid: by payroll, but at least quarterly by section 72(p)(2)(C)."""
    return "quarterly" if payroll == "annual" else payroll


class Calendar(NamedTuple):
    """The days on which loans are paid out and payments are due, over some years, in order."""

    per_year: int
    days: Days

    @classmethod
    def of(cls, payroll: str, first_year: int, last_year: int) -> Self:
        """Return the calendar of a pay frequency from one year to another, both included."""
        frequency = repayment_frequency(payroll)
        days = [_days(frequency, year) for year in range(first_year, last_year + 1)]
        return cls(PAYMENTS_PER_YEAR[frequency], np.concatenate(days))

    @classmethod
    def since(cls, loans: pl.DataFrame, payroll: str, year: int) -> Self:
        """Return the calendar from the first of some loans to the end of a year."""
        first = loans["start_date"].min()
        return cls.of(payroll, first.year if isinstance(first, date) else year, year)

    def due(self, start: Days, through: Days | np.datetime64) -> Whole:
        """Return how many payments of loans paid out on a day are due through another day."""
        passed = np.searchsorted(self.days, through, side="right") - 1
        return np.asarray(np.maximum(passed - self._place(start), 0), dtype=np.int64)

    def due_on(self, start: Days, number: Wholes) -> Days:
        """Return the day on which the n-th payment is due."""
        return np.asarray(self.days[self._place(start) + number], dtype="datetime64[D]")

    def _place(self, start: Days) -> Whole:
        return np.asarray(np.searchsorted(self.days, start, side="left"), dtype=np.int64)


class Payment(NamedTuple):
    """One payment of some loans; ``number`` counts a loan's payments from 1, and not all loans are paid."""

    number: Whole
    paid: Truths
    amount: Whole
    interest: Whole
    balance: Whole


class Loans(NamedTuple):
    """Some loans as columns: what is owed, the payments made, and the terms."""

    balance: Whole
    made: Whole
    payments: Whole
    payment: Whole
    terms: Terms

    @classmethod
    def of(cls, loans: pl.DataFrame, per_year: int) -> Self:
        """Return loans as they stand."""
        rate, payments = loans["rate_bp"].to_numpy(), _whole(loans, "payments")
        return cls(
            balance=_whole(loans, "balance_cents"),
            made=_whole(loans, "payments_made"),
            payments=payments,
            payment=_whole(loans, "payment_cents"),
            terms=Terms(rate=rate, per_year=per_year, payments=payments),
        )

    @classmethod
    def as_lent(cls, loans: pl.DataFrame, per_year: int) -> Self:
        """Return loans as they stood on the day they were paid out."""
        principal = _whole(loans, "principal_cents")
        return cls.of(loans, per_year)._replace(balance=principal, made=np.zeros_like(principal))

    def paying(self, upto: Whole) -> Iterator[Payment]:
        """Yield the payments of each loan from the next one to that of the stated number, in order."""
        balance, number = self.balance, self.made
        for _ in range(int(np.max(upto - self.made, initial=0))):
            number = number + 1
            paid = (number <= np.minimum(upto, self.payments)) & (balance > 0)
            interest = np.where(paid, interest_cents(balance, self.terms), 0)
            due = instalment_cents(balance, interest, self.payment, self.payments - number + 1)
            amount = np.where(paid, due, 0)
            balance = balance + interest - amount
            yield Payment(number, paid, amount, interest, balance)

    def balance_after(self, upto: Whole) -> Whole:
        """Return what is owed after the payment of the stated number."""
        balance = self.balance
        for payment in self.paying(upto):
            balance = payment.balance
        return balance

    def last_amount(self) -> Whole:
        """Return the payment that settles each loan."""
        last = np.zeros_like(self.balance)
        for payment in self.paying(self.payments):
            last = np.where(payment.paid, payment.amount, last)
        return last


def _whole(loans: pl.DataFrame, name: str) -> Whole:
    return loans[name].to_numpy().astype(np.int64)


@cache
def _days(frequency: str, year: int) -> Days:
    """Return the pay dates of a year."""
    return np.array(pay_dates(frequency, year), dtype="datetime64[D]")
