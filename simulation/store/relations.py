"""The relations of a store as tables of columns: what is kept, under which name, in which type.

Event relations follow from the event catalogue, so that a new event type needs no line here. Knows
neither SQL nor files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Final

import polars as pl

from simulation.balance_snapshot import BALANCE_COLUMNS
from simulation.events import EVENT_TYPES
from simulation.ledger import canonical_columns
from simulation.snapshot import SNAPSHOT_COLUMNS

SCHEMA_VERSION: Final = 5
"""The version of relations and digests; a store with a higher one is refused, never guessed."""

LIFECYCLE: Final = frozenset(
    {
        "census",
        "hire",
        "rehire",
        "termination",
        "promotion",
        "eligibility",
        "enrollment",
        "opt_out",
        "deferral_change",
        "escalation",
        "vesting",
        "hce_status",
    }
)
"""The event types that ``output.keep: lifecycle`` keeps: each is a change of somebody's standing.

What is left out moves or measures something every year or pay period: pay, hours, accounts, limits.
"""

VALUE: Final = pl.Decimal(28, 8)


@dataclass(frozen=True)
class Relation:
    """One table: its name and its columns in canonical order, as engines make them.

    A ``coded`` table keeps and digests texts as codes of a lexicon, because 3 million texts cost more than
    all other columns together; a view of another name decodes them. ``ids`` says that rows carry event ids.
    """

    name: str
    columns: Mapping[str, pl.DataType]
    coded: bool = True
    ids: bool = False

    def coded_by(self, lexicon: str) -> tuple[str, ...]:
        """Return the text columns that are kept as codes of one lexicon."""
        return self._coded[lexicon]

    @cached_property
    def _coded(self) -> Mapping[str, tuple[str, ...]]:
        """Return the text columns by the lexicon of their codes; asked in every year of every run."""
        texts = [name for name, dtype in self.columns.items() if self.coded and is_text(dtype)]
        return {lexicon: tuple(name for name in texts if lexicon_of(name) == lexicon) for lexicon in LEXICONS}

    @cached_property
    def lexicons(self) -> tuple[str | None, ...]:
        """Return the lexicon of each column's codes, in order; columns without codes have none."""
        of = {name: lexicon for lexicon in LEXICONS for name in self.coded_by(lexicon)}
        return tuple(of.get(name) for name in self.columns)

    @property
    def stored(self) -> dict[str, pl.DataType]:
        """Return the columns as the table has them: codes for texts."""
        codes = {name for lexicon in LEXICONS for name in self.coded_by(lexicon)}
        return {name: pl.Int32() if name in codes else dtype for name, dtype in self.columns.items()}


def is_text(dtype: pl.DataType) -> bool:
    """Return whether a column holds texts, be they plain or in categories."""
    return dtype.base_type() in {pl.String, pl.Enum, pl.Categorical}


ARRIVALS: Final = ("census", "hire")
"""The event types with which people enter the log."""

PEOPLE, WORDS = LEXICONS = ("employee", "lexicon")
"""The tables of texts by code: people have one of their own, by their numbers."""


def lexicon_of(column: str) -> str:
    """Return the lexicon that a text column is kept by."""
    return PEOPLE if column == "employee_id" else WORDS


EVENTS: Final[Mapping[str, Relation]] = MappingProxyType(
    {
        event_type: Relation(f"event_{event_type}", canonical_columns(event_type), ids=True)
        for event_type in EVENT_TYPES
    }
)

SNAPSHOT: Final = Relation("workforce_snapshot", SNAPSHOT_COLUMNS)

BALANCES: Final = Relation("balance_snapshot", BALANCE_COLUMNS)

INDEX: Final = Relation(
    "employee_events",
    {"employee_id": pl.String(), "simulation_year": pl.Int32(), "event_types": pl.UInt64()},
)
"""One row an employee and year with any event; see ``simulation.store.employee_events``."""

SUMMARY: Final = Relation(
    "fct_year_summary",
    {
        "scenario_id": pl.String(),
        "seed": pl.UInt64(),
        "simulation_year": pl.Int32(),
        "metric": pl.String(),
        "value": VALUE,
    },
    coded=False,
)

STATUS_SUMMARY: Final = Relation(
    "fct_status_summary",
    {
        "scenario_id": pl.String(),
        "seed": pl.UInt64(),
        "simulation_year": pl.Int32(),
        "detailed_status_code": pl.String(),
        "metric": pl.String(),
        "value": VALUE,
    },
    coded=False,
)

PARAMETERS: Final = Relation(
    "int_effective_parameters",
    {
        "scenario_id": pl.String(),
        "seed": pl.UInt64(),
        "simulation_year": pl.Int32(),
        "job_level": pl.Int8(),
        "parameter": pl.String(),
        "value": pl.String(),
        "unit": pl.String(),
        "origin": pl.String(),
    },
    coded=False,
)

QUALITY: Final = Relation(
    "fct_data_quality",
    {
        "scenario_id": pl.String(),
        "seed": pl.UInt64(),
        "simulation_year": pl.Int32(),
        "gate": pl.String(),
        "layer": pl.String(),
        "severity": pl.String(),
        "passed": pl.Boolean(),
        "value": VALUE,
        "threshold": VALUE,
        "rows": pl.Int64(),
        "detail": pl.String(),
    },
    coded=False,
)

DERIVED: Final = (INDEX, SNAPSHOT, BALANCES, SUMMARY, STATUS_SUMMARY, PARAMETERS, QUALITY)
"""What is kept beside the log; each can be made again from it and from the scenario."""

TABLES: Final = (*EVENTS.values(), *DERIVED)


def kept_events(keep: str) -> frozenset[str]:
    """Return the event types that a store keeps for ``full``, ``lifecycle`` or ``summary``."""
    return {"full": frozenset(EVENTS), "lifecycle": LIFECYCLE, "summary": frozenset[str]()}[keep]


def kept_tables(keep: str) -> frozenset[str]:
    """Return the names of the tables that a store fills; a summary store has no row a person.

    The index is of use where all events are.
    """
    events = {EVENTS[event_type].name for event_type in kept_events(keep)}
    left_out = {"full": (), "lifecycle": (INDEX,), "summary": (INDEX, SNAPSHOT, BALANCES)}[keep]
    return frozenset(events | {relation.name for relation in DERIVED if relation not in left_out})
