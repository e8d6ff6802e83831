"""Annual additions and their limit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from simulation.rules.annual_additions import (
    Money,
    additions_excess,
    additions_limit,
    additions_room,
    annual_additions,
    catchup_of_year,
)
from simulation.rules.deferral_limits import catchup_eligible
from simulation.rules.limit_years import short_period_limit
from simulation.rules.rounding import Whole
from tests.golden.money import cents, money, row
from tests.golden.registry import Inputs, Results, topic
from tests.golden.topics.limits_of import age_of, catchup_cap, deferral_cap, in_cents, limits_of

KINDS: Final[Mapping[str, Money]] = {
    "after_tax": Money.AFTER_TAX,
    "catchup": Money.CATCHUP,
    "deferral_plus_match": Money.MATCH,
    "match": Money.MATCH,
    "employer": Money.NONELECTIVE,
    "nonelective": Money.NONELECTIVE,
    "qnec": Money.NONELECTIVE,
    "profit_sharing": Money.PROFIT_SHARING,
    "forfeiture": Money.FORFEITURE,
    "forfeiture_allocated": Money.FORFEITURE,
    "rollover": Money.ROLLOVER,
    "rollover_in": Money.ROLLOVER,
    "loan_repayment": Money.LOAN_REPAYMENT,
    "restored_cashout": Money.RESTORED_CASHOUT,
}
"""Keys of the cases, and what kind of money they are; deferrals are split first."""

RETURNED: Final = ("excess_deferral_returned", "returned_402g_excess")
"""Keys for an excess over 402(g) that was paid back in time."""


@topic("annual_additions")
@topic("annual_additions_short_year")
@topic("annual_additions_composition")
@topic("after_tax_room")
def additions(inputs: Inputs) -> Results:
    """Answer a year's additions, their limit, room or excess, and the catch-up among the deferrals."""
    dollar_limit = _dollar_limit(inputs)
    limit = additions_limit(row(inputs["comp_415"]), dollar_limit) if "comp_415" in inputs else dollar_limit
    kinds = _money(inputs)
    catchup = _catchup(inputs, kinds, limit)
    if "deferral" in inputs:
        kinds = {**kinds, Money.DEFERRAL: row(inputs["deferral"]) - catchup}
    returned = sum(cents(inputs[key]) for key in RETURNED if key in inputs)
    total = annual_additions(kinds, returned)
    return {
        "dollar_limit": money(dollar_limit),
        "limit": money(limit),
        "catchup": money(catchup),
        "annual_additions": money(total),
        "excess": money(additions_excess(limit, total)),
        "after_tax_room": money(additions_room(limit, total)),
    }


def _dollar_limit(inputs: Inputs) -> Whole:
    given = inputs.get("limit")
    limit = row(given) if given else in_cents(limits_of(inputs).annual_additions_415c)
    return short_period_limit(limit, int(inputs.get("months", 12)))


def _money(inputs: Inputs) -> dict[Money, Whole]:
    kinds: dict[Money, Whole] = {}
    for key, kind in KINDS.items():
        if key in inputs:
            kinds[kind] = kinds.get(kind, row("0")) + row(inputs[key])
    return kinds


def _catchup(inputs: Inputs, others: Mapping[Money, Whole], limit: Whole) -> Whole:
    if "deferral" not in inputs or not catchup_eligible(age_of(inputs))[0]:
        return row("0")
    return catchup_of_year(
        row(inputs["deferral"]), annual_additions(others), deferral_cap(inputs), limit, catchup_cap(inputs)
    )
