"""The plan years of sealed runs as tests look at them, folded from their events and year-end tables."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TypeAlias

from simulation.compliance import PlanYear
from simulation.errors import PlanWiseError, Problem, QueryError, StoreError
from simulation.parameters import Scenario
from simulation.parameters.restored import restored
from simulation.query.plan_log import PlanLog
from simulation.query.reading import reading
from simulation.query.together import Member, Together
from simulation.store import Store, open_store
from simulation.store.engine import Engine

Years: TypeAlias = list[PlanYear]


def plan_years(store: Store | str | Path, *, last: int | None = None) -> Years:
    """Return the plan years of a run in order, each with the one before it, up to a last one.

    Raises:
        QueryError: the run kept too little (``output.keep: full`` keeps all that tests need), or it does not
            have the last year.
        ScenarioError: the run's scenario is of another version.
    """
    with reading(store) as opened:
        scenario, manifest = _scenario(opened), opened.manifest
        if last is not None and not manifest.start_year <= last <= manifest.end_year:
            problem = Problem("year", str(last), f"{manifest.start_year} to {manifest.end_year}")
            raise QueryError("the run does not have this year", problems=[problem])
        (years,) = _folded([Member(opened, last or manifest.end_year)], [scenario])
        return years


def plan_years_of(stores: Sequence[Path]) -> list[Years | PlanWiseError]:
    """Return what ``plan_years`` returns, or the error that it raises, of each of some stores.

    They are read together, which takes a fraction of the time where they are small.
    """
    try:
        return _read(stores)
    except StoreError as error:  # one of them is damaged, which may have broken the engine for the others
        if len(stores) == 1:
            return [error]
        return [plan_years_of([store])[0] for store in stores]


def _read(stores: Sequence[Path]) -> list[Years | PlanWiseError]:
    found: dict[int, Years | PlanWiseError] = {}
    with Engine(stores, threads=1) as engine, ExitStack() as opened:
        members, scenarios = dict[int, Member](), list[Scenario]()
        for number, path in enumerate(stores):
            try:
                store = opened.enter_context(open_store(path, engine=engine))
                scenarios.append(_scenario(store))
                members[number] = Member(store, store.manifest.end_year)
            except PlanWiseError as error:
                found[number] = error
        found |= zip(members, _folded([*members.values()], scenarios), strict=True)
    return [found[number] for number in range(len(stores))]


def _scenario(store: Store) -> Scenario:
    """Return the scenario of a run that kept enough.

    Raises:
        QueryError: the run kept too little.
        ScenarioError: the run's scenario is of another version.
    """
    store.require("event_contribution")
    return restored(store.manifest.scenario_json, store.manifest.scenario_digest)


def _folded(members: Sequence[Member], scenarios: Sequence[Scenario]) -> list[Years]:
    """Return the plan years of each run."""
    if not members:
        return []
    log, found = PlanLog(Together(members)), [Years() for _ in scenarios]
    for step in range(max(len(member.years) for member in members)):
        everybody = log.people(step)
        for run, member in enumerate(members):
            if step < len(member.years):
                before = found[run][-1] if step else None
                found[run].append(PlanYear(member.years[step], everybody[run], scenarios[run], before))
    return found
