from __future__ import annotations

import json
from pathlib import Path

import pytest

from simulation.errors import StoreError
from simulation.store import open_store, verify
from simulation.store.promises import PROMISES
from tests.stores import damaged_block, make_stores, tampered

"""Bytes of the headers that blocks come after."""

A_RAISE = "(SELECT min(event_sequence) FROM event_raise WHERE simulation_year = 2026)"
A_HIRE = "(SELECT min(event_sequence) FROM event_hire WHERE simulation_year = 2025)"

TAMPERINGS = {
    # what was done: statements, the check that has to notice first, year, event type
    "a changed cent": (
        [f"UPDATE event_raise SET amount_cents = amount_cents + 1 WHERE event_sequence = {A_RAISE}"],
        "event ids follow from the events",
        2026,
        "raise",
    ),
    "a changed text": (
        [f"UPDATE event_hire SET department = cause_rule WHERE event_sequence = {A_HIRE}"],
        "event ids follow from the events",
        2025,
        "hire",
    ),
    "an event of nobody": (
        [f"UPDATE event_raise SET employee_id = NULL WHERE event_sequence = {A_RAISE}"],
        "event ids follow from the events",
        2026,
        "raise",
    ),
    "a changed lexicon": (
        ["UPDATE lexicon SET text = 'Elsewhere' WHERE code = (SELECT min(department) FROM event_census)"],
        "event ids follow from the events",
        2024,
        "census",
    ),
    "a word that no event has": (
        ["UPDATE lexicon SET text = 'Elsewhere' WHERE text = 'continuous_active'"],
        "digest of each year and relation",
        2025,
        None,
    ),
    "a word too many": (
        ["INSERT INTO lexicon SELECT max(code) + 1, 'new' FROM lexicon"],
        "digest of each year and relation",
        None,
        None,
    ),
    "a word too few": (
        ["DELETE FROM lexicon WHERE code = (SELECT max(code) FROM lexicon)"],
        "digest of each year and relation",
        2026,
        None,
    ),
    "two words exchanged": (
        ["UPDATE lexicon SET code = 1 - code WHERE code < 2"],
        "digest of each year and relation",
        2024,
        None,
    ),
    "a renamed employee": (
        ["UPDATE employee SET text = 'E000000' WHERE code = (SELECT min(employee_id) FROM event_hire)"],
        "event ids follow from the events",
        2025,
        "hire",
    ),
    "a renamed employee in their year": (
        ["UPDATE employee SET text = 'E000000' WHERE code = (SELECT max(employee_id) FROM event_hire)"],
        "digest of each year and relation",
        2026,
        None,
    ),
    "nobody has a name": (["DELETE FROM employee"], "event ids follow from the events", 2024, "census"),
    "a changed draw": (
        ["UPDATE event_termination SET cause_draw = cause_draw / 2 WHERE simulation_year = 2025"],
        "event ids follow from the events",
        2025,
        "termination",
    ),
    "a probability taken away": (
        ["UPDATE event_termination SET cause_probability = NULL WHERE simulation_year = 2026"],
        "event ids follow from the events",
        2026,
        "termination",
    ),
    "a deleted row": (
        [f"DELETE FROM event_raise WHERE event_sequence = {A_RAISE}"],
        "events are numbered without gap",
        2026,
        None,
    ),
    "a doubled row": (
        [f"INSERT INTO event_raise FROM event_raise WHERE event_sequence = {A_RAISE}"],
        "events are numbered without gap",
        2026,
        None,
    ),
    "a swapped order": (
        [
            "UPDATE event_census SET event_sequence = 7 - event_sequence WHERE event_sequence IN (3, 4)",
        ],
        "event ids follow from the events",
        2024,
        "census",
    ),
    "a forged id": (
        [f"UPDATE event_raise SET id_low = id_low + 1 WHERE event_sequence = {A_RAISE}"],
        "event ids follow from the events",
        2026,
        "raise",
    ),
    "a changed metric": (
        ["UPDATE fct_year_summary SET value = value + 1 WHERE metric = 'hires' AND simulation_year = 2026"],
        "digest of each year and relation",
        2026,
        None,
    ),
    "a changed parameter": (
        ["UPDATE int_effective_parameters SET value = '1' WHERE simulation_year = 2025"],
        "digest of each year and relation",
        2025,
        None,
    ),
    "a changed snapshot": (
        ["UPDATE workforce_snapshot SET age = age + 1 WHERE simulation_year = 2026"],
        "digest of each year and relation",
        2026,
        None,
    ),
    "a type left out of the index": (
        ["UPDATE employee_events SET event_types = event_types & ~32::UBIGINT WHERE simulation_year = 2026"],
        "digest of each year and relation",
        2026,
        None,
    ),
    "a year too many": (
        ["INSERT INTO event_leave FROM event_leave SELECT * REPLACE (2031 AS simulation_year) LIMIT 1"],
        "digest of each year and relation",
        None,
        None,
    ),
    "an edited manifest": (["UPDATE run_manifest SET seed = seed + 1"], "manifest", None, None),
    "an edited time": (["UPDATE run_manifest SET started = finished"], "manifest", None, None),
}


@pytest.mark.parametrize("done", TAMPERINGS)
def test_verify_notices(sealed: Path, tmp_path: Path, done: str) -> None:
    statements, check, year, event_type = TAMPERINGS[done]
    report = verify(tampered(sealed, tmp_path, *statements))
    assert not report.ok
    found = next(finding for finding in report.findings if finding.check == check)
    assert (found.year, found.event_type) == (year, event_type)


def test_verify_accepts_what_was_sealed(sealed: Path) -> None:
    report = verify(sealed)
    assert report.ok, str(report)
    assert report.findings == ()
    assert set(PROMISES) < set(report.checks)
    assert "as it was sealed" in str(report)
    assert json.loads(json.dumps(report.as_dict()))["first"] is None


def test_the_report_names_the_first_event_that_differs(sealed: Path, tmp_path: Path) -> None:
    with open_store(sealed) as store:
        event = store.events("raise", 2026).row(5, named=True)
    change = "UPDATE event_raise SET rate_bp = rate_bp + 1 WHERE event_sequence >= "
    report = verify(tampered(sealed, tmp_path, f"{change}{event['event_sequence']}"))
    assert report.first is not None
    assert report.first.event_sequence == event["event_sequence"]
    assert report.first.employee_id == event["employee_id"]
    assert "NOT as it was sealed" in str(report)
    assert f"first {report.first}" in str(report)
    assert report.as_dict()["first"]["event_type"] == "raise"


def test_a_physical_order_without_meaning_is_no_difference(sealed: Path, tmp_path: Path) -> None:
    shuffled = tampered(
        sealed,
        tmp_path,
        "CREATE TEMP TABLE shuffled AS FROM event_raise ORDER BY id_low",
        "DELETE FROM event_raise",
        "INSERT INTO event_raise FROM shuffled ORDER BY id_low",
    )
    assert verify(shuffled).ok


def test_a_forged_link_is_noticed_even_if_the_manifest_agrees_with_itself(
    sealed: Path, tmp_path: Path
) -> None:
    link = "CASE y.year WHEN 2025 THEN struct_update(y, digest := repeat('0', 64)) ELSE y END"
    copy = tampered(sealed, tmp_path, f"UPDATE run_manifest SET years = [{link} FOR y IN years]")
    with open_store(copy) as store:
        forged = store.manifest.own_digest()
    (tmp_path / "again").mkdir()
    report = verify(
        tampered(copy, tmp_path / "again", f"UPDATE run_manifest SET manifest_digest = '{forged}'")
    )
    assert {finding.check for finding in report.findings} == {"chain of the years"}
    assert report.first is not None
    assert report.first.year == 2025


BROKEN_PROMISES = {
    "everybody arrives once": ["INSERT INTO event_census FROM event_census LIMIT 1"],
    "coming and leaving alternate": ["INSERT INTO event_termination FROM event_termination LIMIT 1"],
    "nothing happens before the first or after the last day of work": [
        "DELETE FROM event_hire WHERE simulation_year = 2025"
    ],
    "each raise starts from the pay before it": [
        "UPDATE event_raise SET previous_compensation_cents = previous_compensation_cents - 1"
    ],
    "each promotion starts from the level before it": [
        "UPDATE event_promotion SET from_level = from_level + 1"
    ],
    "the index names the types of everybody's events": [
        "DELETE FROM employee_events WHERE simulation_year = 2025"
    ],
    "headcounts, hires and terminations of the summary are those of the log": [
        "UPDATE fct_year_summary SET value = value + 1 WHERE metric = 'terminations'"
    ],
    "the snapshot's headcount is the summary's": ["DELETE FROM workforce_snapshot WHERE age < 30"],
    "the snapshot is the fold of the log": [
        "UPDATE workforce_snapshot SET current_compensation_cents = 1 WHERE simulation_year = 2026"
    ],
}


@pytest.mark.parametrize("promise", PROMISES)
def test_a_broken_promise_is_named(sealed: Path, tmp_path: Path, promise: str) -> None:
    report = verify(tampered(sealed, tmp_path, *BROKEN_PROMISES[promise]))
    assert promise in {finding.check for finding in report.findings}


@pytest.mark.parametrize("keep", ["lifecycle", "summary"])
def test_what_was_not_kept_is_taken_from_the_manifest(tmp_path: Path, keep: str) -> None:
    store = make_stores(tmp_path, values={"output.keep": keep})[0].store
    report = verify(store)
    assert report.ok, str(report)
    assert not set(PROMISES) & set(report.checks)


def test_a_store_cut_in_half_is_no_store(sealed: Path, tmp_path: Path) -> None:
    cut = tmp_path / "seed_1.duckdb"
    cut.write_bytes(sealed.read_bytes()[: sealed.stat().st_size // 2])
    with pytest.raises(StoreError, match="damaged"):
        verify(cut)


def test_a_damaged_block_is_a_finding_that_names_the_year(sealed: Path, tmp_path: Path) -> None:
    report = verify(damaged_block(sealed, tmp_path))
    assert {"every block can be read"} <= {finding.check for finding in report.findings}
    assert report.first is not None
    assert report.first.year == 2025
    assert "Corrupt" in str(report)
