"""One parameter's value by itself: read and checked as in a scenario whose other values do not matter.

Knows nothing of what the value is wanted for; whether it goes with the others is the scenario's to say.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from simulation.errors import Problem
from simulation.parameters.form import read_rate
from simulation.parameters.mistakes import mistakes
from simulation.parameters.overlay import defaults, leaves, merge, nest
from simulation.parameters.scenario import Scenario


def read_alone(key: str, value: Any, where: Callable[..., str]) -> tuple[Any, list[Problem]]:
    """Return the value of a dotted key as a scenario holds it, and what is wrong with it by itself."""
    try:
        scenario = Scenario.model_validate(nest(merge(defaults(), {key: value})))
    except ValidationError as error:
        found = [mistake for mistake in mistakes(error.errors(), where) if set(mistake.keys) == {key}]
        read = leaves()[key].form.read
        return value if found or read is None else read(value), [mistake.problem for mistake in found]
    return scenario.flat()[key], []


def read_distance(key: str, value: Any, where: str) -> tuple[Decimal | None, list[Problem]]:
    """Return a distance between two values of a number's key, and what is wrong with it.

    It is as fine as the values may be: basis points for a rate, cents for money, one for a whole number.
    """
    form = leaves()[key].form
    try:
        distance = Decimal((form.read or read_rate)(value))
    except PydanticCustomError as error:
        context = error.context or {}
        return None, [Problem(where, repr(value), context.get("allowed", ""), context.get("hint", ""))]
    if distance <= 0:
        return None, [Problem(where, str(value), f"above 0, such as {form.step}")]
    return distance, []
