"""Loans: the maximum, payments, balances, defaults."""

from __future__ import annotations

from calendar import month_abbr
from fractions import Fraction
from math import lcm

import numpy as np

from simulation.rules.amortisation import (
    PAYMENTS_PER_YEAR,
    Terms,
    deemed_distribution_cents,
    level_payment_cents,
    scheduled_balance_cents,
)
from simulation.rules.loan import (
    cure_deadline,
    highest_at_once_cents,
    highest_of_each_cents,
    maximum_cents,
)
from simulation.rules.rounding import Whole
from simulation.units import BP
from tests.golden.days import day, iso
from tests.golden.money import cents, fraction, money, row
from tests.golden.registry import Inputs, Results, topic

MONTHS = 12


@topic("loan_max")
def maximum(inputs: Inputs) -> Results:
    """Answer the largest new loan."""
    owed = row(inputs.get("outstanding", "0"))
    highest = row(inputs["highest_balance_12m"]) if "highest_balance_12m" in inputs else owed
    return {"max_new_loan": money(maximum_cents(row(inputs["vested"]), owed, highest))}


@topic("loan_max_multiple")
def maximum_after_several(inputs: Inputs) -> Results:
    """Answer the largest new loan by both readings of the highest balance."""
    balances = np.stack([_balances(loan, _month(inputs["request"])) for loan in inputs["loans"]])
    owed = balances[:, -1].sum(keepdims=True)
    vested = row(inputs["vested"])
    return {
        "max_new_loan_highest_balance_view": money(
            maximum_cents(vested, owed, highest_at_once_cents(balances))
        ),
        "max_new_loan_cumulative_view": money(maximum_cents(vested, owed, highest_of_each_cents(balances))),
    }


def _month(name: str) -> int:
    return list(month_abbr).index(name[:3].title())


def _balances(loan: Inputs, request: int) -> Whole:
    """Return a loan's balance in the twelve months before the request, and at the request."""
    start, end = (
        (_month(loan[key]) - request) % MONTHS if loan.get(key) else MONTHS for key in ("from", "repaid")
    )
    months = np.arange(MONTHS + 1)
    since = 0 if start > end else start
    return np.where((months >= since) & (months < max(end, since + 1)), cents(loan["borrowed"]), 0)


@topic("loan_amortization")
def amortisation(inputs: Inputs) -> Results:
    """Answer the level payment."""
    return {"payment": money(level_payment_cents(row(inputs["principal"]), _terms(inputs)))}


@topic("loan_default_amount")
def default(inputs: Inputs) -> Results:
    """Answer the payment, the balance at default and the deemed distribution."""
    principal, terms = row(inputs["principal"]), _terms(inputs)
    paid, accrued = inputs["payments_made"], inputs.get("months_of_accrual_to_end_of_cure", 0)
    return {
        "payment": money(level_payment_cents(principal, terms)),
        f"balance_after_{paid}": money(scheduled_balance_cents(principal, terms, paid)),
        "deemed_distribution": money(deemed_distribution_cents(principal, terms, paid, accrued)),
    }


@topic("loan_cure_period")
def cure(inputs: Inputs) -> Results:
    """Answer by when missed payments are to be made good."""
    missed = inputs["missed_payment_due"]
    name = "deemed_distribution_if_not_cured_by"
    if isinstance(missed, str):
        return {name: iso(cure_deadline(day(missed)))}
    return {name: [iso(cure_deadline(day(due))) for due in missed]}


def _terms(inputs: Inputs) -> Terms:
    """Return the terms of a case; a rate finer than basis points in parts of a larger number."""
    rate: Fraction = fraction(inputs["nominal_rate"])
    compounding = inputs.get("compounding", "monthly").replace("-", "_")
    per_year = inputs.get("payments_per_year") or PAYMENTS_PER_YEAR[compounding]
    months = inputs.get("months", MONTHS * inputs.get("years", 0))
    one = lcm(BP, rate.denominator)
    return Terms(int(rate * one), per_year, inputs.get("payments") or months * per_year // MONTHS, one)
