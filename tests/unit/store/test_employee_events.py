"""The index says of everybody which types of events they have, and no others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from simulation.events import EVENT_TYPES
from simulation.query import history
from simulation.store import Store, open_store, verify
from simulation.store.employee_events import types_in
from simulation.store.relations import EVENTS, INDEX
from tests.stores import make_stores, tampered

PROMISE = "the index names the types of everybody's events"

RAISE = 1 << EVENT_TYPES["raise"].number
OPT_OUT = 1 << EVENT_TYPES["opt_out"].number

SOMEBODY = "employee_id = (SELECT min(employee_id) FROM event_raise) AND simulation_year = 2026"
LEAST = "(SELECT min(employee_id) FROM event_raise)"


def recounted(store: Store) -> pl.DataFrame:
    """Return the index as SQL makes it from all tables of events."""
    each = " UNION ALL ".join(
        f"SELECT employee_id, simulation_year, {EVENT_TYPES[name].number} AS number FROM {relation.name}"
        for name, relation in EVENTS.items()
    )
    return store.sql(
        f"SELECT employee_id, simulation_year, bit_or((1 << number)::UBIGINT) AS event_types FROM ({each}) "
        "GROUP BY ALL ORDER BY simulation_year, employee_id"
    )


def index(path: Path) -> pl.DataFrame:
    """Return the index as it lies in the file."""
    with open_store(path) as store:
        return store.sql("FROM employee_events")


def test_it_is_what_all_tables_of_events_say(sealed: Path) -> None:
    with open_store(sealed) as store:
        expected = recounted(store)
    assert index(sealed).equals(expected)
    bits = np.bitwise_or.reduce(expected["event_types"].to_numpy())
    assert types_in(int(bits)) == [*EVENT_TYPES]


@pytest.mark.parametrize("years", [(2025, 2025), (2025, 2027)])
def test_a_seed_of_a_batch_has_the_index_that_it_has_alone(tmp_path: Path, years: tuple[int, int]) -> None:
    together = make_stores(tmp_path / "together", seeds=(3, 4, 5), years=years)
    for run, seed in zip(together, (3, 4, 5), strict=True):
        (alone,) = make_stores(tmp_path / f"alone_{seed}", seeds=(seed,), years=years)
        with open_store(run.store) as store, open_store(alone.store) as other:
            parts = [[year.part(INDEX.name) for year in each.manifest.years] for each in (store, other)]
            assert parts[0] == parts[1]
            assert store.sql("FROM employee_events").equals(recounted(store))
        assert index(run.store).equals(index(alone.store))


@pytest.mark.parametrize("keep", ["lifecycle", "summary"])
def test_it_is_kept_where_all_events_are_and_digested_always(sealed: Path, tmp_path: Path, keep: str) -> None:
    (less,) = make_stores(tmp_path, values={"output.keep": keep})
    assert index(less.store).is_empty()
    with open_store(sealed) as whole, open_store(less.store) as kept:
        parts = [[year.part(INDEX.name) for year in each.manifest.years] for each in (whole, kept)]
    assert parts[0] == parts[1]
    assert all(part is not None and part.rows for part in parts[0])


TAMPERINGS = {
    "a type left out": f"UPDATE employee_events SET event_types = event_types - {RAISE} WHERE {SOMEBODY}",
    "a type too many": f"UPDATE employee_events SET event_types = event_types | {OPT_OUT} WHERE {SOMEBODY}",
    "a type of no kind": f"UPDATE employee_events SET event_types = event_types + {1 << 63} WHERE {SOMEBODY}",
    "a row left out": f"DELETE FROM employee_events WHERE {SOMEBODY}",
    "a row twice": f"INSERT INTO employee_events FROM employee_events WHERE {SOMEBODY}",
    "no types": f"UPDATE employee_events SET event_types = NULL WHERE {SOMEBODY}",
}


@pytest.mark.parametrize("done", TAMPERINGS)
def test_who_is_indexed_otherwise_is_named(sealed: Path, tmp_path: Path, done: str) -> None:
    with open_store(sealed) as store:
        who = store.tuples(f"SELECT text FROM employee WHERE code = {LEAST}")[0][0]
    findings = verify(tampered(sealed, tmp_path, TAMPERINGS[done])).findings
    (broken,) = (finding for finding in findings if finding.check == PROMISE)
    assert (broken.employee_id, broken.year, broken.found) == (who, 2026, "1 exceptions")


@pytest.mark.parametrize("code", ["NULL", "-1", "2147483647"])
def test_a_row_of_nobody_is_an_exception(sealed: Path, tmp_path: Path, code: str) -> None:
    row = f"INSERT INTO employee_events VALUES ({code}, 2025, 1)"
    findings = verify(tampered(sealed, tmp_path, row)).findings
    (broken,) = (finding for finding in findings if finding.check == PROMISE)
    assert (broken.employee_id, broken.year, broken.found) == (None, 2025, "1 exceptions")


def test_an_event_that_is_not_indexed_is_missed_by_history_and_found_by_verify(
    sealed: Path, tmp_path: Path
) -> None:
    statement = f"UPDATE employee_events SET event_types = event_types & ~{RAISE}::UBIGINT"
    copy = tampered(sealed, tmp_path, statement)
    with open_store(sealed) as store:
        who = store.events("raise", 2026)["employee_id"][0]
        whole = history(store, who)
    told = history(copy, who)
    assert told.equals(whole.filter(pl.col("event_type") != "raise"))
    assert PROMISE in {finding.check for finding in verify(copy).findings}


def test_who_is_not_indexed_at_all_has_no_history(sealed: Path, tmp_path: Path) -> None:
    assert history(tampered(sealed, tmp_path, "DELETE FROM employee_events"), "E000001").is_empty()
