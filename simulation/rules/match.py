"""Matching contributions: tiers of deferrals as shares of pay, caps, and the annual true-up.

The same tier formula serves a pay period and a year. A design whose rate differs by person (by service, by
points of age and service) is several tables, and an index that chooses one for each person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple, Self

import numpy as np

from simulation.rules.exact import column
from simulation.rules.rounding import Whole, Wholes, half_up, part
from simulation.units import BP


class MatchTables(NamedTuple):
    """Tables of tiers, one row a table, one column a tier.

    ``bounds_bp`` are the cumulative upper bounds of the tiers in basis points of pay, ascending; a table with
    fewer tiers than another repeats its last bound. ``rates_bp`` are the match on a deferral inside the tier.
    """

    bounds_bp: Whole
    rates_bp: Whole

    @classmethod
    def of(cls, *tables: Sequence[tuple[int, int]]) -> Self:
        """Return tables of (bound, rate) pairs in basis points; an empty table is no match.

        Raises:
            ValueError: The bounds of a table do not ascend.
        """
        for table in tables:
            bounds = [bound for bound, _ in table]
            if any(above <= below for below, above in pairwise([0, *bounds])):
                raise ValueError(f"bounds of tiers ascend from above 0, not {bounds}")
        tiers = max(map(len, tables), default=0)
        padded = [[*table, *[(table[-1][0] if table else 0, 0)] * (tiers - len(table))] for table in tables]
        both = np.array(padded, dtype=np.int64).reshape(len(tables), tiers, 2)
        return cls(both[:, :, 0], both[:, :, 1])

    def tiers(self, chosen: Wholes) -> Iterator[tuple[Whole, Whole]]:
        """Yield the upper bound and the rate of each tier, one row a chosen table."""
        for upper, rate in zip(self.bounds_bp.T, self.rates_bp.T, strict=True):
            yield upper[chosen], rate[chosen]

    def last_bound(self, chosen: Wholes) -> Whole:
        """Return the bound in basis points of pay above which a deferral earns no match."""
        bounds = self.bounds_bp.max(axis=1, initial=0)
        return column(bounds[chosen])


SAFE_HARBOR_BASIC: Final = MatchTables.of(((300, 10_000), (500, 5_000)))
"""100 % of 3 % and 50 % of the next 2 % of pay: IRC 401(k)(12)(B)(i)."""

SAFE_HARBOR_ENHANCED: Final = MatchTables.of(((400, 10_000),))
"""100 % of 4 % of pay, the usual enhanced formula: IRC 401(k)(12)(B)(iii)."""

QACA_BASIC: Final = MatchTables.of(((100, 10_000), (600, 5_000)))
"""100 % of 1 % and 50 % of the next 5 % of pay: IRC 401(k)(13)(D)(i)(I)."""


ONE: Final = BP * BP
"""A cent in the unit of a deferral times a bound in basis points times a rate in basis points."""


def match(pay: Wholes, deferral: Wholes, tables: MatchTables, chosen: Wholes = 0) -> Whole:
    """Return the match of a period or a year in cents: the sum over tiers, rounded half-up once.

    ``sum(rate x (min(deferral, upper x pay) - min(deferral, lower x pay)))``. ``pay`` is what counts of the
    pay of the period (``compensation_limit``), ``deferral`` what was deferred in it and may be matched, both
    in cents; ``chosen`` is the index of the table, one a person or one for all. Exact for pay up to 10^12
    cents. Source: Reg. 1.401(m)-1(a)(2), the plan document for the tiers.
    """
    paid, deferred = column(pay), column(deferral)
    whole = rest = np.zeros(np.broadcast_shapes(paid.shape, deferred.shape), dtype=np.int64)
    for inside, rate in _inside_tiers(paid, deferred, tables, chosen):
        full = inside // ONE
        whole = whole + full * rate
        rest = rest + (inside - full * ONE) * rate
    return whole + half_up(rest, ONE)


def tier_matches(pay: Wholes, deferral: Wholes, tables: MatchTables, chosen: Wholes = 0) -> list[Whole]:
    """Return the match on each tier in cents, each rounded alone; arguments as for ``match``."""
    tiers = _inside_tiers(column(pay), column(deferral), tables, chosen)
    return [part(inside, rate, ONE) for inside, rate in tiers]


def _inside_tiers(
    pay: Whole, deferral: Whole, tables: MatchTables, chosen: Wholes
) -> Iterator[tuple[Whole, Whole]]:
    """Yield the deferral inside each tier, in cents times 10,000, and the rate of the tier."""
    deferred = deferral * BP
    below = np.minimum(deferred, 0)
    for upper, rate in tables.tiers(chosen):
        upto = np.minimum(deferred, pay * upper)
        yield upto - below, rate
        below = upto


def matched_deferral(pay: Wholes, deferral: Wholes, tables: MatchTables, chosen: Wholes = 0) -> Whole:
    """Return the deferral that earns a match, in cents: up to the last bound of countable pay."""
    return np.minimum(column(deferral), part(column(pay), tables.last_bound(chosen)))


def matchable_deferral(regular: Wholes, catchup: Wholes, *, catchup_matched: bool) -> Whole:
    """Return the deferral that a formula looks at, in cents: with catch-up only if the plan matches it."""
    return column(regular) + column(catchup) * int(catchup_matched)


def capped_match(match_cents: Wholes, cap_cents: Wholes, paid_ytd: Wholes = 0) -> Whole:
    """Return a match that stays, with what the year has paid already, within an annual cap in dollars."""
    return column(np.minimum(match_cents, np.maximum(column(cap_cents) - paid_ytd, 0)))


def true_up(annual_match: Wholes, paid: Wholes) -> Whole:
    """Return what the match on the whole year's pay and deferrals exceeds that of the periods by.

    In cents, never below nought: a match that rounding or front-loading made larger is not taken back.
    """
    return column(np.maximum(column(annual_match) - column(paid), 0))
