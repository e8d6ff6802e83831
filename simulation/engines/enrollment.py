"""Who begins to defer, who says no, and whose deferrals end because the first ones are taken back.

Three kinds of people may begin: those who never chose (swept by the plan, or of their own accord), those who
said no or stopped and change their mind, and those who come back and go on where they left off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from simulation.dates import day_between, year_end, year_start
from simulation.elections import FOR_LIFE, by_age, by_pay, chosen, total_bp
from simulation.engines.decided import decided
from simulation.joining import joining
from simulation.permissible import taken_back
from simulation.rng import Purpose, uniform
from simulation.state import IDENTITY, last_day, worked_in_year
from simulation.units import basis_points

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.state import State

_READ: Final = (
    *IDENTITY,
    "birth_date",
    "compensation_cents",
    "entry_date",
    "enrollment_date",
    "election",
    "deferral_bp",
    "roth_deferral_bp",
    "was_rehired",
    "opened_year",
    "start_date",
    "termination_date",
)
"""What is read of the people: only this is copied when they are filtered."""


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return enrolments, opt-outs, and the stops of those who take default contributions back."""
    if not context.scenario.plan.enabled:
        return {}
    in_plan = worked_in_year() & (pl.col("entry_date") <= last_day(context.year))
    people = state.people.select(_READ).filter(in_plan)
    defers, chose = total_bp() > 0, pl.col("election").is_not_null()
    deciding = _deciding(context, people.filter(~chose))
    swept = deciding.filter("swept")
    out = pl.col("opt_out") < pl.col("chance_out")
    staying = swept.filter(~out)
    enrolled = [
        _automatic(context, staying),
        _voluntary(context, deciding.filter(~pl.col("swept"))),
        _change_of_mind(context, people.filter(chose & ~defers)),
        _back(people.filter(defers & pl.col("was_rehired") & ~pl.col("opened_year"))),
    ]
    earlier = people.filter(defers & (pl.col("election") == "automatic"))
    return {
        "enrollment": pl.concat(enrolled),
        "opt_out": decided(
            swept.filter(out),
            "opt_out",
            rule="plan.auto_enrollment.opt_out_rate",
            probability=pl.col("chance_out"),
            draw=pl.col("opt_out"),
        ),
        "deferral_change": _stops(context, earlier, staying),
    }


def _deciding(context: YearContext, people: pl.DataFrame) -> pl.DataFrame:
    """Return those for whom the year decides, on their ``effective_date``: ``swept``, or joining before that.

    ``chance`` and ``draw`` are those of joining, ``chance_out`` and ``opt_out`` those of opting out.
    """
    sweep = pl.col("sweep_date")
    dated = people.with_columns(sweep_date=_sweep_date(context))
    joined = joining(context, dated).with_columns(
        swept=(sweep.dt.year() == context.year) & (sweep <= last_day(context.year))
    )
    first = pl.col("join_date").is_not_null() & ~(pl.col("join_date") >= sweep).fill_null(value=False)
    swept = (pl.col("swept") & ~first).fill_null(value=False)
    due = joined.with_columns(
        swept=swept, effective_date=pl.when(swept).then("sweep_date").otherwise("join_date")
    ).filter(pl.col("swept") | first)
    auto, on = context.scenario.plan.auto_enrollment, pl.col("effective_date")
    chance = float(auto.opt_out_rate) * by_age(auto.opt_out_age_multiplier, "multiplier", on)
    return due.with_columns(
        uniform(due, Purpose.OPT_OUT, FOR_LIFE),
        chance_out=(chance * by_pay(auto.opt_out_income_multiplier)).clip(0.0, 1.0),
    )


def _sweep_date(context: YearContext) -> pl.Expr:
    """Return the day on which the plan enrols somebody who has not chosen; null if it never does."""
    auto = context.scenario.plan.auto_enrollment
    begin = pl.lit(year_start(context.scenario.horizon.start_year))
    in_scope = pl.lit(auto.scope == "all_eligible") | (pl.col("entry_date") >= begin)
    since = pl.max_horizontal("entry_date", begin)
    return pl.when(in_scope & pl.lit(auto.enabled)).then(since.dt.offset_by(f"{auto.window_days}d"))


def _automatic(context: YearContext, people: pl.DataFrame) -> pl.DataFrame:
    rate = basis_points(context.scenario.plan.auto_enrollment.default_rate)
    return decided(
        people.with_columns(pre_tax_rate_bp=pl.lit(rate), roth_rate_bp=pl.lit(0), method=pl.lit("automatic")),
        "enrollment",
        rule="plan.auto_enrollment.default_rate",
    )


def _voluntary(context: YearContext, people: pl.DataFrame) -> pl.DataFrame:
    return decided(
        chosen(context, people).with_columns(method=pl.lit("voluntary")),
        "enrollment",
        rule=pl.when("first_year")
        .then(pl.lit("plan.enrollment.first_year_rate"))
        .otherwise(pl.lit("plan.enrollment.long_run_rate")),
        probability=pl.col("chance"),
        draw=pl.col("draw"),
    )


def _change_of_mind(context: YearContext, people: pl.DataFrame) -> pl.DataFrame:
    """Return those who join after all, on a day of the year: at the rate that they would have chosen."""
    year, rate = context.year, float(context.scenario.plan.enrollment.change_of_mind_rate)
    changed = people.with_columns(uniform(people, Purpose.CHANGE_OF_MIND, year), chance=pl.lit(rate)).filter(
        pl.col("change_of_mind") < rate
    )
    since = pl.max_horizontal("start_date", "entry_date", pl.lit(year_start(year)))
    when = pl.lit(uniform(changed, Purpose.CHANGE_OF_MIND, year, k=1))
    dated = changed.with_columns(
        effective_date=day_between(since, pl.lit(year_end(year)), when), method=pl.lit("voluntary")
    ).filter(pl.col("effective_date") <= last_day(year))
    return decided(
        chosen(context, dated),
        "enrollment",
        rule="plan.enrollment.change_of_mind_rate",
        probability=pl.col("chance"),
        draw=pl.col("change_of_mind"),
    )


def _back(people: pl.DataFrame) -> pl.DataFrame:
    """Return the rehired who were deferring when they left: from their first day at the rates they had."""
    method = (
        pl.when(pl.col("election") == "automatic").then(pl.lit("automatic")).otherwise(pl.lit("voluntary"))
    )
    return decided(
        people.with_columns(
            effective_date=pl.col("start_date"),
            pre_tax_rate_bp="deferral_bp",
            roth_rate_bp=pl.col("roth_deferral_bp").fill_null(0),
            method=method,
        ),
        "enrollment",
        rule="workforce.rehire.rate",
    )


def _stops(context: YearContext, earlier: pl.DataFrame, just_now: pl.DataFrame) -> pl.DataFrame:
    """Return the elections that end because their first contributions are taken back."""
    enrolled = just_now.with_columns(enrollment_date="effective_date", election=pl.lit("automatic"))
    takers = taken_back(context, pl.concat([earlier, enrolled.select(earlier.columns)]))
    rate = float(context.scenario.plan.auto_enrollment.withdrawal_rate)
    return decided(
        takers.with_columns(
            effective_date="withdrawal_date",
            pre_tax_rate_bp=pl.lit(0),
            roth_rate_bp=pl.lit(0),
            reason=pl.lit("stop"),
        ),
        "deferral_change",
        rule="plan.auto_enrollment.withdrawal_rate",
        probability=pl.lit(rate),
        draw=pl.col("withdrawal_draw"),
    )
