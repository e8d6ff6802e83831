"""What was in one participant's account after each day on which something moved it.

Folded from the events that ``history`` returns; the signs are those of ``balances``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

import polars as pl

from simulation.events.sources import SOURCES, Source
from simulation.query.balances import IN_ALL_SOURCES, IN_ONE_SOURCE
from simulation.units import cents

_SIGN: Final = {"+": 1, "-": -1}
_COLUMN: Final = {source.value: source.column for source in Source}
_SCHEMA: Final = {"effective_date": pl.Date(), **dict.fromkeys(SOURCES, pl.Int64())}


def account(events: pl.DataFrame) -> pl.DataFrame:
    """Return one row a day with a movement: ``effective_date``, and in cents what each source held after it.

    Args:
        events: one employee's, as ``history`` returns them.
    """
    columns = ("effective_date", "event_type", "amount", "event_payload")
    moves = [
        {"effective_date": day, **dict.fromkeys(SOURCES, 0), **dict(moved)}
        for day, *event in events.select(columns).iter_rows()
        if (moved := [*_moved(*event)])
    ]
    by_day = pl.DataFrame(moves, schema=_SCHEMA).group_by("effective_date").sum().sort("effective_date")
    return by_day.with_columns(pl.col(*SOURCES).cum_sum())


def _moved(event_type: str, amount: Decimal | None, payload: str) -> Iterator[tuple[str, int]]:
    """Yield what an event moves in a source, in cents; nothing for an event that moves no money."""
    said = json.loads(payload)
    if event_type in IN_ALL_SOURCES:
        sign = _SIGN[IN_ALL_SOURCES[event_type]]
        yield from ((source, sign * cents(said[source])) for source in SOURCES)
    elif event_type in IN_ONE_SOURCE and amount is not None:
        sign_text, field = IN_ONE_SOURCE[event_type]
        yield _COLUMN[said[field]], _SIGN[sign_text] * cents(amount)
    elif event_type == "census":
        yield from ((source, cents(said.get(f"balance_{source}", 0))) for source in SOURCES)
    elif event_type == "forfeiture_use" and amount is not None and said["use"] == "reallocate":
        yield Source.PROFIT_SHARING.column, cents(amount)
