"""Whether a plan owes the top-heavy minimum at all, by what it is made of (IRC 416(g)(4)(H))."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulation.rules.top_heavy import Contribution, exempt
from simulation.safe_harbor import acp_safe_harbor

if TYPE_CHECKING:
    from simulation.parameters.plan import Plan

SAFE_MATCH: Final = {
    "none": Contribution.ACP_SAFE_HARBOR_MATCH,
    "basic": Contribution.SAFE_HARBOR_MATCH,
    "enhanced": Contribution.SAFE_HARBOR_MATCH,
    "qaca": Contribution.QACA_MATCH,
}

"""What a match is by its label, if it stays within the bounds of the ACP safe harbour."""

RECEIVED: Final = ("match", "nonelective", "profit_sharing", "reallocated")
"""Employer money that counts towards the minimum: Reg. 1.416-1, M-18 to M-20."""


def kinds(plan: Plan) -> list[str]:
    """Return the kinds of contribution that a plan has, as the exemption tells them apart.

    A match above 6 % of pay, one that rises with the deferral, and any without a safe harbour lose it.
    """
    found: list[str] = [Contribution.DEFERRALS]
    if any(plan.match.tables_bp):
        safe = bool(acp_safe_harbor(plan))
        found.append(SAFE_MATCH[plan.match.safe_harbor] if safe else "discretionary_match")
    if plan.nonelective.rate or plan.nonelective.formula in {"service", "age", "points"}:
        given = plan.nonelective.safe_harbor
        found.append(Contribution.SAFE_HARBOR_NONELECTIVE if given else "nonelective")
    if plan.profit_sharing.formula != "none":
        found.append("profit_sharing")
    return found


def owes_minimum(plan: Plan) -> bool:
    """Tell whether a plan owes the minimum in a year in which it is top-heavy."""
    return not exempt(kinds(plan), forfeitures_allocated=plan.forfeitures.use == "reallocate")
