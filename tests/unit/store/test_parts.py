"""How the parts of a store are read: years together or alone, with the same result."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation.store import open_store, parts, verify
from simulation.store.parts import parts_of, together
from simulation.store.relations import EVENTS, TABLES
from tests.stores import damaged_block, tampered

YEARS = range(2024, 2027)


def test_years_are_read_together_up_to_a_number_of_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "_AT_ONCE", 10)
    rows = {2026: 1, 2024: 4, 2025: 6, 2028: 30, 2029: 0}
    assert list(together(rows)) == [[2024, 2025], [2026], [2028], [2029]]
    assert list(together({})) == []


def test_together_and_alone_they_are_the_same(sealed: Path) -> None:
    with open_store(sealed) as store:
        for relation in TABLES:
            alone = [part for year in YEARS for part in parts_of(store, relation, [year], None)]
            for one, other in zip(parts_of(store, relation, YEARS, None), alone, strict=True):
                assert (one.year, one.digest, one.finding) == (other.year, other.digest, other.finding)
                assert one.numbers.tolist() == other.numbers.tolist()


def test_a_shuffled_table_is_the_same(sealed: Path, tmp_path: Path) -> None:
    shuffled = tampered(
        sealed,
        tmp_path,
        "CREATE TEMP TABLE turned AS FROM event_raise ORDER BY id_low",
        "DELETE FROM event_raise",
        "INSERT INTO event_raise FROM turned ORDER BY id_low",
    )
    with open_store(sealed) as one, open_store(shuffled) as other:
        before, after = (parts_of(store, EVENTS["raise"], YEARS, None) for store in (one, other))
    assert [part.digest for part in before] == [part.digest for part in after]


def test_of_a_damaged_table_the_years_that_can_be_read_are_known(sealed: Path, tmp_path: Path) -> None:
    copy = damaged_block(sealed, tmp_path)
    with open_store(copy) as store, open_store(sealed) as whole:
        found = parts_of(store, EVENTS["hours"], YEARS, None)
        expected = parts_of(whole, EVENTS["hours"], YEARS, None)
    assert [part.year for part in found] == list(YEARS)
    unreadable = [part.year for part in found if part.finding]
    assert unreadable
    assert all(a.digest == b.digest for a, b in zip(found, expected, strict=True) if a.year not in unreadable)


@pytest.mark.parametrize("at_once", [0, 1_000_000])
def test_verify_says_the_same_however_many_rows_are_read_at_once(
    sealed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    copy = tampered(sealed, tmp_path, "UPDATE event_raise SET rate_bp = 1 WHERE event_sequence % 5 = 0")
    expected = verify(copy).findings
    monkeypatch.setattr(parts, "_AT_ONCE", at_once)
    assert verify(copy).findings == expected
    assert verify(sealed).ok
