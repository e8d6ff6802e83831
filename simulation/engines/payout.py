"""What the leavers of the year do with what they own: take it in cash, roll it over, or leave it in the plan.

Dated 31 December, like all that becomes of leavers' money: it stays invested to the end of the year of exit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.balances import BALANCES, VESTED, amounts, by_source, with_vested
from simulation.dates import year_end, year_start
from simulation.engines.decided import decided
from simulation.events.sources import SOURCES
from simulation.rng import Purpose, uniform
from simulation.rules.cash_out import TREATMENTS, cash_out_limit_cents, treatment
from simulation.state import IDENTITY, rows_of
from simulation.units import cents

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

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
    paid, on = _treated(context, _leavers(context, state)), year_end(context.year)
    made = {kind: _events(paid, kind, on) for kind in ("distribution", "rollover")}
    if plan.forfeitures.timing == "five_breaks":
        made["vesting"] = _nothing_left(paid, on)
    return made


def _leavers(context: YearContext, state: State) -> pl.DataFrame:
    """Return this year's leavers who own something.

    Who goes on repaying a loan stays in the plan, for the payments go into the account.
    """
    last = state.people["termination_date"].to_numpy()
    gone = (last >= np.datetime64(year_start(context.year))) & (last <= np.datetime64(year_end(context.year)))
    gone[rows_of(state.people, state.loans)[np.isnat(state.loans["end_date"].to_numpy())]] = False
    leavers = with_vested(state.people[_READ][np.flatnonzero(gone)])
    return leavers[np.flatnonzero(amounts(leavers, OWNED).sum(axis=1) > 0)]


def _treated(context: YearContext, leavers: pl.DataFrame) -> pl.DataFrame:
    """Return who is paid, with the ``event_type`` of what they get, its ``reason``, rule, chance and draw.

    Death pays beneficiaries. One draw says who asks for cash, who for a rollover; those who ask for nothing
    are paid out all the same up to the limits of rules.cash_out. Everybody else's money stays.
    """
    ways = context.scenario.plan.distributions
    cash, rollover = float(ways.cash_out_rate), float(ways.rollover_rate)
    limit = min(cents(ways.force_out_limit), cash_out_limit_cents(context.year))
    forced = treatment(amounts(leavers, OWNED).sum(axis=1), limit, cents(ways.cash_limit))
    draw = uniform(leavers, Purpose.PAYOUT, context.year).alias("draw")
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
    return leavers[paid].hstack([*found, draw[paid]])


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


def _events(paid: pl.DataFrame, kind: str, on: date) -> pl.DataFrame:
    some = paid.filter(paid["event_type"] == kind)
    owned, chance = amounts(some, OWNED), some["chance"].to_numpy()
    return decided(
        some.hstack(by_source(owned)),
        kind,
        rule=some["rule"],
        amount=owned.sum(axis=1),
        probability=chance,
        draw=np.where(np.isnan(chance), np.nan, some["draw"].to_numpy()),
        effective_date=on,
    )


def _nothing_left(paid: pl.DataFrame, on: date) -> pl.DataFrame:
    """Return that nothing is owned of what stays behind until it is forfeited after five breaks."""
    behind = np.flatnonzero((amounts(paid, BALANCES) > amounts(paid, OWNED)).any(axis=1))
    rule, nothing = "plan.forfeitures.timing", dict.fromkeys(VESTED, 0)
    return decided(paid[behind], "vesting", rule=rule, effective_date=on, **nothing)
