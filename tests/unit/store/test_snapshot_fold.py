"""The year-end snapshot against the log: whatever differs on either side is found, in its year."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation.store import open_store
from simulation.store.log import Log
from simulation.store.parts import parts_of
from simulation.store.relations import TABLES
from simulation.store.snapshot_fold import unfolded
from tests.stores import tampered

YEAR = 2026
SOMEBODY = f"SELECT min(employee_id) FROM workforce_snapshot WHERE simulation_year = {YEAR}"
LEAVER = f"SELECT min(employee_id) FROM event_termination WHERE simulation_year = {YEAR}"
RAISED = f"SELECT min(employee_id) FROM event_raise WHERE simulation_year = {YEAR}"


def offending(store: Path) -> set[tuple[int, int | None]]:
    """Return who the promise names, and of which year."""
    with open_store(store) as opened:
        log = Log(opened)
        for relation in TABLES:
            for year in opened.manifest.stored_years:
                parts_of(opened, relation, [year], log)
        return set(unfolded(log).rows())


def asked(store: Path, query: str) -> int:
    """Return the one number that a query gives."""
    with open_store(store) as opened:
        number: int = opened.tuples(query)[0][0]
        return number


def test_a_sealed_snapshot_is_the_fold(sealed: Path) -> None:
    assert offending(sealed) == set()


@pytest.mark.parametrize(
    "change",
    [
        "job_level = job_level + 1",
        "termination_date = DATE '2026-05-05'",
        "termination_reason = 0",
        "current_compensation_cents = current_compensation_cents + 1",
        "prorated_annual_compensation_cents = prorated_annual_compensation_cents - 1",
        "full_year_equivalent_compensation_cents = full_year_equivalent_compensation_cents + 1",
        "detailed_status_code = detailed_status_code + 1",
        "detailed_status_code = NULL",
        "current_compensation_cents = NULL",
    ],
)
def test_one_changed_cell_names_its_employee_and_year(sealed: Path, tmp_path: Path, change: str) -> None:
    who = asked(sealed, SOMEBODY)
    where = f"WHERE simulation_year = {YEAR} AND employee_id = {who}"
    assert offending(tampered(sealed, tmp_path, f"UPDATE workforce_snapshot SET {change} {where}")) == {
        (YEAR, who)
    }


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM workforce_snapshot WHERE {here}",
        "INSERT INTO workforce_snapshot FROM workforce_snapshot WHERE {here}",
    ],
)
def test_a_row_too_few_or_too_many_is_named(sealed: Path, tmp_path: Path, statement: str) -> None:
    who = asked(sealed, SOMEBODY)
    here = f"simulation_year = {YEAR} AND employee_id = {who}"
    assert offending(tampered(sealed, tmp_path, statement.format(here=here))) == {(YEAR, who)}


@pytest.mark.parametrize("code", ["NULL", "-7", "2147483647"])
def test_a_code_that_nobody_has_is_found(sealed: Path, tmp_path: Path, code: str) -> None:
    who = asked(sealed, SOMEBODY)
    here = f"simulation_year = {YEAR} AND employee_id = {who}"
    copy = tampered(sealed, tmp_path, f"UPDATE workforce_snapshot SET employee_id = {code} WHERE {here}")
    assert offending(copy) == {(YEAR, None), (YEAR, who)}


@pytest.mark.parametrize(
    ("people", "statement"),
    [
        (LEAVER, "DELETE FROM event_termination WHERE {here}"),
        (LEAVER, "UPDATE event_termination SET effective_date = effective_date - 1 WHERE {here}"),
        (LEAVER, "UPDATE event_termination SET reason = reason + 1 WHERE {here}"),
        (RAISED, "UPDATE event_raise SET effective_date = effective_date + 1 WHERE {here}"),
        (RAISED, "UPDATE event_raise SET new_compensation_cents = new_compensation_cents + 700 WHERE {here}"),
    ],
)
def test_another_log_gives_another_snapshot(
    sealed: Path, tmp_path: Path, people: str, statement: str
) -> None:
    who = asked(sealed, people)
    here = f"simulation_year = {YEAR} AND employee_id = {who}"
    assert offending(tampered(sealed, tmp_path, statement.format(here=here))) == {(YEAR, who)}


def test_events_count_in_their_order_however_they_lie(sealed: Path, tmp_path: Path) -> None:
    shuffled = tampered(
        sealed,
        tmp_path,
        "CREATE TEMP TABLE turned AS FROM event_raise ORDER BY event_sequence DESC",
        "DELETE FROM event_raise",
        "INSERT INTO event_raise FROM turned",
    )
    assert offending(shuffled) == set()


def test_leave_takes_its_days_from_what_was_paid(sealed: Path, tmp_path: Path) -> None:
    who = asked(sealed, f"SELECT min(employee_id) FROM event_leave WHERE simulation_year = {YEAR}")
    here = f"simulation_year = {YEAR} AND employee_id = {who}"
    assert offending(tampered(sealed, tmp_path, f"UPDATE event_leave SET days = days + 1 WHERE {here}")) == {
        (YEAR, who)
    }
