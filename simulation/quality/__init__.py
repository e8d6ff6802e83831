"""Data-quality gates: what every run promises of its data, looked at while the run is made.

``gates`` is the table; ``inspect`` puts a census, a year and a year's relations through it.
"""

from __future__ import annotations

from simulation.quality.inspect import RESULTS, SHOWN, inspect_census, inspect_kept, inspect_year
from simulation.quality.subjects import Kept, Taken, Told

__all__ = ["RESULTS", "SHOWN", "Kept", "Taken", "Told", "inspect_census", "inspect_kept", "inspect_year"]
