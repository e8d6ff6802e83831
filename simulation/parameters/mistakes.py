"""Pydantic's findings as problems: file, line, dotted key, what was found, what is allowed, what to do.

Knows how findings are worded, not how files are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from simulation.errors import Problem, nearest
from simulation.parameters.canonical import decimal_text, described
from simulation.parameters.overlay import branches, leaves, parameters
from simulation.parameters.record import Conflict, Record, records

PERCENTS: Final = 100
BASIS_POINTS: Final = 10_000

Where = Callable[..., str]
"""Says where a key stands; of several keys, the one that was set last."""


class Mistake(NamedTuple):
    """A problem, and the keys of the values that have to change before it goes away."""

    problem: Problem
    keys: tuple[str, ...]


def mistakes(findings: Sequence[Mapping[str, Any]], where: Where) -> Iterator[Mistake]:
    """Yield the mistakes behind Pydantic's findings about a scenario."""
    for finding in findings:
        location = [step for step in finding["loc"] if step != "[key]"]
        key, leaf = dotted(location)
        if finding["type"] == "conflict":
            yield from _conflicts(finding["ctx"]["conflicts"], key, leaf, where)
        else:
            yield Mistake(_problem(finding, key, leaf, where(key)), (leaf,))


def dotted(location: Sequence[str | int]) -> tuple[str, str]:
    """Return the dotted key of a location, list items in brackets, and the key of the value that holds it."""
    key = leaf = ""
    for step in location:
        bracket = isinstance(step, int) and key not in branches() and not _keyed(leaf)
        key += f"[{step}]" if bracket else f".{step}" if key else str(step)
        if not leaf and key in leaves():
            leaf = key
    return key, leaf or key


def _keyed(leaf: str) -> bool:
    """Say whether a value is a mapping with numbers for keys, such as a headcount path."""
    return leaf in leaves() and _json_type(leaves()[leaf]) == "object"


def _json_type(record: Record) -> str:
    json = record.form.json
    return str((json({}) if callable(json) else json).get("type", ""))


def _conflicts(conflicts: Sequence[Conflict], group: str, leaf: str, where: Where) -> Iterator[Mistake]:
    for conflict in conflicts:
        prefix = f"{group}." if group else ""
        keys = tuple(f"{prefix}{key}" for key in conflict.keys)
        inside = leaf in leaves()
        place = where(group) if inside else where(*keys)
        problem = Problem(place, conflict.found, conflict.allowed, conflict.hint)
        yield Mistake(problem, (leaf,) if inside else keys)


def _problem(finding: Mapping[str, Any], key: str, leaf: str, where: str) -> Problem:
    record = _record(key, leaf)
    context = finding.get("ctx", {})
    if finding["type"] == "extra_forbidden":
        names = _columns(leaf)
        return Problem(
            where, "unknown key", f"one of {', '.join(names)}", nearest(key.rpartition(".")[2], names)
        )
    if finding["type"] == "missing":
        return Problem(where, "missing", record.allowed if record else "a value")
    allowed = context.get("allowed", "")
    if record is not None and (not allowed or allowed == record.form.words):
        allowed = record.allowed
    hint = context.get("hint") or _unit_hint(finding["input"], record)
    return Problem(where, described(finding["input"]), allowed or finding["msg"], hint)


def _columns(leaf: str) -> list[str]:
    row = leaves()[leaf].form.row if leaf in leaves() else None
    return list(records(row)) if row is not None else []


def _record(key: str, leaf: str) -> Record | None:
    """Return the record of a value, or of the column of a table that it stands in."""
    record = leaves().get(leaf) or parameters().get(leaf)
    column = key.rsplit(".", 1)[-1]
    if key != leaf and record is not None and record.form.row is not None:
        return records(record.form.row).get(column) or record
    return record


def _unit_hint(value: Any, record: Record | None) -> str:
    """Return what to write in place of a number that was meant in percent or in basis points."""
    if record is None or "%" not in str(record.form.json) or isinstance(value, bool):
        return ""
    if not isinstance(value, int | Decimal) or not 1 < abs(Decimal(value)) <= BASIS_POINTS:
        return ""
    number = Decimal(value)
    written, of_percent, of_points = map(decimal_text, (number, number / PERCENTS, number / BASIS_POINTS))
    if abs(number) <= PERCENTS:
        return f"for {written} % write {of_percent} or {written}%"
    return f"for {written} basis points write {of_points}"
