"""Overlays as flat mappings from dotted key to value, and the algebra that lays one over another.

Groups and tables by level merge key by key; everything else (numbers, texts, lists, tables that may be
null) is replaced whole. As each key stands for one value, laying over is a union in which the last one wins:
associative, idempotent, and the empty overlay changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from simulation.parameters.record import Record, groups, records
from simulation.parameters.scenario import Scenario

Flat = Mapping[str, Any]


@cache
def parameters() -> Mapping[str, Record]:
    """Return the record of every parameter by dotted key, in declared order."""
    return records(Scenario)


@cache
def tables() -> Mapping[str, Record]:
    """Return the tables whose entries an overlay may set one by one, by dotted key."""
    return {key: record for key, record in parameters().items() if record.form.keys and not record.optional}


@cache
def leaves() -> Mapping[str, Record]:
    """Return the record behind every key that holds one value, entries of tables included."""
    entries = {f"{key}.{entry}": record for key, record in tables().items() for entry in record.form.keys}
    return {key: record for key, record in parameters().items() if key not in tables()} | entries


@cache
def branches() -> Mapping[str, tuple[str, ...]]:
    """Return the keys inside each group and table, the scenario itself under the empty key."""
    inside = {key: tuple(group.model_fields) for key, group in groups(Scenario).items()}
    return inside | {key: tuple(map(str, record.form.keys)) for key, record in tables().items()}


def flatten(tree: Mapping[Any, Any], prefix: str = "") -> dict[str, Any]:
    """Return a nested overlay as one value a dotted key."""
    flat: dict[str, Any] = {}
    for key, value in tree.items():
        dotted = f"{prefix}{key}"
        if dotted in branches() and isinstance(value, Mapping):
            flat |= flatten(value, f"{dotted}.")
        else:
            flat[dotted] = value
    return flat


def merge(*overlays: Flat) -> dict[str, Any]:
    """Return flat overlays laid over one another, the first one lowest."""
    merged: dict[str, Any] = {}
    for overlay in overlays:
        merged |= overlay
    return merged


def nest(flat: Flat) -> dict[Any, Any]:
    """Return a flat overlay as groups in groups; the keys of tables by level become numbers again."""
    tree: dict[Any, Any] = {}
    for dotted, value in flat.items():
        *path, last = dotted.split(".")
        inner = tree
        for step in path:
            inner = inner.setdefault(step, {})
        inner[int(last) if ".".join(path) in tables() else last] = value
    return tree


@cache
def defaults() -> Flat:
    """Return the baseline's values, which every scenario lies on."""
    return flatten(Scenario().model_dump())
