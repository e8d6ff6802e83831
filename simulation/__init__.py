"""PlanWise Navigator's library: the names that notebooks and programs rely on, each loaded on first use.

`import simulation` loads none of Polars, DuckDB and Ray; it knows only where each name lives.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulation.census import generate_census, read_census
    from simulation.parameters import load_scenario
    from simulation.query import compare, open_sweep
    from simulation.sealing import simulate
    from simulation.store import open_store
    from simulation.sweep import SweepPlan, run_sweep

__all__ = [
    "SweepPlan",
    "compare",
    "generate_census",
    "load_scenario",
    "open_store",
    "open_sweep",
    "read_census",
    "run_sweep",
    "simulate",
]

_HOMES = {
    "SweepPlan": "simulation.sweep",
    "compare": "simulation.query",
    "generate_census": "simulation.census",
    "load_scenario": "simulation.parameters",
    "open_store": "simulation.store",
    "open_sweep": "simulation.query",
    "read_census": "simulation.census",
    "run_sweep": "simulation.sweep",
    "simulate": "simulation.sealing",
}


def __getattr__(name: str) -> Any:
    """Load a public name from its home (PEP 562)."""
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """Return the public names, loaded or not."""
    return __all__
