"""What rehires get back of the employer money that they forfeited: Reg. 1.411(a)-7(d)(4)(iv)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.balances import amounts
from simulation.dates import calendar_years
from simulation.engines.decided import decided
from simulation.events.sources import EMPLOYER, Source
from simulation.rules.days import ONE_DAY
from simulation.rules.forfeiture import restored_cents
from simulation.state import hired_in_year

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.rules.rounding import Whole
    from simulation.state import State

_FORFEITED: Final = tuple(f"forfeited_{source}_cents" for source in EMPLOYER)
_READ: Final = (
    *("seed", "person", "employee_id", "hire_date", "service_date", "start_date"),
    *_FORFEITED,
)
_CAME_BACK: Final = hired_in_year() & pl.col("was_rehired")


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return what is put back on the day of rehire, source by source.

    All that was forfeited, if fewer than five one-year breaks lie between. A rehire counts as paying the
    distribution back at once; that money itself does not come back into the account.
    """
    forfeitures = context.scenario.plan.forfeitures
    if not context.scenario.plan.enabled or not forfeitures.restore_on_rehire:
        return {}
    people = state.people[_READ][np.flatnonzero(state.people.select(_CAME_BACK).to_series().to_numpy())]
    back = people[np.flatnonzero(amounts(people, _FORFEITED).sum(axis=1) > 0)]
    breaks = _breaks(back, context.year)
    restored = np.array([restored_cents(back[name].to_numpy(), breaks, breaks >= 0) for name in _FORFEITED])
    source, row = np.nonzero(restored > 0)
    return {
        "restoration": decided(
            back[row],
            "restoration",
            rule="plan.forfeitures.restore_on_rehire",
            amount=restored[source, row],
            effective_date=back["start_date"][row],
            restored_to_source=_SOURCES[source],
        )
    }


_SOURCES: Final = pl.Series([Source[source.upper()].value for source in EMPLOYER])


def _breaks(back: pl.DataFrame, year: int) -> Whole:
    """Return the one-year breaks before this year's rehire: the calendar years without work between.

    Nobody comes back twice, so the days without service moved the service date from the day of hire by the
    whole gap, which tells the old last day.
    """
    service, hire, start = (back[name].to_numpy() for name in ("service_date", "hire_date", "start_date"))
    return year - 1 - calendar_years(start - (service - hire) - ONE_DAY)
