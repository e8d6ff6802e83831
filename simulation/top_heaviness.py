"""Whether a plan owes the top-heavy minimum at all, by what it is made of (IRC 416(g)(4)(H))."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulation.rules.top_heavy import Contribution, exempt

if TYPE_CHECKING:
    from simulation.parameters.plan import Plan

SAFE_MATCH: Final = {
    "none": "discretionary_match",
    "basic": Contribution.SAFE_HARBOR_MATCH,
    "enhanced": Contribution.SAFE_HARBOR_MATCH,
    "qaca": Contribution.QACA_MATCH,
}

RECEIVED: Final = ("match", "nonelective", "profit_sharing", "reallocated")
"""Employer money that counts towards the minimum: Reg. 1.416-1, M-18 to M-20."""


def kinds(plan: Plan) -> list[str]:
    """Return the kinds of contribution that a plan has, as the exemption tells them apart."""
    found: list[str] = [Contribution.DEFERRALS]
    if any(plan.match.tables_bp):
        found.append(SAFE_MATCH[plan.match.safe_harbor])
    if plan.nonelective.rate or plan.nonelective.formula in {"service", "age", "points"}:
        safe = plan.nonelective.safe_harbor
        found.append(Contribution.SAFE_HARBOR_NONELECTIVE if safe else "nonelective")
    if plan.profit_sharing.formula != "none":
        found.append("profit_sharing")
    return found


def owes_minimum(plan: Plan) -> bool:
    """Tell whether a plan owes the minimum in a year in which it is top-heavy."""
    return not exempt(kinds(plan), forfeitures_allocated=plan.forfeitures.use == "reallocate")
