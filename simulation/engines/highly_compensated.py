"""Who is highly compensated: by the pay of the year before, or as an owner (IRC 414(q), Notice 97-45).

Said of everybody who is, and of those who were last year and no longer are. Of all others nothing is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.dates import year_end
from simulation.engines.decided import decided
from simulation.events.administration import DeterminationMethod
from simulation.family import FAMILY, owned_bp
from simulation.lookback import LOOKBACK, lookback_pay
from simulation.parameters.limits import limits
from simulation.rules.highly_compensated import OWNER_PERCENT, highly_compensated, top_paid, top_paid_count
from simulation.rules.ownership import owns_more_than
from simulation.state import last_days, paid_cents, worked_in_year
from simulation.units import CENTS_PER_DOLLAR

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from simulation.context import YearContext
    from simulation.rules.rounding import Truths, Whole
    from simulation.state import State

YOUNGEST: Final = 21
FEWEST_MONTHS: Final = 6
FEWEST_HOURS: Final = 910
"""Who is younger, served shorter or is scheduled for less (17.5 hours a week) may be left out of the count of
employees of which a fifth is top-paid: IRC 414(q)(5)."""

_READ: Final = (
    *("seed", "person", *FAMILY),
    *LOOKBACK,
    *("birth_date", "start_date", "termination_date", "scheduled_hours"),
    *("compensation_cents", "day_cents", "employed_days", "leave_days", "was_hce"),
)


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return the status of everybody who is highly compensated or was so last year."""
    plan, year = context.scenario.plan, context.year
    if not plan.enabled:
        return {}
    people = state.people[[*_READ]]
    method = DeterminationMethod(plan.testing.hce_method)
    prior = method is DeterminationMethod.PRIOR_YEAR
    pay = lookback_pay(people, year) if prior else _pay(people, year)
    threshold = threshold_cents(context, method)
    closing = year_end(year - 1 if prior else year)
    elected = _top_paid(people, pay, closing) if plan.testing.top_paid_election else None
    owners = owns_more_than(OWNER_PERCENT, owned_bp(people))
    now = highly_compensated(pay, threshold, owners, elected)
    told = people.select(worked_in_year(), was=pl.col("was_hce").fill_null(value=False))
    worked, was = (column.to_numpy() for column in told.iter_columns())
    said = np.flatnonzero(worked & (now | was))
    found = people[said]
    on = found["start_date"].to_numpy() if prior else last_days(found, year)
    return {
        "hce_status": decided(
            found,
            "hce_status",
            rule="plan.testing.hce_method",
            effective_date=on,
            determination_date=on,
            determination_method=method.value,
            ytd_compensation_cents=pay[said],
            annualized_compensation_cents=pay[said],
            hce_threshold_cents=threshold,
            is_hce=now[said],
            prior_year_hce=found["was_hce"],
        )
    }


def threshold_cents(context: YearContext, method: DeterminationMethod) -> int:
    """Return what pay has to exceed: the threshold in force for the year whose pay decides."""
    known = limits(context.year, context.scenario.limits.indexation.rate)
    dollars = {
        DeterminationMethod.PRIOR_YEAR: known.hce_threshold_to_apply_for_plan_year,
        DeterminationMethod.CURRENT_YEAR: known.hce_comp_threshold_414q,
    }
    return dollars[method] * CENTS_PER_DOLLAR


def _pay(people: pl.DataFrame, year: int) -> Whole:
    return people.select(paid_cents(year)).to_series().to_numpy()


def _top_paid(people: pl.DataFrame, pay: Whole, closing: date) -> Truths:
    """Return who is in the top-paid fifth of those who were paid in the year that decides, seed by seed.

    Who has left since belongs to it; ``closing`` is the last day of that year.
    """
    young = pl.col("birth_date") > pl.lit(closing).dt.offset_by(f"-{YOUNGEST}y")
    new = pl.col("service_date") > pl.lit(closing).dt.offset_by(f"-{FEWEST_MONTHS}mo")
    left_out = people.select(young | new | (pl.col("scheduled_hours") < FEWEST_HOURS)).to_series().to_numpy()
    seeds, chosen = people["seed"].to_numpy(), np.zeros(len(pay), dtype=np.bool_)
    for seed in np.unique(seeds):
        rows = np.flatnonzero((seeds == seed) & (pay > 0))
        count = top_paid_count(len(rows), int(left_out[rows].sum()))
        chosen[rows[top_paid(pay[rows], count)]] = True
    return chosen
