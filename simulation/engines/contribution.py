"""What participants and the employer pay in, pay period by pay period, each limit stopping where it binds.

A period looks at the pay earned in it and at what the year has brought so far. Deferrals come first, then
the match on what was really deferred, then nonelective money, each into the room that 415(c) has left. What
is worked out on the whole year (an annual match, the true-up, an annual nonelective contribution) follows on
31 December.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple, Self

import numpy as np
import polars as pl

from simulation.dates import year_end, year_start
from simulation.engines.decided import decided
from simulation.engines.limit_watch import ADDITIONS, DEFERRALS, LimitWatch
from simulation.events.dc_plan import ContributionKind
from simulation.events.sources import Source
from simulation.lookback import LOOKBACK, lookback_pay
from simulation.pay_by_day import NEVER, Elected, Elections, Held, PayByDay, days_before
from simulation.pay_periods import pay_dates
from simulation.plan_limits import PlanLimits
from simulation.postings import Postings
from simulation.rules.annual_additions import additions_limit, additions_room
from simulation.rules.bands import band_of
from simulation.rules.compensation_limit import countable_pay, countable_pay_in_period
from simulation.rules.deferral_limits import DeferralSplit, catchup_limit, regular_room, split_deferral
from simulation.rules.integration import excess_pay_in_period, integrated_contribution, max_disparity_bp
from simulation.rules.match import MatchTables, capped_match, match, matchable_deferral, true_up
from simulation.rules.nonelective import nonelective
from simulation.rules.roth_catchup import allowed_catchup, roth_catchup_required, roth_part
from simulation.state import IDENTITY, age, service, worked_in_year
from simulation.units import BP, basis_points, cents

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.parameters.plan import Plan
    from simulation.rules.rounding import Truths, Whole, Wholes
    from simulation.state import State

_READ: Final = (
    *IDENTITY,
    "birth_date",
    "start_date",
    "termination_date",
    "termination_reason",
    "compensation_cents",
    "employed_days",
    "leave_days",
    "hours",
    "entry_date",
    "employer_entry_date",
    *LOOKBACK,
)


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return the contributions of the year for everybody who was paid after entering the plan."""
    if not context.scenario.plan.enabled:
        return {}
    people = state.people[list(_READ)].filter(_entered(context.year))
    if people.is_empty():
        return {}
    year = _Year.of(context, state, people)
    postings = Postings(people)
    watch = LimitWatch(people, basis_points(year.plan.testing.approach))
    so_far = _SoFar.nothing(year)
    begin = 0
    for number, on in enumerate(pay_dates(context.scenario.payroll.frequency, context.year), start=1):
        end = (on - year_start(context.year)).days + 1
        earlier, so_far = so_far, _period(year, so_far, _Period(number, on, begin, end), postings)
        _look(year, watch, on, earlier, so_far)
        begin = end
    additions = _whole_year(year, so_far, _Period(number, on, 0, begin), postings)
    watch.look(on, ADDITIONS, so_far.additions, additions, year.limits.annual_additions)
    paid = postings.frame()
    told = decided(paid, "contribution", rule=paid["rule"], amount=paid["amount_cents"])
    return {"contribution": told, **watch.told()}


def _look(year: _Year, watch: LimitWatch, on: date, before: _SoFar, now: _SoFar) -> None:
    """Look who came near a limit in a period: deferrals without catch-up, and all annual additions."""
    watch.look(on, DEFERRALS, before.regular, now.regular, year.limits.elective_deferral)
    watch.look(on, ADDITIONS, before.additions, now.additions, year.limits.annual_additions)


@cache
def _entered(year: int) -> pl.Expr:
    return worked_in_year() & (pl.col("entry_date") <= pl.lit(year_end(year)))


class _Period(NamedTuple):
    """A stretch of the year: its number, its pay date, and the days that had passed before and at its end."""

    number: int
    on: date
    begin: int
    end: int


class _Year(NamedTuple):
    """What does not change within the year, one row a person.

    ``unshared`` is what will have been paid when sharing in employer money begins.
    """

    plan: Plan
    limits: PlanLimits
    pay: PayByDay
    elections: Elections
    entry: Whole
    shares: Whole
    unshared: Whole
    catchup_limit: Whole
    roth_required: Truths
    tables: MatchTables
    table: Wholes
    nonelective_bp: Wholes
    match_entitled: Truths
    nonelective_entitled: Truths

    @classmethod
    def of(cls, context: YearContext, state: State, people: pl.DataFrame) -> Self:
        """Return the year of some people."""
        plan, year = context.scenario.plan, context.year
        known = PlanLimits.of(context.scenario, year)
        facts = people.select(_facts(year))
        column = {name: facts[name].to_numpy() for name in facts.columns}
        required = roth_catchup_required(lookback_pay(people, year), known.roth_wages)
        limit = catchup_limit(column["reached"], known.catchup_from_50, known.catchup_from_60)
        allowed = allowed_catchup(limit, required, plan_has_roth=plan.deferral.roth_feature)
        pay = PayByDay.of(state, people, year)
        return cls(
            plan=plan,
            limits=known,
            pay=pay,
            elections=Elections.of(state, people, column["entry"], year),
            entry=column["entry"],
            shares=column["shares"],
            unshared=pay.through(column["shares"]),
            catchup_limit=allowed * int(plan.deferral.catch_up),
            roth_required=required,
            tables=MatchTables.of(*plan.match.tables_bp),
            table=_match_table(plan, people, year),
            nonelective_bp=_nonelective_bp(plan, people, year),
            match_entitled=_entitled(column, last_day=plan.match.last_day, hours=plan.match.minimum_hours),
            nonelective_entitled=_entitled(
                column, last_day=plan.nonelective.last_day, hours=plan.nonelective.minimum_hours
            ),
        )


@cache
def _facts(year: int) -> list[pl.Expr]:
    """Return what the year asks of everybody, in whole numbers; days count from its beginning."""
    facts = {
        "entry": days_before(pl.col("entry_date"), year).fill_null(NEVER),
        "shares": days_before(pl.col("employer_entry_date"), year).fill_null(NEVER),
        "reached": pl.lit(year) - pl.col("birth_date").dt.year(),
        "last_day": pl.col("termination_date").is_null() | (pl.col("termination_date") == year_end(year)),
        "hours": pl.col("hours"),
    }
    return [fact.cast(pl.Int64).alias(name) for name, fact in facts.items()]


class _SoFar(NamedTuple):
    """What the year has brought so far in cents, one row a person.

    ``pay`` is all of it, ``countable`` that since people share in employer money; ``matchable`` are the
    deferrals out of the latter. ``held`` are the elections that the last period found in force.
    """

    pay: Whole
    countable: Whole
    regular: Whole
    catchup: Whole
    matchable: Whole
    additions: Whole
    match: Whole
    held: Held

    @classmethod
    def nothing(cls, year: _Year) -> Self:
        """Return the beginning of a year."""
        nothing = np.zeros_like(year.entry)
        return cls(nothing, nothing, nothing, nothing, nothing, nothing, nothing, year.elections.nothing())


def _period(year: _Year, before: _SoFar, period: _Period, postings: Postings) -> _SoFar:
    """Post one period's contributions and return what the year has brought with them."""
    paid = year.pay.through(period.end)
    countable = np.maximum(paid - year.unshared, 0)
    pay, counted = paid - before.pay, countable - before.countable
    held = year.elections.held(before.held, period.begin)
    asked = year.elections.of_period(year.pay, held, period.begin, period.end, pay)
    limit = additions_limit(paid, year.limits.annual_additions)
    room = additions_room(limit, before.additions)
    split = split_deferral(
        asked.total,
        regular_room(year.limits.elective_deferral, before.regular, room),
        year.catchup_limit - before.catchup,
    )
    _post_deferrals(year, asked, split, period, pay, postings)
    matchable = _matchable(year, asked, split, period)
    room = room - split.regular

    paid_match = np.minimum(_period_match(year, before, counted, matchable), room)
    postings.post(period.on, period.number, Source.MATCH, ContributionKind.REGULAR, paid_match, counted)
    room = room - paid_match

    given = np.minimum(_period_nonelective(year, before, counted), room)
    postings.post(period.on, period.number, Source.NONELECTIVE, ContributionKind.REGULAR, given, counted)
    return _SoFar(
        pay=paid,
        countable=countable,
        regular=before.regular + split.regular,
        catchup=before.catchup + split.catchup,
        matchable=before.matchable + matchable,
        additions=before.additions + split.regular + paid_match + given,
        match=before.match + paid_match,
        held=held,
    )


def _whole_year(year: _Year, before: _SoFar, period: _Period, postings: Postings) -> Whole:
    """Post what is worked out on the whole year: annual match or true-up, annual nonelective money.

    Returned are the annual additions with it, in cents.
    """
    limit = additions_limit(before.pay, year.limits.annual_additions)
    room = additions_room(limit, before.additions)
    plan, pay = year.plan, countable_pay(before.countable, year.limits.compensation)
    if plan.match.period == "annual" or plan.match.true_up:
        full = _capped(year, match(pay, before.matchable, year.tables, year.table), 0)
        owed = np.minimum(true_up(full, before.match) * year.match_entitled, room)
        annual = plan.match.period == "annual"
        kind = ContributionKind.REGULAR if annual else ContributionKind.TRUE_UP
        postings.post(period.on, period.number, Source.MATCH, kind, owed, before.countable)
        room = room - owed
    if plan.nonelective.payment == "annual":
        nothing = before._replace(countable=np.zeros_like(pay))
        given = _nonelective(year, nothing, before.countable) * year.nonelective_entitled
        given = np.minimum(given, room)
        kind = ContributionKind.REGULAR
        postings.post(period.on, period.number, Source.NONELECTIVE, kind, given, before.countable)
        room = room - given
    return limit - room


def _post_deferrals(
    year: _Year, asked: Elected, split: DeferralSplit, period: _Period, pay: Whole, postings: Postings
) -> None:
    """Post a deferral by source and kind: Roth as elected, and all catch-up where it has to be."""
    roth_regular, roth_catchup = _roth(year, asked, split)
    for source, kind, amount in (
        (Source.PRE_TAX, ContributionKind.REGULAR, split.regular - roth_regular),
        (Source.ROTH, ContributionKind.REGULAR, roth_regular),
        (Source.PRE_TAX, ContributionKind.CATCH_UP, split.catchup - roth_catchup),
        (Source.ROTH, ContributionKind.CATCH_UP, roth_catchup),
    ):
        postings.post(period.on, period.number, source, kind, amount, pay)


def _roth(year: _Year, asked: Elected, split: DeferralSplit) -> tuple[Whole, Whole]:
    """Return what is Roth of regular deferrals and of catch-up: as asked for where no limit was met."""
    whole = asked.total
    cut = np.flatnonzero(split.regular < whole)
    roth_regular, roth_catchup = asked.roth.copy(), np.zeros_like(whole)
    share = asked.roth[cut], year.roth_required[cut], whole[cut]
    roth_regular[cut] = roth_part(split.regular[cut], 0, *share)
    roth_catchup[cut] = roth_part(0, split.catchup[cut], *share)
    return roth_regular, roth_catchup


def _matchable(year: _Year, asked: Elected, split: DeferralSplit, period: _Period) -> Whole:
    """Return what of a deferral the match looks at: nothing out of pay before the employer's entry date."""
    found = matchable_deferral(split.regular, split.catchup, catchup_matched=year.plan.match.catch_up)
    waiting = np.flatnonzero((year.shares > np.maximum(year.entry, period.begin)) & (found > 0))
    if not len(waiting):
        return found
    since = np.maximum(year.shares[waiting], period.begin)
    shared = year.elections.between(year.pay, since, period.end, waiting).total
    cut = asked.total[waiting] > shared
    found[waiting] = np.where(cut, np.minimum(found[waiting], shared), found[waiting])
    return found


def _period_match(year: _Year, before: _SoFar, counted: Whole, matchable: Whole) -> Whole:
    if year.plan.match.period == "annual":
        return np.zeros_like(counted)
    pay = countable_pay_in_period(counted, before.countable, year.limits.compensation)
    return _capped(year, match(pay, matchable, year.tables, year.table), before.match)


def _capped(year: _Year, amount: Whole, paid: Whole | int) -> Whole:
    cap = year.plan.match.dollar_cap
    return amount if cap is None else capped_match(amount, cents(cap), paid)


def _period_nonelective(year: _Year, before: _SoFar, counted: Whole) -> Whole:
    if year.plan.nonelective.payment == "annual" or not np.any(year.nonelective_bp):
        return np.zeros_like(counted)
    return _nonelective(year, before, counted)


def _nonelective(year: _Year, before: _SoFar, counted: Whole) -> Whole:
    """Return nonelective money on the pay that counts: its rate, and the excess rate above the level."""
    pay = countable_pay_in_period(counted, before.countable, year.limits.compensation)
    plan = year.plan.nonelective
    if plan.formula != "integrated":
        return nonelective(pay, year.nonelective_bp)
    level = int(plan.integration.level * year.limits.wage_base)
    paid = countable_pay(before.countable, year.limits.compensation)
    allowed = min(basis_points(plan.integration.excess_rate), max_disparity_bp(level, year.limits.wage_base))
    excess = excess_pay_in_period(pay, paid, level)
    return integrated_contribution(pay, excess, Fraction(basis_points(plan.rate), BP), Fraction(allowed, BP))


def _match_table(plan: Plan, people: pl.DataFrame, year: int) -> Wholes:
    """Return which table of the match is each person's."""
    reached = _reached(plan.match.formula, people, year)
    return 0 if reached is None else band_of(plan.match.starts, reached)


def _nonelective_bp(plan: Plan, people: pl.DataFrame, year: int) -> Wholes:
    reached = _reached(plan.nonelective.formula, people, year)
    if reached is None:
        return basis_points(plan.nonelective.rate)
    starts = [band.start for band in plan.nonelective.bands]
    rates = np.array([basis_points(band.rate) for band in plan.nonelective.bands], dtype=np.int64)
    return rates[band_of(starts, reached)]


def _reached(formula: str, people: pl.DataFrame, year: int) -> Whole | None:
    """Return the years on 1 January by which a formula grades people; none where it does not."""
    parts = _GRADES.get(formula)
    if parts is None:
        return None
    reached = pl.sum_horizontal(years(year_start(year)) for years in parts)
    return people.select(reached.cast(pl.Int64)).to_series().to_numpy()


_GRADES: Final = {"service": (service,), "age": (age,), "points": (service, age)}
"""What is added up of completed years, by formula."""


def _entitled(facts: dict[str, Whole], *, last_day: bool, hours: int) -> Truths:
    """Return who meets a last-day rule and an hours rule, where there are such."""
    enough: Truths = facts["hours"] >= hours
    return enough & (facts["last_day"] == 1) if last_day else enough
