"""What a year made of the plan: who takes part, what was paid in and out, and what the accounts hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from simulation.dates import year_end
from simulation.events.sources import SOURCES
from simulation.metrics.metric import Counted, Metric, Summed, Totals, Unit, ratio
from simulation.state import deferring, employed, worked_in_year

EVERYBODY: Final = "ever"


def _eligible(year: int) -> pl.Expr:
    return employed() & (pl.col("entry_date") <= pl.lit(year_end(year))).fill_null(value=False)


PEOPLE: Final[Mapping[str, Counted]] = {
    EVERYBODY: lambda _: pl.lit(value=True),
    "eligible": _eligible,
    "participants": lambda year: _eligible(year) & deferring(),
    "highly_compensated": lambda _: worked_in_year() & pl.col("is_hce").fill_null(value=False),
}
"""Who is counted, by total."""


def _sum(*columns: str) -> Summed:
    return columns, EVERYBODY


CENTS: Final[Mapping[str, Summed]] = {
    "elected_bp": (("deferral_bp", "roth_deferral_bp"), "participants"),
    "deferred": _sum("year_pre_tax_cents", "year_roth_cents"),
    "matched": _sum("year_match_cents"),
    "given": _sum("year_nonelective_cents", "year_profit_sharing_cents"),
    "forfeited": _sum("year_forfeited_cents"),
    "forfeitures_used": _sum("year_forfeitures_used_cents"),
    "paid_out": _sum("year_withdrawn_cents", "year_distributed_cents"),
    "balance": _sum(*(f"balance_{source}_cents" for source in SOURCES)),
}
"""What is summed, over whom; elections in basis points, all else in cents."""

LOANS: Final[Mapping[str, str]] = {"owed": "balance_cents"}
"""The columns that are summed over the loans."""


def _cost(n: Totals) -> int:
    return n["matched"] + n["given"] - n["forfeitures_used"]


PLAN: Final = (
    Metric(
        "eligible",
        "Eligible employees",
        Unit.PEOPLE,
        "Employed when 31 December ends, and entered the plan.",
        lambda n: n["eligible"],
    ),
    Metric(
        "participants",
        "Participants",
        Unit.PEOPLE,
        "Eligible employees with a deferral election above nought.",
        lambda n: n["participants"],
    ),
    Metric(
        "participation_rate",
        "Participation",
        Unit.RATE,
        "Participants over eligible employees.",
        lambda n: ratio(n["participants"], n["eligible"]),
    ),
    Metric(
        "average_deferral_rate",
        "Average deferral rate",
        Unit.RATE,
        "Mean election of participants, pre-tax and Roth together, as a share of pay.",
        lambda n: ratio(n["elected_bp"], n["participants"] * 10_000),
    ),
    Metric(
        "employee_contributions",
        "Employee contributions",
        Unit.DOLLARS,
        "Elective deferrals of the year, catch-up included.",
        lambda n: n["deferred"],
    ),
    Metric(
        "employer_match",
        "Employer match",
        Unit.DOLLARS,
        "Matching contributions of the year, true-up included.",
        lambda n: n["matched"],
    ),
    Metric(
        "employer_nonelective",
        "Employer nonelective",
        Unit.DOLLARS,
        "Nonelective and profit-sharing contributions of the year.",
        lambda n: n["given"],
    ),
    Metric(
        "employer_cost",
        "Employer cost",
        Unit.DOLLARS,
        "Employer contributions of the year less the forfeitures that paid for them.",
        _cost,
    ),
    Metric(
        "employer_cost_rate",
        "Employer cost rate",
        Unit.RATE,
        "Employer cost over total compensation.",
        lambda n: ratio(_cost(n), n["pay"]),
    ),
    Metric(
        "forfeitures",
        "Forfeitures",
        Unit.DOLLARS,
        "Employer money that leavers forfeited in the year.",
        lambda n: n["forfeited"],
    ),
    Metric(
        "distributions",
        "Distributions",
        Unit.DOLLARS,
        "Money that left the plan in the year: withdrawals, distributions and rollovers.",
        lambda n: n["paid_out"],
    ),
    Metric(
        "loans_outstanding",
        "Loans outstanding",
        Unit.DOLLARS,
        "What participants owe their accounts when 31 December ends.",
        lambda n: n["owed"],
    ),
    Metric(
        "total_balance",
        "Account balances",
        Unit.DOLLARS,
        "What all accounts hold when 31 December ends, loans not counted.",
        lambda n: n["balance"],
    ),
    Metric(
        "hce_count",
        "Highly compensated",
        Unit.PEOPLE,
        "Highly compensated employees of the year, who worked at least a day of it (IRC 414(q)).",
        lambda n: n["highly_compensated"],
    ),
)
"""In the order in which they are shown."""
