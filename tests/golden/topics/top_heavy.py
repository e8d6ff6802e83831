"""Top-heavy plans: the ratio, the minimum, and who owes none."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

import numpy as np

from simulation.rules.exact import column as one_row
from simulation.rules.gateway import (
    five_percent_amounts,
    gateway_amounts,
    gateway_third,
    third_amounts,
)
from simulation.rules.top_heavy import (
    Contribution,
    additional_due,
    counted_balance,
    exempt,
    highest_key_rate,
    key_share,
    minimum,
    minimum_rate,
)
from tests.golden.money import cents, fraction, money, ratio, row
from tests.golden.registry import Inputs, Results, topic
from tests.golden.topics.limits_of import countable
from tests.golden.topics.nondiscrimination import plain

ALSO: Final[Mapping[str, str]] = {
    **dict.fromkeys(("elective_deferrals", "employee_deferrals", "pretax"), Contribution.DEFERRALS),
    **dict.fromkeys(("catch_up", "catch_up_contributions"), Contribution.CATCHUP),
    **dict.fromkeys(("roth", "roth_deferral"), Contribution.ROTH_DEFERRALS),
    **dict.fromkeys(("qaca_safe_harbor_match",), Contribution.QACA_MATCH),
    **dict.fromkeys(("qaca_safe_harbor_nonelective",), Contribution.QACA_NONELECTIVE),
}
"""Other names that cases may give to the contributions of an exempt plan."""

PAID_OUT: Final = ("dist", "withdrawal")
NOT_RECEIVED: Final = (
    "comp",
    "deferral",
    "catchup",
    "rate",
    "after_tax",
    "hours",
    "employed",
    "count",
    "age",
)
"""Parts of keys about a participant who is not key that are no employer contribution."""

KEY_ROWS: Final = np.array([True, False, False, False, False])
FORMER_ROWS: Final = np.array([False, False, False, False, True])
SERVED_ROWS: Final = np.array([True, True, False, False, True])
"""Accounts of a case: key, others, key and others without service in the year, former key."""


def told(inputs: Inputs, key: str) -> int:
    """Return an amount of the case in cents, nought where it tells none."""
    return cents(inputs.get(key, "0"))


def paid_out(inputs: Inputs, group: str) -> int:
    """Return all distributions and withdrawals that the case tells of a group."""
    names = [key for key in inputs if key.startswith(f"{group}_") and any(part in key for part in PAID_OUT)]
    return sum(cents(inputs[key]) for key in names)


@topic("top_heavy_ratio")
def top_heavy_ratio(inputs: Inputs) -> Results:
    """Answer the ratio and its parts."""
    idle = {group: told(inputs, f"{group}_terminated_no_service_in_year") for group in ("key", "nonkey")}
    former, key = told(inputs, "former_key_balance"), told(inputs, "key_balances")
    if "nonkey_balances" in inputs:
        others = told(inputs, "nonkey_balances")
    else:
        others = told(inputs, "all_balances") - key - former
    shares = key_share(
        counted_balance(
            np.array([key - idle["key"], others - idle["nonkey"], idle["key"], idle["nonkey"], former]),
            np.array([paid_out(inputs, "key"), paid_out(inputs, "nonkey"), 0, 0, 0]),
            0,
            np.array([*(told(inputs, f"unrelated_rollover_{group}") for group in idle), 0, 0, 0]),
        ),
        KEY_ROWS,
        FORMER_ROWS,
        SERVED_ROWS,
    )
    return {
        "numerator": money(shares.key_cents),
        "denominator": money(shares.all_cents),
        "ratio": ratio(shares.ratio),
        "top_heavy": shares.top_heavy,
    }


@topic("top_heavy_minimum")
def top_heavy_minimum(inputs: Inputs) -> Results:
    """Answer the minimum of one participant, what counts towards it, and what is still due."""
    rate = minimum_rate(key_rate(inputs))
    entitled = np.array([inputs.get("top_heavy", True) and there_on_last_day(inputs)])
    least = minimum(countable(inputs, inputs["nonkey_comp"]), rate, entitled)
    received = one_row(sum(cents(inputs[key]) for key in inputs if is_received(key, inputs[key])))
    return {
        "min_rate": plain(rate),
        "minimum": money(least),
        "already_counted": money(received),
        "additional_due": money(additional_due(least, received)),
    }


def key_rate(inputs: Inputs) -> Fraction:
    """Return the highest key rate: as told, of amounts over pay, or the sum of the rates told."""
    if "highest_key_rate" in inputs:
        return fraction(inputs["highest_key_rate"])
    if "key_comp" in inputs:
        names = [name for name in inputs if name.startswith("key_") and name != "key_comp"]
        given = one_row(sum(cents(inputs[name]) for name in names))
        return highest_key_rate(given, countable(inputs, inputs["key_comp"]))
    return sum((fraction(inputs[name]) for name in inputs if is_key_rate(name)), start=Fraction(0))


def is_key_rate(name: str) -> bool:
    """Tell whether a key tells a rate of the key employee."""
    return name.startswith("key_") and name.endswith("_rate")


def is_received(name: str, told: object) -> bool:
    """Tell whether a key tells employer money of the participant."""
    an_amount = name.startswith("nonkey_") and isinstance(told, str)
    return an_amount and not any(part in name for part in NOT_RECEIVED)


def there_on_last_day(inputs: Inputs) -> bool:
    """Tell whether the participant is employed on the last day, as is meant where the case does not say."""
    return all(bool(inputs[name]) for name in inputs if "employed" in name and "last_day" in name)


@topic("top_heavy_and_gateway")
def top_heavy_and_gateway(inputs: Inputs) -> Results:
    """Answer the minimum beside both ways through the gateway, each on its own compensation."""
    highest = fraction(inputs["highest_hce_rate"])
    rate = minimum_rate(fraction(inputs.get("highest_key_rate", inputs["highest_hce_rate"])))
    plan_pay, taking_part = row(inputs["plan_comp"]), row(inputs["participation_comp_415"])
    return {
        "top_heavy_min": money(minimum(row(inputs["full_year_comp_415"]), rate, np.array([True]))),
        "gateway_third_rate": ratio(gateway_third(highest)),
        "gateway_third_amount": money(third_amounts(plan_pay, highest)),
        "gateway_5pct_amount": money(five_percent_amounts(taking_part)),
        "gateway_amount": money(gateway_amounts(plan_pay, taking_part, highest)),
    }


@topic("top_heavy_exempt")
def top_heavy_exempt(inputs: Inputs) -> Results:
    """Answer whether a plan owes a minimum."""
    free = exempt(
        [ALSO.get(each, each) for each in inputs["contributions"]], forfeitures_allocated=allocated(inputs)
    )
    return {"top_heavy_minimum_required": bool(inputs.get("top_heavy", True)) and not free}


def allocated(inputs: Mapping[str, object]) -> bool:
    """Tell whether forfeitures are allocated to accounts."""
    return bool(inputs.get("forfeitures_allocated", False))
