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
from simulation.state import IDENTITY, left_in, rows_of
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
    paid = _treated(context, _leavers(context, state)).with_columns(
        effective_date=pl.lit(year_end(context.year)), **_ALL_OWNED
    )
    made = {kind: _events(paid, kind) for kind in ("distribution", "rollover")}
    if plan.forfeitures.timing == "five_breaks":
        made["vesting"] = _nothing_left(paid)
    return made


_ALL_OWNED: Final = {f"{source}_cents": pl.col(f"owned_{source}_cents") for source in SOURCES}


def _leavers(context: YearContext, state: State) -> pl.DataFrame:
    """Return this year's leavers who own something, with ``owned`` in all.

    Who goes on repaying a loan stays in the plan, for the payments go into the account.
    """
    gone = state.people[list(_READ)].filter(left_in(context.year))
    owing = np.zeros(state.people.height, dtype=np.bool_)
    owing[rows_of(state.people, state.loans)[state.loans["end_date"].is_null().to_numpy()]] = True
    free = with_vested(gone.filter(pl.Series(~owing[rows_of(state.people, gone)])))
    return free.lazy().with_columns(owned=pl.sum_horizontal(OWNED)).filter(pl.col("owned") > 0).collect()


def _treated(context: YearContext, leavers: pl.DataFrame) -> pl.DataFrame:
    """Return who is paid, with the ``event_type`` of what they get, its ``reason``, rule, chance and draw.

    Death pays beneficiaries. One draw says who asks for cash, who for a rollover; those who ask for nothing
    are paid out all the same up to the limits of rules.cash_out. Everybody else's money stays.
    """
    ways = context.scenario.plan.distributions
    cash, rollover = float(ways.cash_out_rate), float(ways.rollover_rate)
    limit = min(cents(ways.force_out_limit), cash_out_limit_cents(context.year))
    forced = treatment(leavers["owned"].to_numpy(), limit, cents(ways.cash_limit))
    draw = uniform(leavers, Purpose.PAYOUT, context.year)
    draws = draw.to_numpy()
    path = np.select(
        [
            (leavers["termination_reason"] == "death").to_numpy(),
            draws < cash,
            draws < cash + rollover,
            *(forced == name for name in TREATMENTS[:2]),
        ],
        range(_PATHS.height),
        default=_PATHS.height,
    )
    paid = np.flatnonzero(path < _PATHS.height)
    chances = pl.Series("chance", [None, cash, rollover, None, None], dtype=pl.Float64)
    found = _PATHS.hstack([chances])[path[paid]]
    return leavers[paid].hstack([*found, draw[paid].alias("draw")])


_PATHS: Final = pl.DataFrame(
    [
        ("distribution", "death", "workforce.termination.death_by_age"),
        ("distribution", "cash_out", "plan.distributions.cash_out_rate"),
        ("rollover", "elected", "plan.distributions.rollover_rate"),
        ("distribution", "forced", "plan.distributions.cash_limit"),
        ("rollover", "forced", "plan.distributions.force_out_limit"),
    ],
    schema=["event_type", "reason", "rule"],
    orient="row",
)
"""What can happen to a leaver's money, in the order in which it is asked, and how it stands in the log."""


def _events(paid: pl.DataFrame, kind: str) -> pl.DataFrame:
    return decided(
        paid.filter(pl.col("event_type") == kind),
        kind,
        rule=pl.col("rule"),
        amount=pl.col("owned"),
        probability=pl.col("chance"),
        draw=pl.when(pl.col("chance").is_not_null()).then(pl.col("draw")),
    )


def _nothing_left(paid: pl.DataFrame) -> pl.DataFrame:
    """Return that nothing is owned of what stays behind until it is forfeited after five breaks."""
    behind = pl.any_horizontal(
        pl.col(f"balance_{source}_cents") > pl.col(f"owned_{source}_cents") for source in EMPLOYER
    )
    nothing = paid.filter(behind).with_columns(**{name: pl.lit(0) for name in VESTED})
    return decided(nothing, "vesting", rule="plan.forfeitures.timing")
