"""Texts made from the records: the complete baseline file and the parameter reference.

The records are the source; a test holds the committed files to what is written here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from simulation.parameters.canonical import decimal_text, plain
from simulation.parameters.levers import LEVERS
from simulation.parameters.overlay import parameters
from simulation.parameters.record import Group, Record, group_of
from simulation.parameters.scenario import Scenario

HEADING: Final = """\
# yaml-language-server: $schema=scenario.schema.json
# Baseline: every parameter with its default, its unit and its source.
# Made from the parameter records by `python -m simulation.parameters`; change a scenario by an overlay
# (`extends: baseline`) that names only what it changes.
"""

BASELINE_TEXTS: Final = {
    "title": "Baseline",
    "description": "Market pay movement, three percent growth, turnover by service and age.",
}


def baseline_text() -> str:
    """Return the baseline as YAML: every value, each with its unit and source behind it."""
    lines = [HEADING.rstrip("\n"), *_group_lines(Scenario, "", 0)]
    return "\n".join(lines) + "\n"


def _group_lines(group: type[Group], prefix: str, depth: int) -> Iterator[str]:
    indent = "  " * depth
    for name, info in group.model_fields.items():
        key = f"{prefix}{name}"
        inner = group_of(info)
        if inner is None:
            yield from _parameter_lines(parameters()[key], name, indent)
            continue
        yield f"{indent}{name}:  # {(inner.__doc__ or '').strip().splitlines()[0]}"
        yield from _group_lines(inner, f"{key}.", depth + 1)


def _parameter_lines(record: Record, name: str, indent: str) -> Iterator[str]:
    value = BASELINE_TEXTS.get(record.key, record.default)
    comment = f"  # {record.unit}; {record.source}"
    block = list(_block(value, f"{indent}  "))
    yield f"{indent}{name}:{comment}" if block else f"{indent}{name}: {yaml_text(value)}{comment}"
    yield from block


def _block(value: Any, indent: str) -> Iterator[str]:
    """Yield the lines of a table: an entry a line."""
    if isinstance(value, Mapping):
        yield from (f"{indent}{key}: {yaml_text(item)}" for key, item in value.items())
    elif isinstance(value, tuple) and value and isinstance(value[0], Group):
        yield from (f"{indent}- {yaml_text(item.model_dump())}" for item in value)


def yaml_text(value: Any) -> str:
    """Return a value in YAML's flow style, decimals as plain numbers."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {yaml_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(yaml_text(item) for item in value) + "]"
    return str(plain(value)) or '""'


REFERENCE_HEADING: Final = """\
# Parameters

Every key of a scenario file, made from the parameter records by `python -m simulation.parameters`. A rate is
a share (`0.015`) or a percentage (`1.5%`) with at most four decimal places.

## Overlays

A scenario names only what it changes and `extends` another: a file beside it, or a shipped one by name. It
may extend several: with `extends: [high_growth, plans/qaca]` the design of `scenarios/plans/qaca.yaml` lies
over a growing workforce. What several of them extend lies below them all.
Groups and tables by level or rating are laid over one another key by key; every other value (lists, bands,
tables that may be `null`) is replaced whole. The last one wins, laying an overlay twice changes nothing,
and it does not matter which of three overlays are laid over one another first. `name`, `title`, `description`
and `extends` are a file's own and are not inherited. `--set key=value` and `--years` are laid over last.

## Levers

Rows of a `comp_levers.csv` (`fiscal_year,job_level,parameter,value`) stand above the scenario's value for
their year and level and are taken as they are, unscaled.

| row | stands above | unit | allowed |
|---|---|---|---|
"""


def reference_text() -> str:
    """Return the parameter reference in Markdown: a table a group."""
    rows = (_lever_row(name) for name in LEVERS)
    sections = ("\n".join(_section(title, found)) for title, found in _sections().items())
    return REFERENCE_HEADING + "\n".join(rows) + "\n\n" + "\n\n".join(sections) + "\n"


def _lever_row(name: str) -> str:
    lever = LEVERS[name]
    low, high = lever.bounds
    return f"| `{name}` | `{lever.key}` | {lever.record.unit} | {low} to {high} |"


def _sections() -> Mapping[str, list[Record]]:
    """Return the records under the group that holds them, in declared order."""
    found: dict[str, list[Record]] = {}
    for key, record in parameters().items():
        found.setdefault(key.rpartition(".")[0] or "scenario", []).append(record)
    return found


def _section(title: str, found: list[Record]) -> Iterator[str]:
    yield f"## `{title}`\n"
    yield "| key | what it is | unit | allowed | default | source |"
    yield "|---|---|---|---|---|---|"
    yield from (_row(record) for record in found)


def _row(record: Record) -> str:
    name = f"`{record.key.rpartition('.')[2]}`"
    default = "; ".join(line.strip(" -") for line in _block(record.default, "")) or yaml_text(record.default)
    cells = (
        name,
        f"**{record.title}.** {record.description}",
        record.unit,
        record.allowed,
        default,
        record.source,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
