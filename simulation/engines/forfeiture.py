"""When employer money is lost: by leavers who have not earned it, and with the deferrals that it matched.

Code sections 411(a)(3)(D) and (6)(C), 414(w)(3)(B).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.balances import BALANCES, VESTED, amounts, with_vested
from simulation.dates import year_end
from simulation.engines.decided import decided
from simulation.events.sources import EMPLOYER, SOURCES, Source
from simulation.permissible import taken_back
from simulation.rules.forfeiture import fifth_break_end_after
from simulation.state import left_in
from simulation.units import BP

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.rules.rounding import Truths
    from simulation.state import State

_READ: Final = (
    *("seed", "person", "employee_id", "termination_date", "year_distributed_cents"),
    *BALANCES,
    *VESTED,
)


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return what is forfeited on 31 December, source by source.

    On distribution of the whole vested balance, which for people with nothing vested may be deemed to have
    happened; else when the fifth one-year break ends, all of what is not vested.
    """
    if not context.scenario.plan.enabled:
        return {}
    money = amounts(state.people, _EMPLOYER).sum(axis=1) > 0
    gone = state.people[_READ][np.flatnonzero(money & ~np.isnat(state.people["termination_date"].to_numpy()))]
    gone = with_vested(gone)
    paid_out, broken = (
        column.to_numpy() for column in gone.select(paid_out=_paid_out(context), broken=_broken(context))
    )
    lost = np.flatnonzero(paid_out | broken)
    left = _by_source(context, gone[lost], paid_out[lost])
    return {"forfeiture": pl.concat([left, _taken_back(context, state)])}


_EMPLOYER: Final = tuple(f"balance_{source}_cents" for source in EMPLOYER)


def _taken_back(context: YearContext, state: State) -> pl.DataFrame:
    """Return the match on default contributions that were taken back this year, vested or not.

    Who is in the window of the first enrolment has no other match. Leavers forfeit as leavers do.
    """
    people = state.people[_TAKEN_BACK][taken_back(context, state.people).row]
    matched = np.isnat(people["termination_date"].to_numpy()) & (people["balance_match_cents"].to_numpy() > 0)
    takers = people[np.flatnonzero(matched)]
    return decided(
        takers,
        "forfeiture",
        rule="plan.auto_enrollment.withdrawal_rate",
        amount=takers["balance_match_cents"],
        effective_date=year_end(context.year),
        forfeited_from_source=Source.MATCH.value,
        reason="permissible_withdrawal",
        vested_percentage_bp=takers["vested_match_bp"],
    )


_TAKEN_BACK: Final = (
    *("seed", "person", "employee_id", "termination_date", "balance_match_cents", "vested_match_bp"),
)


def _paid_out(context: YearContext) -> pl.Expr:
    """Tell who got the whole vested balance this year, or had none and counts as paid out."""
    forfeitures = context.scenario.plan.forfeitures
    nothing_owned = pl.sum_horizontal(f"owned_{source}_cents" for source in SOURCES) == 0
    deemed = nothing_owned & (pl.col("year_distributed_cents") == 0) & forfeitures.deemed_cash_out
    paid = pl.col("year_distributed_cents") > 0
    return left_in(context.year) & (paid | deemed) & (forfeitures.timing == "distribution")


def _broken(context: YearContext) -> pl.Expr:
    """Tell whose fifth break ends this year: five years after that of the last day of work."""
    ends = fifth_break_end_after(pl.col("termination_date").dt.year())
    return ends == pl.lit(year_end(context.year))


def _by_source(context: YearContext, lost: pl.DataFrame, left: Truths) -> pl.DataFrame:
    """Return the forfeitures source by source; after a payout all that is left, else what is not vested.

    ``left`` is who forfeits as a leaver; of all others a fifth break has ended.
    """
    distributed = lost["year_distributed_cents"].to_numpy() > 0
    vested = lost[list(VESTED)].to_numpy().T
    held, owned = (
        lost[[f"{name}_{source}_cents" for source in EMPLOYER]].to_numpy().T for name in ("balance", "owned")
    )
    forfeited = held - np.where(left & distributed, 0, owned)
    source, row = np.nonzero((vested < BP) & (forfeited > 0))
    deemed = left & ~distributed
    return decided(
        lost[["seed", "person", "employee_id"]][row],
        "forfeiture",
        rule=_RULES[deemed[row].astype(np.uint32)],
        amount=forfeited[source, row],
        effective_date=year_end(context.year),
        forfeited_from_source=_SOURCES[source],
        reason=_REASONS[left[row].astype(np.uint32)],
        vested_percentage_bp=vested[source, row],
    )


_RULES: Final = pl.Series(["plan.forfeitures.timing", "plan.forfeitures.deemed_cash_out"])
_REASONS: Final = pl.Series(["break_in_service", "unvested_termination"])
_SOURCES: Final = pl.Series([Source[name.upper()].value for name in EMPLOYER])
