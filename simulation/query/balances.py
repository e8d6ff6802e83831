"""What was in every account at the end of any day of a run.

The nearest snapshot before it, of the store or of a side file, and the events since. The same is folded from
the events alone, by SQL that shares nothing with the engines or with ``evolve``; so each proves the other.
Returns, fees and payouts to leavers are dated 31 December, so that a day before has those of earlier years.
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
from simulation.store.side_file import nearest_beside

_DURING: Final = "e.effective_date > $since AND e.effective_date <= $as_of"

_OPENING: Final = f"""
SELECT employee_id, {", ".join(f"balance_{source}_cents AS {source}" for source in SOURCES[:4])}
FROM event_census AS e WHERE {_DURING}
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
    return f"SELECT employee_id, {amounts} FROM event_{event_type} AS e WHERE {_DURING}"  # noqa: S608


def _moved_in_one(event_type: str, sign: str, column: str) -> str:
    amounts = ", ".join(
        f"CASE WHEN word.text = '{source.value}' THEN {sign}e.amount_cents END AS {source.column}"
        for source in Source
    )
    return (
        f"SELECT e.employee_id, {amounts} FROM event_{event_type} AS e "  # noqa: S608
        f"JOIN lexicon AS word ON word.code = e.{column} WHERE {_DURING}"
    )


_REALLOCATED: Final = f"""
SELECT e.employee_id, e.amount_cents AS profit_sharing FROM event_forfeiture_use AS e
JOIN lexicon AS word ON word.code = e.use WHERE word.text = 'reallocate' AND {_DURING}
"""  # noqa: S608

_LENT: Final = {
    "loan": "amount_cents",
    "loan_repayment": "-principal_cents",
    "loan_default": "accrued_interest_cents - amount_cents",
}
"""What events add to the debt on loans."""

_MOVES: Final = (
    _OPENING,
    *(_moved(event_type, sign) for event_type, sign in IN_ALL_SOURCES.items()),
    *(_moved_in_one(event_type, *how) for event_type, how in IN_ONE_SOURCE.items()),
    _REALLOCATED,
    *(
        f"SELECT employee_id, {cents} AS owed FROM event_{event_type} AS e WHERE {_DURING}"  # noqa: S608
        for event_type, cents in _LENT.items()
    ),
)

_IN_THE_STORE: Final = f"""
SELECT employee_id, {", ".join(f"balance_{source}_cents AS {source}" for source in SOURCES)},
    loan_balance_cents AS owed
FROM balance_snapshot WHERE snapshot_date = $since
"""  # noqa: S608

_BESIDE_IT: Final = f"""
SELECT person.code AS employee_id,
    {", ".join(f"CAST(balance_{source} * 100 AS BIGINT) AS {source}" for source in SOURCES)},
    CAST(loan_balance * 100 AS BIGINT) AS owed
FROM beside JOIN employee AS person ON person.text = beside.employee_id
"""  # noqa: S608


def _balances_as_of(*bases: str) -> str:
    """Return the query of balances from where they stood ``$since`` and what moved them up to ``$as_of``."""
    whole = " + ".join(SOURCES)
    sums = ", ".join(f"coalesce(sum({name}), 0) AS {name}" for name in (*SOURCES, "owed"))
    return f"""
        WITH held AS (
            SELECT employee_id, {sums}
            FROM ({" UNION ALL BY NAME ".join([*bases, *_MOVES])}) GROUP BY employee_id
        )
        SELECT person.text AS employee_id, CAST($as_of AS DATE) AS as_of,
            {", ".join(f"{money(source)} AS balance_{source}" for source in SOURCES)},
            {money(whole)} AS total_balance, {money("owed")} AS loan_balance
        FROM held JOIN employee AS person ON person.code = held.employee_id
        WHERE {whole} > 0 OR owed > 0 ORDER BY person.text
    """  # noqa: S608


_NEAREST: Final = "SELECT max(snapshot_date) AS since FROM balance_snapshot WHERE snapshot_date <= $as_of"


def balances(store: Store | str | Path, as_of: date, *, beside: Path | None = None) -> pl.DataFrame:
    """Return what was in accounts, in dollars by source, when a day ended; one row a participant, by id.

    From the nearest snapshot before, the store's own or one of a side file ``beside`` it.

    Raises:
        QueryError: the day lies outside the run, or the run kept no events.
        StoreError: the side file is none, or of another run.
    """
    with reading(store) as opened:
        check_date(opened, as_of)
        own: date | None = opened.sql(_NEAREST, {"as_of": as_of}).item()
        found = None if beside is None else nearest_beside(beside, opened.manifest, as_of)
        if found is not None and (own is None or found[0] > own):
            since, rows = found
            asked = {"since": since, "as_of": as_of}
            return opened.sql(_balances_as_of(_BESIDE_IT), asked, beside={"beside": rows})
        if own is not None:
            return opened.sql(_balances_as_of(_IN_THE_STORE), {"since": own, "as_of": as_of})
        return reconstructed_balances(opened, as_of)


def reconstructed_balances(store: Store | str | Path, as_of: date) -> pl.DataFrame:
    """Return the same, from all events since the census and no snapshot.

    Raises:
        QueryError: the day lies outside the run, or the run kept no events.
    """
    with reading(store) as opened:
        check_date(opened, as_of)
        return opened.sql(_balances_as_of(), {"since": date.min, "as_of": as_of})
