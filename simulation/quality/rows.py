"""Row counts and sums from layer to layer: census, log, state, snapshots, summary. No difference is allowed.

Half a per cent would do for pipelines that lose rows in joins; here each layer is a function of the one
before, so that a single row too many or too few is a fault.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final, NamedTuple

import numpy as np
import polars as pl

from simulation.balances import BALANCES
from simulation.dates import year_end
from simulation.quality.subjects import Kept, Taken
from simulation.roll import Roll
from simulation.state import employed, worked_in_year


def taken_in(taken: Taken) -> pl.DataFrame:
    """Return whether the census's rows are the events of genesis and the people of the opening state."""
    expected = taken.census.height * taken.seeds
    found = {"events of genesis": taken.events["census"].height, "people": taken.state.people.height}
    return _unequal(Count(expected, "rows of the census", count, name) for name, count in found.items())


def snapshot_people(kept: Kept) -> pl.DataFrame:
    """Return who worked in the year and is not in its snapshot, or the other way round, active or not."""
    roll = Roll.of(kept.state.people)
    there = roll.people.select(worked_in_year(), stays=employed() & worked_in_year())
    shown, stays = (np.zeros(roll.nobody + 1, dtype=np.bool_) for _ in range(2))
    rows = roll.rows_of(kept.snapshot)
    shown[rows] = True
    stays[rows] = (kept.snapshot["employment_status"] == "active").to_numpy()
    shown[:-1] ^= there["start_date"].to_numpy()
    stays[:-1] ^= there["stays"].to_numpy()
    return roll.named(np.flatnonzero(shown | stays))


def balance_people(kept: Kept) -> pl.DataFrame:
    """Return whose balances of 31 December are not those of the state, to the cent."""
    roll = Roll.of(kept.state.people)
    last = kept.balances.filter(pl.col("snapshot_date") == year_end(kept.year))
    left = np.zeros(roll.nobody + 1, dtype=np.int64)
    for name in BALANCES:
        left[:-1] += roll.people[name].to_numpy()
    np.subtract.at(left, roll.rows_of(last), last["total_balance_cents"].to_numpy())
    return roll.named(np.flatnonzero(left))


def summary_counts(kept: Kept) -> pl.DataFrame:
    """Return numbers of the summary that are not those of the log and the snapshot."""
    told = {(seed, metric): value for seed, metric, value in kept.summary.select(_TOLD).iter_rows()}
    counted = {metric: _by_seed(kept, *frames) for metric, frames in _counted(kept).items()}
    return _unequal(
        Count(count, f"{metric} of the log", told.get((seed, metric)), metric, seed)
        for metric, counts in counted.items()
        for seed, count in counts.items()
    )


_TOLD: Final = ("seed", "metric", "value")


def _counted(kept: Kept) -> dict[str, list[pl.DataFrame]]:
    """Return the rows of the log and the snapshot that metrics count."""
    events = {kind: kept.events.get(kind, _NO_EVENTS) for kind in _KINDS}
    return {
        "headcount_end": [kept.snapshot.filter(employment_status="active")],
        "hires": [events["hire"], events["rehire"]],
        "terminations": [events["termination"]],
        "promotions": [events["promotion"]],
    }


_KINDS: Final = ("hire", "rehire", "termination", "promotion")
_NO_EVENTS: Final = pl.DataFrame(schema={"seed": pl.UInt64()})


def status_counts(kept: Kept) -> pl.DataFrame:
    """Return whether the totals by status have as many people as the snapshot has rows."""
    heads = kept.totals.filter(metric="headcount").group_by("seed").agg(pl.col("value").sum())
    told = dict(heads.iter_rows())
    return _unequal(
        Count(count, "rows of the snapshot", told.get(seed, 0), "people by status", seed)
        for seed, count in _by_seed(kept, kept.snapshot).items()
    )


def _by_seed(kept: Kept, *frames: pl.DataFrame) -> dict[int, int]:
    """Return how many rows of some frames each seed has."""
    counted = np.unique_counts(np.concatenate([frame["seed"].to_numpy() for frame in frames]))
    return dict.fromkeys(kept.seeds, 0) | dict(zip(*(each.tolist() for each in counted), strict=True))


class Count(NamedTuple):
    """A number that has to be another one: ``found`` of what is ``named`` against ``expected``, of a seed."""

    expected: int
    of: str
    found: int | Decimal | None
    named: str
    seed: int | None = None

    def __str__(self) -> str:
        """Return both numbers and what they count."""
        found = "nothing of" if self.found is None else f"{self.found:,}"
        return f"{self.expected:,} {self.of}, {found} {self.named}"


def _unequal(counts: Iterable[Count]) -> pl.DataFrame:
    """Return a row for each number that is not the one expected."""
    rows = [(count.seed, str(count)) for count in counts if count.found != count.expected]
    return pl.DataFrame(rows, schema={"seed": pl.UInt64(), "found": pl.String()}, orient="row")
