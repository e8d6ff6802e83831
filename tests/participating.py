"""Years of a plan in which people only take part: who enters, joins, is raised and changes, by the engines.

The workforce stands still but for stated events; no money moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

import polars as pl

from simulation.census import Census
from simulation.context import YearContext
from simulation.engines import deferral_change, eligibility, enrollment, escalation, hours
from simulation.evolve import evolve, open_year
from simulation.genesis import genesis
from simulation.parameters import Scenario
from simulation.run import contexts
from simulation.state import State
from tests.plan_years import Stated, frames
from tests.populations import scenario_of

ENGINES: Final = (hours, eligibility, enrollment, escalation, deferral_change)

STILL: Final = {
    "plan.auto_enrollment.opt_out_rate": 0,
    "plan.auto_enrollment.withdrawal_rate": 0,
    "plan.enrollment.first_year_rate": 0,
    "plan.enrollment.long_run_rate": 0,
    "plan.enrollment.change_of_mind_rate": 0,
    "plan.deferral.raise_rate": 0,
    "plan.deferral.lower_rate": 0,
    "plan.deferral.stop_rate": 0,
    "plan.escalation.refusal_rate": 0,
}
"""Nobody chooses anything unless a test asks for it; the plan sweeps and escalates."""


@dataclass(frozen=True)
class Lived:
    """A year of participation: what was decided, and the state at its end."""

    year: int
    events: Mapping[str, pl.DataFrame]
    state: State


def live(
    census: Census,
    values: Mapping[str, Any] | None = None,
    *,
    years: tuple[int, int] = (2025, 2025),
    stated: Sequence[Stated] = (),
    seeds: Sequence[int] = (42,),
) -> list[Lived]:
    """Return the years of a census in a plan: stated events first, then those of the engines in turn."""
    return list(years_of(scenario_of({**(values or {})}, years=years), census, stated, seeds))


def years_of(
    scenario: Scenario, census: Census, stated: Sequence[Stated], seeds: Sequence[int]
) -> Iterator[Lived]:
    """Yield the years of a scenario's plan one after another."""
    start = genesis(census.frame, census.as_of, scenario.horizon.start_year - 1, list(seeds))
    state = start.state
    for context in contexts(scenario, census, list(seeds)):
        state = open_year(state, context.year)
        for one in stated:
            if one[2].year == context.year:
                state = evolve(state, frames(state, [one]), context.year)
        state, events = _decided(context, state)
        yield Lived(context.year, events, state)


def _decided(context: YearContext, state: State) -> tuple[State, dict[str, pl.DataFrame]]:
    found: dict[str, list[pl.DataFrame]] = {}
    for engine in ENGINES:
        events = engine.decide(context, state)
        state = evolve(state, events, context.year)
        for event_type, frame in events.items():
            found.setdefault(event_type, []).append(frame)
    return state, {event_type: pl.concat(parts) for event_type, parts in found.items()}


def events_of(lived: Sequence[Lived], event_type: str) -> pl.DataFrame:
    """Return one type's events over all years, by day."""
    return pl.concat([one.events[event_type] for one in lived if event_type in one.events]).sort(
        "seed", "effective_date", "person"
    )


def story(lived: Sequence[Lived], employee: str) -> list[tuple[Any, ...]]:
    """Return what happened to an employee, by day: type, day, and both rates where they are elected."""
    told = chain.from_iterable(
        (
            (row["effective_date"], event_type, row.get("pre_tax_rate_bp"), row.get("roth_rate_bp"))
            for row in frame.filter(pl.col("employee_id") == employee).iter_rows(named=True)
        )
        for one in lived
        for event_type, frame in one.events.items()
        if event_type != "hours"
    )
    return [(kind, day, *rates) for day, kind, *rates in sorted(told, key=lambda row: row[:2])]
