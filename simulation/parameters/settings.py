"""Values given outside a file: ``--set key=value``, ``--years``, and keys changed from Python.

They are layers like any file, checked in the same way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulation.errors import Problem
from simulation.parameters.canonical import digest_of, text_of
from simulation.parameters.chain import Source, outlined, unknown
from simulation.parameters.document import read_value
from simulation.parameters.overlay import branches, leaves

SET = "--set"
YEARS = "--years"


def _where(key: str) -> str:
    return f"{SET} {key}"


def read_settings(settings: Sequence[str]) -> tuple[list[Source], list[Problem]]:
    """Return the layer that ``key=value`` texts make, if there are any, and what is wrong with them."""
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    for setting in settings:
        key, equals, text = setting.partition("=")
        if not equals:
            problems.append(Problem(SET, repr(setting), "key=value, such as workforce.growth.rate=0.05"))
            continue
        values[key.strip()], wrong = _value(key.strip(), text)
        problems += wrong
    layers, wrong_keys = given_settings(values)
    return layers, [*problems, *wrong_keys]


def _value(key: str, text: str) -> tuple[Any, Sequence[Problem]]:
    """Return a setting's value: a text where the parameter is one, else what YAML makes of it."""
    record = leaves().get(key)
    is_text = record is not None and not callable(record.form.json) and "maxLength" in record.form.json
    if is_text and text.strip() not in {"null", "~"}:
        return text, ()
    return read_value(text, _where(key))


def given_settings(values: Mapping[str, Any]) -> tuple[list[Source], list[Problem]]:
    """Return the layer that values by dotted key make, if there are any, and the keys that do not exist."""
    problems: list[Problem] = []
    flat: dict[str, Any] = {}
    for key, value in values.items():
        if key == "extends":
            problems.append(Problem(_where(key), text_of(value), "extends inside a scenario file"))
        elif key in leaves():
            flat[key] = value
        elif key in branches() and key:
            flat |= dict(outlined(_nested(key, value), _where, problems))
        else:
            problems.append(unknown(key, _where(key)))
    source = Source(SET, flat, digest_of({key: text_of(value) for key, value in flat.items()}), _where)
    return ([source] if flat else []), problems


def _nested(key: str, value: Any) -> dict[str, Any]:
    tree = value
    for step in reversed(key.split(".")):
        tree = {step: tree}
    return dict(tree)


def years_setting(years: tuple[int, int] | None) -> list[Source]:
    """Return the layer that a first and a last year make, if they are given."""
    if years is None:
        return []
    flat = {"horizon.start_year": years[0], "horizon.end_year": years[1]}
    return [Source(YEARS, flat, digest_of(flat), lambda key: f"{YEARS} {key}")]
