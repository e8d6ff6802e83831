"""A run: genesis, then one year after another, for one seed or a batch of seeds at once.

The main path in one screen: ``run`` -> ``live`` a year -> the phases -> ``evolve``. It yields records and
keeps nothing; writing them is the store's business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, Self, TypeAlias

import polars as pl

from simulation.context import YearContext, base_bands, growth_path, structure_index, with_index
from simulation.errors import PlanWiseError, Problem, ScenarioError
from simulation.genesis import Genesis, genesis
from simulation.parameters import effective_parameters
from simulation.profile import hiring_profile
from simulation.quality.attributes import of_census
from simulation.state import State
from simulation.year import LivedYear, YearRecord, live

if TYPE_CHECKING:
    from simulation.census import Census
    from simulation.parameters import Scenario

Live: TypeAlias = Callable[[YearContext, State, pl.DataFrame], LivedYear]
"""What lives a year after a state, given the next event sequence of each seed."""


class Reached(NamedTuple):
    """How far a run has come: the last year that was lived, the state that it left, the next event numbers.

    ``next_sequence`` has one row a seed (``seed``, ``next``). It is all that the next year needs of the past.
    """

    year: int
    state: State
    next_sequence: pl.DataFrame

    @classmethod
    def by(cls, start: Genesis) -> Self:
        """Return how far genesis brings a run."""
        return cls(start.year, start.state, start.next_sequence)


def joined(reached: Sequence[Reached]) -> Reached:
    """Return how far several seeds have come that all have reached the same year, in the order of seeds."""
    states = [one.state for one in reached]
    frames = [pl.concat([getattr(state, name) for state in states]) for name in State.__slots__]
    following = pl.concat([one.next_sequence for one in reached])
    return Reached(reached[0].year, State(*frames), following)


def run(scenario: Scenario, census: Census, seeds: Sequence[int]) -> Iterator[YearRecord]:
    """Yield the record of genesis and of each year of the horizon, every seed of the batch in each frame.

    A seed's part of a batch equals the run of that seed alone, event for event.

    Raises:
        ScenarioError: the horizon opens before the census was taken.
        InvariantError: a year broke a promise of the model.
    """
    return (record() for record in tellings(scenario, census, seeds))


def tellings(
    scenario: Scenario,
    census: Census,
    seeds: Sequence[int],
    reached: Reached | None = None,
    live: Live = live,
) -> Iterator[Callable[[], YearRecord]]:
    """Yield what makes each record of a run, as soon as its year is lived: it may be called beside the next.

    A run that has ``reached`` a year goes on with the next one, without genesis. ``live`` is who lives the
    years. Raises as ``run``; a promise that a year broke is found by the call.
    """
    if reached is None:
        first = begun(scenario, census, seeds)
        yield first.record
        reached = Reached.by(first)
        del first
    years = lives(scenario, census, seeds, reached, live)
    del reached
    for year in years:
        yield year.record


def begun(scenario: Scenario, census: Census, seeds: Sequence[int]) -> Genesis:
    """Return the genesis of a run.

    Raises:
        ScenarioError: the horizon opens before the census was taken.
    """
    _refuse_late_census(scenario, census)
    return genesis(census.frame, census.as_of, scenario.horizon.start_year - 1, seeds)


def lives(
    scenario: Scenario, census: Census, seeds: Sequence[int], reached: Reached, live: Live = live
) -> Iterator[LivedYear]:
    """Yield the years after the one that a run has reached, each as it is over."""
    last, state, next_sequence = reached.year, reached.state, reached.next_sequence
    del reached
    for context in contexts(scenario, census, seeds):
        if context.year <= last:
            continue
        try:
            year = live(context, state, next_sequence)
        except PlanWiseError as error:
            error.context.setdefault("scenario", scenario.name)
            raise
        yield year
        state, next_sequence = year.closed, year.following


def contexts(scenario: Scenario, census: Census, seeds: Sequence[int]) -> Iterator[YearContext]:
    """Yield what the phases of each year may know, the census's profile and bands worked out once."""
    full_time = scenario.workforce.hours.full_time_hours
    profile = hiring_profile(census.frame, full_time)
    bands = base_bands(scenario, census.frame, full_time)
    distributions = of_census(census.frame, census.as_of)
    levers, parameters = scenario.levers, effective_parameters(scenario)
    planned = pairwise(growth_path(scenario, census.frame.height))
    for year in range(scenario.horizon.start_year, scenario.horizon.end_year + 1):
        structure = structure_index(levers, year)
        yield YearContext(
            year=year,
            scenario=scenario,
            seeds=tuple(seeds),
            planned=next(planned),
            levers=levers.filter(pl.col("simulation_year") == year).drop("simulation_year"),
            bands=with_index(bands, structure) if scenario.compensation.bands.index_with_cola else bands,
            structure=structure,
            parameters=parameters.filter(pl.col("simulation_year") == year),
            profile=profile,
            census=distributions,
        )


def years_brought_forward(scenario: Scenario, census: Census) -> int:
    """Return the whole years between the census and the first simulated year, which nobody lives through.

    People arrive in the first year older and longer in service, with the pay and the colleagues of the
    census date: nobody was hired, left or got a raise in between.
    """
    return max(scenario.horizon.start_year - 1 - census.as_of.year, 0)


def _refuse_late_census(scenario: Scenario, census: Census) -> None:
    first = scenario.horizon.start_year
    if (census.as_of.year, census.as_of.month, census.as_of.day) > (first, 1, 1):
        problem = Problem(
            "horizon.start_year",
            f"{first}, but the census is of {census.as_of}",
            f"{census.as_of.year + 1} or later",
            f"ask for --years {census.as_of.year + 1}-{census.as_of.year + 5} or import with --as-of",
        )
        message = "the simulation would begin before its census was taken"
        raise ScenarioError(message, problems=[problem], scenario=scenario.name)
