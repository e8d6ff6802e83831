"""Forfeitures: when, used by when, restored; partial terminations."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from simulation.rules import partial_termination
from simulation.rules.forfeiture import (
    fifth_break_end,
    fifth_break_end_after,
    forfeiture_date,
    restored_cents,
    use_by,
)
from simulation.rules.service import BREAKS_THAT_COUNT
from tests.golden.days import day, iso, value
from tests.golden.money import fraction, money, rate_of_bp, row
from tests.golden.registry import Inputs, Results, topic


@topic("forfeiture_timing")
def timing(inputs: Inputs) -> Results:
    """Answer when money that is not vested is forfeited, and after which breaks."""
    left = date.fromisoformat(inputs["termination_date"])
    break_end = _break_end(inputs, left.year)
    vested = fraction(inputs.get("vested_pct", inputs.get("balance_vested", "1")))
    deemed = pl.lit(value=bool(inputs.get("deemed_cashout")) and vested == 0)
    last = value(break_end.dt.year())
    return {
        "forfeiture_date": iso(
            forfeiture_date(pl.lit(left), day(inputs.get("distribution_date")), break_end, deemed)
        ),
        "forfeited": inputs.get("nonvested"),
        "breaks": list(range(last - BREAKS_THAT_COUNT + 1, last + 1)),
    }


def _break_end(inputs: Inputs, year: int) -> pl.Expr:
    """Return the end of the fifth break: no hours after those given, over 500 at the end if none are."""
    given = {int(of): hours for of, hours in inputs.get("hours_by_year", {}).items()}
    if not given:
        return fifth_break_end_after(pl.lit(year))
    through = max(year, *given) + BREAKS_THAT_COUNT
    years = range(min(given), through + 1)
    return fifth_break_end({of: pl.lit(given.get(of, 0)) for of in years})


@topic("forfeiture_use_deadline")
def deadline(inputs: Inputs) -> Results:
    """Answer by when forfeitures of plan years are to be used."""
    ends = inputs["plan_year_end"]
    if isinstance(ends, str):
        return {"use_by": iso(use_by(day(ends)))}
    return {"use_by": [iso(use_by(day(end))) for end in ends]}


@topic("rehire_restoration")
def restoration(inputs: Inputs) -> Results:
    """Answer what rehire restores."""
    repaid = bool(inputs.get("repaid_within_5_years") or inputs.get("deemed_cashout"))
    restored = restored_cents(
        row(inputs["forfeited"]), inputs.get("consecutive_breaks", 0), np.array([repaid])
    )
    return {"restored": money(restored)}


@topic("partial_termination")
def termination(inputs: Inputs) -> Results:
    """Answer the turnover rate and whether it presumes a partial termination."""
    severances = partial_termination.employer_initiated(
        inputs["employer_initiated_severances"],
        inputs.get("voluntary_quits", 0),
        shown_voluntary=not any(given is False for given in inputs.values()),
    )
    counts = severances, inputs["initial_participants"], inputs.get("added_in_period", 0)
    presumed = bool(partial_termination.presumed(*counts)[0])
    return {
        "turnover_rate": rate_of_bp(partial_termination.turnover_bp(*counts)[0]),
        "presumed_partial_termination": presumed,
        "affected_100pct_vested": presumed,
    }
