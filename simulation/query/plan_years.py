"""The plan years of a sealed run as tests look at them, folded from its events and year-end tables in SQL."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import dataframely as dy
import polars as pl

from simulation.compliance import PlanYear, PlanYearFrame
from simulation.errors import Problem, QueryError
from simulation.family import owned_bp
from simulation.parameters.restored import restored
from simulation.query.reading import reading
from simulation.store import Store

_WORDS: Final = {
    "pre_tax": "employee_pre_tax",
    "roth": "employee_roth",
    "matched": "employer_match",
    "nonelective": "employer_nonelective",
    "shared": "employer_profit_sharing",
    "catch_up": "catch_up",
    "regular": "regular",
    "top_heavy": "top_heavy",
    "permissible": "permissible",
    "taken_back": "permissible_withdrawal",
    "reallocate": "reallocate",
}
"""Texts of events by what the query calls their codes."""

_CODES: Final = ", ".join(
    f"max(code) FILTER (WHERE text = '{text}') AS {name}" for name, text in _WORDS.items()
)

_CONTRIBUTED: Final = {
    "pre_tax_cents": "source = word.pre_tax",
    "roth_cents": "source = word.roth",
    "catchup_cents": "kind = word.catch_up",
    "match_cents": "source = word.matched",
    "nonelective_cents": "source = word.nonelective",
    "profit_sharing_cents": "source = word.shared",
}
"""Which contributions add up to a column; catch-up is counted in its source, too."""

_MOVED: Final = {
    "reallocated_cents": "event_forfeiture_use, word WHERE use = word.reallocate",
    "match_taken_back_cents": (
        "event_forfeiture, word WHERE reason = word.taken_back AND forfeited_from_source = word.matched"
    ),
    "returns_cents": "event_investment_return",
    "withdrawn_cents": "event_withdrawal",
    "distributed_cents": "(FROM event_distribution UNION ALL BY NAME FROM event_rollover)",
}
"""Amounts of other events that add up to a column."""

_PEOPLE: Final = """
SELECT employee_id AS employee, birth_date, hire_date, employee_class, is_officer
FROM event_census
UNION ALL BY NAME
SELECT employee_id AS employee, birth_date, hire_date, employee_class FROM event_hire
"""

_OWNERS: Final = """
SELECT person.text AS employee_id, family.text AS family_of, c.ownership_bp
FROM event_census AS c JOIN employee AS person ON person.code = c.employee_id
LEFT JOIN lexicon AS family ON family.code = c.family_of
"""

_SUMS: Final = ",\n    ".join(
    f"sum(amount_cents) FILTER (WHERE {which}) AS {column}" for column, which in _CONTRIBUTED.items()
)
_MOVES: Final = "\nUNION ALL BY NAME ".join(
    f"SELECT employee_id, simulation_year, amount_cents AS {column} FROM {rows}"  # noqa: S608
    for column, rows in _MOVED.items()
)
_FLOWS: Final = f"""
SELECT employee_id, simulation_year, true AS worked, termination_date, termination_reason,
    prorated_annual_compensation_cents AS pay_cents
FROM workforce_snapshot
UNION ALL BY NAME
SELECT employee_id, simulation_year + 1 AS simulation_year,
    prorated_annual_compensation_cents AS lookback_pay_cents
FROM workforce_snapshot
UNION ALL BY NAME
SELECT employee_id, simulation_year, total_balance_cents AS closing_balance_cents,
    loan_balance_cents AS closing_loans_cents
FROM balance_snapshot
UNION ALL BY NAME
SELECT employee_id, simulation_year + 1 AS simulation_year, total_balance_cents AS opening_balance_cents,
    loan_balance_cents AS opening_loans_cents
FROM balance_snapshot
UNION ALL BY NAME
SELECT employee_id, simulation_year + 1 AS simulation_year, balance_pre_tax_cents + balance_roth_cents
    + balance_match_cents + balance_nonelective_cents AS opening_balance_cents,
    coalesce(prior_year_compensation_cents, CASE WHEN hire_date <= make_date(simulation_year, 1, 1)
        THEN annual_compensation_cents END) AS lookback_pay_cents
FROM event_census
UNION ALL BY NAME
SELECT employee_id, simulation_year,
    {_SUMS},
    greatest(
        sum(compensation_cents) FILTER (WHERE source = word.nonelective AND kind = word.regular),
        max(compensation_cents) FILTER (WHERE source = word.shared),
        max(compensation_cents) FILTER (WHERE kind = word.top_heavy)
    ) AS allotted_pay_cents
FROM event_contribution, word GROUP BY employee_id, simulation_year
UNION ALL BY NAME {_MOVES}
UNION ALL BY NAME
SELECT employee_id, simulation_year, pre_tax_cents + roth_cents AS taken_back_cents
FROM event_withdrawal, word WHERE reason = word.permissible
UNION ALL BY NAME SELECT employee_id, simulation_year, hours FROM event_hours
UNION ALL BY NAME SELECT employee_id, simulation_year, is_hce FROM event_hce_status
UNION ALL BY NAME
SELECT employee_id, simulation_year, event_sequence, entry_date, employer_entry_date FROM event_eligibility
UNION ALL BY NAME
SELECT employee_id, simulation_year, event_sequence, vested_match_bp, vested_nonelective_bp,
    vested_profit_sharing_bp
FROM event_vesting
"""  # noqa: S608  made of constants
"""Everything that a plan year is made of, each row with the columns that it says something of.

The pay behind an allocation is told period by period, or of the whole year at once.
"""

_ADDED: Final = (
    *_CONTRIBUTED,
    *_MOVED,
    "allotted_pay_cents",
    *("pay_cents", "lookback_pay_cents", "taken_back_cents", "hours"),
    *("opening_balance_cents", "opening_loans_cents", "closing_balance_cents", "closing_loans_cents"),
)
_LATEST: Final = (
    *("entry_date", "employer_entry_date"),
    *("vested_match_bp", "vested_nonelective_bp", "vested_profit_sharing_bp"),
)
"""What was said last holds until it is said anew."""

PLAN_YEARS: Final = f"""
WITH word AS MATERIALIZED (SELECT {_CODES} FROM lexicon),
people AS ({_PEOPLE}),
flow AS ({_FLOWS}),
found AS (
    SELECT employee_id AS employee, simulation_year AS year,
        coalesce(bool_or(worked), false) AS worked, max(termination_date) AS termination_date,
        max(termination_reason) AS termination_reason, coalesce(bool_or(is_hce), false) AS is_hce,
        {", ".join(f"coalesce(sum({column}), 0) AS {column}" for column in _ADDED)},
        {", ".join(f"arg_max({column}, event_sequence) AS {column}" for column in _LATEST)}
    FROM flow GROUP BY employee_id, simulation_year
),
known AS (
    SELECT * EXCLUDE ({", ".join(_LATEST)}),
        {", ".join(f"last_value({column} IGNORE NULLS) OVER till_now AS {column}" for column in _LATEST)}
    FROM found
    WINDOW till_now AS (PARTITION BY employee ORDER BY year ROWS UNBOUNDED PRECEDING)
)
SELECT f.* EXCLUDE (termination_reason, vested_match_bp, vested_nonelective_bp, vested_profit_sharing_bp),
    coalesce(f.vested_match_bp, 0) AS vested_match_bp,
    coalesce(f.vested_nonelective_bp, 0) AS vested_nonelective_bp,
    coalesce(f.vested_profit_sharing_bp, 0) AS vested_profit_sharing_bp,
    f.worked AND coalesce(f.termination_date = make_date(f.year, 12, 31), true) AS employed_at_end,
    person.text AS employee_id, p.birth_date, p.hire_date, reason.text AS termination_reason,
    class.text AS employee_class, coalesce(p.is_officer, false) AS is_officer
FROM known AS f
JOIN people AS p ON p.employee = f.employee
JOIN employee AS person ON person.code = f.employee
JOIN lexicon AS class ON class.code = p.employee_class
LEFT JOIN lexicon AS reason ON reason.code = f.termination_reason
WHERE f.year BETWEEN $first AND $last
    AND (f.worked OR f.opening_balance_cents > 0 OR f.closing_balance_cents > 0 OR f.distributed_cents > 0)
ORDER BY f.year, f.employee
"""  # noqa: S608  made of constants


def plan_years(store: Store | str | Path, *, last: int | None = None) -> list[PlanYear]:
    """Return the plan years of a run in order, each with the one before it, up to a last one.

    Raises:
        QueryError: the run kept too little (``output.keep: full`` keeps all that tests need), or it does not
            have the last year.
        ScenarioError: the run's scenario is of another version.
    """
    with reading(store) as opened:
        opened.require("event_contribution")
        manifest = opened.manifest
        first, end = manifest.start_year, manifest.end_year
        if last is not None and not first <= last <= end:
            problem = Problem("year", str(last), f"{first} to {end}")
            raise QueryError("the run does not have this year", problems=[problem])
        scenario = restored(manifest.scenario_json, manifest.scenario_digest)
        years: list[PlanYear] = []
        people = _people(opened, first, last or end)
        for year in range(first, (last or end) + 1):
            years.append(PlanYear(year, people[year], scenario, years[-1] if years else None))
        return years


def _people(store: Store, first: int, last: int) -> dict[int, pl.DataFrame]:
    """Return everybody of each year."""
    rows = store.sql(PLAN_YEARS, {"first": first, "last": last})
    owned = rows.join(_owned(store), on="employee_id", how="left", maintain_order="left")
    whole = owned.with_columns(pl.col("owned_bp").fill_null(0))
    columns: dict[str, dy.Column] = PlanYearFrame.columns()
    kept = [pl.col(name).cast(column.dtype) for name, column in columns.items()]
    return {year: whole.filter(pl.col("year") == year).select(kept) for year in range(first, last + 1)}


def _owned(store: Store) -> pl.DataFrame:
    """Return what everybody in the census owns with the family: ``employee_id`` and ``owned_bp``."""
    census = store.sql(_OWNERS).with_columns(seed=pl.lit(store.manifest.seed))
    return census.select("employee_id", owned_bp=pl.Series(owned_bp(census)))
