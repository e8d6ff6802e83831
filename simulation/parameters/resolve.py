"""From files and settings to a scenario: the chain of overlays, the settings, the levers, every problem.

A problem never hides another: a value that is wrong is put aside as if it were the baseline's, and what is
left is checked again until nothing new is found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from simulation.errors import Problem, ScenarioError
from simulation.parameters.chain import Source, read_chain
from simulation.parameters.levers import Levers
from simulation.parameters.levers_file import read_levers
from simulation.parameters.mistakes import Where, mistakes
from simulation.parameters.overlay import defaults, merge, nest
from simulation.parameters.places import display
from simulation.parameters.provenance import Layer, Provenance
from simulation.parameters.scenario import Scenario
from simulation.parameters.settings import given_settings, read_settings, years_setting

ROUNDS: Final = 8
"""Checks after putting wrong values aside; each finds what the one before it hid."""


class Resolution(NamedTuple):
    """What became of a scenario: itself if nothing was wrong, and every problem."""

    scenario: Scenario | None
    problems: tuple[Problem, ...]


def load_scenario(
    path: str | Path,
    set: Sequence[str] = (),  # noqa: A002 - the option's name
    years: tuple[int, int] | None = None,
) -> Scenario:
    """Return a resolved scenario: a file or shipped name with its overlays, ``key=value`` settings and years.

    Raises:
        ScenarioError: Something cannot be used; ``problems`` names everything that is wrong.
    """
    resolution = resolve(path, set, years)
    if resolution.scenario is None:
        count = len(resolution.problems)
        headline = f"The scenario cannot be used: {count} problem{'s' if count != 1 else ''}"
        raise ScenarioError(headline, problems=resolution.problems, scenario=str(path))
    return resolution.scenario


def resolve(
    path: str | Path, settings: Sequence[str] = (), years: tuple[int, int] | None = None
) -> Resolution:
    """Return a scenario or every problem that stands in its way."""
    try:
        sources, problems = read_chain(str(path))
    except ScenarioError as error:
        return Resolution(None, error.problems)
    given, wrong = read_settings(settings)
    over = [*given, *years_setting(years)]
    return _assemble(_Stack((*sources, *over)), [*problems, *wrong])


def change(scenario: Scenario, values: Mapping[str, Any], levers: Levers | None) -> Scenario:
    """Return a scenario with dotted keys set anew; the rest and its origins stay.

    Raises:
        ScenarioError: A key is unknown or a value is not allowed; names every problem.
    """
    given, problems = given_settings(values)
    stack = _Stack(tuple(given), scenario.flat(), scenario._provenance)  # noqa: SLF001 - of one making
    resolution = _assemble(stack, list(problems), levers)
    if resolution.scenario is None:
        raise ScenarioError(
            "The scenario cannot be changed so", problems=resolution.problems, scenario=scenario.name
        )
    return resolution.scenario


@dataclass(frozen=True)
class _Stack:
    """Sources over a ground of values, lowest first."""

    sources: tuple[Source, ...]
    ground: Mapping[str, Any] = field(default_factory=defaults)
    provenance: Provenance = field(default_factory=Provenance)

    @property
    def values(self) -> dict[str, Any]:
        return merge(self.ground, *(source.flat for source in self.sources))

    def setter(self, key: str) -> Source | None:
        """Return the topmost source that set a key or the table around it."""
        holders = (source for source in reversed(self.sources) if source.sets(key))
        return next(holders, None)

    def where(self, *keys: str) -> str:
        """Return where the key stands that was set last."""
        for source in reversed(self.sources):
            for key in keys:
                if source.sets(key):
                    return source.where(key)
        return keys[0]

    def trace(self, levers: Levers | None) -> Provenance:
        layers = (
            Layer(source.origin, display(source.path) if source.path else "", source.digest)
            for source in self.sources
        )
        origins = {key: source.origin for source in self.sources for key in source.flat}
        past = self.provenance
        return Provenance((*past.layers, *layers), {**past.origins, **origins}, levers)


def _assemble(stack: _Stack, problems: list[Problem], levers: Levers | None = None) -> Resolution:
    scenario, wrong = _checked(stack.values, stack.where)
    problems += wrong
    rows = levers or stack.provenance.levers
    source = stack.setter("compensation.levers")
    if levers is None and source is not None:
        try:
            rows = _levers(stack.values["compensation.levers"], source)
        except ScenarioError as error:
            problems += error.problems
    if problems or scenario is None:
        return Resolution(None, tuple(problems))
    scenario._provenance = stack.trace(rows)  # noqa: SLF001 - the scenario is being made here
    return Resolution(scenario, ())


def _levers(reference: Any, source: Source) -> Levers | None:
    """Return the levers that a path beside its source names; a path of a wrong form is reported elsewhere."""
    if not isinstance(reference, str):
        return None
    base = source.path.parent if source.path else Path.cwd()
    return read_levers(base / Path(reference).expanduser(), source.where("compensation.levers"))


def _checked(values: Mapping[str, Any], where: Where) -> tuple[Scenario | None, list[Problem]]:
    """Return the scenario, and every problem found while wrong values are put aside round by round."""
    sound, aside, problems = dict(values), set[str](), list[Problem]()
    for _ in range(ROUNDS):
        try:
            return Scenario.model_validate(nest(sound)), problems
        except ValidationError as error:
            found = list(mistakes(error.errors(), where))
        # A conflict with a value that was put aside is that value's mistake, already told.
        problems += [mistake.problem for mistake in found if not aside.intersection(mistake.keys)]
        aside.update(key for mistake in found for key in mistake.keys)
        sound |= {key: value for key, value in defaults().items() if _held(key, aside)}
        sound = {key: value for key, value in sound.items() if key in defaults()}
    return None, problems


def _held(key: str, aside: set[str]) -> bool:
    """Say whether a key or the table around it was put aside."""
    return key in aside or key.rpartition(".")[0] in aside
