"""Level payments, interest and scheduled balances of loans: Code section 72(p)(2)(C), Reg. 1.72(p)-1.

The formulas of compound interest are ratios of whole numbers. Each distinct set of terms gives one such
ratio, which multiplies all loans of these terms as whole numbers of any length and is rounded half-up once:
right to the cent by construction, with no float and no bound on the digits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from typing import Final, NamedTuple

import numpy as np

from simulation.rules.exact import column
from simulation.rules.rounding import Whole, Wholes, part
from simulation.units import BP

PAYMENTS_PER_YEAR: Final[Mapping[str, int]] = {
    "annual": 1,
    "quarterly": 4,
    "monthly": 12,
    "semi_monthly": 24,
    "biweekly": 26,
    "weekly": 52,
}


class Terms(NamedTuple):
    """Terms of loans, one row a loan or one number for all.

    ``rate`` is the nominal rate a year, compounded at each of ``per_year`` payments: in basis points, or in
    parts of ``one`` where these are too coarse. ``payments`` is how many there are in all.
    """

    rate: Wholes
    per_year: Wholes
    payments: Wholes
    one: int = BP


@cache
def growth(rate: Fraction, periods: int) -> Fraction:
    """Return what 1 grows to in so many periods at a rate each."""
    return (1 + rate) ** periods


@cache
def payment_factor(rate: Fraction, payments: int) -> Fraction:
    """Return the level payment on 1: ``i / (1 - (1 + i)^-n)``, or ``1 / n`` without interest."""
    grown = growth(rate, payments)
    return rate * grown / (grown - 1) if rate else Fraction(1, payments)


@cache
def balance_factor(rate: Fraction, payments: int, paid: int) -> Fraction:
    """Return what is left of 1 after some payments: ``((1 + i)^n - (1 + i)^k) / ((1 + i)^n - 1)``."""
    if not rate:
        return Fraction(payments - paid, payments)
    grown = growth(rate, payments)
    return (grown - growth(rate, paid)) / (grown - 1)


def level_payment_cents(principal_cents: Wholes, terms: Terms) -> Whole:
    """Return the level payment of each loan, half-up."""
    return _times(principal_cents, payment_factor, terms)


def scheduled_balance_cents(principal_cents: Wholes, terms: Terms, paid: Wholes) -> Whole:
    """Return the balance after so many payments by the schedule: exact, and rounded once.

    It takes the payment unrounded, so it is nought after the last. A ledger of paid cents may differ by a
    few: ``interest_cents`` and ``instalment_cents``.
    """
    return _times(principal_cents, balance_factor, terms, np.minimum(paid, terms.payments))


def deemed_distribution_cents(principal_cents: Wholes, terms: Terms, paid: Wholes, accrued: Wholes) -> Whole:
    """Return the scheduled balance after the last payment with the interest of the periods since.

    ``accrued`` counts the periods to the end of the cure period: Reg. 1.72(p)-1 Q&A-10(b). The regulation's
    own example (17,157) compounds 8.75 % by the month, although it says annually.
    """
    return _times(principal_cents, _accrued_factor, terms, np.minimum(paid, terms.payments), accrued)


def _accrued_factor(rate: Fraction, payments: int, paid: int, accrued: int) -> Fraction:
    return balance_factor(rate, payments, paid) * growth(rate, accrued)


def interest_cents(balance_cents: Wholes, terms: Terms) -> Whole:
    """Return the interest of one period on a balance, half-up."""
    return part(balance_cents, terms.rate, terms.one * np.asarray(terms.per_year))


def instalment_cents(
    balance_cents: Wholes, interest: Wholes, payment_cents: Wholes, payments_left: Wholes
) -> Whole:
    """Return what is due: the level payment, or whatever is owed if that is less or nothing follows."""
    owed = np.add(balance_cents, interest)
    return column(np.where(np.asarray(payments_left) > 1, np.minimum(payment_cents, owed), owed))


def _times(amounts_cents: Wholes, factor: Callable[..., Fraction], terms: Terms, *counts: Wholes) -> Whole:
    """Return ``amount x factor(periodic rate, payments, *counts)``, half-up, one factor a distinct row."""
    amounts, *given = np.broadcast_arrays(
        column(amounts_cents), terms.rate, terms.per_year, terms.payments, *counts
    )
    distinct, row = np.unique(np.stack(given, axis=1), axis=0, return_inverse=True)
    factors = [
        factor(Fraction(rate, terms.one * per_year), *periods)
        for rate, per_year, *periods in distinct.tolist()
    ]
    numerators = np.array([each.numerator for each in factors], dtype=object)[row]
    denominators = np.array([each.denominator for each in factors], dtype=object)[row]
    doubled = 2 * amounts.astype(object) * numerators
    return column((doubled + denominators) // (2 * denominators))
