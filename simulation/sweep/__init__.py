"""Sweeps: scenarios × seeds, run in parallel, one sealed store a run, resumable after anything.

``run_sweep`` is the door; ``Executor`` is the seam between what is run and where.
"""

from __future__ import annotations

from simulation.sweep.design import Design
from simulation.sweep.driver import run_sweep
from simulation.sweep.forecast import Forecast, sweep_forecast
from simulation.sweep.look import Decision, Look
from simulation.sweep.plan import ScenarioChoice, SweepPlan
from simulation.sweep.planfile import read_plan
from simulation.sweep.progress import RunInProgress, SweepProgress
from simulation.sweep.result import RunStatus, SweepResult, SweepRun
from simulation.sweep.seeds import format_seeds, parse_seeds
from simulation.sweep.status import SweepStatus, find_sweeps, sweep_status
from simulation.sweep.until import Until

__all__ = [
    "Decision",
    "Design",
    "Forecast",
    "Look",
    "RunInProgress",
    "RunStatus",
    "ScenarioChoice",
    "SweepPlan",
    "SweepProgress",
    "SweepResult",
    "SweepRun",
    "SweepStatus",
    "Until",
    "find_sweeps",
    "format_seeds",
    "parse_seeds",
    "read_plan",
    "run_sweep",
    "sweep_forecast",
    "sweep_status",
]
