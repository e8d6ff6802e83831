"""How the administrator's findings change people: who is highly compensated or key is remembered."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
import polars as pl

from simulation.evolve.beside import put
from simulation.evolve.workforce import Apply, of_people
from simulation.state import rows_of


def _hce_status(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    del year
    return put(people, rows_of(people, events), {"is_hce": events["is_hce"]})


def _compliance(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    """Note who is key; every other finding is told and changes nothing."""
    del year
    key = np.flatnonzero(events["compliance_type"] == "key_employee")
    found = np.ones(len(key), dtype=np.bool_)
    return put(people, rows_of(people, events)[key], {"is_key": pl.Series(found)})


ADMINISTRATION: Final[Mapping[str, Apply]] = MappingProxyType(
    {"hce_status": of_people(_hce_status), "compliance": of_people(_compliance)}
)
"""By event type."""
