"""Every participant's account on many dates of a run, made from its events alone after it has ended.

The rows are those that the run itself writes with ``output.balance_snapshots``: the log is replayed year by
year, by the types of events that change accounts, elections and what is vested.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import tee
from pathlib import Path
from typing import Final

import polars as pl

from simulation.balance_snapshot import balance_snapshots
from simulation.errors import Problem, QueryError, nearest
from simulation.events.accounts import ACCOUNT_EVENTS
from simulation.events.sources import SOURCES
from simulation.query.reading import reading
from simulation.replay import states
from simulation.rules.snapshot_dates import SNAPSHOTS
from simulation.standing import AccountYear
from simulation.store import Store
from simulation.store.relations import PEOPLE
from simulation.store.side_file import side_path, write_beside
from simulation.units import BASIS_POINT, CENT, MONEY

_READ: Final = (
    *("census", "hire", "enrollment", "opt_out", "deferral_change", "escalation", "vesting"),
    *ACCOUNT_EVENTS,
)
"""The types of events that accounts, elections and what is vested follow from."""


def balance_series(store: Store | str | Path, every: str) -> pl.DataFrame:
    """Return the columns of ``fct_participant_balance_snapshots`` for dates of one's choice.

    By date and employee number, in dollars and shares; the census date is the first. ``every`` is one of
    ``year_end``, ``quarter_end``, ``month_end`` and ``weekly``.

    Raises:
        QueryError: dates cannot be chosen so, or the run kept no events.
    """
    check_every(every)
    with reading(store) as opened:
        opened.require("event_contribution")
        opening = opened.sql(_OPENING, [opened.manifest.start_year])
        return pl.concat([opening, *(_shown(opened, rows) for rows in _snapshots(opened, every))])


_OPENING: Final = """
FROM fct_participant_balance_snapshots WHERE simulation_year < ? ORDER BY employee_id
"""


def write_balance_series(store: Store | str | Path, every: str, out: Path | None = None) -> tuple[Path, int]:
    """Write ``balance_series`` into a side file that ``balances`` reads; return its path and rows.

    The file lies beside the store, named for it and ``every``, unless another place is asked for.

    Raises:
        QueryError: dates cannot be chosen so, or the run kept no events.
        StoreError: the place is not named as Parquet.
        WriteError: the directory or the disk refused.
    """
    with reading(store) as opened:
        rows = balance_series(opened, every)
        path = out or side_path(opened.path, every)
        return write_beside(rows, path, opened.manifest, every), rows.height


def check_every(every: str) -> None:
    """Refuse dates that nobody knows.

    Raises:
        QueryError: says which are known.
    """
    if every not in SNAPSHOTS:
        problem = Problem("every", repr(every), ", ".join(SNAPSHOTS), nearest(every, [*SNAPSHOTS]))
        raise QueryError("there is no such choice of snapshot dates", problems=[problem])


def _snapshots(store: Store, every: str) -> Iterator[pl.DataFrame]:
    """Yield the rows of each year."""
    years, replayed = tee((year, _events(store, year)) for year in store.manifest.stored_years)
    for (year, events), (opened, closed) in zip(years, states(replayed), strict=True):
        if year >= store.manifest.start_year:
            yield balance_snapshots(AccountYear(year, opened, closed, events), every)


def _shown(store: Store, rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows as people see them: ids for numbers, dollars for cents, shares for basis points."""
    said = store.manifest
    return rows.select(
        store.lexicons[PEOPLE].texts().gather(rows["person"]).alias("employee_id"),
        pl.lit(said.scenario_id).alias("scenario_id"),
        pl.lit(said.plan_design_id).alias("plan_design_id"),
        "simulation_year",
        "snapshot_date",
        *(_dollars(f"balance_{source}") for source in SOURCES),
        _dollars("total_balance"),
        _exact("vested_bp", BASIS_POINT, pl.Decimal(10, 4)).alias("vested_percentage"),
        _dollars("vested_balance"),
        _dollars("loan_balance"),
        pl.col("event_count_since_last_snapshot").cast(pl.Int64),
    )


def _dollars(name: str) -> pl.Expr:
    return _exact(f"{name}_cents", CENT.quantize(MONEY), pl.Decimal(18, 6)).alias(name)


def _exact(column: str, unit: Decimal, dtype: pl.Decimal) -> pl.Expr:
    """Return a column of whole numbers times their unit."""
    return (pl.col(column).cast(pl.Decimal(18, 0)) * pl.lit(unit)).cast(dtype)


def _events(store: Store, year: int) -> Mapping[str, pl.DataFrame]:
    frames = {name: store.events(name, year) for name in _READ}
    return {name: frame for name, frame in frames.items() if frame.height}
