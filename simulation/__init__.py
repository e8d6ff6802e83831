"""PlanWise Navigator's library: the names that notebooks and programs rely on, each loaded on first use.

`import simulation` loads none of Polars, DuckDB and Ray; it knows only where each name lives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.homes import from_homes

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

__getattr__ = from_homes(
    __name__,
    {
        "SweepPlan": "sweep",
        "compare": "query",
        "generate_census": "census",
        "load_scenario": "parameters",
        "open_store": "store",
        "open_sweep": "query",
        "read_census": "census",
        "run_sweep": "sweep",
        "simulate": "sealing",
    },
)


def __dir__() -> list[str]:
    """Return the public names, loaded or not."""
    return __all__
