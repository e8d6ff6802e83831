"""What participants change: a step up, a step down, a stop, an answer to a new match, a cut to the limit.

At risk is who deferred when the year opened; who joins in the year leaves the election alone until its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import polars as pl

from simulation.dates import day_in, year_start
from simulation.elections import FOR_LIFE, IN_FORCE, Rates, last_elections, shared_out, total_bp
from simulation.engines.decided import decided
from simulation.parameters.plan import Match
from simulation.rng import Purpose, Words, uniform, uniform_array
from simulation.rules.bands import band_of
from simulation.rules.days import Days, completed_years
from simulation.state import last_days
from simulation.units import basis_points

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from simulation.context import YearContext
    from simulation.hazards import Floats
    from simulation.rules.rounding import Truths, Whole
    from simulation.state import State

KNOWN: Final = Match()
"""The match that participants knew before the simulation: that of the standard design."""

_LIMIT, _INCREASE, _DECREASE, _STOP, _RESPONSE = range(5)
_RULES: Final = pl.Series(
    [
        "plan.deferral.maximum_rate",
        "plan.deferral.raise_rate",
        "plan.deferral.lower_rate",
        "plan.deferral.stop_rate",
        "plan.deferral.match_response_share",
    ]
)
_REASONS: Final = pl.Series(["decrease", "increase", "decrease", "stop", "match_response"])


class _AtRisk(NamedTuple):
    """Who may change, by row of people: whose draws they are, and the deferral in force."""

    row: Whole
    seed: Words
    person_key: Words
    total_bp: Whole

    def at(self, places: Whole | Truths) -> _AtRisk:
        """Return some of them."""
        return _AtRisk._make(column[places] for column in self)

    def draw(self, purpose: Purpose, year: int) -> Floats:
        """Return one number in [0, 1) a person."""
        return uniform_array(self.seed, purpose, year, self.person_key)


class _Changes(NamedTuple):
    """Who changes, by row of people: to how much, by which rule, told with which reason.

    No number stands for a ``chance`` and a ``draw`` where nothing was drawn.
    """

    row: Whole
    new_bp: Whole
    rule: Whole
    reason: Whole
    chance: Floats
    draw: Floats

    def at(self, places: Truths) -> _Changes:
        """Return some of them."""
        return _Changes._make(column[places] for column in self)


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return the changes of the year, one a person at most: the plan's limit and the match come first."""
    plan, year = context.scenario.plan, context.year
    if not plan.enabled:
        return {}
    people = state.people
    facts = people.select(IN_FORCE, at_risk=_at_risk(year_start(year)))
    *rates, at_risk = (column.to_numpy() for column in facts)
    now = Rates(*rates)
    total = now.pre_tax_bp + now.roth_bp
    seed, person_key = people["seed"].to_numpy(), people["person_key"].to_numpy()
    every = _AtRisk(np.arange(len(total)), seed, person_key, total).at(np.flatnonzero(at_risk))
    most = basis_points(plan.deferral.maximum_rate)
    over = every.total_bp > most
    within = every.at(~over)
    answers = _match_response(context, people, within)
    own = _own_changes(context, within.at(~np.isin(within.row, answers.row)))
    parts = (_cut(every.at(over), most), answers, own)
    changes = _Changes._make(np.concatenate(columns) for columns in zip(*parts, strict=True))
    changes = changes.at(changes.new_bp != total[changes.row])
    on = _days(context, state, changes)
    there = on <= last_days(people, year)[changes.row]
    return {"deferral_change": _events(people, now, changes.at(there), on[there])}


def _at_risk(opens: date) -> pl.Expr:
    joined_before = (pl.col("enrollment_date") < opens).fill_null(value=True)
    in_plan = (pl.col("entry_date") <= opens).fill_null(value=False)
    return pl.col("opened_year") & joined_before & in_plan & (total_bp() > 0)


def _cut(people: _AtRisk, most: int) -> _Changes:
    """Return who defers more than the plan takes, as a census may have it: down to the limit at once."""
    rule, nothing = np.full_like(people.row, _LIMIT), np.full(len(people.row), np.nan)
    return _Changes(people.row, np.full_like(rule, most), rule, rule, nothing, nothing)


def _own_changes(context: YearContext, people: _AtRisk) -> _Changes:
    """Return who goes a step up, a step down or stops: one draw passes the three chances in turn.

    The ``draw`` that is told is what is left of it when it meets the chance that it falls into.
    """
    deferral = context.scenario.plan.deferral
    up, down, stop = (float(rate) for rate in (deferral.raise_rate, deferral.lower_rate, deferral.stop_rate))
    step, most = basis_points(deferral.step), basis_points(deferral.maximum_rate)
    draw = people.draw(Purpose.OWN_CHANGE, context.year)
    changing = draw < up + down + stop
    row, now, draw = people.row[changing], people.total_bp[changing], draw[changing]
    way = (draw >= up).astype(np.int64) + (draw >= up + down)
    lowered = np.where(way == 1, np.maximum(now - step, 0), 0)
    new_bp = np.where(way == 0, np.minimum(now + step, most), lowered)
    passed, chance = np.array([0.0, up, up + down])[way], np.array([up, down, stop])[way]
    rule = _INCREASE + way
    return _Changes(row, new_bp, rule, np.where(new_bp == 0, _STOP, rule), chance, draw - passed)


def _match_response(context: YearContext, people: pl.DataFrame, within: _AtRisk) -> _Changes:
    """Return who moves to the new highest matched rate, in the first year of a match that is not the known.

    Up to it, where it is higher than the known one; down to it, from no more than the known one, where it is
    lower. Nobody moves to a match of nothing.
    """
    deferral, first_year = context.scenario.plan.deferral, context.scenario.horizon.start_year
    asked = within.at(np.arange(len(within.row) if context.year == first_year else 0))
    born, served = (people[name].to_numpy()[asked.row] for name in ("birth_date", "service_date"))
    on = np.full(len(asked.row), np.datetime64(year_start(context.year)))
    service, age = completed_years(served, on), completed_years(born, on)
    new = _highest_matched(context.scenario.plan.match, service, age)
    new, known = np.minimum(new, basis_points(deferral.maximum_rate)), _highest_matched(KNOWN, service, age)
    now = asked.total_bp
    up, down = (new > known) & (now < new), (new < known) & (now > new) & (now <= known)
    concerned = (up | down) & (new > 0)
    moved, new = asked.at(concerned), new[concerned]
    share, draw = float(deferral.match_response_share), moved.draw(Purpose.MATCH_RESPONSE, FOR_LIFE)
    answers = draw < share
    row = moved.row[answers]
    rule, chance = np.full_like(row, _RESPONSE), np.full(len(row), share)
    return _Changes(row, new[answers], rule, rule, chance, draw[answers])


def _highest_matched(design: Match, service: Whole, age: Whole) -> Whole:
    """Return the deferral in basis points above which each person's match ends; 0 is no match."""
    reached = service + age * (design.formula == "points")
    ends = [max((end for end, rate in table if rate), default=0) for table in design.tables_bp]
    highest: Whole = np.array(ends, dtype=np.int64)[band_of(design.starts, reached)]
    return highest


_NAMED: Final = ("seed", "person", "employee_id")


def _events(people: pl.DataFrame, now: Rates, changes: _Changes, on: Days) -> pl.DataFrame:
    rates = shared_out(now.at(changes.row), changes.new_bp)
    return decided(
        people[_NAMED][changes.row],
        "deferral_change",
        rule=_RULES[changes.rule],
        probability=changes.chance,
        draw=changes.draw,
        effective_date=on,
        reason=_REASONS[changes.reason],
        pre_tax_rate_bp=rates.pre_tax_bp,
        roth_rate_bp=rates.roth_bp,
    )


def _days(context: YearContext, state: State, changes: _Changes) -> Days:
    """Return the day of each change: not before another election of the year has had its day."""
    effective, year = context.scenario.plan.deferral.effective, context.year
    if isinstance(effective, str):
        day: Days = np.full(len(changes.row), np.datetime64(effective.in_year(year)))
    else:
        draw = uniform(state.people[("seed", "person_key")][changes.row], Purpose.OWN_CHANGE_DATE, year)
        day = day_in(year, draw.to_numpy(), tuple(effective))
    later = np.maximum(day, last_elections(state, year)[changes.row])
    return np.where(changes.rule == _LIMIT, np.datetime64(year_start(year)), later)
