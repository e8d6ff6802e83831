"""Headcount arithmetic: the closing target, and the exits and hires to expect on the way there.

All of it is one row a seed. Asked turnover T means: exits of the year = T x mean of opening and closing
headcount, the exits of new hires included; layoffs come on top.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simulation.dates import year_start
from simulation.hazards import mean_hire_year_exit
from simulation.rules.rounding import half_up

if TYPE_CHECKING:
    from simulation.context import YearContext
    from simulation.rng import Words
    from simulation.rules.rounding import Whole
    from simulation.state import State


class Counts(NamedTuple):
    """People by seed, sorted: at the year's opening, laid off since, and present (less all exits so far)."""

    seed: Words
    opening: Whole
    layoffs: Whole
    present: Whole


def opening(context: YearContext, state: State) -> Counts:
    """Return the counts of the year so far."""
    seeds = np.sort(np.array(context.seeds, dtype=np.uint64))
    people = state.people
    opened = people["opened_year"].to_numpy()
    last_day = people["termination_date"].to_numpy()
    present = opened & np.isnat(last_day)
    gone = np.flatnonzero(opened & (last_day >= np.datetime64(year_start(context.year)))).astype(np.uint32)
    laid_off = gone[(people["termination_reason"][gone] == "layoff").to_numpy()]
    ends = np.searchsorted(people["seed"].to_numpy(), seeds, side="right")
    upto = [
        np.searchsorted(rows, ends) for rows in (np.flatnonzero(opened), laid_off, np.flatnonzero(present))
    ]
    return Counts(seeds, *(np.diff(rows, prepend=0) for rows in upto))


def target(context: YearContext, counts: Counts) -> Whole:
    """Return the closing headcount aimed at: the path's, or what the path's growth makes of those here.

    Positions that are laid off are not filled again: the path goes on from what is left of it.
    """
    before, after = context.planned
    growth = context.scenario.workforce.growth
    if context.year in (growth.headcount_path or {}):
        return np.full_like(counts.opening, after)
    return half_up((counts.opening - counts.layoffs) * after, max(before, 1))


def expected_exits(context: YearContext, counts: Counts, rehires: dict[int, float]) -> dict[int, float]:
    """Return how many of the people present should leave by seed, for the asked total rate.

    ``counts`` is from ``opening``; ``rehires`` are the expected ones. With N hires of whom a share q leaves,
    and X exits of people present: X + qN = T (O + C) / 2 and C = P - X + R + (1 - q) N. Where N is free,
    C is the target; where N is held at nought or at the limit, C follows.
    """
    workforce = context.scenario.workforce
    asked = float(workforce.termination.total_rate or 0)
    most = math.inf if workforce.hiring.limit is None else float(workforce.hiring.limit)
    q = mean_hire_year_exit(context, context.profile)
    exits = {}
    rows = (counts.seed, counts.opening, counts.present, target(context, counts))
    for seed, opened, present, aim in zip(*(column.tolist() for column in rows), strict=True):
        back = rehires[seed]
        all_exits = asked * (opened + aim) / 2
        free = aim - present - back + all_exits
        hires = min(max(free, 0.0), max(most - back, 0.0))
        held = (asked / 2 * (opened + present + back + (1 - q) * hires) - q * hires) / (1 + asked / 2)
        exits[seed] = max(all_exits - q * hires if hires == free else held, 0.0)
    return exits
