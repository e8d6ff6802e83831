"""What happened to one employee, event by event, with the cause of each.

One question to all tables, for the rows of one person as they lie there; the dozens that come back are
decoded here. The view of all events decodes in SQL, and planning that takes several times as long.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import polars as pl

from simulation.errors import Problem, QueryError
from simulation.query.reading import reading
from simulation.store import Store
from simulation.store.payload import cause_json, payload_json
from simulation.store.relations import EVENTS
from simulation.units import dollars

_CODE: Final = "SELECT code FROM employee WHERE text = ?"

_NEAREST: Final = """
SELECT text FROM employee ORDER BY damerau_levenshtein(lower(text), lower(?)), text LIMIT 3
"""

_COLUMNS: Final = {
    "event_sequence": pl.Int64(),
    "effective_date": pl.Date(),
    "simulation_year": pl.Int32(),
    "event_type": pl.String(),
    "amount": pl.Decimal(18, 6),
    "event_payload": pl.String(),
    "cause": pl.String(),
    "event_id": pl.String(),
}


def history(store: Store | str | Path, employee_id: str) -> pl.DataFrame:
    """Return one row an event of one employee, in order: amount in dollars, payload and cause as JSON.

    Raises:
        QueryError: the run knows no such employee (the nearest ids are named), or kept not all events.
    """
    with reading(store) as opened:
        opened.require("event_hours")
        code = opened.tuples(_CODE, [employee_id])
        if not code:
            raise _unknown(opened, employee_id)
        found = opened.tuples(_rows_of_one(opened), {"code": code[0][0]})
        plan = opened.manifest.plan_design_id
        events = pl.DataFrame(_events(found, opened.words, plan), schema=_COLUMNS, orient="row")
        return events.sort("event_sequence")


def _rows_of_one(store: Store) -> str:
    """Return the query for one employee's rows, as JSON, in the tables that have any rows at all."""
    filled = {part.name for year in store.manifest.years for part in year.parts if part.rows}
    return " UNION ALL ".join(
        f"SELECT '{event_type}' AS event_type, to_json(e) AS row "  # noqa: S608  names of our own
        f"FROM {relation.name} AS e WHERE e.employee_id = $code"
        for event_type, relation in EVENTS.items()
        if relation.name in filled
    )


def _events(
    found: Iterable[tuple[str, str]], words: Sequence[str], plan_design_id: str
) -> Iterator[tuple[Any, ...]]:
    """Yield rows as events, in the order of ``_COLUMNS``."""
    for event_type, text in found:
        row = json.loads(text, parse_float=str)  # probability and draw, as DuckDB writes them
        yield (
            row["event_sequence"],
            date.fromisoformat(row["effective_date"]),
            row["simulation_year"],
            event_type,
            None if row["amount_cents"] is None else dollars(row["amount_cents"]),
            payload_json(event_type, row, words, plan_design_id),
            cause_json(words[row["cause_rule"]], row["cause_probability"], row["cause_draw"]),
            str(UUID(int=row["id_high"] << 64 | row["id_low"])),
        )


def _unknown(store: Store, employee_id: str) -> QueryError:
    near = ", ".join(store.sql(_NEAREST, [employee_id])["text"])
    problem = Problem("employee", repr(employee_id), hint=f"the nearest ids are {near}" if near else "")
    return QueryError("the run knows no such employee", problems=[problem])
