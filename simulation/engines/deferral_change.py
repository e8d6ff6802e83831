"""What participants change: a step up, a step down, a stop, an answer to a new match, a cut to the limit.

At risk is who deferred when the year opened; who joins in the year leaves the election alone until its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.dates import completed_years, day_in, year_start
from simulation.elections import FOR_LIFE, last_elections, shared_out, total_bp
from simulation.engines.decided import decided
from simulation.parameters.plan import Match
from simulation.rng import Purpose, uniform
from simulation.rules.bands import band_of
from simulation.state import IDENTITY, KEYS, last_day
from simulation.units import basis_points

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.rules.rounding import Whole
    from simulation.state import State

KNOWN: Final = Match()
"""The match that participants knew before the simulation: that of the standard design."""

_READ: Final = (
    *IDENTITY,
    "birth_date",
    "service_date",
    "entry_date",
    "enrollment_date",
    "deferral_bp",
    "roth_deferral_bp",
    "opened_year",
    "start_date",
    "termination_date",
)
"""What is read of the people: only this is copied when they are filtered."""


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return the changes of the year, one a person at most: the plan's limit and the match come first."""
    plan, year = context.scenario.plan, context.year
    if not plan.enabled:
        return {}
    opens = pl.lit(year_start(year))
    joined_before = (pl.col("enrollment_date") < opens).fill_null(value=True)
    at_risk = pl.col("opened_year") & joined_before & (pl.col("entry_date") <= opens) & (total_bp() > 0)
    people = state.people.select(_READ).filter(at_risk)
    most = basis_points(plan.deferral.maximum_rate)
    cut, within = _above_the_limit(people, most), people.filter(total_bp() <= most)
    answers = _match_response(context, within)
    own = _own_changes(context, within.join(answers, on=KEYS, how="anti", maintain_order="left"))
    changes = pl.concat([part.select(cut.columns) for part in (cut, answers, own)])
    return {"deferral_change": _events(context, state, changes)}


def _above_the_limit(people: pl.DataFrame, most: int) -> pl.DataFrame:
    """Return who defers more than the plan takes, as a census may have it: down to the limit at once."""
    nothing = pl.lit(None, dtype=pl.Float64)
    return people.filter(total_bp() > most).with_columns(
        new_bp=pl.lit(most, dtype=pl.Int32),
        reason=pl.lit("decrease"),
        chance=nothing,
        draw=nothing,
        rule=pl.lit(_LIMIT),
    )


def _own_changes(context: YearContext, people: pl.DataFrame) -> pl.DataFrame:
    """Return who goes a step up, a step down or stops: one draw passes the three chances in turn.

    The ``draw`` that is told is what is left of it when it meets the chance that it falls into.
    """
    deferral, year = context.scenario.plan.deferral, context.year
    up, down, stop = (float(rate) for rate in (deferral.raise_rate, deferral.lower_rate, deferral.stop_rate))
    step, most = basis_points(deferral.step), basis_points(deferral.maximum_rate)
    draw, now = pl.col("draw"), total_bp()
    drawn = people.with_columns(draw=uniform(people, Purpose.OWN_CHANGE, year)).filter(
        draw < up + down + stop
    )
    going = pl.when(draw < up).then(pl.lit("increase")).when(draw < up + down).then(pl.lit("decrease"))
    raised = pl.min_horizontal(now + step, pl.lit(most))
    lowered = pl.max_horizontal(now - step, pl.lit(0))
    changed = drawn.with_columns(reason=going.otherwise(pl.lit("stop"))).with_columns(
        new_bp=pl.when(pl.col("reason") == "increase")
        .then(raised)
        .when(pl.col("reason") == "decrease")
        .then(lowered)
        .otherwise(0)
        .cast(pl.Int32),
        chance=pl.col("reason").replace_strict(
            {"increase": up, "decrease": down, "stop": stop}, return_dtype=pl.Float64
        ),
        rule=pl.col("reason").replace_strict(_RULES, return_dtype=pl.String),
        draw=draw
        - pl.col("reason").replace_strict(
            {"increase": 0.0, "decrease": up, "stop": up + down}, return_dtype=pl.Float64
        ),
    )
    to_nothing = pl.when(pl.col("new_bp") == 0).then(pl.lit("stop")).otherwise("reason")
    return changed.with_columns(reason=to_nothing)


_LIMIT: Final = "plan.deferral.maximum_rate"
_RULES: Final = {
    "increase": "plan.deferral.raise_rate",
    "decrease": "plan.deferral.lower_rate",
    "stop": "plan.deferral.stop_rate",
}


def _match_response(context: YearContext, people: pl.DataFrame) -> pl.DataFrame:
    """Return who moves to the new highest matched rate, in the first year of a match that is not the known.

    Up to it, where it is higher than the known one; down to it, from no more than the known one, where it is
    lower. Nobody moves to a match of nothing.
    """
    asked = float(context.scenario.plan.deferral.match_response_share)
    if context.year != context.scenario.horizon.start_year:
        people = people.clear()
    new = _highest_matched(context.scenario.plan.match, people, context.year)
    known = _highest_matched(KNOWN, people, context.year)
    most = basis_points(context.scenario.plan.deferral.maximum_rate)
    now = total_bp().cast(pl.Int64)
    up = (pl.col("new_bp") > pl.col("known")) & (now < pl.col("new_bp"))
    down = (pl.col("new_bp") < pl.col("known")) & (now > pl.col("new_bp")) & (now <= pl.col("known"))
    concerned = (up | down) & (pl.col("new_bp") > 0)
    moved = people.with_columns(
        new_bp=pl.Series(np.minimum(new, most), dtype=pl.Int32),
        known=pl.Series(known, dtype=pl.Int32),
    ).filter(concerned)
    return (
        moved.with_columns(draw=uniform(moved, Purpose.MATCH_RESPONSE, FOR_LIFE))
        .filter(pl.col("draw") < asked)
        .with_columns(
            reason=pl.lit("match_response"),
            chance=pl.lit(asked),
            rule=pl.lit("plan.deferral.match_response_share"),
        )
        .drop("known")
    )


def _highest_matched(design: Match, people: pl.DataFrame, year: int) -> Whole:
    """Return the deferral in basis points above which each person's match ends; 0 is no match."""
    begin = year_start(year)
    facts = people.select(
        service=completed_years("service_date", begin), age=completed_years("birth_date", begin)
    ).cast(pl.Int64)
    served = facts["service"].to_numpy()
    reached = served + facts["age"].to_numpy() * (design.formula == "points")
    ends = [max((end for end, rate in table if rate), default=0) for table in design.tables_bp]
    row = band_of(design.starts, reached)
    highest: Whole = np.array(ends, dtype=np.int64)[row]
    return highest


def _events(context: YearContext, state: State, changes: pl.DataFrame) -> pl.DataFrame:
    """Return changes as events on their days: not before another election of the year has had its day."""
    effective, year = context.scenario.plan.deferral.effective, context.year
    if isinstance(effective, str):
        day = pl.lit(effective.in_year(year))
    else:
        draw = uniform(changes, Purpose.OWN_CHANGE_DATE, year)
        day = day_in(year, pl.lit(draw), tuple(effective))
    dated = (
        changes.join(last_elections(state, year), on=KEYS, how="left", maintain_order="left")
        .with_columns(
            effective_date=pl.when(pl.col("rule") == _LIMIT)
            .then(pl.lit(year_start(year)))
            .otherwise(pl.max_horizontal(day, "last_election")),
            **shared_out(pl.col("new_bp")),
        )
        .filter(pl.col("effective_date") <= last_day(year), pl.col("new_bp") != total_bp())
    )
    return decided(
        dated,
        "deferral_change",
        rule=pl.col("rule"),
        probability=pl.col("chance"),
        draw=pl.col("draw"),
    )
