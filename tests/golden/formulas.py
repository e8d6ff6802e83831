"""Match formulas as the worked examples write them, read into tables of tiers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from simulation.rules.match import QACA_BASIC, SAFE_HARBOR_BASIC, SAFE_HARBOR_ENHANCED, MatchTables
from tests.golden.money import basis_points

NAMED: Final[Mapping[str, MatchTables]] = {
    "safe harbor basic": SAFE_HARBOR_BASIC,
    "safe harbor enhanced": SAFE_HARBOR_ENHANCED,
    "qaca": QACA_BASIC,
    "qaca basic": QACA_BASIC,
    "none": MatchTables.of(()),
}

TIER: Final = re.compile(
    r"(?P<rate>[\d.]+)%\s+(?:to|of|up to|on)\s+(?:the\s+)?(?:first\s+)?(?P<next>next\s+)?(?P<bound>[\d.]+)%"
)
"""A tier: "50% to 6%" ends at 6 % of pay, "50% of next 2%" two points after the tier before it."""


def match_tables(formula: str) -> MatchTables:
    """Return the one table of a formula: a name, or tiers joined by words or signs.

    Raises:
        ValueError: The formula is neither.
    """
    if formula.lower() in NAMED:
        return NAMED[formula.lower()]
    tiers: list[tuple[int, int]] = []
    for tier in TIER.finditer(formula.lower()):
        begin = tiers[-1][0] if tier["next"] and tiers else 0
        tiers.append((begin + _percent(tier["bound"]), _percent(tier["rate"])))
    if not tiers:
        raise ValueError(f"match formula {formula!r} is not understood")
    return MatchTables.of(tiers)


def tier_tables(tiers: Sequence[Mapping[str, str]]) -> MatchTables:
    """Return the one table of tiers given as match_rate and up_to_pct_of_comp, a cumulative bound."""
    return MatchTables.of(
        [(basis_points(tier["up_to_pct_of_comp"]), basis_points(tier["match_rate"])) for tier in tiers]
    )


def _percent(text: str) -> int:
    return basis_points(f"{text}e-2")
