"""What a plan may be but perhaps should not: designs that lose a safe harbour, need a test, or idle.

Each rule is a generator of one kind of note with its section of the law; none of them stops a run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from simulation.errors import Problem
from simulation.parameters.canonical import text_of
from simulation.parameters.plan.lawful import QACA_HIGHEST

if TYPE_CHECKING:
    from simulation.parameters.scenario import Scenario

MATCHED_MOST: Final = Decimal("0.0600")
PRESUMED: Final = Decimal("0.2000")
ROTH_CATCH_UP_FROM: Final = 2026
PART_TIMERS_FROM: Final = 2024
YEAR_MONTHS: Final = 12
MANDATORY_SINCE: Final = date(2022, 12, 29)
"""Plans established from here on must enrol automatically from 2025: IRC 414A(c)(2)."""

MANDATORY_FROM: Final = 2025
INITIAL: Final = (Decimal("0.0300"), Decimal("0.1000"))
CAPS: Final = (Decimal("0.1000"), Decimal("0.1500"))
POINT: Final = Decimal("0.0100")


def rising_match(scenario: Scenario) -> Iterator[Problem]:
    """Yield a match whose rate rises with deferrals, or falls with service or points."""
    match = scenario.plan.match
    if match.formula == "tiers" and match.safe_harbor == "none":
        if any(later.rate > earlier.rate for earlier, later in pairwise(match.tiers)):
            found = "the rate of match rises with the deferral: no ACP safe harbour"
            yield Problem("plan.match.tiers", found, hint="26 CFR 1.401(m)-3(d)(2)")
        return
    if match.formula == "tiers":
        return
    key = f"{match.formula}_tiers"
    if any(
        later.rate * later.up_to < earlier.rate * earlier.up_to
        for earlier, later in pairwise(getattr(match, key))
    ):
        yield Problem(f"plan.match.{key}", f"the match falls as {match.formula} rise")


def matched_above_six(scenario: Scenario) -> Iterator[Problem]:
    """Yield a safe harbour match on more than 6 % of pay, which needs an ACP test."""
    match = scenario.plan.match
    highest = max((tier.up_to for tier in match.tiers if tier.rate), default=Decimal(0))
    if match.safe_harbor != "none" and highest > MATCHED_MOST:
        found = f"deferrals up to {text_of(highest)} of pay are matched: the ACP test has to be passed"
        yield Problem("plan.match.tiers", found, hint="IRC 401(m)(11)(B)(i): up to 0.06 without one")


def unmatched_catch_up(scenario: Scenario) -> Iterator[Problem]:
    """Yield a safe harbour match that leaves catch-up deferrals out."""
    match = scenario.plan.match
    if match.safe_harbor != "none" and not match.catch_up and scenario.plan.deferral.catch_up:
        found = "catch-up deferrals are not matched in a safe harbour: the formula may not be met"
        yield Problem("plan.match.catch_up", found, hint="IRC 401(k)(12)(B): all elective contributions")


def late_conditions(scenario: Scenario) -> Iterator[Problem]:
    """Yield a condition known at the year's end on money that is paid before it."""
    plan = scenario.plan
    for name, paid in (("match", plan.match.period), ("nonelective", plan.nonelective.payment)):
        group = getattr(plan, name)
        if paid == "payroll" and (group.last_day or group.minimum_hours):
            key = "last_day" if group.last_day else "minimum_hours"
            found = "a condition known at the year's end, on money paid each pay period"
            yield Problem(f"plan.{name}.{key}", found, hint="let it be paid once a year")


def default_rate_high(scenario: Scenario) -> Iterator[Problem]:
    """Yield a default above what a QACA and mandatory automatic enrolment know."""
    auto = scenario.plan.auto_enrollment
    if auto.enabled and auto.form != "qaca" and auto.default_rate > QACA_HIGHEST:
        found = f"people begin at {text_of(auto.default_rate)}"
        yield Problem(
            "plan.auto_enrollment.default_rate",
            found,
            hint="at most 0.10 at first in a QACA and by IRC 414A(b)(3), 401(k)(13)(C)(iii)",
        )


def idle_escalation(scenario: Scenario) -> Iterator[Problem]:
    """Yield escalation whose cap is not above the default."""
    plan = scenario.plan
    swept = plan.auto_enrollment.enabled and plan.escalation.scope == "swept"
    if plan.escalation.enabled and swept and plan.escalation.cap <= plan.auto_enrollment.default_rate:
        found = f"people begin at {text_of(plan.auto_enrollment.default_rate)}: nobody is raised"
        yield Problem("plan.escalation.cap", found, hint="a higher cap, or escalation.enabled: false")


def mandatory_enrollment(scenario: Scenario) -> Iterator[Problem]:
    """Yield a plan that must enrol people automatically and does not do it as IRC 414A asks."""
    plan, auto, rise = scenario.plan, scenario.plan.auto_enrollment, scenario.plan.escalation
    begun = plan.established
    if begun is None or begun < MANDATORY_SINCE or scenario.horizon.end_year < MANDATORY_FROM:
        return
    asked = {
        "auto_enrollment.enabled": auto.enabled,
        "auto_enrollment.form": auto.form in {"eaca", "qaca"},
        "auto_enrollment.default_rate": INITIAL[0] <= auto.default_rate <= INITIAL[1],
        "escalation.enabled": rise.enabled,
        "escalation.increase": rise.increase == POINT,
        "escalation.cap": CAPS[0] <= rise.cap <= CAPS[1],
        "escalation.delay_years": rise.delay_years <= 1,
    }
    for key, met in asked.items():
        if not met:
            found = f"not as IRC 414A asks of a plan established on {begun}"
            hint = "an EACA from 3 to 10 %, a point more each year to 10 to 15 %; some employers are exempt"
            yield Problem(f"plan.{key}", found, hint=hint)


def gateway(scenario: Scenario) -> Iterator[Problem]:
    """Yield new comparability whose lowest group stays below the gateway."""
    from simulation.rules.gateway import gateway_rate

    sharing = scenario.plan.profit_sharing
    rates = [group.rate for group in sharing.groups]
    asked = gateway_rate(Fraction(max(rates)))
    if sharing.formula == "new_comparability" and min(rates) < asked:
        found = (
            f"{text_of(min(rates))} is below the gateway: the design fails if the highest group has an HCE"
        )
        yield Problem(
            "plan.profit_sharing.groups",
            found,
            f"at least {float(asked):.4f}, the lesser of a third of the highest rate and 5 %",
            "26 CFR 1.401(a)(4)-8(b)(1)(vi)",
        )


def catch_up_without_roth(scenario: Scenario) -> Iterator[Problem]:
    """Yield catch-up without a Roth feature, in years in which the well paid may catch up in Roth only."""
    deferral = scenario.plan.deferral
    if deferral.catch_up and not deferral.roth_feature and scenario.horizon.end_year >= ROTH_CATCH_UP_FROM:
        found = f"no Roth: people above the wage threshold cannot catch up from {ROTH_CATCH_UP_FROM}"
        yield Problem("plan.deferral.roth_feature", found, hint="IRC 414(v)(7)")


def service_by_another_name(scenario: Scenario) -> Iterator[Problem]:
    """Yield an excluded class that may stand for too little service, and part-timers left out."""
    asked = scenario.plan.eligibility
    if "temporary" in asked.excluded_classes:
        found = "excluding temporary employees may be a rule about service by another name"
        yield Problem("plan.eligibility.excluded_classes", found, hint="26 CFR 1.410(a)-3(e)(1)")
    by_hours = asked.service_method == "hours" and asked.service_months > 0
    if by_hours and not asked.long_term_part_time and scenario.horizon.end_year >= PART_TIMERS_FROM:
        found = "long-term part-timers are left out though service is counted in hours"
        yield Problem("plan.eligibility.long_term_part_time", found, hint="IRC 401(k)(2)(D), (15)")
    if by_hours and asked.service_months < YEAR_MONTHS:
        found = f"1,000 hours within {asked.service_months} months"
        hint = "a year of service has twelve months, IRC 410(a)(3)(A): set service_method: elapsed"
        yield Problem("plan.eligibility.service_method", found, hint=hint)


def high_threshold(scenario: Scenario) -> Iterator[Problem]:
    """Yield a partial termination presumed later than the ruling does."""
    threshold = scenario.plan.partial_termination.threshold
    if threshold > PRESUMED:
        found = f"{text_of(threshold)} is above the 0.2 from which it is presumed"
        yield Problem("plan.partial_termination.threshold", found, hint="Rev. Rul. 2007-43")


RULES: Final[tuple[Callable[[Scenario], Iterator[Problem]], ...]] = (
    rising_match,
    matched_above_six,
    unmatched_catch_up,
    late_conditions,
    default_rate_high,
    idle_escalation,
    mandatory_enrollment,
    gateway,
    catch_up_without_roth,
    service_by_another_name,
    high_threshold,
)


def doubts_of(scenario: Scenario) -> Iterator[Problem]:
    """Yield every doubt about the plan, in the order of the rules; none if there is no plan."""
    for rule in RULES if scenario.plan.enabled else ():
        yield from rule(scenario)
