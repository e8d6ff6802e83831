"""Promises that a sealed log keeps, checked over it alone, apart from the engines and ``evolve``.

Each promise is a question for the rows that break it: ``simulation_year``, ``employee`` (a code) and perhaps
``event_sequence``. All but one are SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

import polars as pl

from simulation.store.reader import Store
from simulation.store.relations import EVENTS
from simulation.store.snapshot_fold import unfolded

_AT_WORK: Final = ("promotion", "raise", "leave", "hours", "termination")
"""Events of people at work; an account goes on after the last day."""

_EVENTS_AT_WORK: Final = " UNION ALL ".join(
    f"SELECT employee_id, simulation_year, effective_date, event_sequence FROM {EVENTS[name].name}"  # noqa: S608
    for name in _AT_WORK
)

_ARRIVALS: Final = """
SELECT employee_id, simulation_year, effective_date, event_sequence, job_level,
    annual_compensation_cents AS cents
FROM event_census
UNION ALL BY NAME
SELECT employee_id, simulation_year, effective_date, event_sequence, job_level,
    annual_compensation_cents AS cents
FROM event_hire
"""

_COMINGS_AND_GOINGS: Final = f"""
SELECT employee_id, simulation_year, effective_date, event_sequence, true AS came
FROM ({_ARRIVALS})
UNION ALL BY NAME
SELECT employee_id, simulation_year, effective_date, event_sequence, true AS came
FROM event_rehire
UNION ALL BY NAME
SELECT employee_id, simulation_year, effective_date, event_sequence, false AS came
FROM event_termination
"""  # noqa: S608  made of constants, here and below

_PAY: Final = f"""
SELECT employee_id, simulation_year, event_sequence, NULL AS before, cents AS after FROM ({_ARRIVALS})
UNION ALL BY NAME
SELECT employee_id, simulation_year, event_sequence, NULL AS before, annual_compensation_cents AS after
FROM event_rehire
UNION ALL BY NAME
SELECT employee_id, simulation_year, event_sequence, previous_compensation_cents AS before,
    new_compensation_cents AS after
FROM event_raise
"""  # noqa: S608

_LEVELS: Final = f"""
SELECT employee_id, simulation_year, event_sequence, NULL AS before, job_level AS after FROM ({_ARRIVALS})
UNION ALL BY NAME
SELECT employee_id, simulation_year, event_sequence, from_level AS before, to_level AS after
FROM event_promotion
"""  # noqa: S608

_BROKEN_CHAIN: Final = """
SELECT simulation_year, employee_id AS employee, event_sequence FROM ({links})
QUALIFY before IS NOT NULL
    AND before IS DISTINCT FROM lag(after) OVER (PARTITION BY employee_id ORDER BY event_sequence)
"""

_ONE_ARRIVAL: Final = f"""
SELECT max(simulation_year) AS simulation_year, employee_id AS employee, max(event_sequence) AS event_sequence
FROM ({_ARRIVALS}) GROUP BY employee_id HAVING count(*) > 1
"""  # noqa: S608

_LEAVE_ONCE: Final = f"""
SELECT simulation_year, employee_id AS employee, event_sequence FROM ({_COMINGS_AND_GOINGS})
QUALIFY came IS NOT DISTINCT FROM lag(came) OVER (PARTITION BY employee_id ORDER BY event_sequence)
"""  # noqa: S608

_HEADCOUNT: Final = f"""
WITH change AS (
    SELECT simulation_year, sum(CASE WHEN came THEN 1 ELSE -1 END) AS change,
        count(*) FILTER (came) AS hires, count(*) FILTER (NOT came) AS terminations
    FROM ({_COMINGS_AND_GOINGS}) GROUP BY simulation_year
),
counted AS (
    SELECT coalesce(change.simulation_year, y.year) AS simulation_year,
        sum(coalesce(change, 0)) OVER (ORDER BY y.year) AS headcount_end,
        sum(coalesce(change, 0)) OVER (ORDER BY y.year) - coalesce(change, 0) AS headcount_start,
        coalesce(hires, 0) AS hires, coalesce(terminations, 0) AS terminations
    FROM (SELECT unnest(range(start_year - 1, end_year + 1)) AS year FROM run_manifest) AS y
    LEFT JOIN change ON change.simulation_year = y.year
),
expected AS (
    UNPIVOT counted ON headcount_start, headcount_end, hires, terminations INTO NAME metric VALUE expected
)
SELECT e.simulation_year, NULL AS employee
FROM expected AS e LEFT JOIN fct_year_summary AS s USING (simulation_year, metric)
WHERE s.value IS DISTINCT FROM e.expected AND e.simulation_year >= (SELECT start_year FROM run_manifest)
"""  # noqa: S608

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

_SPELLS: Final = f"""
SELECT * FROM (
    SELECT employee_id, event_sequence, came,
        lead(effective_date) OVER (PARTITION BY employee_id ORDER BY event_sequence) AS left_on
    FROM ({_COMINGS_AND_GOINGS})
) WHERE came
"""  # noqa: S608
"""Spells of work: from genesis, a hire or a rehire to the last day of work, null while it lasts."""

_INSIDE_A_SPELL: Final = f"""
SELECT e.simulation_year, e.employee_id AS employee, e.event_sequence
FROM ({_EVENTS_AT_WORK}) AS e ANTI JOIN ({_SPELLS}) AS s
    ON s.employee_id = e.employee_id AND s.event_sequence <= e.event_sequence
    AND (s.left_on IS NULL OR e.effective_date <= s.left_on)
"""  # noqa: S608

_QUERIES: Final = {
    "everybody arrives once": _ONE_ARRIVAL,
    "coming and leaving alternate": _LEAVE_ONCE,
    "nothing happens before the first or after the last day of work": _INSIDE_A_SPELL,
    "each raise starts from the pay before it": _BROKEN_CHAIN.format(links=_PAY),
    "each promotion starts from the level before it": _BROKEN_CHAIN.format(links=_LEVELS),
    "headcounts, hires and terminations of the summary are those of the log": _HEADCOUNT,
    "the snapshot's headcount is the summary's": _SNAPSHOT_HEADCOUNT,
}


def _broken(query: str, store: Store) -> pl.DataFrame:
    return store.sql(query)


PROMISES: Final[Mapping[str, Callable[[Store], pl.DataFrame]]] = MappingProxyType(
    {
        **{name: partial(_broken, query) for name, query in _QUERIES.items()},
        "the snapshot is the fold of the log": unfolded,
    }
)
