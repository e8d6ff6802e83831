"""Minimum coverage."""

from __future__ import annotations

from typing import Final

import numpy as np

from simulation.rules.coverage import FEW_HOURS, REQUIRED, Coverage, coverage, excludable, nhce_share_needed
from simulation.rules.rounding import Truths
from tests.golden.days import numbers
from tests.golden.money import fraction, ratio
from tests.golden.registry import Inputs, Results, topic
from tests.golden.topics.nondiscrimination import plain

UNMET: Final = ("under_21", "under_age", "under_1_year", "under_one_year", "age_service", "service_not_met")
OTHER_CLASS: Final = ("union", "bargain", "nonresident", "nra")
NOT_COUNTED: Final = ("total", "benefiting")
MORE: Final = ("_gt_", "_over_", "_more_")
PLENTY: Final = 10_000
RESULTS: Final = {True: "pass", False: "fail_ratio_test"}


@topic("coverage_ratio")
def coverage_ratio(inputs: Inputs) -> Results:
    """Answer the ratio percentage, or what share of the others has to benefit."""
    if "hce_benefiting_pct" in inputs:
        return shares_needed(inputs)
    return answered(
        Coverage(
            inputs["nhce_benefiting"], inputs["nhce_total"], inputs["hce_benefiting"], inputs["hce_total"]
        )
    )


def shares_needed(inputs: Inputs) -> Results:
    """Answer the share needed for each share of the highly compensated."""
    shares = inputs["hce_benefiting_pct"]
    required = fraction(inputs["required_ratio"]) if "required_ratio" in inputs else REQUIRED
    listed = [shares] if isinstance(shares, str) else shares
    needed = [plain(nhce_share_needed(fraction(share), required)) for share in listed]
    return {"nhce_pct_needed": needed[0] if isinstance(shares, str) else needed}


def answered(counts: Coverage) -> Results:
    """Answer with the counts, the ratio and what follows from it."""
    return {
        "nhce_total": counts.nhce,
        "hce_total": counts.hce,
        "ratio": None if counts.ratio is None else ratio(counts.ratio),
        "result": RESULTS[counts.passes_ratio],
    }


@topic("coverage_excludable")
def coverage_excludable(inputs: Inputs) -> Results:
    """Answer the ratio after people are left out of the count, group by group."""
    benefiting, others, left_out = (
        np.concatenate(each)
        for each in zip(*(people(inputs, group) for group in ("nhce", "hce")), strict=True)
    )
    return answered(coverage(benefiting, ~others, left_out))


def people(inputs: Inputs, group: str) -> tuple[Truths, Truths, Truths]:
    """Return who benefits, who is not highly compensated and who is left out, one row a person."""
    left_out = np.concatenate(
        [np.full(int(number), excluded_by(name)) for name, number in counts_of(inputs, group).items()]
    )
    benefiting = ~left_out & ((~left_out).cumsum() <= int(inputs.get(f"{group}_benefiting", 0)))
    return benefiting, np.full(len(left_out), group == "nhce"), left_out


def counts_of(inputs: Inputs, group: str) -> dict[str, int]:
    """Return the head counts of a group by what the case calls them, and what a total has besides."""
    parts = {
        name: number
        for name, number in inputs.items()
        if name.startswith(f"{group}_") and name.removeprefix(f"{group}_") not in NOT_COUNTED
    }
    total = inputs.get(f"{group}_total")
    if total is None or f"{group}_active" in parts:
        return parts
    return {**parts, "others": total - sum(parts.values())}


def excluded_by(name: str) -> bool:
    """Tell whether people so called are left out: ``nhce_term_le_500h_no_benefit``, ``hce_under_21``."""
    hours = numbers(r"_le_(\d+)h", name) or (
        (PLENTY,) if any(word in name for word in MORE) else (FEW_HOURS,)
    )
    found = excludable(
        requirements_unmet=np.array([any(part in name for part in UNMET)]),
        other_class=np.array([any(part in name.split("_") for part in OTHER_CLASS)]),
        left=np.array(["term" in name]),
        hours=hours[0],
        lost_by_rule=np.array(["no_benefit" in name]),
    )
    return bool(found[0])
