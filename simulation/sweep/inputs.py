"""What the runs of a sweep share: scenarios resolved, census read; every problem of all of them at once.

Knows plans and how to open what they name; nothing of running.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from simulation.census import Census, read_census
from simulation.errors import PlanWiseError, Problem, SweepError
from simulation.parameters import Scenario, load_scenario
from simulation.parameters.places import demo_census
from simulation.sweep.at_points import at_points
from simulation.sweep.names import joined_name, name_problem, without_point
from simulation.sweep.plan import ScenarioChoice, SweepPlan


@dataclass(frozen=True, slots=True)
class Inputs:
    """What goes to every worker once."""

    scenarios: Mapping[str, Scenario]
    census: Census


def gather(plan: SweepPlan) -> Inputs:
    """Return the scenarios by name, in the plan's order, and the census.

    Raises:
        SweepError: what several inputs have wrong, or two scenarios of one name.
        ScenarioError: what the only bad scenario has wrong.
        CensusError: what the census has wrong, if no scenario has.
    """
    failures: list[PlanWiseError] = []
    scenarios: list[Scenario] = []
    for chosen in plan.scenarios:
        try:
            scenarios += at_points(_scenario(chosen, plan), plan.design)
        except PlanWiseError as error:
            failures.append(error)
    census = _census(plan, failures)
    if len(failures) == 1:
        raise failures[0]
    if failures or census is None:
        raise _several(failures)
    _refuse_name_clash(scenarios)
    return Inputs({scenario.name: scenario for scenario in scenarios}, census)


def sweep_name(plan: SweepPlan, inputs: Inputs) -> str:
    """Return the plan's name, or one made of the scenarios, whatever points they are run at."""
    return plan.name or joined_name(list(dict.fromkeys(map(without_point, inputs.scenarios))))


def _scenario(chosen: ScenarioChoice | Scenario, plan: SweepPlan) -> Scenario:
    settings = [*plan.set, *([f"output.keep={plan.keep}"] if plan.keep else [])]
    if isinstance(chosen, ScenarioChoice):
        return load_scenario(chosen.scenario, set=[*settings, *chosen.settings], years=plan.years)
    if settings or plan.years:
        hint = "give `set` and `years` to load_scenario, or name the scenario by its file"
        problem = Problem(chosen.name, "was loaded before, so the plan cannot change it", hint=hint)
        raise SweepError("the plan of the sweep contradicts itself", problems=[problem])
    return chosen


def _census(plan: SweepPlan, failures: list[PlanWiseError]) -> Census | None:
    if isinstance(plan.census, Census):
        return plan.census
    try:
        return read_census(plan.census or demo_census())
    except PlanWiseError as error:
        failures.append(error)
        return None


def _several(failures: list[PlanWiseError]) -> SweepError:
    told = (failure.problems or (Problem("", failure.message),) for failure in failures)
    problems = [problem for problems in told for problem in problems]
    return SweepError(f"{len(failures)} inputs of the sweep cannot be used", problems=problems)


def _refuse_name_clash(scenarios: list[Scenario]) -> None:
    counts = Counter(scenario.name for scenario in scenarios)
    hint = "give one of them a `name` in the sweep file"
    twice = [name for name, count in counts.items() if count > 1]
    problems = [Problem("scenarios", f"{name!r} is there {counts[name]} times", hint=hint) for name in twice]
    problems += [problem for name in counts if (problem := name_problem(name, "scenario name"))]
    if problems:
        raise SweepError("the scenarios of a sweep need names of their own", problems=problems)
