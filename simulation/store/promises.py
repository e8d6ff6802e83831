"""Promises that a sealed log keeps, checked over it alone, apart from the engines and ``evolve``.

Each promise is a question for the rows that break it: ``simulation_year``, ``employee`` (a code, null for
one that nobody has) and perhaps ``event_sequence``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from simulation.store.log import NOBODY, NONE, Columns, Log, by_employee, keys, places, previous
from simulation.store.relations import ARRIVALS
from simulation.store.snapshot_fold import unfolded

Promise: TypeAlias = Callable[[Log], pl.DataFrame]

_AT_WORK: Final = ("promotion", "raise", "leave", "hours", "termination")
"""Events of people at work; an account goes on after the last day."""

_LASTS: Final = np.iinfo(np.int64).max
"""The last day of a spell of work that has none."""


def _arrived_again(log: Log) -> pl.DataFrame:
    arrivals = by_employee(log.of_all_years(ARRIVALS, ("employee", "year", "number")))
    again = previous(arrivals["employee"], arrivals["employee"]) != NONE
    theirs = np.isin(arrivals["employee"], arrivals["employee"][again])
    latest = _offending(arrivals, theirs).group_by("employee").max()
    return latest.select("simulation_year", "employee", "event_sequence")


def _moved_twice(log: Log) -> pl.DataFrame:
    moves = log.movements
    return _offending(moves, moves["came"] == previous(moves["came"], moves["employee"]))


def _outside_work(log: Log) -> pl.DataFrame:
    """Return what happened outside the spell of work that began last before it.

    A spell goes from genesis, a hire or a rehire to the last day of work. Nearly always it is the last one
    of somebody; where that one began later, the one before is looked for.
    """
    events = log.of_all_years(_AT_WORK, ("employee", "year", "day", "number"))
    spells = _spells(log.movements)
    latest = np.zeros(log.people + 1, dtype=np.int64)
    latest[places(spells["employee"], log.people)] = np.arange(len(spells["employee"]))
    spell = latest[places(events["employee"], log.people)]
    unsure = np.flatnonzero(
        (spells["employee"][spell] != events["employee"]) | (spells["number"][spell] > events["number"])
    )
    sought = {name: events[name][unsure] for name in ("employee", "number")}
    spell[unsure] = np.searchsorted(keys(spells), keys(sought), side="right") - 1
    theirs = spells["employee"][spell] == events["employee"]
    day = np.where(events["day"] == NONE, _LASTS, events["day"])
    return _offending(events, ~(theirs & (day <= spells["left_on"][spell])))


def _spells(moves: Columns) -> Columns:
    """Return spells of work with ``left_on``, by employee in order; before all one of no employee."""
    left_on = np.full(len(moves["day"]), _LASTS)
    ends = (moves["employee"][1:] == moves["employee"][:-1]) & (moves["day"][1:] != NONE)
    left_on[:-1] = np.where(ends, moves["day"][1:], _LASTS)
    came = moves["came"] == 1
    columns = {
        "employee": (moves["employee"], -NOBODY - 1),
        "number": (moves["number"], 0),
        "left_on": (left_on, 0),
    }
    return {name: np.concatenate([[none], column[came]]) for name, (column, none) in columns.items()}


def _pay_broken(log: Log) -> pl.DataFrame:
    return _broken_chain(log, (*ARRIVALS, "rehire", "raise"), "cents")


def _level_broken(log: Log) -> pl.DataFrame:
    return _broken_chain(log, (*ARRIVALS, "promotion"), "level")


def _broken_chain(log: Log, event_types: tuple[str, ...], what: str) -> pl.DataFrame:
    """Return the events that say another value before them than their employee's event before them left."""
    links = by_employee(log.of_all_years(event_types, ("employee", "year", "number", "before", what)))
    left = previous(links[what], links["employee"])
    return _offending(links, (links["before"] != NONE) & (links["before"] != left))


def _offending(events: Columns, broken: npt.NDArray[np.bool_]) -> pl.DataFrame:
    """Return the events that break a promise."""
    return pl.DataFrame(
        {
            "simulation_year": events["year"][broken],
            "employee": events["employee"][broken],
            "event_sequence": events["number"][broken],
        }
    ).with_columns(pl.col("employee").replace(NOBODY, None))


_HEADCOUNT: Final = """
WITH counted AS (
    SELECT y.year AS simulation_year,
        sum(coalesce(hires - terminations, 0)) OVER (ORDER BY y.year) AS headcount_end,
        headcount_end - coalesce(hires - terminations, 0) AS headcount_start,
        coalesce(hires, 0) AS hires, coalesce(terminations, 0) AS terminations
    FROM (SELECT unnest(range(start_year - 1, end_year + 1)) AS year FROM run_manifest) AS y
    LEFT JOIN moved ON moved.year = y.year
),
expected AS (
    UNPIVOT counted ON headcount_start, headcount_end, hires, terminations INTO NAME metric VALUE expected
)
SELECT e.simulation_year, NULL AS employee
FROM expected AS e LEFT JOIN fct_year_summary AS s USING (simulation_year, metric)
WHERE s.value IS DISTINCT FROM e.expected AND e.simulation_year >= (SELECT start_year FROM run_manifest)
"""

_SNAPSHOT_HEADCOUNT: Final = """
WITH counted AS (
    SELECT simulation_year, count(*) FILTER (employment_status IN (
        SELECT code FROM lexicon WHERE text = 'active')) AS people
    FROM workforce_snapshot GROUP BY simulation_year
)
SELECT s.simulation_year, NULL AS employee
FROM fct_year_summary AS s LEFT JOIN counted AS c USING (simulation_year)
WHERE s.metric = 'headcount_end' AND s.value IS DISTINCT FROM coalesce(c.people, 0)
"""


def _headcounts_differ(log: Log) -> pl.DataFrame:
    moves = pl.DataFrame({name: log.movements[name] for name in ("year", "came")})
    came = pl.col("came").sum().alias("hires")
    moved = moves.group_by("year").agg(
        came, (pl.len() - pl.col("came").sum()).cast(pl.Int64).alias("terminations")
    )
    return log.store.sql(_HEADCOUNT, beside={"moved": moved})


def _snapshot_headcounts_differ(log: Log) -> pl.DataFrame:
    return log.store.sql(_SNAPSHOT_HEADCOUNT)


def _indexed_otherwise(log: Log) -> pl.DataFrame:
    """Return who has another row of the index than the year's events make, none, one too many or several."""
    return pl.concat(_indexed_otherwise_in(log, year) for year in log.store.manifest.stored_years)


def _indexed_otherwise_in(log: Log, year: int) -> pl.DataFrame:
    rows = log.index(year)
    place = places(rows["employee"], log.people)
    said = np.zeros(log.people + 1, dtype=np.int64)
    said[place] = rows["types"]
    several = np.bincount(place, minlength=log.people + 1) > 1
    who = np.flatnonzero((said != log.types(year)) | several)
    employee = pl.Series(who, dtype=pl.Int64).replace(log.people, None)
    return pl.DataFrame({"simulation_year": np.full(len(who), year), "employee": employee})


PROMISES: Final[Mapping[str, Promise]] = MappingProxyType(
    {
        "everybody arrives once": _arrived_again,
        "coming and leaving alternate": _moved_twice,
        "nothing happens before the first or after the last day of work": _outside_work,
        "each raise starts from the pay before it": _pay_broken,
        "each promotion starts from the level before it": _level_broken,
        "the index names the types of everybody's events": _indexed_otherwise,
        "headcounts, hires and terminations of the summary are those of the log": _headcounts_differ,
        "the snapshot's headcount is the summary's": _snapshot_headcounts_differ,
        "the snapshot is the fold of the log": unfolded,
    }
)
