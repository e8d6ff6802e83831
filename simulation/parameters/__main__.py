"""Write the files that are made from the parameter records: ``python -m simulation.parameters``.

Baseline, levers table, JSON Schema and reference; run it after a record has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from simulation.parameters.levers import effective_levers
from simulation.parameters.levers_file import csv_text
from simulation.parameters.reference import baseline_text, reference_text
from simulation.parameters.scenario import Scenario
from simulation.parameters.schema import schema_text

GENERATED: Final[Mapping[str, Callable[[], str]]] = {
    "scenarios/baseline.yaml": baseline_text,
    "scenarios/comp_levers.csv": lambda: csv_text(effective_levers(Scenario())),
    "scenarios/scenario.schema.json": schema_text,
    "docs/parameters.md": reference_text,
}


def write_generated(root: Path) -> None:
    """Write every generated file below the checkout's root."""
    for name, text in GENERATED.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    write_generated(Path(__file__).parents[2])
