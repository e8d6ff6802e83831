"""What rehires get back of the employer money that they forfeited: Reg. 1.411(a)-7(d)(4)(iv)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.engines.decided import decided
from simulation.events.sources import EMPLOYER, Source
from simulation.rules.forfeiture import restored_cents
from simulation.state import hired_in_year

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.state import State

_FORFEITED: Final = tuple(f"forfeited_{source}_cents" for source in EMPLOYER)
_READ: Final = (
    *("seed", "person", "employee_id", "hire_date", "service_date", "start_date"),
    *("opened_year", "was_rehired"),
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
    people = state.people[_READ].filter(_CAME_BACK)
    back = people.filter(pl.sum_horizontal(_FORFEITED) > 0).with_columns(
        effective_date=pl.col("start_date"), breaks=_breaks(context.year)
    )
    breaks = back["breaks"].to_numpy()
    restored = np.array([restored_cents(back[name].to_numpy(), breaks, breaks >= 0) for name in _FORFEITED])
    source, row = np.nonzero(restored > 0)
    parts = [pl.Series("source", source), pl.Series("restored", restored[source, row])]
    return {
        "restoration": decided(
            back[row].hstack(parts).with_columns(restored_to_source=_SOURCES.gather("source")),
            "restoration",
            rule="plan.forfeitures.restore_on_rehire",
            amount=pl.col("restored"),
        )
    }


_SOURCES: Final = pl.lit(pl.Series([Source[source.upper()].value for source in EMPLOYER]))


def _breaks(year: int) -> pl.Expr:
    """Return the one-year breaks before this year's rehire: the calendar years without work between.

    Nobody comes back twice, so the days without service moved the service date from the day of hire by the
    whole gap, which tells the old last day.
    """
    gap = pl.col("service_date") - pl.col("hire_date")
    left = (pl.col("start_date") - gap).dt.offset_by("-1d")
    return year - 1 - left.dt.year()
