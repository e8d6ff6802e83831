"""How long what is kept: sealed runs made smaller, made again from their manifests, and removed.

Each holds the run's sweep still meanwhile. What people say of runs is the catalogue's to know.
"""

from __future__ import annotations

from simulation.retention.census import census_of
from simulation.retention.reduce import reduce
from simulation.retention.remake import Remade, remake
from simulation.retention.removal import Removed, files_of, remove_checkpoint, remove_store, remove_sweep
from simulation.store.reduction import Reduction

__all__ = [
    "Reduction",
    "Remade",
    "Removed",
    "census_of",
    "files_of",
    "reduce",
    "remake",
    "remove_checkpoint",
    "remove_store",
    "remove_sweep",
]
