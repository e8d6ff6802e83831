"""What was in every account at the end of any day of a run, folded from its events alone.

The fold is SQL over the log and shares nothing with the engines or with ``evolve``. Returns, fees and payouts
to leavers are dated 31 December, so that a day before has those of earlier years.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from simulation.events.sources import SOURCES, Source
from simulation.query.as_of import check_date
from simulation.query.reading import reading
from simulation.store import Store
from simulation.store.schema import money

_OPENING: Final = f"""
SELECT employee_id, {", ".join(f"balance_{source}_cents AS {source}" for source in SOURCES[:4])}
FROM event_census WHERE effective_date <= $as_of
"""  # noqa: S608  made of constants

IN_ALL_SOURCES: Final = {
    "loan": "-",
    "loan_repayment": "+",
    "withdrawal": "-",
    "distribution": "-",
    "rollover": "-",
    "investment_return": "+",
    "fee": "-",
}
"""Events with an amount a source, and whether it comes in or goes out."""

IN_ONE_SOURCE: Final = {
    "contribution": ("+", "source"),
    "restoration": ("+", "restored_to_source"),
    "forfeiture": ("-", "forfeited_from_source"),
}
"""Events with an amount in one source, and the column that names it."""


def _moved(event_type: str, sign: str) -> str:
    amounts = ", ".join(f"{sign}{source}_cents AS {source}" for source in SOURCES)
    return f"SELECT employee_id, {amounts} FROM event_{event_type} WHERE effective_date <= $as_of"  # noqa: S608


def _moved_in_one(event_type: str, sign: str, column: str) -> str:
    amounts = ", ".join(
        f"CASE WHEN word.text = '{source.value}' THEN {sign}e.amount_cents END AS {source.column}"
        for source in Source
    )
    return (
        f"SELECT e.employee_id, {amounts} FROM event_{event_type} AS e "  # noqa: S608
        f"JOIN lexicon AS word ON word.code = e.{column} WHERE e.effective_date <= $as_of"
    )


_REALLOCATED: Final = """
SELECT e.employee_id, e.amount_cents AS profit_sharing FROM event_forfeiture_use AS e
JOIN lexicon AS word ON word.code = e.use
WHERE word.text = 'reallocate' AND e.effective_date <= $as_of
"""

_MOVES: Final = " UNION ALL BY NAME ".join(
    [
        _OPENING,
        *(_moved(event_type, sign) for event_type, sign in IN_ALL_SOURCES.items()),
        *(_moved_in_one(event_type, *how) for event_type, how in IN_ONE_SOURCE.items()),
        _REALLOCATED,
    ]
)

_OWED: Final = """
SELECT employee_id, sum(cents) AS owed FROM (
    SELECT employee_id, amount_cents AS cents FROM event_loan WHERE effective_date <= $as_of
    UNION ALL
    SELECT employee_id, -principal_cents FROM event_loan_repayment WHERE effective_date <= $as_of
    UNION ALL
    SELECT employee_id, accrued_interest_cents - amount_cents
    FROM event_loan_default WHERE effective_date <= $as_of
) GROUP BY employee_id
"""

BALANCES_AS_OF: Final = f"""
WITH held AS (
    SELECT employee_id, {", ".join(f"coalesce(sum({source}), 0) AS {source}" for source in SOURCES)}
    FROM ({_MOVES}) GROUP BY employee_id
)
SELECT person.text AS employee_id, CAST($as_of AS DATE) AS as_of,
    {", ".join(f"{money(source)} AS balance_{source}" for source in SOURCES)},
    {money(" + ".join(SOURCES))} AS total_balance, {money("coalesce(owed, 0)")} AS loan_balance
FROM held JOIN employee AS person ON person.code = held.employee_id LEFT JOIN ({_OWED}) USING (employee_id)
WHERE {" + ".join(SOURCES)} > 0 OR owed > 0
ORDER BY person.text
"""  # noqa: S608  made of constants


def balances(store: Store | str | Path, as_of: date) -> pl.DataFrame:
    """Return what was in accounts, in dollars by source, when a day ended; one row a participant, by id.

    Raises:
        QueryError: the day lies outside the run, or the run kept no events.
    """
    with reading(store) as opened:
        check_date(opened, as_of)
        return opened.sql(BALANCES_AS_OF, {"as_of": as_of})
