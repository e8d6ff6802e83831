"""What a test of the plan found: passed, failed or not applicable, why, by how much, and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

import polars as pl


class Outcome(StrEnum):
    """How a test ended."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"


class Unit(StrEnum):
    """What a figure is counted in."""

    RATE = "rate"
    CENTS = "cents"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a test's working, exact; none where it has nothing to divide by.

    A number of people that is withheld, for so few could be told apart, has only ``below``: it is less.
    """

    title: str
    value: Fraction | int | None
    unit: Unit
    below: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """One test of one plan year, for everybody or for one group of employees.

    ``margin`` is what was left to the limit as a share of one (negative: by how much it was missed), none
    where nothing was measured. ``refunds_cents`` goes back to participants, income included; ``cost_cents``
    is what putting it right costs the employer. ``rows`` is the working: one row a person behind the
    outcome, money in cents, the columns of ``employee_id`` and what the test looked at; ``working`` makes
    them when they are asked for.
    """

    test: str
    title: str
    section: str
    year: int
    outcome: Outcome
    reason: str
    group: str = "all"
    figures: tuple[Figure, ...] = ()
    margin: Fraction | None = None
    refunds_cents: int = 0
    cost_cents: int = 0
    working: Callable[[], pl.DataFrame] = pl.DataFrame

    @property
    def rows(self) -> pl.DataFrame:
        """Return one row a person behind the outcome, made anew each time."""
        return self.working()

    def worked_out(self) -> Verdict:
        """Return the same with its rows made, to be kept without the plan year that they come from."""
        rows = self.rows
        return replace(self, working=lambda: rows)
