"""A scenario at the points of a design: the same one with the levers set, under a short name of its own.

Knows scenarios and points; nothing of files or of running.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from simulation.errors import Problem, ScenarioError, SweepError
from simulation.parameters import Scenario
from simulation.sweep.design import Design
from simulation.sweep.names import at_point

_SHOWN: Final = 5
"""Points whose trouble is told one by one."""

_LONGEST_TITLE: Final = 180
"""Of a title, so that the name of the point has room behind it."""


def at_points(scenario: Scenario, design: Design | None) -> list[Scenario]:
    """Return a scenario at every point, in their order; itself before them if it is the reference, or alone.

    Raises:
        SweepError: values allowed one by one do not go together at some points, or with the scenario.
    """
    if design is None:
        return [scenario]
    made = [scenario] if design.reference else []
    failed: dict[str, ScenarioError] = {}
    for point, values in design.points.items():
        try:
            made.append(scenario.changed(_named(scenario, point, values)))
        except ScenarioError as error:
            failed[at_point(scenario.name, point)] = error
    if failed:
        raise _impossible(scenario, failed, len(design.points))
    return made


def _named(scenario: Scenario, point: str, values: Mapping[str, Any]) -> dict[str, Any]:
    title = f"{scenario.title[:_LONGEST_TITLE]} ({point})"
    return {**values, "name": at_point(scenario.name, point), "title": title}


def _impossible(scenario: Scenario, failed: Mapping[str, ScenarioError], points: int) -> SweepError:
    problems = [
        Problem(f"{name}: {problem.where}", problem.found, problem.allowed, problem.hint)
        for name, error in list(failed.items())[:_SHOWN]
        for problem in error.problems
    ]
    if len(failed) > _SHOWN:
        problems.append(Problem("", f"and {len(failed) - _SHOWN} more points"))
    message = f"{len(failed)} of {points} points of the design are not possible for {scenario.name!r}"
    return SweepError(message, problems=problems)
