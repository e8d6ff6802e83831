"""Corrections of failed ADP and ACP tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from simulation.rules.allocation import Residual
from simulation.rules.deferral_limits import catchup_eligible, split_deferral
from simulation.rules.nondiscrimination import average_needed, counted_deferrals, highest_average, passes
from simulation.rules.qnec import missing_points, uniform_rate
from simulation.rules.ratios import exact_of
from simulation.rules.refunds import (
    allocable_income,
    correction,
    forfeited_match,
    recharacterised,
    refund_of_matched,
    vested_part,
)
from simulation.rules.rounding import Whole
from simulation.rules.shifting import (
    available_to_shift,
    borrowed_test,
    most_borrowed,
    shift_needed,
    shift_used,
)
from tests.golden.money import fraction, money, row
from tests.golden.registry import Inputs, Results, topic
from tests.golden.topics.limits_of import age_of, deferral_cap
from tests.golden.topics.nondiscrimination import (
    VERDICTS,
    catchup_room,
    nhce_average,
    pay_of,
    plain,
    room_told,
    shown,
)


@topic("adp_leveling")
def adp_leveling(inputs: Inputs) -> Results:
    """Answer refunds: total, the cap of the first step, each one's share, and what of it is catch-up."""
    people = inputs["hces"]
    limit = fraction(inputs["max_hce_adp"]) if "max_hce_adp" in inputs else None
    limit = exact_of(highest_average(nhce_average(inputs))) if limit is None else limit
    rule = Residual(inputs.get("residual", inputs.get("residual_rule", Residual.NONE)))
    counted, room = (
        np.concatenate(each) for each in zip(*(in_test(inputs, each) for each in people), strict=True)
    )
    fixed = correction(counted, pay_of(inputs, people), limit, rule)
    turned = recharacterised(fixed.refunds, room)
    return {
        "max_hce_adp": plain(limit),
        "total_excess": money(fixed.total_cents),
        "step1_adr_cap": plain(fixed.cap),
        "refunds_before_catchup": by_id(people, fixed.refunds),
        "catchup_recharacterized": by_id(people, turned),
        "refunds": by_id(people, fixed.refunds - turned),
    }


def in_test(inputs: Inputs, person: Mapping[str, Any]) -> tuple[Whole, Whole]:
    """Return what of a person's deferral the test counts, and the catch-up that is left for a refund.

    The 402(g) limit makes catch-up first, where the case has a year; a case that tells no catch-up limit has
    room for all of a deferral at the age.
    """
    deferral = row(person["deferral"])
    if not room_told(inputs, person):
        return deferral, np.where(catchup_eligible(age_of(person)), deferral, 0)
    room = catchup_room(inputs, person)
    limit = deferral_cap(inputs) if "year" in inputs else deferral
    split = split_deferral(deferral, limit, room)
    return counted_deferrals(split, np.array([True])), room - split.catchup


def by_id(people: Sequence[Mapping[str, Any]], amounts: Whole) -> dict[str, str]:
    """Return money by the names of people."""
    return {person["id"]: money(amount) for person, amount in zip(people, amounts, strict=True)}


@topic("adp_allocable_income")
def adp_allocable_income(inputs: Inputs) -> Results:
    """Answer the income that goes back with an excess."""
    income = allocable_income(
        row(inputs["excess_contribution"]),
        row(inputs["plan_year_income"]),
        row(inputs["boy_deferral_balance"]),
        row(inputs["plan_year_deferrals"]),
    )
    excess = row(inputs["excess_contribution"])
    return {"income_refunded": money(income), "total_distribution": money(excess + income)}


@topic("qnec")
def qnec(inputs: Inputs) -> Results:
    """Answer what the others' average lacks, in all and for each recipient of a uniform contribution."""
    highest, others = fraction(inputs["hce_adp"]), fraction(inputs["nhce_adp"])
    points = missing_points(highest, others, inputs["nhce_count"])
    rate = uniform_rate(points, inputs.get("qnec_recipients", inputs["nhce_count"]))
    return {
        "nhce_adp_needed": plain(average_needed(highest)),
        "total_adr_points": plain(points),
        "uniform_qnec_rate": plain(rate),
    }


@topic("adp_acp_shifting")
def adp_acp_shifting(inputs: Inputs) -> Results:
    """Answer what the ADP test can give to the ACP test, what it does, and whether that is enough."""
    hce_adp, nhce_adp = fraction(inputs["hce_adp"]), fraction(inputs["nhce_adp"])
    hce_acp, nhce_acp = fraction(inputs["hce_acp"]), fraction(inputs["nhce_acp"])
    available = available_to_shift(hce_adp, nhce_adp)
    used = shift_used(available, shift_needed(hce_acp, nhce_acp))
    return {
        "min_nhce_adp_needed": shown(average_needed(hce_adp)),
        "available_to_shift": shown(available),
        "shift_used": shown(used),
        "nhce_adp_after": shown(nhce_adp - used),
        "nhce_acp_after": shown(nhce_acp + used),
        "adp_result": VERDICTS[passes(hce_adp, nhce_adp - used)],
        "acp_result": VERDICTS[passes(hce_acp, nhce_acp + used)],
    }


@topic("adp_acp_borrowing")
def adp_acp_borrowing(inputs: Inputs) -> Results:
    """Answer the ACP test with deferrals lent to it: as the case tells, or as many as can be."""
    hce_adp = fraction(inputs.get("corrected_hce_adp", inputs.get("hce_adp")))
    nhce_adp = fraction(inputs["nhce_adp"])
    both = most_borrowed(hce_adp, nhce_adp)
    hce_after = fraction(inputs["adp_after_hce"]) if "adp_after_hce" in inputs else hce_adp - both
    nhce_after = fraction(inputs["adp_after_nhce"]) if "adp_after_nhce" in inputs else nhce_adp - both
    hce_acp, lent = fraction(inputs["hce_acp"]), nhce_adp - nhce_after
    test = borrowed_test(hce_acp, fraction(inputs["nhce_acp"]), hce_adp - hce_after, lent)
    return {
        "borrowed": shown(lent),
        "adp_after_hce": shown(hce_after),
        "adp_after_nhce": shown(nhce_after),
        "hce_acp_test": shown(test.hce_average),
        "nhce_acp_test": shown(test.nhce_average),
        "acp_reduction": shown(test.reduction),
        "hce_acp_target": shown(hce_acp - test.reduction),
        "acp_result": VERDICTS[not test.reduction],
    }


@topic("acp_correction_vesting")
def acp_correction_vesting(inputs: Inputs) -> Results:
    """Answer what of excess match is paid and what is forfeited."""
    excess, income = row(inputs["excess_aggregate_match"]), row(inputs.get("allocable_income", "0"))
    vested = fraction(inputs["vested_pct"])
    distributed = vested_part(excess, income, vested.numerator, vested.denominator)
    return {"distributed": money(distributed), "forfeited": money(excess + income - distributed)}


@topic("acp_match_on_refunded_deferral")
def acp_match_on_refunded_deferral(inputs: Inputs) -> Results:
    """Answer the match that goes with a refunded deferral."""
    rate = fraction(inputs["match_rate"])
    refunded = inputs.get("refunded_deferral_that_was_matched")
    if refunded is None:
        matched = refund_of_matched(
            row(inputs["refunded_deferral"]), row(inputs.get("unmatched_deferral", "0"))
        )
    else:
        matched = row(refunded)
    return {"match_forfeited": money(forfeited_match(matched, rate.numerator, rate.denominator))}
