"""Automatic enrolment: default rates by year, escalation, withdrawal, opt-outs."""

from __future__ import annotations

from datetime import date

import numpy as np

from simulation.rules.automatic_enrolment import (
    MANDATORY_CAP_BP,
    WITHDRAWAL_COUNTS_IN_ADP,
    WITHDRAWAL_DAYS,
    escalated_bp,
    expected_opt_outs,
    last_initial_year,
    last_withdrawal_election,
    mandatory_bp,
    qaca_minimum_bp,
    withdrawal_cents,
)
from tests.golden.days import day, value
from tests.golden.money import basis_points, money, only, rate_of_bp, row
from tests.golden.registry import Inputs, Results, topic

QACA_YEARS = 6
MANDATORY_YEARS = 9


def _by_year(years: range, rates_bp: np.ndarray[tuple[int], np.dtype[np.int64]]) -> dict[str, str]:
    return {str(year): rate_of_bp(rate) for year, rate in zip(years, rates_bp, strict=True)}


@topic("qaca_schedule")
def qaca(inputs: Inputs) -> Results:
    """Answer the least default rates of six years."""
    first = date.fromisoformat(inputs["first_default_contribution"]).year
    years = range(first, first + QACA_YEARS)
    return {"min_rate_by_year": _by_year(years, qaca_minimum_bp(first, np.array(years)))}


@topic("mandatory_414A")
def mandatory(inputs: Inputs) -> Results:
    """Answer the default rates of nine years under section 414A."""
    first = date.fromisoformat(inputs["start"]).year
    years = range(first, first + MANDATORY_YEARS)
    cap = basis_points(inputs["cap"]) if "cap" in inputs else MANDATORY_CAP_BP
    unraised = value(last_initial_year(day(inputs["start"])))
    rates = mandatory_bp(basis_points(inputs["initial_rate"]), unraised, np.array(years), cap)
    return {"rate_by_year": _by_year(years, rates)}


@topic("permissible_withdrawal")
def withdrawal(inputs: Inputs) -> Results:
    """Answer by when, how much, and what becomes of the match."""
    first = np.array([inputs["first_default_contribution_date"]], dtype="datetime64[D]")
    earnings = row(inputs["gain"]) if "gain" in inputs else -row(inputs.get("loss", "0"))
    return {
        "last_election_date": str(
            last_withdrawal_election(first, inputs.get("window_days", WITHDRAWAL_DAYS))[0]
        ),
        "paid_to_participant": money(withdrawal_cents(row(inputs["contributions"]), earnings)),
        "match_forfeited": inputs.get("match", "0.00"),
        "counts_in_adp": WITHDRAWAL_COUNTS_IN_ADP,
    }


@topic("escalation_cap")
def escalation(inputs: Inputs) -> Results:
    """Answer the rate after one step."""
    rate, step, cap = (basis_points(inputs[name]) for name in ("rate", "step", "cap"))
    return {"next_rate": rate_of_bp(escalated_bp(rate, step, cap)[0])}


@topic("opt_out_expectation")
def opt_outs(inputs: Inputs) -> Results:
    """Answer how many opt out."""
    participation = basis_points(inputs["participation_after_default"])
    return {"opt_outs": only(expected_opt_outs(inputs["eligible_new_hires"], participation))}
