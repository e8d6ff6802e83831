"""Who comes near a limit of the year, or reaches it, and on which pay date: what an administrator is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.engines.decided import decided
from simulation.events.administration import ComplianceType, LimitType
from simulation.state import KEYS
from simulation.units import BP

if TYPE_CHECKING:
    from simulation.rules.rounding import Whole


@dataclass(frozen=True, slots=True)
class Watched:
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


class LimitWatch:
    """Findings about some people, whose rows the columns of every look stand for."""

    def __init__(self, people: pl.DataFrame, approach_bp: int) -> None:
        """Take the people, one row each, and the share of a limit from which somebody is near it."""
        self._people = people[[*KEYS, "employee_id"]]
        self._approach_bp = approach_bp
        self._found: list[pl.DataFrame] = []

    def look(self, on: date, watched: Watched, before: Whole, now: Whole, limit: int) -> None:
        """Take amounts of the year before and after a day, in cents; who passes both marks has reached it."""
        near = -(-limit * self._approach_bp // BP)
        passed = np.flatnonzero((now >= near) & (before < limit) & (before < now))
        reached = now[passed] >= limit
        new = reached | (before[passed] < near)
        rows, reached = passed[new], reached[new]
        if not len(rows):
            return
        kinds = pl.Series([watched.near.value, watched.reached.value])
        self._found.append(
            decided(
                self._people[rows],
                "compliance",
                rule="plan.testing.approach",
                effective_date=on,
                compliance_type=kinds[reached.astype(np.uint32)],
                limit_type=watched.limit.value,
                applicable_limit_cents=limit,
                current_amount_cents=now[rows],
                monitoring_date=on,
            )
        )

    def told(self) -> dict[str, pl.DataFrame]:
        """Return the findings as events, if there are any."""
        if not self._found:
            return {}
        return {"compliance": pl.concat(self._found)}
