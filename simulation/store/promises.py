"""Promises that a sealed log keeps, checked by SQL over it alone, apart from the engines and ``evolve``.

Each promise is a query for the rows that break it: ``simulation_year``, ``employee`` (a code) and perhaps
``event_sequence``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from simulation.store.relations import EVENTS

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
SELECT employee_id, simulation_year, effective_date, event_sequence, true AS came, NULL AS reason
FROM ({_ARRIVALS})
UNION ALL BY NAME
SELECT employee_id, simulation_year, effective_date, event_sequence, true AS came, NULL AS reason
FROM event_rehire
UNION ALL BY NAME
SELECT employee_id, simulation_year, effective_date, event_sequence, false AS came, reason
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
    SELECT employee_id, event_sequence, effective_date AS came_on, came,
        lead(effective_date) OVER following AS left_on, lead(reason) OVER following AS reason
    FROM ({_COMINGS_AND_GOINGS})
    WINDOW following AS (PARTITION BY employee_id ORDER BY event_sequence)
) WHERE came
"""  # noqa: S608
"""Spells of work: from genesis, a hire or a rehire to the last day of work, null while it lasts."""

_INSIDE_A_SPELL: Final = f"""
SELECT e.simulation_year, e.employee_id AS employee, e.event_sequence
FROM ({_EVENTS_AT_WORK}) AS e ANTI JOIN ({_SPELLS}) AS s
    ON s.employee_id = e.employee_id AND s.event_sequence <= e.event_sequence
    AND (s.left_on IS NULL OR e.effective_date <= s.left_on)
"""  # noqa: S608

_PRESENT: Final = f"""
SELECT employee_id, y.year, year(came_on) < y.year AS opened,
    CASE WHEN year(left_on) = y.year THEN left_on END AS left_on,
    CASE WHEN year(left_on) = y.year THEN reason END AS reason,
    greatest(came_on, make_date(y.year, 1, 1)) AS first_day,
    least(coalesce(left_on, make_date(y.year, 12, 31)), make_date(y.year, 12, 31)) AS last_day
FROM ({_SPELLS})
JOIN (SELECT unnest(range(start_year - 1, end_year + 1)) AS year FROM run_manifest) AS y
    ON year(came_on) <= y.year AND coalesce(year(left_on) >= y.year, true)
"""  # noqa: S608
"""Who was on the payroll in which year, genesis included, from which day to which."""

_SNAPSHOT_IS_FOLD: Final = f"""
WITH present AS MATERIALIZED ({_PRESENT}),
pay AS (
    SELECT employee_id, simulation_year, arg_max(after, event_sequence) AS cents,
        sum(after - before) AS change
    FROM ({_PAY}) GROUP BY employee_id, simulation_year
),
level AS (
    SELECT employee_id, simulation_year, arg_max(after, event_sequence) AS job_level
    FROM ({_LEVELS}) GROUP BY employee_id, simulation_year
),
raised AS (
    SELECT e.employee_id, p.year, sum((new_compensation_cents - previous_compensation_cents)
            * greatest(date_diff('day', e.effective_date, p.last_day) + 1, 0)) AS day_cents
    FROM event_raise AS e
    JOIN present AS p ON p.employee_id = e.employee_id AND p.year = e.simulation_year
    GROUP BY e.employee_id, p.year
),
carried AS (
    SELECT p.*, date_diff('day', first_day, last_day) + 1 AS days,
        date_diff('day', make_date(p.year, 1, 1), make_date(p.year + 1, 1, 1)) AS year_days,
        last_value(pay.cents IGNORE NULLS) OVER so_far AS cents,
        last_value(level.job_level IGNORE NULLS) OVER so_far AS job_level,
        coalesce(pay.change, 0) AS change
    FROM present AS p
    LEFT JOIN pay ON pay.employee_id = p.employee_id AND pay.simulation_year = p.year
    LEFT JOIN level ON level.employee_id = p.employee_id AND level.simulation_year = p.year
    WINDOW so_far AS (PARTITION BY p.employee_id ORDER BY p.year)
),
folded AS (
    SELECT c.*, coalesce(absent.days, 0) AS leave_days,
        CAST((cents - change) * c.days + coalesce(raised.day_cents, 0) AS BIGINT) AS day_cents
    FROM carried AS c
    LEFT JOIN raised ON raised.employee_id = c.employee_id AND raised.year = c.year
    LEFT JOIN event_leave AS absent
        ON absent.employee_id = c.employee_id AND absent.simulation_year = c.year
    WHERE c.year >= (SELECT start_year FROM run_manifest)
)
SELECT coalesce(f.year, s.simulation_year) AS simulation_year,
    coalesce(f.employee_id, s.employee_id) AS employee
FROM folded AS f
FULL JOIN workforce_snapshot AS s ON s.employee_id = f.employee_id AND s.simulation_year = f.year
LEFT JOIN lexicon AS status ON status.code = s.detailed_status_code
WHERE f.employee_id IS NULL OR s.employee_id IS NULL
    OR s.job_level IS DISTINCT FROM f.job_level
    OR s.termination_date IS DISTINCT FROM f.left_on
    OR s.termination_reason IS DISTINCT FROM f.reason
    OR s.current_compensation_cents IS DISTINCT FROM f.cents
    OR s.prorated_annual_compensation_cents
        IS DISTINCT FROM (2 * f.day_cents * (f.days - f.leave_days) + f.days * f.year_days)
            // (2 * f.days * f.year_days)
    OR s.full_year_equivalent_compensation_cents IS DISTINCT FROM (2 * f.day_cents + f.days) // (2 * f.days)
    OR status.text IS DISTINCT FROM CASE
        WHEN f.opened AND f.left_on IS NULL THEN 'continuous_active'
        WHEN f.opened THEN 'experienced_termination'
        WHEN f.left_on IS NULL THEN 'new_hire_active'
        ELSE 'new_hire_termination' END
"""  # noqa: S608

PROMISES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "everybody arrives once": _ONE_ARRIVAL,
        "coming and leaving alternate": _LEAVE_ONCE,
        "nothing happens before the first or after the last day of work": _INSIDE_A_SPELL,
        "each raise starts from the pay before it": _BROKEN_CHAIN.format(links=_PAY),
        "each promotion starts from the level before it": _BROKEN_CHAIN.format(links=_LEVELS),
        "headcounts, hires and terminations of the summary are those of the log": _HEADCOUNT,
        "the snapshot's headcount is the summary's": _SNAPSHOT_HEADCOUNT,
        "the snapshot is the fold of the log": _SNAPSHOT_IS_FOLD,
    }
)
