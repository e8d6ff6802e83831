"""Who comes near a limit of the year, or reaches it, and on which pay date: what an administrator is told."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import polars as pl

from simulation.engines.decided import decided
from simulation.events.administration import ComplianceType, LimitType
from simulation.state import KEYS
from simulation.units import BP

if TYPE_CHECKING:
    from simulation.rules.rounding import Truths, Whole


class Watched(NamedTuple):
    """One limit, and what is said when somebody comes near it and when it is reached."""

    limit: LimitType
    near: ComplianceType
    reached: ComplianceType


DEFERRALS: Final = Watched(
    LimitType.ELECTIVE_DEFERRAL, ComplianceType.DEFERRAL_APPROACH, ComplianceType.DEFERRAL_REACHED
)
ADDITIONS: Final = Watched(
    LimitType.ANNUAL_ADDITIONS, ComplianceType.ADDITIONS_APPROACH, ComplianceType.ADDITIONS_REACHED
)


class _Look(NamedTuple):
    """Whom a look at a limit found, by row: their amounts in cents, and whether these reach the limit."""

    on: date
    watched: Watched
    limit: int
    rows: Whole
    amounts: Whole
    reached: Truths


class LimitWatch:
    """Findings about some people, whose rows the columns of every look stand for."""

    def __init__(self, people: pl.DataFrame, approach_bp: int) -> None:
        """Take the people, one row each, and the share of a limit from which somebody is near it."""
        self._people = people[[*KEYS, "employee_id"]]
        self._approach_bp = approach_bp
        self._found: list[_Look] = []

    def look(self, on: date, watched: Watched, before: Whole, now: Whole, limit: int) -> None:
        """Take amounts of the year before and after a day, in cents; who passes both marks has reached it."""
        near = -(-limit * self._approach_bp // BP)
        passed = np.flatnonzero(now >= near)
        passed = passed[(before[passed] < limit) & (before[passed] < now[passed])]
        reached = now[passed] >= limit
        new = reached | (before[passed] < near)
        rows = passed[new]
        if len(rows):
            self._found.append(_Look(on, watched, limit, rows, now[rows], reached[new]))

    def told(self) -> dict[str, pl.DataFrame]:
        """Return the findings as events, if there are any."""
        if not self._found:
            return {}
        days, watched, limits, rows, amounts, reached = zip(*self._found, strict=True)
        look = np.repeat(np.arange(len(rows)), [len(found) for found in rows])
        kinds = pl.Series([kind.value for each in watched for kind in (each.near, each.reached)])
        on = pl.Series(days)[look]
        told = decided(
            self._people[np.concatenate(rows)],
            "compliance",
            rule="plan.testing.approach",
            effective_date=on,
            compliance_type=kinds[2 * look + np.concatenate(reached)],
            limit_type=pl.Series([each.limit.value for each in watched])[look],
            applicable_limit_cents=pl.Series(limits)[look],
            current_amount_cents=np.concatenate(amounts),
            monitoring_date=on,
        )
        return {"compliance": told}
