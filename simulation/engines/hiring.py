"""How many requisitions the year opens, and whom they bring.

``exact`` opens slots in order until those who will still be there at year end meet the target: a slot's
fate is a known function of the seed. ``expected`` opens the number that would meet it on average.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from simulation import headcount, slots
from simulation.engines.decided import decided
from simulation.hazards import hire_year_exit, mean_hire_year_exit
from simulation.rng import Purpose, uniform, uniform_array
from simulation.state import employed, hired_in_year

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.state import State


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return the hires of the year, one a slot opened."""
    places = _places(context, state)
    opened = (_until_enough if context.scenario.workforce.growth.mode == "exact" else _counted)(
        context, places
    )
    mode = context.scenario.workforce.growth.mode
    known = state.people.group_by("seed").agg(known=pl.len())
    numbered = opened.join(known, on="seed", how="left", maintain_order="left").with_columns(
        person=pl.col("known").fill_null(0) + pl.int_range(pl.len()).over("seed"),
        effective_date="hire_date",
    )
    return {
        "hire": decided(
            numbered,
            "hire",
            rule=f"workforce.growth.{mode}",
            amount=pl.col("annual_compensation_cents"),
        )
    }


def _places(context: YearContext, state: State) -> pl.DataFrame:
    """Return by seed how many must stay (``needed``) and how many slots may be opened (``limit``)."""
    back = state.people.group_by("seed").agg(rehires=(hired_in_year() & employed()).sum().cast(pl.Int64))
    limit = context.scenario.workforce.hiring.limit
    most = pl.lit(2**31 if limit is None else limit, dtype=pl.Int64)
    return (
        headcount.opening(context, state)
        .join(back, on="seed", how="left", maintain_order="left")
        .with_columns(pl.col("rehires").fill_null(0))
        .with_columns(
            needed=pl.max_horizontal(
                headcount.target(context) - pl.col("present") - pl.col("rehires"), pl.lit(0)
            ),
            limit=pl.max_horizontal(most - pl.col("rehires"), pl.lit(0)),
        )
    )


def _until_enough(context: YearContext, places: pl.DataFrame) -> pl.DataFrame:
    """Return slots in order until as many as are needed stay to the year's end.

    This ends: a hire of December stays with a fair chance under every rate that a scenario may ask for.
    """
    needed, limit = _most(places, "needed"), _most(places, "limit")
    count = min(math.ceil(needed * 1.5) + 8, limit)
    while True:
        drawn = _with_fate(context, count)
        stayed = (~pl.col("leaves")).cum_sum().over("seed").cast(pl.Int64) - (~pl.col("leaves"))
        chosen = drawn.join(places, on="seed", maintain_order="left").filter(
            (stayed < pl.col("needed")) & (pl.col("order") < pl.col("limit"))
        )
        if count >= limit or _all_met(drawn, places):
            return chosen
        count = min(count * 2, limit)


def _with_fate(context: YearContext, count: int) -> pl.DataFrame:
    people = slots.people(context, count)
    draw = uniform(people, Purpose.HIRE_EXIT, context.year).to_numpy()
    return people.hstack([pl.Series("leaves", draw < hire_year_exit(context, people))])


def _all_met(drawn: pl.DataFrame, places: pl.DataFrame) -> bool:
    stay = drawn.group_by("seed").agg(stay=(~pl.col("leaves")).sum())
    met = places.join(stay, on="seed", how="left").select(pl.col("stay").fill_null(0) >= pl.col("needed"))
    return bool(met.to_series().all())


def _counted(context: YearContext, places: pl.DataFrame) -> pl.DataFrame:
    """Return the slots that meet the target on average, a fraction of one settled by a draw."""
    stay = 1.0 - mean_hire_year_exit(context, context.profile)
    draw = uniform_array(places["seed"].to_numpy(), Purpose.HIRE_COUNT, context.year, 0)
    wanted = (pl.col("needed") * (1 / stay) + pl.lit(pl.Series(draw))).floor().cast(pl.Int64)
    rows = places.with_columns(wanted=pl.min_horizontal(wanted, pl.col("limit")))
    people = slots.people(context, _most(rows, "wanted"))
    return people.join(rows, on="seed", maintain_order="left").filter(pl.col("order") < pl.col("wanted"))


def _most(places: pl.DataFrame, column: str) -> int:
    return int(places[column].max() or 0)  # type: ignore[arg-type]
