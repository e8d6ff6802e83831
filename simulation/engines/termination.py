"""Who leaves among those there when the year opens: turnover, retirement, disability and death.

Hazards compete: one draw decides whether somebody leaves, a second one why, a third one when.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from simulation import hazards, headcount
from simulation.dates import day_in
from simulation.engines.decided import decided
from simulation.rehiring import expected_rehires
from simulation.rng import Purpose, uniform, uniforms
from simulation.state import IDENTITY, employed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.hazards import Floats
    from simulation.state import State

REASONS = ("death", "disability", "retirement", "involuntary", "voluntary")
"""In the order in which the second draw passes them."""

_READ = [*IDENTITY, "birth_date", "service_date", "job_level", "termination_date", "opened_year"]
"""What is read of the people: only this is copied when they are filtered."""

_PRESENT = employed() & pl.col("opened_year")


class Hazards(NamedTuple):
    """What may end each person's job this year, as yearly chances before scaling."""

    death: Floats
    disability: Floats
    retirement: Floats
    turnover: Floats

    @property
    def other(self) -> Floats:
        """Return the chance of leaving for what is no turnover."""
        return np.clip(self.death + (self.disability + self.retirement), 0.0, 1.0)

    def of(self, rows: hazards.Rows) -> Hazards:
        """Return the hazards of some of the people."""
        return Hazards(*(getattr(self, name)[rows] for name in Hazards._fields))


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return the terminations of people who were there on 1 January and are not laid off."""
    year, termination = context.year, context.scenario.workforce.termination
    people = state.people[_READ].filter(_PRESENT)
    hazard = Hazards(*hazards.other_exits(context, people), hazards.turnover(context, people))
    chance = _chance(context, state, people["seed"], hazard)
    draw = uniform(people, Purpose.TERMINATION, year).to_numpy()
    gone = np.flatnonzero(draw < chance).astype(np.uint32)
    leavers = people[list(IDENTITY)][gone]
    why, when = uniforms(leavers, (Purpose.TERMINATION_REASON, Purpose.TERMINATION_DATE), year)
    reasons = _reasons(why, chance[gone], hazard.of(gone), float(termination.involuntary_share))
    return {
        "termination": decided(
            leavers,
            "termination",
            rule=_RULE[reasons],
            probability=chance[gone],
            draw=draw[gone],
            effective_date=day_in(year, when, tuple(termination.month_weights)),
            reason=_REASON[reasons],
        )
    }


_REASON = pl.Series("reason", REASONS, dtype=pl.Categorical)
_RULE = pl.Series("rule", [f"workforce.termination.{reason}" for reason in REASONS], dtype=pl.Categorical)


def _chance(context: YearContext, state: State, seeds: pl.Series, hazard: Hazards) -> Floats:
    """Return each person's chance of leaving: as the tables stand, or scaled, seed by seed."""
    if context.scenario.workforce.termination.total_rate is None:
        return np.clip(hazard.turnover + hazard.other, 0.0, 1.0)
    counts = headcount.opening(context, state)
    by_seed = headcount.expected_exits(context, counts, expected_rehires(context, state))
    in_order = sorted(context.seeds)
    begins = np.searchsorted(seeds.to_numpy(), np.array(in_order[1:], dtype=np.uint64))
    parts = zip(in_order, np.split(hazard.turnover, begins), np.split(hazard.other, begins), strict=True)
    return np.concatenate([hazards.scaled(turnover, other, by_seed[seed]) for seed, turnover, other in parts])


def _reasons(draw: Floats, chance: Floats, hazard: Hazards, involuntary_share: float) -> hazards.Rows:
    """Return the places in ``REASONS`` of why people left: in proportion to their hazards.

    Where the asked total is below retirement, disability and death together, these share it alone.
    """
    death, disability, retirement, other = hazard.death, hazard.disability, hazard.retirement, hazard.other
    point = draw * np.maximum(chance, other)
    involuntary = involuntary_share * np.maximum(chance - other, 0.0)
    ends = (
        death,
        death + disability,
        death + (disability + retirement),
        (death + disability) + (retirement + involuntary),
    )
    passed = np.stack([point < end for end in ends] + [np.ones(len(point), dtype=bool)])
    reasons: hazards.Rows = passed.argmax(axis=0).astype(np.uint32)
    return reasons
