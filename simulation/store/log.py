"""What promises ask of the tables of a store, in arrays, kept while ``verify`` reads them.

Days count from 1970. Employees are codes, ``NOBODY`` where there is none; whatever else is null is ``NONE``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from simulation.ledger import Cells
from simulation.store.employee_events import BITS
from simulation.store.reader import Store
from simulation.store.relations import ARRIVALS, EVENTS, INDEX, PEOPLE, SNAPSHOT, Relation

Numbers: TypeAlias = npt.NDArray[np.int64]
Columns: TypeAlias = Mapping[str, Numbers]

NONE: Final = np.iinfo(np.int64).min
"""What stands for null: no day, level, code, amount or number of an event."""

NOBODY: Final = 2**31
"""What stands for no employee: one more than any code that a column holds."""

_WHEN: Final = {
    "employee": "employee_id",
    "year": "simulation_year",
    "day": "effective_date",
    "number": "event_sequence",
}

_STANDING: Final = {"cents": "annual_compensation_cents", "level": "job_level"}

_EVENTS: Final = {
    "census": _STANDING,
    "hire": _STANDING,
    "rehire": {"cents": "annual_compensation_cents"},
    "raise": {"before": "previous_compensation_cents", "cents": "new_compensation_cents"},
    "promotion": {"before": "from_level", "level": "to_level"},
    "termination": {"reason": "reason"},
    "leave": {"days": "days"},
    "hours": {},
}
"""What is asked of each type of event, beside whom it happens to, and when: names here, and the table's."""

_SNAPSHOT: Final = {
    "employee": "employee_id",
    "level": "job_level",
    "left_on": "termination_date",
    "reason": "termination_reason",
    "cents": "current_compensation_cents",
    "prorated": "prorated_annual_compensation_cents",
    "full_year": "full_year_equivalent_compensation_cents",
    "status": "detailed_status_code",
}

_INDEX: Final = {"employee": "employee_id", "types": "event_types"}

_ASKED: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        **{EVENTS[name].name: _WHEN | columns for name, columns in _EVENTS.items()},
        SNAPSHOT.name: _SNAPSHOT,
        INDEX.name: _INDEX,
    }
)
"""Columns by table; of the others nothing is asked but whom their events happen to."""


class Log:
    """Rows of a store by table and year, those of a year in the order in which they happened."""

    def __init__(self, store: Store) -> None:
        """Begin with no rows; what is asked of small tables is asked of the store itself."""
        self.store = store
        self._rows: dict[tuple[str, int], Columns] = {}
        self._happened: dict[tuple[str, int], npt.NDArray[np.bool_]] = {}

    def take(self, relation: Relation, year: int, cells: Mapping[str, Cells]) -> None:
        """Keep of a year's rows, by the relation's columns, what is asked of their table."""
        if relation.ids:
            happened = np.zeros(self.people + 1, dtype=np.bool_)
            happened[places(_numbers(cells["employee_id"], NOBODY), self.people)] = True
            self._happened[relation.name, year] = happened
        if asked := _ASKED.get(relation.name):
            self._rows[relation.name, year] = {
                name: _numbers(cells[column], NOBODY if name == "employee" else NONE)
                for name, column in asked.items()
            }

    def snapshot(self, year: int) -> Columns:
        """Return the rows of a year's snapshot."""
        return self._of(SNAPSHOT, year)

    def index(self, year: int) -> Columns:
        """Return the rows of a year's index."""
        return self._of(INDEX, year)

    def types(self, year: int) -> Numbers:
        """Return the bits of the types of events that happened in a year, by the places of employees."""
        bits = np.zeros(self.people + 1, dtype=np.uint64)
        for (table, when), happened in self._happened.items():
            if when == year:
                bits |= happened * BITS[table]
        return bits.view(np.int64)

    def events(self, event_type: str, year: int) -> Columns:
        """Return a year's events of a type."""
        return self._of(EVENTS[event_type], year)

    def of_all_years(self, event_types: Collection[str], columns: Sequence[str]) -> Columns:
        """Return columns of some types of events together, null where a type does not have one."""
        tables = {EVENTS[event_type].name for event_type in event_types}
        parts = [self._rows[table, year] for table, year in sorted(self._rows) if table in tables]
        return {
            name: np.concatenate([_NO_NUMBERS, *(_column(part, name) for part in parts)]) for name in columns
        }

    def _of(self, relation: Relation, year: int) -> Columns:
        empty = dict.fromkeys(_ASKED[relation.name], _NO_NUMBERS)
        return self._rows.get((relation.name, year), empty)

    @cached_property
    def people(self) -> int:
        """How many employees there are: their codes have no gaps."""
        return len(self.store.lexicons[PEOPLE])

    @cached_property
    def movements(self) -> Columns:
        """Every coming and going by employee, in order; ``came`` is 1 or 0."""
        when = ("employee", "year", "day", "number")
        comings = self.of_all_years((*ARRIVALS, "rehire"), when)
        goings = self.of_all_years(("termination",), when)
        both = {name: np.concatenate([comings[name], goings[name]]) for name in when}
        came = np.repeat([1, 0], [len(comings["year"]), len(goings["year"])])
        return by_employee({**both, "came": came})


def places(employee: Numbers, people: int) -> Numbers:
    """Return the places of employees in an array of all; unknown ones, and those below nought, come last."""
    return np.minimum(employee.view(np.uint64), np.uint64(people)).view(np.int64)


_FURTHEST: Final = NOBODY // 2


def by_employee(rows: Columns) -> Columns:
    """Return rows employee by employee, those of each in the order of their numbers."""
    order = np.argsort(keys(rows))
    return {name: column[order] for name, column in rows.items()}


def keys(rows: Columns) -> Numbers:
    """Return what rows are in that order by; a number beyond a thousand million counts as that."""
    return rows["employee"] * NOBODY + np.clip(rows["number"], -_FURTHEST, _FURTHEST - 1)


def previous(column: Numbers, employee: Numbers) -> Numbers:
    """Return of rows by employee the value in the row before, null in an employee's first."""
    before = np.full(len(column), NONE)
    before[1:] = np.where(employee[1:] == employee[:-1], column[:-1], NONE)
    return before


_NO_NUMBERS: Final = np.empty(0, dtype=np.int64)


def _column(rows: Columns, name: str) -> Numbers:
    return rows[name] if name in rows else np.full(len(rows["employee"]), NONE)


def _numbers(cells: Cells, null: int) -> Numbers:
    numbers: Numbers = cells.values.astype(np.int64, copy=False)
    return numbers if cells.empty is None else np.where(cells.empty, null, numbers)
