"""What the leavers of the year do with what they own: take it in cash, roll it over, or leave it in the plan.

Dated 31 December, like all that becomes of leavers' money: it stays invested to the end of the year of exit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.balances import BALANCES, VESTED, with_vested
from simulation.dates import year_end
from simulation.engines.decided import decided
from simulation.events.sources import EMPLOYER, SOURCES
from simulation.rng import Purpose, uniform
from simulation.rules.cash_out import TREATMENTS, cash_out_limit_cents, treatment
from simulation.state import IDENTITY, KEYS, left_in
from simulation.units import cents

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.state import State

OWNED: Final = tuple(f"owned_{source}_cents" for source in SOURCES)
_READ: Final = (
    *IDENTITY,
    *("termination_date", "termination_reason", "credited_service"),
    *BALANCES,
    *VESTED,
)


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return the payments of whole vested balances to this year's leavers and their beneficiaries."""
    plan = context.scenario.plan
    if not plan.enabled:
        return {}
    leavers = _leavers(context, state)
    paid = _treated(context, leavers).filter(pl.col("event_type").is_not_null())
    paid = paid.with_columns(
        effective_date=pl.lit(year_end(context.year)),
        **{f"{source}_cents": pl.col(f"owned_{source}_cents") for source in SOURCES},
    )
    made = {kind: _events(paid, kind) for kind in ("distribution", "rollover")}
    if plan.forfeitures.timing == "five_breaks":
        made["vesting"] = _nothing_left(paid)
    return made


def _leavers(context: YearContext, state: State) -> pl.DataFrame:
    """Return this year's leavers who own something, with ``owned`` in all.

    Who goes on repaying a loan stays in the plan, for the payments go into the account.
    """
    owing = state.loans.filter(pl.col("end_date").is_null())
    gone = state.people.filter(left_in(context.year)).select(_READ)
    return (
        with_vested(gone.join(owing, on=KEYS, how="anti", maintain_order="left"))
        .with_columns(owned=pl.sum_horizontal(OWNED))
        .filter(pl.col("owned") > 0)
    )


def _treated(context: YearContext, leavers: pl.DataFrame) -> pl.DataFrame:
    """Return leavers with the ``event_type`` of what they get, its ``reason``, rule, chance and draw.

    Death pays beneficiaries. One draw says who asks for cash, who for a rollover; those who ask for nothing
    are paid out all the same up to the limits of rules.cash_out. Null event type: the money stays.
    """
    ways = context.scenario.plan.distributions
    cash, rollover = float(ways.cash_out_rate), float(ways.rollover_rate)
    limit = min(cents(ways.force_out_limit), cash_out_limit_cents(context.year))
    forced = treatment(leavers["owned"].to_numpy(), limit, cents(ways.cash_limit))
    cash_forced, rolled = (pl.Series(np.asarray(forced == name)) for name in TREATMENTS[:2])
    draw = pl.lit(uniform(leavers, Purpose.PAYOUT, context.year))
    dead = pl.col("termination_reason") == "death"
    path = (
        pl.when(dead)
        .then(pl.lit("death"))
        .when(draw < cash)
        .then(pl.lit("cash_out"))
        .when(draw < cash + rollover)
        .then(pl.lit("elected"))
        .when(pl.lit(cash_forced))
        .then(pl.lit("forced_cash"))
        .when(pl.lit(rolled))
        .then(pl.lit("forced_rollover"))
    )
    table = [
        pl.col("path").replace_strict(column, default=None, return_dtype=pl.String).alias(name)
        for name, column in _PATHS.items()
    ]
    chosen = pl.col("path").is_in(["cash_out", "elected"])
    chance = pl.when(pl.col("path") == "cash_out").then(pl.lit(cash)).otherwise(pl.lit(rollover))
    return (
        leavers.with_columns(path=path, draw=draw)
        .with_columns(*table, chance=pl.when(chosen).then(chance))
        .with_columns(draw=pl.when(chosen).then("draw"))
    )


_PATHS: Final = {
    "event_type": {
        "death": "distribution",
        "cash_out": "distribution",
        "elected": "rollover",
        "forced_cash": "distribution",
        "forced_rollover": "rollover",
    },
    "reason": {
        "death": "death",
        "cash_out": "cash_out",
        "elected": "elected",
        "forced_cash": "forced",
        "forced_rollover": "forced",
    },
    "rule": {
        "death": "workforce.termination.death_by_age",
        "cash_out": "plan.distributions.cash_out_rate",
        "elected": "plan.distributions.rollover_rate",
        "forced_cash": "plan.distributions.cash_limit",
        "forced_rollover": "plan.distributions.force_out_limit",
    },
}
"""What each path is in the log."""


def _events(paid: pl.DataFrame, kind: str) -> pl.DataFrame:
    return decided(
        paid.filter(pl.col("event_type") == kind),
        kind,
        rule=pl.col("rule"),
        amount=pl.col("owned"),
        probability=pl.col("chance"),
        draw=pl.col("draw"),
    )


def _nothing_left(paid: pl.DataFrame) -> pl.DataFrame:
    """Return that nothing is owned of what stays behind until it is forfeited after five breaks."""
    behind = pl.any_horizontal(
        pl.col(f"balance_{source}_cents") > pl.col(f"owned_{source}_cents") for source in EMPLOYER
    )
    nothing = paid.filter(behind).with_columns(**{name: pl.lit(0) for name in VESTED})
    return decided(nothing, "vesting", rule="plan.forfeitures.timing")
