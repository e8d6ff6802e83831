"""Who may join the plan, who defers how much and what of employer money is owned, on any date of a run.

Folded from the events alone by SQL, apart from the engines and from ``evolve``, and each proves the other.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from simulation.query.as_of import check_date
from simulation.query.reading import reading
from simulation.store import Store
from simulation.store.schema import rate

_RANKS: Final = {"enrollment": 1, "opt_out": 2, "escalation": 3, "deferral_change": 4}
"""Elections of one day count in this order, whatever phase made them; the census comes before all of them."""

_OPENING: Final = """
SELECT employee_id, CAST(0 AS BIGINT) AS turn, deferral_bp AS pre_tax, roth_deferral_bp AS roth
FROM event_census
WHERE effective_date <= $as_of AND (deferral_bp IS NOT NULL OR roth_deferral_bp IS NOT NULL)
"""


def _elected(event_type: str, rank: int) -> str:
    """Return the query of one type's elections: whose, how late, at which rates in basis points."""
    rates = "0, 0" if event_type == "opt_out" else "pre_tax_rate_bp, roth_rate_bp"
    accepted = " AND NOT refused" if event_type == "escalation" else ""
    turn = f"((effective_date - DATE '1970-01-01') * 8 + {rank}) * 4294967296 + event_sequence"
    return (
        f"SELECT employee_id, {turn}, {rates} FROM event_{event_type} "  # noqa: S608  names of our own
        f"WHERE effective_date <= $as_of{accepted}"
    )


_ELECTIONS: Final = " UNION ALL ".join([_OPENING, *(_elected(*kind) for kind in _RANKS.items())])

PLAN_STATUS_AS_OF: Final = f"""
WITH arrived AS (
    SELECT employee_id FROM event_census WHERE effective_date <= $as_of
    UNION ALL SELECT employee_id FROM event_hire WHERE effective_date <= $as_of
),
come_and_go AS (
    SELECT employee_id, effective_date, event_sequence FROM event_termination WHERE effective_date <= $as_of
    UNION ALL SELECT employee_id, NULL, event_sequence FROM event_rehire WHERE effective_date <= $as_of
),
standing AS (
    SELECT employee_id, arg_max_null(effective_date, event_sequence) AS termination_date
    FROM come_and_go GROUP BY employee_id
),
entry AS (
    SELECT employee_id, arg_max(entry_date, event_sequence) AS entry_date,
        arg_max(employer_entry_date, event_sequence) AS employer_entry_date
    FROM event_eligibility WHERE effective_date <= $as_of GROUP BY employee_id
),
election AS (
    SELECT employee_id, arg_max(coalesce(pre_tax, 0), turn) AS pre_tax,
        arg_max(coalesce(roth, 0), turn) AS roth
    FROM ({_ELECTIONS}) GROUP BY employee_id
),
vesting AS (
    SELECT employee_id, arg_max(credited_service, event_sequence) AS credited_service,
        arg_max(vested_match_bp, event_sequence) AS match,
        arg_max(vested_nonelective_bp, event_sequence) AS nonelective,
        arg_max(vested_profit_sharing_bp, event_sequence) AS profit_sharing
    FROM event_vesting WHERE effective_date <= $as_of GROUP BY employee_id
)
SELECT person.text AS employee_id, CAST($as_of AS DATE) AS as_of,
    coalesce(entry_date <= coalesce(termination_date, $as_of), false) AS is_eligible,
    entry_date, employer_entry_date,
    coalesce(pre_tax + roth > 0, false) AS is_enrolled,
    {rate("pre_tax")} AS pre_tax_rate, {rate("roth")} AS roth_rate, {rate("pre_tax + roth")} AS deferral_rate,
    credited_service, {rate("match")} AS vested_match, {rate("nonelective")} AS vested_nonelective,
    {rate("profit_sharing")} AS vested_profit_sharing
FROM arrived
JOIN employee AS person ON person.code = arrived.employee_id
LEFT JOIN standing USING (employee_id)
LEFT JOIN entry USING (employee_id)
LEFT JOIN election USING (employee_id)
LEFT JOIN vesting USING (employee_id)
WHERE $former OR termination_date IS NULL
ORDER BY person.text
"""  # noqa: S608  made of constants


def plan_status(store: Store | str | Path, as_of: date, *, former: bool = False) -> pl.DataFrame:
    """Return how everybody stood in the plan when a day ended, one row an employee, sorted by id.

    Rates are shares of pay, null for who never elected; vested shares are null until service was first
    credited. With ``former``, people who had left by then are there, too: eligible if they were when they
    left.

    Raises:
        QueryError: the day lies outside the run, or the run kept no events.
    """
    with reading(store) as opened:
        check_date(opened, as_of)
        return opened.sql(PLAN_STATUS_AS_OF, {"as_of": as_of, "former": former})
