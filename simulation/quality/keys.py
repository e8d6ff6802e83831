"""Keys: nobody twice, no event without its number, no row of a relation a second time."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from simulation.frames import SummaryFrame, types_of
from simulation.quality.subjects import Kept, Taken, Told
from simulation.roll import Roll, named
from simulation.rules.rounding import Whole
from simulation.state import KEYS, seed_places


def employee_ids(told: Told) -> pl.DataFrame:
    """Return people whose id is another's, too."""
    people = told.closed.people
    if people["employee_id"].n_unique() == people.height:
        return people.clear()
    return people.filter(people.select("seed", "employee_id").is_duplicated())


def census_ids(taken: Taken) -> pl.DataFrame:
    """Return rows of the census whose id stands there twice."""
    return taken.census.filter(taken.census["employee_id"].is_duplicated())


def event_numbers(told: Told) -> pl.DataFrame:
    """Return events whose number is not theirs alone, or lies outside the year's run of numbers."""
    frames = [frame for frame in told.events.values() if frame.height]
    if not frames:
        return pl.DataFrame()
    first = told.first.sort("seed")
    seeds, begun = first["seed"].to_numpy(), first["next"].to_numpy()
    ranks = [seed_places(seeds, frame["seed"].to_numpy()) for frame in frames]
    numbers = [frame["event_sequence"].to_numpy() for frame in frames]
    if _run_on(ranks, numbers, begun):
        return frames[0].clear()
    rank = np.concatenate(ranks)
    count = np.bincount(rank, minlength=len(seeds) + 1)
    begins = np.cumsum(count) - count
    number = np.concatenate(numbers) - np.append(begun, NEVER)[rank]
    inside = (number >= 0) & (number < count[rank])
    # Numbers outside have a place behind the last one, which more than one of them is always thought to take.
    places = np.where(inside, begins[rank] + number, len(number))
    times = np.bincount(places, minlength=len(number) + 1)
    names = pl.concat(named(frame, np.arange(frame.height)) for frame in frames)
    return names[np.flatnonzero(np.append(times[:-1] > 1, True)[places])]


NEVER: Final = 2**62
"""The number of the first event of a seed that the year does not have."""


def _run_on(ranks: list[Whole], numbers: list[Whole], begun: Whole) -> bool:
    """Return whether the events of each seed are numbered from where it ``begun``, each once."""
    count = np.bincount(np.concatenate(ranks), minlength=len(begun))
    if len(count) > len(begun):
        return False
    shift = np.cumsum(count) - count - begun
    owner = np.full(count.sum(), -1)
    for rank, number in zip(ranks, numbers, strict=True):
        places = number + shift[rank]
        if places.min() < 0 or places.max() >= len(owner):
            return False
        owner[places] = rank
    return np.array_equal(owner, np.repeat(np.arange(len(begun)), count))


def snapshot_keys(kept: Kept) -> pl.DataFrame:
    """Return people who stand in the year's snapshot twice."""
    return _twice(kept.snapshot, [*KEYS])


def balance_keys(kept: Kept) -> pl.DataFrame:
    """Return people whose account stands twice under one date."""
    twice, roll = _twice(kept.balances, ["snapshot_date", *KEYS]), Roll.of(kept.state.people)
    return roll.named(roll.rows_of(twice))


def summary_contract(kept: Kept) -> pl.DataFrame:
    """Return rows of the summary that break its contract, or metrics that stand there twice."""
    of_one_year = kept.summary.filter(simulation_year=kept.year)[["seed", "metric"]]
    if kept.summary.schema == _SUMMARY and of_one_year.n_unique() == kept.summary.height:
        return of_one_year.clear()
    _, failures = SummaryFrame.filter(kept.summary)
    return failures.invalid().with_columns(found="metric")


_SUMMARY: Final = types_of(SummaryFrame)


def _twice(rows: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Return rows whose key is another row's, too. Keys that ascend are unique, and that is quickly seen."""
    if _ascends(rows.select(key)):
        return rows.clear()
    return rows.filter(rows.select(key).is_duplicated())


def _ascends(keys: pl.DataFrame) -> bool:
    """Return whether each row's key is greater than the one before; the first column counts most."""
    greater = np.zeros(max(keys.height - 1, 0), dtype=np.bool_)
    for column in reversed(keys.get_columns()):
        values = column.to_numpy()
        greater = (values[1:] > values[:-1]) | ((values[1:] == values[:-1]) & greater)
    return bool(greater.all())
