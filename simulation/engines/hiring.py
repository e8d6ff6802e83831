"""How many requisitions the year opens, and whom they bring.

``exact`` opens slots in order until those who will still be there at year end meet the target: a slot's
fate is a known function of the seed. ``expected`` opens the number that would meet it on average.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from simulation import headcount, slots
from simulation.engines.decided import decided
from simulation.hazards import hire_year_exit, mean_hire_year_exit
from simulation.rng import Purpose, uniform, uniform_array
from simulation.state import employed, hired_in_year

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.rng import Words
    from simulation.rules.rounding import Truths, Whole
    from simulation.state import State


class Places(NamedTuple):
    """By seed, sorted: how many must stay (``needed``) and how many slots may be opened (``limit``)."""

    needed: Whole
    limit: Whole


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return the hires of the year, one a slot opened."""
    mode = context.scenario.workforce.growth.mode
    opened = (_until_enough if mode == "exact" else _counted)(context, _places(context, state))
    known, seeds = state.people["seed"].to_numpy(), opened["seed"].to_numpy()
    begin, end = (np.searchsorted(known, seeds, side=side) for side in ("left", "right"))
    nth = np.arange(len(seeds)) - np.searchsorted(seeds, seeds)
    return {
        "hire": decided(
            opened,
            "hire",
            rule=f"workforce.growth.{mode}",
            amount=opened["annual_compensation_cents"],
            person=end - begin + nth,
            effective_date=opened["hire_date"],
            performance_rating=None,
            employee_class="regular",
        )
    }


def _places(context: YearContext, state: State) -> Places:
    counts = headcount.opening(context, state)
    limit = context.scenario.workforce.hiring.limit
    came = state.people.select(hired_in_year() & employed()).to_series().to_numpy()
    rehires = _by_seed(context, state.people["seed"].to_numpy()[came])
    needed = headcount.target(context, counts) - counts.present - rehires
    most = np.full_like(rehires, 2**31 if limit is None else limit)
    return Places(np.maximum(needed, 0), np.maximum(most - rehires, 0))


def _by_seed(context: YearContext, seeds: Words) -> Whole:
    """Return how many of sorted seeds are each seed of the batch."""
    ends = np.searchsorted(seeds, np.sort(np.array(context.seeds, dtype=np.uint64)), side="right")
    return np.diff(ends, prepend=0)


def _until_enough(context: YearContext, places: Places) -> pl.DataFrame:
    """Return slots in order until as many as are needed stay to the year's end.

    This ends: a hire of December stays with a fair chance under every rate that a scenario may ask for.
    """
    needed, limit = places.needed[:, None], int(places.limit.max())
    count = min(math.ceil(int(needed.max()) * 1.5) + 8, limit)
    while True:
        people = slots.people(context, count)
        stays = _stays(context, people).reshape(len(needed), count)
        upto = np.cumsum(stays, axis=1)
        chosen = (upto - stays < needed) & (np.arange(count) < places.limit[:, None])
        if count >= limit or (upto[:, -1:] >= needed).all():
            return people[np.flatnonzero(chosen)]
        count = min(count * 2, limit)


def _stays(context: YearContext, people: pl.DataFrame) -> Truths:
    """Tell who of the people of some slots stays to the year's end."""
    draw = uniform(people, Purpose.HIRE_EXIT, context.year).to_numpy()
    return np.asarray(draw >= hire_year_exit(context, people))


def _counted(context: YearContext, places: Places) -> pl.DataFrame:
    """Return the slots that meet the target on average, a fraction of one settled by a draw."""
    stay = 1.0 - mean_hire_year_exit(context, context.profile)
    draw = uniform_array(sorted(context.seeds), Purpose.HIRE_COUNT, context.year, 0)
    wanted = np.minimum(np.floor(places.needed * (1 / stay) + draw).astype(np.int64), places.limit)
    count = int(wanted.max())
    return slots.people(context, count)[np.flatnonzero(np.arange(count) < wanted[:, None])]
