"""The workforce as of any date of a run, folded from its events alone.

The fold is SQL over the log and shares nothing with the engines or with ``evolve``, so that each proves the
other. Of several events the last in the run's order counts.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from simulation.dates import year_end
from simulation.errors import Problem, QueryError
from simulation.query.reading import reading
from simulation.store import Store
from simulation.store.schema import money

_COMPLETED_YEARS: Final = """
    greatest(0, year($as_of) - year({since})
        - CAST(month($as_of) * 100 + day($as_of) < month({since}) * 100 + day({since}) AS INTEGER))
"""
"""Whole years completed; a day of 29 February falls on 1 March in other years."""

AS_OF: Final = f"""
WITH arrived AS (
    SELECT employee_id, event_sequence, birth_date, hire_date, department, job_level, scheduled_hours,
        performance_rating, employee_class, annual_compensation_cents
    FROM event_census WHERE effective_date <= $as_of
    UNION ALL BY NAME
    SELECT employee_id, event_sequence, birth_date, hire_date, department, job_level, scheduled_hours,
        performance_rating, employee_class, annual_compensation_cents
    FROM event_hire WHERE effective_date <= $as_of
),
pay AS (
    SELECT employee_id, arg_max(cents, event_sequence) AS cents FROM (
        SELECT employee_id, event_sequence, new_compensation_cents AS cents
        FROM event_raise WHERE effective_date <= $as_of
        UNION ALL
        SELECT employee_id, event_sequence, annual_compensation_cents
        FROM event_rehire WHERE effective_date <= $as_of
    ) GROUP BY employee_id
),
promotion AS (
    SELECT employee_id, arg_max(to_level, event_sequence) AS job_level
    FROM event_promotion WHERE effective_date <= $as_of GROUP BY employee_id
),
come_and_go AS (
    SELECT employee_id, effective_date, event_sequence, reason, NULL AS service_date
    FROM event_termination WHERE effective_date <= $as_of
    UNION ALL
    SELECT employee_id, NULL, event_sequence, NULL, service_date
    FROM event_rehire WHERE effective_date <= $as_of
),
standing AS (
    SELECT employee_id,
        arg_max_null(effective_date, event_sequence) AS termination_date,
        arg_max_null(reason, event_sequence) AS reason,
        arg_max(service_date, event_sequence) FILTER (service_date IS NOT NULL) AS service_date
    FROM come_and_go GROUP BY employee_id
),
folded AS (
    SELECT a.* EXCLUDE (job_level),
        coalesce(promotion.job_level, a.job_level) AS job_level,
        coalesce(pay.cents, a.annual_compensation_cents) AS cents,
        coalesce(standing.service_date, a.hire_date) AS service_date,
        standing.termination_date, standing.reason
    FROM arrived AS a
    LEFT JOIN pay USING (employee_id)
    LEFT JOIN promotion USING (employee_id)
    LEFT JOIN standing USING (employee_id)
)
SELECT person.text AS employee_id,
    CAST($as_of AS DATE) AS as_of,
    CASE WHEN f.termination_date IS NULL THEN 'active' ELSE 'terminated' END AS employment_status,
    f.job_level, department.text AS department,
    {money("f.cents")} AS annual_compensation,
    f.scheduled_hours, f.performance_rating, class.text AS employee_class,
    f.birth_date, f.hire_date, f.service_date,
    {_COMPLETED_YEARS.format(since="f.birth_date")} AS age,
    {_COMPLETED_YEARS.format(since="f.service_date")} AS tenure_years,
    f.termination_date, reason.text AS termination_reason
FROM folded AS f
JOIN employee AS person ON person.code = f.employee_id
LEFT JOIN lexicon AS department ON department.code = f.department
LEFT JOIN lexicon AS class ON class.code = f.employee_class
LEFT JOIN lexicon AS reason ON reason.code = f.reason
WHERE $former OR f.termination_date IS NULL
ORDER BY person.text
"""  # noqa: S608  made of constants


def snapshot(store: Store | str | Path, as_of: date, *, former: bool = False) -> pl.DataFrame:
    """Return who was employed when a day ended, one row an employee, sorted by id.

    ``annual_compensation`` is in dollars a year; ``age`` and ``tenure_years`` are completed years then.
    With ``former``, people who had left by then are there too, as they were when they left.

    Raises:
        QueryError: the day lies outside the run, or the run kept no events.
    """
    with reading(store) as opened:
        check_date(opened, as_of)
        return opened.sql(AS_OF, {"as_of": as_of, "former": former})


def check_date(store: Store, as_of: date) -> None:
    """Refuse a day that the log of a run does not reach.

    Raises:
        QueryError: the day lies outside the run, or the run kept no events.
    """
    store.require("event_raise")
    first, last = store.manifest.census_as_of, year_end(store.manifest.end_year)
    if not first <= as_of <= last:
        problem = Problem("date", str(as_of), f"{first} (the census) to {last}")
        raise QueryError("the date lies outside the run", problems=[problem])
