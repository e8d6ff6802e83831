"""Key employees and the accounts at a determination date: IRC 416(g), (i); Reg. 1.416-1.

The determination date of a plan year is the last day of the year before. In the first year of a run what the
census tells stands for that year: what was paid out in it is not known.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from simulation.compliance.plan_year import PlanYear
from simulation.rules.key_employee import key_officers, key_owners, officer_cap
from simulation.rules.rounding import Truths
from simulation.rules.top_heavy import Shares, counted_balance, key_share
from simulation.units import CENTS_PER_DOLLAR

YEARS_OF_WITHDRAWALS: Final = 5
"""Years of in-service payments that are added back: IRC 416(g)(3)(B)."""


def accounts(year: PlanYear) -> pl.DataFrame:
    """Return the accounts at the determination date of a plan year, one row a person.

    ``pay`` of the year that holds the date, ``balance`` with loans, ``paid_out`` in that year, ``withdrawn``
    in service over five, all in cents; ``served`` in that year, ``key`` and ``former_key``.
    """
    found, before = _held(year), year.previous
    if before is None:
        nothing, nobody = pl.lit(0, dtype=pl.Int64), pl.lit(value=False)
        return found.with_columns(withdrawn=nothing, key=pl.Series(_key(year, found)), former_key=nobody)
    found = found.join(_withdrawn(before), on="employee", how="left", maintain_order="left")
    found = found.with_columns(pl.col("withdrawn").fill_null(0), key=pl.Series(_key(year, found)))
    return found.with_columns(
        former_key=pl.col("employee").is_in(_ever_key(before).implode()) & ~pl.col("key")
    )


def _ever_key(year: PlanYear) -> pl.Series:
    """Return the numbers of who was key at the determination date of a plan year or of one before it."""
    found = _held(year)
    now = found["employee"].filter(pl.Series(_key(year, found)))
    return now if year.previous is None else pl.concat([now, _ever_key(year.previous)])


def _held(year: PlanYear) -> pl.DataFrame:
    """Return the accounts at the determination date, without payments in service and who is key."""
    before = year.previous
    if before is None:
        return year.people.filter(pl.col("hire_date").dt.year() < year.year).select(
            *_WHO,
            pay="lookback_pay_cents",
            balance="opening_balance_cents",
            paid_out=pl.lit(0, dtype=pl.Int64),
            served=pl.lit(value=True),
        )
    return before.people.select(
        *_WHO,
        pay="pay_cents",
        balance=pl.col("closing_balance_cents") + pl.col("closing_loans_cents"),
        paid_out="distributed_cents",
        served="worked",
    )


_WHO: Final = ("employee", "employee_id", "owned_bp", "is_officer")


def _key(year: PlanYear, found: pl.DataFrame) -> Truths:
    """Return who is key: officers above the threshold, owners of more than 5 %, or of 1 % and well paid."""
    pay = found["pay"].to_numpy()
    threshold = year.limits.key_officer_threshold_to_apply_for_topheavy_plan_year * CENTS_PER_DOLLAR
    served: Truths = found["served"].to_numpy()
    officers = key_officers(
        pay, found["is_officer"].to_numpy() & served, threshold, officer_cap(int(served.sum()))
    )
    owners = key_owners(
        pay, found["owned_bp"].to_numpy(), year.limits.key_owner_1pct_comp_threshold * CENTS_PER_DOLLAR
    )
    return (officers | owners) & served


def _withdrawn(last: PlanYear) -> pl.DataFrame:
    """Return what was paid out in service in the five years up to the end of one, as far as a run goes."""
    frames, year = list[pl.DataFrame](), last
    for _ in range(YEARS_OF_WITHDRAWALS):
        frames.append(year.people.select("employee", withdrawn="withdrawn_cents"))
        if year.previous is None:
            break
        year = year.previous
    return pl.concat(frames).group_by("employee").agg(pl.col("withdrawn").sum())


def shares(found: pl.DataFrame) -> Shares:
    """Return the money of key employees and of all at the determination date."""
    counted = counted_balance(
        found["balance"].to_numpy(), found["paid_out"].to_numpy(), found["withdrawn"].to_numpy()
    )
    return key_share(
        np.asarray(counted),
        found["key"].to_numpy(),
        found["former_key"].to_numpy(),
        found["served"].to_numpy(),
    )
