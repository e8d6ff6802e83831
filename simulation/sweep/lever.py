"""One lever of a design: a parameter and the values that it takes, in order.

A list holds its values; a span holds evenly spaced numbers as whole multiples of the parameter's unit, so
that no float ever becomes one. Knows parameters one by one, not how a design combines them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from simulation.errors import Problem, nearest
from simulation.parameters.alone import read_alone, read_distance
from simulation.parameters.canonical import plain, text_of
from simulation.parameters.chain import unknown
from simulation.parameters.overlay import leaves, tables
from simulation.parameters.scenario import Scenario

WHERE: Final = "design.levers"
_SPAN: Final = ("start", "stop", "step")
_ALLOWED: Final = "a list of values, or start, stop and step"


@dataclass(frozen=True, slots=True)
class Lever:
    """A parameter by its dotted key and the values that it may take: those of a list, or of a span."""

    key: str
    listed: tuple[Any, ...] = ()
    span: range = range(0)
    """Numbers in units of ``unit``."""
    unit: Decimal = Decimal(1)
    stepped: bool = True
    """Whether somebody chose the step of the span; else it is the parameter's unit."""

    @property
    def count(self) -> int:
        """How many values there are."""
        return len(self.listed) or len(self.span)

    def __getitem__(self, position: int) -> Any:
        """Return the value at a position from 0."""
        return self.listed[position] if self.listed else self._number(self.span[position])

    def at(self, share: float) -> Any:
        """Return the value at a share of the way, 0 up to but not 1: each value has an equal part of it."""
        return self[min(int(share * self.count), self.count - 1)]

    def written(self) -> Any:
        """Return the lever as a sweep file has it."""
        if self.listed:
            return plain(self.listed)
        written = {"start": self._number(self.span[0]), "stop": self._number(self.span[-1])}
        step = {"step": self._number(self.span.step)} if self.stepped else {}
        return plain(written | step)

    def _number(self, units: int) -> Any:
        return units if self.unit == 1 else units * self.unit


def read_levers(given: Any) -> tuple[tuple[Lever, ...], list[Problem]]:
    """Return the levers of a mapping from parameter to values, and everything that is wrong with any."""
    if not isinstance(given, Mapping) or not given:
        hint = "such as workforce.growth.rate: [0.01, 0.02, 0.03]"
        return (), [Problem(WHERE, "there is none", "parameters and their values", hint)]
    problems: list[Problem] = []
    read = [_lever(str(key), values, problems) for key, values in given.items()]
    return tuple(lever for lever in read if lever is not None), problems


def _lever(key: str, values: Any, problems: list[Problem]) -> Lever | None:
    where = f"{WHERE}.{key}"
    wrong = list(_no_lever(key, where))
    lever = None
    if not wrong and isinstance(values, Mapping):
        lever, wrong = _of_span(key, values, where)
    elif not wrong and isinstance(values, Sequence) and not isinstance(values, str) and values:
        lever, wrong = _of_list(key, values, where)
    elif not wrong:
        wrong = [Problem(where, text_of(values) if values else "no values", _ALLOWED)]
    problems += wrong
    return lever


def _no_lever(key: str, where: str) -> Iterator[Problem]:
    """Yield why a key cannot be varied, if it cannot."""
    if key in tables():
        entry = f"{key}.{tables()[key].form.keys[0]}"
        yield Problem(where, "a table", "one of its entries", f"such as {entry}")
    elif key not in leaves():
        yield unknown(key, where)
    elif key == "seed":
        yield Problem(where, "no parameter of a scenario", hint="every point is run with the sweep's `seeds`")
    elif key in Scenario.beside:
        found = "names or places a scenario and cannot be varied"
        yield Problem(where, found, hint="list such scenarios under `scenarios`")
    elif key.startswith(Scenario.without_effect):
        yield Problem(where, "changes no result", "a parameter that does")


def _of_list(key: str, values: Sequence[Any], where: str) -> tuple[Lever | None, list[Problem]]:
    read = [
        read_alone(key, value, lambda inner, at=at: f"{WHERE}.{inner}[{at}]")
        for at, value in enumerate(values)
    ]
    problems = [problem for _, wrong in read for problem in wrong]
    counts = Counter(text_of(value) for value, _ in read)
    problems += [
        Problem(where, f"{text} is given {count} times", "each value once")
        for text, count in counts.items()
        if count > 1 and not problems
    ]
    return Lever(key, tuple(value for value, _ in read)), problems


def _of_span(key: str, given: Mapping[Any, Any], where: str) -> tuple[Lever | None, list[Problem]]:
    unit = leaves()[key].form.step
    if unit is None:
        return None, [Problem(where, "a range", f"a list of values, each {leaves()[key].allowed}")]
    problems = [
        Problem(f"{where}.{name}", "unknown key", ", ".join(_SPAN), nearest(str(name), _SPAN))
        for name in given
        if name not in _SPAN
    ]
    problems += [Problem(f"{where}.{name}", "is missing") for name in _SPAN[:2] if given.get(name) is None]
    ends: dict[str, Any] = {}
    for name in _SPAN[:2]:
        if given.get(name) is not None:
            ends[name], wrong = read_alone(
                key, given[name], lambda inner, name=name: f"{WHERE}.{inner}.{name}"
            )
            problems += wrong
    step: Decimal | None = unit
    if given.get("step") is not None:
        step, wrong = read_distance(key, given["step"], f"{where}.step")
        problems += wrong
    if problems or step is None:
        return None, problems
    return _spanned(key, ends, step, unit, stepped="step" in given)


def _spanned(
    key: str, ends: Mapping[str, Any], step: Decimal, unit: Decimal, *, stepped: bool
) -> tuple[Lever | None, list[Problem]]:
    """Return the lever of a start, a stop and a step, all multiples of the unit."""
    where = f"{WHERE}.{key}"
    start, stop, by = (int(Decimal(number) / unit) for number in (ends["start"], ends["stop"], step))
    if start >= stop:
        found = f"from {ends['start']} to {ends['stop']}"
        return None, [Problem(where, found, "a start below the stop")]
    span = range(start, stop + 1, by)
    lever = Lever(key, span=span, unit=unit, stepped=stepped)
    if span[-1] != stop:
        first, last, asked = map(text_of, (lever[0], lever[-1], ends["stop"]))
        found = f"steps of {text_of(step)} from {first} end at {last}, not at {asked}"
        return None, [Problem(where, found, "a stop that a step falls on")]
    return lever, []
