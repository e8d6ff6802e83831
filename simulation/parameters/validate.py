"""What ``planwise validate`` says about scenario files: every problem and every note of each, none hidden."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from simulation.errors import Problem
from simulation.parameters.resolve import resolve


@dataclass(frozen=True, slots=True)
class Report:
    """One scenario: its name and digest if it can be used, what is wrong, and what may surprise."""

    path: str
    name: str | None
    digest: str | None
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """Say whether the scenario can be run."""
        return not self.problems


def validate_files(
    paths: Iterable[str | Path],
    set: Sequence[str] = (),  # noqa: A002 - the option's name
    years: tuple[int, int] | None = None,
) -> list[Report]:
    """Return a report on each scenario, in order; the settings are laid over every one of them."""
    return [_report(str(path), set, years) for path in paths]


def _report(path: str, settings: Sequence[str], years: tuple[int, int] | None) -> Report:
    resolution = resolve(path, settings, years)
    scenario = resolution.scenario
    if scenario is None:
        return Report(path, None, None, resolution.problems, ())
    return Report(path, scenario.name, scenario.digest, (), tuple(scenario.notes()))
