"""What was in accounts on 1 January, and what of it this year's loans have left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.balances import amounts
from simulation.dates import year_start
from simulation.events.sources import SOURCES
from simulation.state import rows_of

if TYPE_CHECKING:
    from simulation.context import YearContext
    from simulation.rules.rounding import Whole
    from simulation.state import State

OPENING: Final = tuple(f"opening_{source}_cents" for source in SOURCES)
"""The columns of people that say what was in an account on 1 January."""

_LENT: Final = tuple(f"{source}_cents" for source in SOURCES)


def kept_cents(context: YearContext, state: State) -> Whole:
    """Return what of the opening balances no loan of the year took, by people and sources."""
    kept = amounts(state.people, OPENING)
    lent = state.loans.filter(pl.col("start_date") >= year_start(context.year))
    np.subtract.at(kept, rows_of(state.people, lent), amounts(lent, _LENT))
    return kept
