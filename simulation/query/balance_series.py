"""Every participant's account on many dates of a run, made from its events alone after it has ended.

The rows are those that the run itself writes with ``output.balance_snapshots``: the log is replayed year by
year, by the types of events that change accounts, elections and what is vested.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import tee
from pathlib import Path
from typing import Final

import polars as pl

from simulation.balance_snapshot import balance_snapshots
from simulation.errors import Problem, QueryError, nearest
from simulation.events.accounts import ACCOUNT_EVENTS
from simulation.query.reading import reading
from simulation.replay import states
from simulation.rules.snapshot_dates import SNAPSHOTS
from simulation.standing import AccountYear
from simulation.store import Store
from simulation.store.schema import participant_balances
from simulation.store.side_file import side_path, write_beside

_READ: Final = (
    *("census", "hire", "enrollment", "opt_out", "deferral_change", "escalation", "vesting"),
    *ACCOUNT_EVENTS,
)
"""The types of events that accounts, elections and what is vested follow from."""


def balance_series(store: Store | str | Path, every: str) -> pl.DataFrame:
    """Return the columns of ``fct_participant_balance_snapshots`` for dates of one's choice.

    By date and participant, in dollars and shares; the census date is the first. ``every`` is one of
    ``year_end``, ``quarter_end``, ``month_end`` and ``weekly``.

    Raises:
        QueryError: dates cannot be chosen so, or the run kept no events.
    """
    check_every(every)
    with reading(store) as opened:
        opened.require("event_contribution")
        rows = pl.concat(_snapshots(opened, every))
        coded = rows.rename({"person": "employee_id"}).drop("seed")
        shown = opened.sql(participant_balances("series"), beside={"series": coded})
        return shown.sort("snapshot_date", "employee_id")


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


def _events(store: Store, year: int) -> Mapping[str, pl.DataFrame]:
    frames = {name: store.events(name, year) for name in _READ}
    return {name: frame for name, frame in frames.items() if frame.height}
