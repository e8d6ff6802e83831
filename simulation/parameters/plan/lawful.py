"""What no plan may be: rules across the groups of a design, each with its section of the law.

A rule is a generator of conflicts; keys are dotted from the plan. What is lawful but doubtful is elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from simulation.parameters.plan.vesting import Source, as_fast_as, named
from simulation.parameters.record import Conflict

if TYPE_CHECKING:
    from simulation.parameters.plan import Plan
    from simulation.parameters.plan.match import Match

SECTIONS: Final = {
    "basic": "IRC 401(k)(12)(B)(i)",
    "enhanced": "IRC 401(k)(12)(B)(iii)",
    "qaca": "IRC 401(k)(13)(D)(i)(I)",
}

SAFE_NONELECTIVE: Final = Decimal("0.0300")
QACA_LOWEST: Final = Decimal("0.0300")
QACA_HIGHEST: Final = Decimal("0.1000")
PAY: Final = 1_000_000_00
"""Cents of pay on which formulas are compared."""

BP: Final = 10_000
MOST_MONTHS: Final = 12

ANNUAL_WAIT: Final = 6
"""Months of service that may be asked where people enter once a year; a year more where two may be asked."""

ANNUAL_AGE: Final = 20
"""Age that may be asked where people enter once a year: half a year before 21, in completed years."""

Rule = Callable[["Plan"], Iterator[Conflict]]


def contributions(plan: Plan) -> tuple[Source, ...]:
    """Return the sources that the employer pays into."""
    nonelective = plan.nonelective
    banded = nonelective.formula in {"service", "age", "points"}
    pays: Mapping[Source, bool] = {
        "match": plan.match.formula != "tiers" or bool(plan.match.tiers),
        "nonelective": any(band.rate for band in nonelective.bands) if banded else nonelective.rate > 0,
        "profit_sharing": plan.profit_sharing.formula != "none",
    }
    return tuple(source for source, paid in pays.items() if paid)


def default_above_the_limit(plan: Plan) -> Iterator[Conflict]:
    """Yield people enrolled at more than the plan takes."""
    default, limit = plan.auto_enrollment.default_rate, plan.deferral.maximum_rate
    if plan.auto_enrollment.enabled and default > limit:
        keys = ("auto_enrollment.default_rate", "deferral.maximum_rate")
        yield Conflict(keys, f"default_rate {default} above maximum_rate {limit}", f"at most {limit}")


def safe_harbor_formula(plan: Plan) -> Iterator[Conflict]:
    """Yield a safe harbour match below the statutory one at a deferral rate, or by person."""
    match, kind = plan.match, plan.match.safe_harbor
    if kind == "none":
        return
    keys = ("match.tiers", "match.safe_harbor")
    if match.formula != "tiers":
        yield Conflict(
            ("match.formula", "match.safe_harbor"),
            f"formula {match.formula} with safe_harbor {kind}: highly compensated employees may get more",
            "formula: tiers (IRC 401(k)(12)(B)(ii))",
        )
        return
    for end, paid, asked in _shortfalls(match):
        found = f"{paid} of pay at a deferral of {end}, where {kind} asks for {asked}"
        yield Conflict(keys, found, f"at least the formula at every deferral rate ({SECTIONS[kind]})")
        break
    if any(later.rate > earlier.rate for earlier, later in pairwise(match.tiers)):
        yield Conflict(
            keys,
            f"a rate of match that rises with the deferral, in a safe harbour ({kind})",
            "rates that do not rise (IRC 401(k)(12)(B)(iii)(I))",
        )


def _shortfalls(design: Match) -> Iterator[tuple[Decimal, Decimal, Decimal]]:
    """Yield the deferral rates at which a safe harbour match pays too little: what it pays, what it should.

    Between the ends of tiers both formulas are straight lines, so what holds at the ends holds everywhere.
    """
    import numpy as np

    from simulation.rules.match import QACA_BASIC, SAFE_HARBOR_BASIC, MatchTables, match

    floor = QACA_BASIC if design.safe_harbor == "qaca" else SAFE_HARBOR_BASIC
    bounds = {end for end, _ in design.tables_bp[0]} | set(floor.bounds_bp[0].tolist())
    deferrals = np.array(sorted(bounds), dtype=np.int64) * (PAY // BP)
    formulas = (MatchTables.of(*design.tables_bp), floor)
    paid, asked = (np.broadcast_to(match(PAY, deferrals, one), deferrals.shape) for one in formulas)
    for end, low, high in zip(deferrals.tolist(), paid.tolist(), asked.tolist(), strict=True):
        if low < high:
            yield _share(end), _share(low), _share(high)


def _share(cents: int) -> Decimal:
    return (Decimal(cents) / PAY).quantize(Decimal("0.0001"))


def safe_harbor_conditions(plan: Plan) -> Iterator[Conflict]:
    """Yield conditions on safe harbour contributions: last day, hours, a cap in dollars, a second year."""
    for name, is_safe in (
        ("match", plan.match.safe_harbor != "none"),
        ("nonelective", plan.nonelective.safe_harbor),
    ):
        group = getattr(plan, name)
        if is_safe and group.last_day:
            yield _condition(name, "last_day", "a last-day rule", "false")
        if is_safe and group.minimum_hours:
            yield _condition(name, "minimum_hours", f"{group.minimum_hours} hours asked for", "0")
    if plan.match.safe_harbor != "none" and plan.match.dollar_cap is not None:
        yield _condition("match", "dollar_cap", f"a cap of {plan.match.dollar_cap} dollars", "null")


def _condition(group: str, key: str, found: str, allowed: str) -> Conflict:
    keys = (f"{group}.{key}", f"{group}.safe_harbor")
    return Conflict(keys, f"{found} on a safe harbour contribution", f"{allowed} (26 CFR 1.401(k)-3)")


def safe_harbor_vesting(plan: Plan) -> Iterator[Conflict]:
    """Yield safe harbour money that is not owned at once, or after two years in a QACA."""
    qaca = plan.auto_enrollment.enabled and plan.auto_enrollment.form == "qaca"
    sources: Mapping[Source, tuple[bool, bool]] = {
        "match": (plan.match.safe_harbor != "none", plan.match.safe_harbor == "qaca"),
        "nonelective": (plan.nonelective.safe_harbor, qaca),
    }
    for source, (is_safe, two_years) in sources.items():
        slowest = "cliff2" if two_years else "immediate"
        if is_safe and not as_fast_as(plan.vesting.vested_bp(source), named(slowest)):
            section = "IRC 401(k)(13)(D)(iii)" if two_years else "IRC 401(k)(12)(E)(i)"
            money = "QACA" if two_years else "safe harbour"
            yield Conflict(
                (f"vesting.{source}", f"{source}.safe_harbor"),
                f"{getattr(plan.vesting, source)} for {money} contributions",
                f"{'immediate or cliff2' if two_years else 'immediate'} ({section})",
            )


def safe_harbor_nonelective(plan: Plan) -> Iterator[Conflict]:
    """Yield a safe harbour nonelective contribution that somebody gets less than 3 % of."""
    nonelective = plan.nonelective
    if not nonelective.safe_harbor:
        return
    banded = nonelective.formula in {"service", "age", "points"}
    lowest = min(band.rate for band in nonelective.bands) if banded else nonelective.rate
    if lowest < SAFE_NONELECTIVE:
        key = "nonelective.bands" if banded else "nonelective.rate"
        found = f"{lowest} as a safe harbour contribution"
        yield Conflict((key, "nonelective.safe_harbor"), found, "at least 0.03 (IRC 401(k)(12)(C))")


def qaca(plan: Plan) -> Iterator[Conflict]:
    """Yield a qualified automatic contribution arrangement without its enrolment, money or rates."""
    auto, match = plan.auto_enrollment, plan.match
    is_qaca = auto.enabled and auto.form == "qaca"
    if match.safe_harbor == "qaca" and not is_qaca:
        yield Conflict(
            ("match.safe_harbor", "auto_enrollment.form", "auto_enrollment.enabled"),
            f"safe_harbor qaca with automatic enrolment {auto.form if auto.enabled else 'off'}",
            "auto_enrollment.enabled: true and form: qaca (IRC 401(k)(13)(A))",
        )
    if not is_qaca:
        return
    if match.safe_harbor == "none" and not plan.nonelective.safe_harbor:
        yield Conflict(
            ("auto_enrollment.form", "match.safe_harbor", "nonelective.safe_harbor"),
            "a QACA without a safe harbour contribution",
            "match.safe_harbor: qaca, or nonelective.safe_harbor: true (IRC 401(k)(13)(D)(i))",
        )
    if not QACA_LOWEST <= auto.default_rate <= QACA_HIGHEST:
        found = f"{auto.default_rate} in a QACA"
        keys = ("auto_enrollment.default_rate", "auto_enrollment.form")
        yield Conflict(keys, found, "from 0.03 to 0.10 at first (IRC 401(k)(13)(C)(iii))")
    else:
        yield from _qaca_schedule(plan)


def _qaca_schedule(plan: Plan) -> Iterator[Conflict]:
    from simulation.rules.automatic_enrolment import QACA_MINIMUM_BP

    asked = QACA_MINIMUM_BP[1:]
    rates = [swept_rate(plan, year) for year in range(1, len(asked) + 1)]
    if any(rate * BP < least for rate, least in zip(rates, asked, strict=True)):
        yield Conflict(
            ("escalation.enabled", "escalation.increase", "escalation.cap", "escalation.delay_years"),
            f"somebody swept may defer only {', '.join(map(str, rates))} in the years after the first",
            "at least 0.03, 0.04, 0.05, 0.06 (IRC 401(k)(13)(C)(iii))",
            "escalate by a point on 1 January after one year, to 6 % or more, or begin at 6 %",
        )


def swept_rate(plan: Plan, year: int) -> Decimal:
    """Return the lowest rate on 1 January of somebody swept on 31 December so many years before, unrefused.

    The first date of increases is the first one after the delay; that of the first January counts where
    increases are on 1 January and there is no delay.
    """
    default, rule = plan.auto_enrollment.default_rate, plan.escalation
    new_year = rule.month == rule.day == 1
    steps = max(0, year - 1 + new_year - rule.delay_years) if rule.enabled else 0
    return max(default, min(rule.cap, default + steps * rule.increase))


def owned_at_once(plan: Plan, source: Source) -> bool:
    """Say whether a source is vested without any service."""
    return as_fast_as(plan.vesting.vested_bp(source), named("immediate"))


def second_year(plan: Plan) -> Iterator[Conflict]:
    """Yield more than a year's wait for employer money that is a safe harbour or not owned at once."""
    months = plan.eligibility.months_for_employer_money
    if months <= MOST_MONTHS:
        return
    key = "eligibility.employer_service_months"
    if plan.match.safe_harbor != "none" or plan.nonelective.safe_harbor:
        keys = (key, "match.safe_harbor", "nonelective.safe_harbor")
        yield Conflict(keys, f"{months} months for safe harbour money", "at most 12 (IRC 401(k)(12), 410(a))")
    late = [source for source in contributions(plan) if not owned_at_once(plan, source)]
    if late:
        yield Conflict(
            (key, *(f"vesting.{source}" for source in late)),
            f"{months} months of service and {', '.join(late)} not vested at once",
            "at most 12 months, or vesting: immediate (IRC 410(a)(1)(B)(i))",
        )


def late_entry(plan: Plan) -> Iterator[Conflict]:
    """Yield yearly entry dates that come later than six months after the longest lawful wait.

    Somebody who misses an entry date by a day waits a year more, so half a year less may be asked for.
    """
    asked = plan.eligibility
    if asked.entry != "annual":
        return
    if asked.service_months > ANNUAL_WAIT or asked.minimum_age > ANNUAL_AGE:
        yield Conflict(
            ("eligibility.entry", "eligibility.service_months", "eligibility.minimum_age"),
            f"entry once a year after {asked.service_months} months of service and age {asked.minimum_age}",
            f"semi_annual or oftener, or at most {ANNUAL_WAIT} months and age {ANNUAL_AGE} (IRC 410(a)(4))",
        )
    months = asked.months_for_employer_money
    vested = all(owned_at_once(plan, source) for source in contributions(plan))
    most = ANNUAL_WAIT + (MOST_MONTHS if vested else 0)
    if asked.employer_service_months is not None and months > most:
        yield Conflict(
            ("eligibility.employer_service_months", "eligibility.entry"),
            f"entry once a year after {months} months of service for employer money",
            f"semi_annual or oftener, or at most {most} months (IRC 410(a)(4))",
        )


def integrated_twice(plan: Plan) -> Iterator[Conflict]:
    """Yield two contributions that both use permitted disparity for the same people."""
    if plan.nonelective.formula == plan.profit_sharing.formula == "integrated":
        yield Conflict(
            ("nonelective.formula", "profit_sharing.formula"),
            "both integrated: the same people's permitted disparity used twice",
            "one integrated formula (26 CFR 1.401(l)-5)",
        )


RULES: Final[tuple[Rule, ...]] = (
    default_above_the_limit,
    safe_harbor_formula,
    safe_harbor_conditions,
    safe_harbor_vesting,
    safe_harbor_nonelective,
    qaca,
    second_year,
    late_entry,
    integrated_twice,
)
