"""When employer money is lost: by leavers who have not earned it, and with the deferrals that it matched.

Code sections 411(a)(3)(D) and (6)(C), 414(w)(3)(B).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.balances import BALANCES, VESTED, balance, with_vested
from simulation.dates import year_end
from simulation.engines.decided import decided
from simulation.events import empty
from simulation.events.sources import EMPLOYER, SOURCES, Source
from simulation.permissible import NEEDED, taken_back
from simulation.rules.forfeiture import fifth_break_end_after
from simulation.state import IDENTITY, employed, left_in
from simulation.units import BP

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
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
    gone = with_vested(state.people[list(_READ)].filter(_GONE))
    lost = (
        gone.lazy()
        .with_columns(
            reason=pl.when(_paid_out(context))
            .then(pl.lit("unvested_termination"))
            .when(_broken(context))
            .then(pl.lit("break_in_service")),
            effective_date=pl.lit(year_end(context.year)),
        )
        .filter(pl.col("reason").is_not_null())
        .collect()
    )
    return {"forfeiture": pl.concat([_by_source(lost), _taken_back(context, state)])}


_GONE: Final = pl.col("termination_date").is_not_null() & (
    pl.sum_horizontal(f"balance_{source}_cents" for source in EMPLOYER) > 0
)


def _taken_back(context: YearContext, state: State) -> pl.DataFrame:
    """Return the match on default contributions that were taken back this year, vested or not.

    Who is in the window of the first enrolment has no other match. Leavers forfeit as leavers do.
    """
    asked = state.people[[*IDENTITY, *NEEDED, "balance_match_cents", "vested_match_bp"]]
    takers = taken_back(context, asked).filter(employed() & (balance("match") > 0))
    if takers.is_empty():
        return empty("forfeiture")
    return decided(
        takers.with_columns(
            effective_date=pl.lit(year_end(context.year)),
            forfeited_from_source=pl.lit(Source.MATCH.value),
            reason=pl.lit("permissible_withdrawal"),
            vested_percentage_bp=pl.col("vested_match_bp"),
        ),
        "forfeiture",
        rule="plan.auto_enrollment.withdrawal_rate",
        amount=balance("match"),
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


def _by_source(lost: pl.DataFrame) -> pl.DataFrame:
    """Return the forfeitures source by source; after a payout all that is left, else what is not vested."""
    left = (lost["reason"] == "unvested_termination").to_numpy()
    distributed = lost["year_distributed_cents"].to_numpy() > 0
    vested = lost[list(VESTED)].to_numpy().T
    held, owned = (
        lost[[f"{name}_{source}_cents" for source in EMPLOYER]].to_numpy().T for name in ("balance", "owned")
    )
    forfeited = held - np.where(left & distributed, 0, owned)
    source, row = np.nonzero((vested < BP) & (forfeited > 0))
    deemed = (left & ~distributed).astype(np.int64)
    return decided(
        lost[["seed", "person", "employee_id", "effective_date", "reason"]][row].hstack(
            [
                pl.Series("forfeited", forfeited[source, row]),
                pl.Series("forfeited_from_source", [Source[name.upper()].value for name in EMPLOYER])[source],
                pl.Series("vested_percentage_bp", vested[source, row]),
                pl.Series("rule", ["plan.forfeitures.timing", "plan.forfeitures.deemed_cash_out"])[
                    deemed[row]
                ],
            ]
        ),
        "forfeiture",
        rule=pl.col("rule"),
        amount=pl.col("forfeited"),
    )
