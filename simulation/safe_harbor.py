"""Designs that are deemed to pass a test, for what they give to all: IRC 401(k)(12)-(13), 401(m)(11)-(12)."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from simulation.parameters.plan import Plan

MOST_MATCHED_BP: Final = 600
"""A match on deferrals above 6 % of pay loses the ACP safe harbour: Reg. 1.401(m)-3(d)(3)."""

MATCHES: Final = {
    "basic": "the basic safe harbour match (IRC 401(k)(12)(B)(i))",
    "enhanced": "an enhanced safe harbour match (IRC 401(k)(12)(B)(iii))",
    "qaca": "the match of a qualified automatic contribution arrangement (IRC 401(k)(13))",
}


def adp_safe_harbor(plan: Plan) -> str:
    """Return why the ADP test need not be made; nothing where it has to be."""
    if plan.match.safe_harbor != "none":
        return f"deemed met by {MATCHES[plan.match.safe_harbor]}"
    if plan.nonelective.safe_harbor:
        return "deemed met by a safe harbour nonelective contribution (IRC 401(k)(12)(C))"
    return ""


def acp_safe_harbor(plan: Plan) -> str:
    """Return why the ACP test need not be made: a safe harbour whose whole match stays in bounds.

    No match on deferrals above 6 % of pay, and no rate that rises with the deferral.
    """
    harbor = adp_safe_harbor(plan)
    if not harbor or plan.match.last_day or plan.match.minimum_hours:
        return ""
    for table in plan.match.tables_bp:
        rates = [rate for _, rate in table]
        if any(bound > MOST_MATCHED_BP for bound, _ in table) or any(b > a for a, b in pairwise(rates)):
            return ""
    return harbor if plan.match.formula == "tiers" else ""
