"""Who begins to defer, who says no, and whose deferrals end because the first ones are taken back.

Three kinds of people may begin: those who never chose (swept by the plan, or of their own accord), those who
said no or stopped and change their mind, and those who come back and go on where they left off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import polars as pl

from simulation.dates import year_end, year_start
from simulation.elections import FOR_LIFE, IN_FORCE, Choosers, Rates, chosen
from simulation.engines.decided import decided
from simulation.joining import Eligible, joining
from simulation.permissible import taken_back_by
from simulation.rng import Purpose
from simulation.rules.days import NO_DAY, Days, day_between
from simulation.state import last_days
from simulation.units import basis_points

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from simulation.context import YearContext
    from simulation.hazards import Floats
    from simulation.rules.rounding import Truths, Whole
    from simulation.state import State

_FACTS: Final = (
    pl.col("election").is_null().alias("never"),
    (pl.col("election") == "automatic").fill_null(value=False).alias("automatic"),
    (pl.col("was_rehired") & ~pl.col("opened_year")).alias("back"),
    IN_FORCE,
)
"""What tells which of the three kinds somebody is, and who may take deferrals back."""

_NAMED: Final = ("seed", "person", "employee_id")
_RULES: Final = pl.Series(
    [
        "plan.auto_enrollment.default_rate",
        "plan.enrollment.first_year_rate",
        "plan.enrollment.long_run_rate",
        "plan.enrollment.change_of_mind_rate",
        "workforce.rehire.rate",
    ]
)
_SWEPT, _FIRST_YEAR, _LONG_RUN, _CHANGE_OF_MIND, _BACK = range(5)


class _Begun(NamedTuple):
    """Who begins to defer, by row of people: from which day, at which rates, by which rule.

    No number stands for a ``chance`` and a ``draw`` where nothing was drawn.
    """

    row: Whole
    effective_date: Days
    pre_tax_rate_bp: Whole
    roth_rate_bp: Whole
    automatic: Truths
    rule: Whole
    chance: Floats
    draw: Floats


class _Swept(NamedTuple):
    """Whom the plan enrols unless they opt out, by row of people, on a day."""

    row: Whole
    effective_date: Days
    chance: Floats
    draw: Floats

    def at(self, places: Truths) -> _Swept:
        """Return some of them."""
        return _Swept._make(column[places] for column in self)


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return enrolments, opt-outs, and the stops of those who take default contributions back."""
    if not context.scenario.plan.enabled:
        return {}
    people, last = state.people, last_days(state.people, context.year)
    never, automatic, back, pre_tax, roth = (column.to_numpy() for column in people.select(_FACTS))
    entry, start = people["entry_date"].to_numpy(), people["start_date"].to_numpy()
    every = Eligible(Choosers.of(people), entry, start, last)
    in_plan, defers = ~np.isnat(start) & (entry <= last), pre_tax + roth > 0
    swept, voluntary = _deciding(context, every, np.flatnonzero(in_plan & never))
    out = swept.draw < swept.chance
    staying = swept.at(~out)
    minds = np.flatnonzero(in_plan & ~never & ~defers)
    again = np.flatnonzero(in_plan & defers & back)
    old = Rates(pre_tax[again], roth[again])
    begun = (
        _automatic(context, staying),
        voluntary,
        _change_of_mind(context, every, minds),
        _begun(again, start[again], old, _BACK, automatic=automatic[again]),
    )
    earlier = np.flatnonzero(in_plan & defers & automatic)
    return {
        "enrollment": _enrollments(people, begun),
        "opt_out": _opt_outs(people, swept.at(out)),
        "deferral_change": _stops(context, people, earlier, staying),
    }


def _deciding(context: YearContext, every: Eligible, rows: Whole) -> tuple[_Swept, _Begun]:
    """Return those whom the plan enrols this year, and those who join before that of their own accord."""
    auto, year, people = context.scenario.plan.auto_enrollment, context.year, every.at(rows)
    sweep = _sweep(context, people.entry)
    joined = joining(context, people, sweep)
    due = (sweep >= np.datetime64(year_start(year))) & (sweep <= people.last)
    due[joined.row] = False
    who, on = people.who.at(due), sweep[due]
    chance = float(auto.opt_out_rate) * who.by_age(auto.opt_out_age_multiplier, "multiplier", on)
    chance = np.clip(chance * who.by_pay(auto.opt_out_income_multiplier), 0.0, 1.0)
    swept = _Swept(rows[due], on, chance, who.draw(Purpose.OPT_OUT, FOR_LIFE))
    rates = chosen(context, people.who.at(joined.row), joined.on)
    rule = np.where(joined.first_year, _FIRST_YEAR, _LONG_RUN)
    return swept, _begun(rows[joined.row], joined.on, rates, rule, luck=(joined.chance, joined.draw))


def _sweep(context: YearContext, entry: Days) -> Days:
    """Return the day on which the plan enrols somebody who has not chosen; none if it never does."""
    auto = context.scenario.plan.auto_enrollment
    begin = np.datetime64(year_start(context.scenario.horizon.start_year))
    in_scope = auto.enabled & ((auto.scope == "all_eligible") | (entry >= begin))
    return np.where(in_scope, np.maximum(entry, begin) + np.timedelta64(auto.window_days, "D"), NO_DAY)


def _automatic(context: YearContext, staying: _Swept) -> _Begun:
    row, on = staying.row, staying.effective_date
    default = np.full_like(row, basis_points(context.scenario.plan.auto_enrollment.default_rate))
    return _begun(row, on, Rates(default, np.zeros_like(default)), _SWEPT, automatic=True)


def _change_of_mind(context: YearContext, every: Eligible, rows: Whole) -> _Begun:
    """Return those who join after all, on a day of the year: at the rate that they would have chosen."""
    year, rate = context.year, float(context.scenario.plan.enrollment.change_of_mind_rate)
    draw = every.who.at(rows).draw(Purpose.CHANGE_OF_MIND, year)
    rows, draw = rows[draw < rate], draw[draw < rate]
    people = every.at(rows)
    since = np.maximum(np.maximum(people.start, people.entry), np.datetime64(year_start(year)))
    on = day_between(since, year_end(year), people.who.draw(Purpose.CHANGE_OF_MIND, year, k=1))
    there = on <= people.last
    rates = chosen(context, people.who.at(there), on[there])
    return _begun(rows[there], on[there], rates, _CHANGE_OF_MIND, luck=(rate, draw[there]))


def _begun(
    row: Whole,
    on: Days,
    rates: Rates,
    rule: Whole | int,
    *,
    automatic: Truths | bool = False,
    luck: tuple[Floats | float, Floats | float] = (np.nan, np.nan),
) -> _Begun:
    """Return some who begin to defer, their ``luck`` a chance and a draw; what is said once holds for all."""
    told = (np.broadcast_to(value, row.shape) for value in (automatic, rule, *luck))
    return _Begun._make((row, on, *rates, *told))


def _enrollments(people: pl.DataFrame, begun: Iterable[_Begun]) -> pl.DataFrame:
    every = _Begun._make(np.concatenate(columns) for columns in zip(*begun, strict=True))
    return decided(
        people[_NAMED][every.row],
        "enrollment",
        rule=_RULES[every.rule],
        probability=every.chance,
        draw=every.draw,
        effective_date=every.effective_date,
        pre_tax_rate_bp=every.pre_tax_rate_bp,
        roth_rate_bp=every.roth_rate_bp,
        method=_METHODS[every.automatic.astype(np.int64)],
    )


_METHODS: Final = pl.Series("method", ["voluntary", "automatic"])


def _opt_outs(people: pl.DataFrame, out: _Swept) -> pl.DataFrame:
    return decided(
        people[_NAMED][out.row],
        "opt_out",
        rule="plan.auto_enrollment.opt_out_rate",
        probability=out.chance,
        draw=out.draw,
        effective_date=out.effective_date,
    )


def _stops(context: YearContext, people: pl.DataFrame, earlier: Whole, just_now: _Swept) -> pl.DataFrame:
    """Return the elections that end because their first contributions are taken back."""
    since = people["enrollment_date"].to_numpy()[earlier]
    rows = np.concatenate([earlier, just_now.row])
    takers = taken_back_by(context, people, rows, np.concatenate([since, just_now.effective_date]))
    return decided(
        people[_NAMED][takers.row],
        "deferral_change",
        rule="plan.auto_enrollment.withdrawal_rate",
        probability=float(context.scenario.plan.auto_enrollment.withdrawal_rate),
        draw=takers.draw,
        effective_date=takers.on,
        pre_tax_rate_bp=0,
        roth_rate_bp=0,
        reason="stop",
    )
