"""The dollar limits of one plan year in cents, as the engines use them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Self

from simulation.parameters.limits import limits
from simulation.units import CENTS_PER_DOLLAR

if TYPE_CHECKING:
    from simulation.parameters import Scenario


class PlanLimits(NamedTuple):
    """Limits in cents; none where the law has none, or does not enforce it, that year."""

    elective_deferral: int
    catchup_from_50: int
    catchup_from_60: int | None
    compensation: int
    annual_additions: int
    roth_wages: int | None
    wage_base: int

    @classmethod
    def of(cls, scenario: Scenario, year: int) -> Self:
        """Return the limits of a year, projected by the scenario's rule where none are published."""
        found = limits(year, scenario.limits.indexation.rate)
        wages = found.roth_catchup_wage_threshold if found.roth_catchup_enforced else None
        return cls(
            elective_deferral=found.elective_deferral_402g * CENTS_PER_DOLLAR,
            catchup_from_50=found.catchup_age50_414v * CENTS_PER_DOLLAR,
            catchup_from_60=_cents(found.catchup_age60_63_414v),
            compensation=found.comp_limit_401a17 * CENTS_PER_DOLLAR,
            annual_additions=found.annual_additions_415c * CENTS_PER_DOLLAR,
            roth_wages=_cents(wages),
            wage_base=found.ss_wage_base * CENTS_PER_DOLLAR,
        )


def _cents(dollars: int | None) -> int | None:
    return None if dollars is None else dollars * CENTS_PER_DOLLAR
