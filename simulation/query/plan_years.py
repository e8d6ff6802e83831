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

_CONTRIBUTED: Final = {
    "pre_tax_cents": "source.text = 'employee_pre_tax'",
    "roth_cents": "source.text = 'employee_roth'",
    "catchup_cents": "kind.text = 'catch_up'",
    "match_cents": "source.text = 'employer_match'",
    "nonelective_cents": "source.text = 'employer_nonelective'",
    "profit_sharing_cents": "source.text = 'employer_profit_sharing'",
}
"""Which contributions add up to a column; catch-up is counted in its source, too."""

_SUMS: Final = ", ".join(
    f"CAST(sum(c.amount_cents) FILTER (WHERE {which}) AS BIGINT) AS {column}"
    for column, which in _CONTRIBUTED.items()
)

_ALLOTTED_PAY: Final = """greatest(
        sum(c.compensation_cents)
            FILTER (WHERE source.text = 'employer_nonelective' AND kind.text = 'regular'),
        max(c.compensation_cents) FILTER (WHERE source.text = 'employer_profit_sharing'),
        max(c.compensation_cents) FILTER (WHERE kind.text = 'top_heavy')
    )"""
"""Pay behind an allocation: period by period, or of the whole year at once."""

_PEOPLE: Final = """
SELECT employee_id AS employee, birth_date, hire_date, employee_class, is_officer,
    prior_year_compensation_cents, annual_compensation_cents
FROM event_census
UNION ALL BY NAME
SELECT employee_id AS employee, birth_date, hire_date, employee_class FROM event_hire
"""

_OWNERS: Final = """
SELECT person.text AS employee_id, family.text AS family_of, c.ownership_bp
FROM event_census AS c JOIN employee AS person ON person.code = c.employee_id
LEFT JOIN lexicon AS family ON family.code = c.family_of
"""

PLAN_YEAR: Final = f"""
WITH people AS ({_PEOPLE}),
worked AS (FROM workforce_snapshot WHERE simulation_year = $year),
before AS (FROM workforce_snapshot WHERE simulation_year = $year - 1),
opening AS (
    SELECT employee_id, balance_pre_tax_cents + balance_roth_cents + balance_match_cents
        + balance_nonelective_cents AS cents, 0 AS owed
    FROM event_census WHERE simulation_year = $year - 1
    UNION ALL BY NAME
    SELECT employee_id, total_balance_cents AS cents, loan_balance_cents AS owed
    FROM balance_snapshot WHERE simulation_year = $year - 1
),
closing AS (
    SELECT employee_id, total_balance_cents AS cents, loan_balance_cents AS owed
    FROM balance_snapshot WHERE simulation_year = $year
),
contributed AS (
    SELECT c.employee_id, {_SUMS}, CAST({_ALLOTTED_PAY} AS BIGINT) AS allotted_pay_cents
    FROM event_contribution AS c
    JOIN lexicon AS source ON source.code = c.source JOIN lexicon AS kind ON kind.code = c.kind
    WHERE c.simulation_year = $year GROUP BY c.employee_id
),
entered AS (
    SELECT employee_id, arg_max(entry_date, event_sequence) AS entry_date,
        arg_max(employer_entry_date, event_sequence) AS employer_entry_date
    FROM event_eligibility WHERE simulation_year <= $year GROUP BY employee_id
),
paid_out AS (
    SELECT e.employee_id, sum(e.amount_cents) AS cents,
        sum(e.pre_tax_cents + e.roth_cents) FILTER (WHERE reason.text = 'permissible') AS taken_back
    FROM event_withdrawal AS e JOIN lexicon AS reason ON reason.code = e.reason
    WHERE e.simulation_year = $year GROUP BY e.employee_id
),
gone AS (
    SELECT employee_id, sum(amount_cents) AS cents FROM (
        SELECT employee_id, amount_cents FROM event_distribution WHERE simulation_year = $year
        UNION ALL SELECT employee_id, amount_cents FROM event_rollover WHERE simulation_year = $year
    ) GROUP BY employee_id
),
lost AS (
    SELECT e.employee_id, sum(e.amount_cents) AS cents
    FROM event_forfeiture AS e
    JOIN lexicon AS reason ON reason.code = e.reason
    JOIN lexicon AS source ON source.code = e.forfeited_from_source
    WHERE e.simulation_year = $year AND reason.text = 'permissible_withdrawal'
        AND source.text = 'employer_match'
    GROUP BY e.employee_id
),
reallocated AS (
    SELECT e.employee_id, sum(e.amount_cents) AS cents
    FROM event_forfeiture_use AS e JOIN lexicon AS use ON use.code = e.use
    WHERE e.simulation_year = $year AND use.text = 'reallocate' GROUP BY e.employee_id
),
earned AS (
    SELECT employee_id, sum(amount_cents) AS cents
    FROM event_investment_return WHERE simulation_year = $year GROUP BY employee_id
),
vested AS (
    SELECT employee_id, arg_max(vested_match_bp, event_sequence) AS match_bp,
        arg_max(vested_nonelective_bp, event_sequence) AS nonelective_bp,
        arg_max(vested_profit_sharing_bp, event_sequence) AS profit_sharing_bp
    FROM event_vesting WHERE simulation_year <= $year GROUP BY employee_id
),
paid AS (
    SELECT employee_id, sum(hours) AS hours
    FROM event_hours WHERE simulation_year = $year GROUP BY employee_id
),
status AS (
    SELECT employee_id, bool_or(is_hce) AS is_hce
    FROM event_hce_status WHERE simulation_year = $year GROUP BY employee_id
)
SELECT p.employee, person.text AS employee_id, p.birth_date, p.hire_date,
    worked.employee_id IS NOT NULL AS worked,
    worked.employee_id IS NOT NULL
        AND (worked.termination_date IS NULL OR worked.termination_date = make_date($year, 12, 31))
        AS employed_at_end,
    worked.termination_date, reason.text AS termination_reason, class.text AS employee_class,
    coalesce(p.is_officer, false) AS is_officer,
    coalesce(worked.prorated_annual_compensation_cents, 0) AS pay_cents,
    coalesce(contributed.allotted_pay_cents, 0) AS allotted_pay_cents,
    CASE WHEN $first THEN coalesce(
            p.prior_year_compensation_cents,
            CASE WHEN p.hire_date <= make_date($year - 1, 1, 1) THEN p.annual_compensation_cents END, 0)
        ELSE coalesce(before.prorated_annual_compensation_cents, 0) END AS lookback_pay_cents,
    coalesce(paid.hours, 0) AS hours, entered.entry_date, entered.employer_entry_date,
    coalesce(status.is_hce, false) AS is_hce,
    {", ".join(f"coalesce(contributed.{column}, 0) AS {column}" for column in _CONTRIBUTED)},
    coalesce(reallocated.cents, 0) AS reallocated_cents, coalesce(paid_out.taken_back, 0) AS taken_back_cents,
    coalesce(lost.cents, 0) AS match_taken_back_cents, coalesce(earned.cents, 0) AS returns_cents,
    coalesce(paid_out.cents, 0) AS withdrawn_cents, coalesce(gone.cents, 0) AS distributed_cents,
    coalesce(opening.cents, 0) AS opening_balance_cents, coalesce(closing.cents, 0) AS closing_balance_cents,
    coalesce(opening.owed, 0) AS opening_loans_cents, coalesce(closing.owed, 0) AS closing_loans_cents,
    coalesce(vested.match_bp, 0) AS vested_match_bp,
    coalesce(vested.nonelective_bp, 0) AS vested_nonelective_bp,
    coalesce(vested.profit_sharing_bp, 0) AS vested_profit_sharing_bp
FROM people AS p
JOIN employee AS person ON person.code = p.employee
JOIN lexicon AS class ON class.code = p.employee_class
LEFT JOIN worked ON worked.employee_id = p.employee
LEFT JOIN lexicon AS reason ON reason.code = worked.termination_reason
LEFT JOIN before ON before.employee_id = p.employee
LEFT JOIN opening ON opening.employee_id = p.employee
LEFT JOIN closing ON closing.employee_id = p.employee
LEFT JOIN contributed ON contributed.employee_id = p.employee
LEFT JOIN entered ON entered.employee_id = p.employee
LEFT JOIN paid_out ON paid_out.employee_id = p.employee
LEFT JOIN gone ON gone.employee_id = p.employee
LEFT JOIN lost ON lost.employee_id = p.employee
LEFT JOIN reallocated ON reallocated.employee_id = p.employee
LEFT JOIN earned ON earned.employee_id = p.employee
LEFT JOIN vested ON vested.employee_id = p.employee
LEFT JOIN paid ON paid.employee_id = p.employee
LEFT JOIN status ON status.employee_id = p.employee
WHERE worked.employee_id IS NOT NULL OR opening.cents > 0 OR closing.cents > 0 OR gone.cents > 0
ORDER BY p.employee
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
        owned = _owned(opened)
        years: list[PlanYear] = []
        for year in range(first, (last or end) + 1):
            people = _people(opened, year, owned, first=year == first)
            years.append(PlanYear(year, people, scenario, years[-1] if years else None))
        return years


def _owned(store: Store) -> pl.DataFrame:
    """Return what everybody in the census owns with the family: ``employee_id`` and ``owned_bp``."""
    census = store.sql(_OWNERS).with_columns(seed=pl.lit(store.manifest.seed))
    return census.select("employee_id", owned_bp=pl.Series(owned_bp(census)))


def _people(store: Store, year: int, owned: pl.DataFrame, *, first: bool) -> pl.DataFrame:
    rows = store.sql(PLAN_YEAR, {"year": year, "first": first})
    whole = rows.join(owned, on="employee_id", how="left", maintain_order="left").with_columns(
        pl.col("owned_bp").fill_null(0)
    )
    columns: dict[str, dy.Column] = PlanYearFrame.columns()
    return whole.select(pl.col(name).cast(column.dtype) for name, column in columns.items())
