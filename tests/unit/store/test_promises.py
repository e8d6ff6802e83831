"""Which event a broken promise names, and which ones it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation.store import open_store, verify
from simulation.store.report import Finding
from tests.stores import tampered

ONCE = "everybody arrives once"
ALTERNATE = "coming and leaving alternate"
AT_WORK = "nothing happens before the first or after the last day of work"
PAY = "each raise starts from the pay before it"
LEVEL = "each promotion starts from the level before it"

RAISES = "(SELECT event_sequence FROM event_raise ORDER BY event_sequence LIMIT 1 OFFSET 40)"
PROMOTIONS = "(SELECT event_sequence FROM event_promotion ORDER BY event_sequence LIMIT 1 OFFSET 3)"
REHIRED = "(SELECT min(employee_id) FROM event_rehire)"
LEFT = f"(SELECT min(effective_date) FROM event_termination WHERE employee_id = {REHIRED})"
BEFORE = f"""(SELECT min(event_sequence) FROM event_hours
WHERE employee_id = {REHIRED} AND effective_date <= {LEFT})"""
BACK = f"(SELECT min(event_sequence) FROM event_rehire WHERE employee_id = {REHIRED})"
AFTER = " UNION ALL ".join(
    f"SELECT event_sequence FROM event_{name} WHERE employee_id = {REHIRED} AND event_sequence > {BACK}"
    for name in ("raise", "hours", "leave", "promotion", "termination")
)


def found(store: Path, promise: str) -> list[Finding]:
    """Return what is said of a promise."""
    return [finding for finding in verify(store).findings if finding.check == promise]


def number(store: Path, query: str) -> int:
    """Return the number of an event."""
    with open_store(store) as opened:
        asked: int = opened.tuples(query)[0][0]
        return asked


@pytest.mark.parametrize(
    ("promise", "event", "statement"),
    [
        (PAY, RAISES, "UPDATE event_raise SET previous_compensation_cents = 7 WHERE event_sequence = {}"),
        (LEVEL, PROMOTIONS, "UPDATE event_promotion SET from_level = 9 WHERE event_sequence = {}"),
        (AT_WORK, BEFORE, f"UPDATE event_hours SET effective_date = {LEFT} + 1 WHERE event_sequence = {{}}"),
        (AT_WORK, RAISES, "UPDATE event_raise SET employee_id = NULL WHERE event_sequence = {}"),
        (AT_WORK, RAISES, "UPDATE event_raise SET employee_id = 2147483647 WHERE event_sequence = {}"),
        (
            ALTERNATE,
            BACK,
            f"DELETE FROM event_termination WHERE employee_id = {REHIRED} AND event_sequence < {{}}",
        ),
    ],
)
def test_the_event_is_named(sealed: Path, tmp_path: Path, promise: str, event: str, statement: str) -> None:
    named = number(sealed, f"SELECT {event}")
    (finding,) = found(tampered(sealed, tmp_path, statement.format(named)), promise)
    assert (finding.event_sequence, finding.found) == (named, "1 exceptions")


def test_who_never_came_back_does_nothing_any_more(sealed: Path, tmp_path: Path) -> None:
    after = f"FROM ({AFTER})"
    copy = tampered(sealed, tmp_path, f"DELETE FROM event_rehire WHERE event_sequence = {BACK}")
    (finding,) = found(copy, AT_WORK)
    assert finding.event_sequence == number(sealed, f"SELECT min(event_sequence) {after}")
    assert finding.found == f"{number(sealed, f'SELECT count(*) {after}')} exceptions"


def test_who_arrives_again_is_named_once_with_the_latest_arrival(sealed: Path, tmp_path: Path) -> None:
    somebody = number(sealed, "SELECT min(event_sequence) FROM event_census")
    more = [
        f"INSERT INTO event_census FROM event_census SELECT * REPLACE (event_sequence + {later} "
        f"AS event_sequence) WHERE event_sequence = {somebody}"
        for later in (90_002, 90_001)
    ]
    (finding,) = found(tampered(sealed, tmp_path, *more), ONCE)
    assert (finding.event_sequence, finding.found) == (somebody + 90_002, "1 exceptions")


def test_rows_of_years_that_the_run_does_not_have_count(sealed: Path, tmp_path: Path) -> None:
    stray = "INSERT INTO event_raise FROM event_raise SELECT * REPLACE (2031 AS simulation_year) LIMIT 3"
    (finding,) = found(tampered(sealed, tmp_path, stray), PAY)
    assert finding.found == "3 exceptions"
