"""What happened in a run from its opening to the end of any day: how often, and how much money it moved."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from simulation.query.as_of import check_date
from simulation.query.reading import reading
from simulation.store import Store
from simulation.store.relations import EVENTS
from simulation.store.schema import money

_SINCE: Final = "effective_date <= $as_of"

_CONTRIBUTED: Final = f"""
SELECT 'contribution' AS event_type, word.text AS source, events, cents FROM (
    SELECT source, count(*) AS events, sum(amount_cents) AS cents
    FROM event_contribution WHERE {_SINCE} GROUP BY source
) JOIN lexicon AS word ON word.code = source
"""  # noqa: S608  made of constants


def _counted(event_type: str) -> str:
    return (
        f"SELECT '{event_type}', NULL, count(*), sum(amount_cents) "  # noqa: S608  names of our own
        f"FROM event_{event_type} WHERE {_SINCE}"
    )


HAPPENED: Final = f"""
SELECT event_type, source, events, {money("coalesce(cents, 0)")} AS amount
FROM ({" UNION ALL ".join([_CONTRIBUTED, *map(_counted, sorted(set(EVENTS) - {"census", "contribution"}))])})
WHERE events > 0 ORDER BY event_type, source
"""  # noqa: S608  made of constants


def happened(store: Store | str | Path, as_of: date) -> pl.DataFrame:
    """Return one row an event type that happened by the end of a day: ``events``, ``amount`` in dollars.

    Contributions have a row a ``source``; of the others it is null. The census is no event of the run.

    Raises:
        QueryError: the day lies outside the run, or the run kept no events.
    """
    with reading(store) as opened:
        check_date(opened, as_of)
        return opened.sql(HAPPENED, {"as_of": as_of})
