"""What happened to one employee, event by event, with the cause of each.

One question to the tables that the index names, for the rows of one person as they lie there; the dozens
that come back are decoded here. To plan a question takes as long as there are tables in it, and longer where
it decodes, as the view of all events does.
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
from simulation.store.employee_events import types_in
from simulation.store.payload import cause_json, payload_json
from simulation.store.relations import EVENTS
from simulation.units import dollars

_CODE: Final = "SELECT code FROM employee WHERE text = ?"

_TYPES: Final = "SELECT bit_or(event_types) FROM employee_events WHERE employee_id = ?"

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
        types = opened.tuples(_TYPES, code[0])[0][0]
        found = opened.tuples(_rows_of_one(types), {"code": code[0][0]}) if types else ()
        plan = opened.manifest.plan_design_id
        events = pl.DataFrame(_events(found, opened.words, plan), schema=_COLUMNS, orient="row")
        return events.sort("event_sequence")


def _rows_of_one(types: int) -> str:
    """Return the query for one employee's rows of some types, as JSON."""
    return " UNION ALL ".join(
        f"SELECT '{event_type}' AS event_type, to_json(e) AS row "  # noqa: S608  names of our own
        f"FROM {EVENTS[event_type].name} AS e WHERE e.employee_id = $code"
        for event_type in types_in(types)
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
