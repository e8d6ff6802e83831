from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import polars as pl
import pytest

from simulation.store import draft
from simulation.store.draft import Draft

GROUP = 2_048


def rows(first: int, count: int) -> pl.DataFrame:
    codes = pl.int_range(first, first + count, dtype=pl.Int32, eager=True)
    return pl.DataFrame({"code": codes, "text": codes.cast(pl.String)})


@pytest.fixture(autouse=True)
def _small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft, "_LEAST", GROUP)


def finished(
    path: Path, counts: Sequence[int], *, hurry_at: int | None = None, threads: int | None = None
) -> Path:
    written = Draft(path, people=100, threads=threads)
    try:
        first = 0
        for place, count in enumerate(counts):
            if place == hurry_at:
                written.hurry()
            written.append("employee", rows(first, count))
            first += count
        written.finish(("employee", {"code": first, "text": str(first)}))
        assert written.publish()
    finally:
        written.abandon()
    return path


def held(path: Path) -> tuple[list[int], list[int]]:
    with duckdb.connect(path, read_only=True) as database:
        codes = [code for (code,) in database.execute("SELECT code FROM employee").fetchall()]
        groups = database.execute("""
            SELECT sum(count) FROM pragma_storage_info('employee')
            WHERE column_name = 'code' AND segment_type <> 'VALIDITY'
            GROUP BY row_group_id ORDER BY row_group_id
        """).fetchall()
    return codes, [int(count) for (count,) in groups]


@pytest.mark.parametrize("threads", [1, None])
def test_rows_lie_in_whole_row_groups_in_the_order_in_which_they_came(
    tmp_path: Path, threads: int | None
) -> None:
    codes, groups = held(finished(tmp_path / "s.duckdb", [10, 5_000, 3, 3_000, 100], threads=threads))
    assert codes == [*range(8_114)]
    assert groups[:3] == [GROUP, GROUP, GROUP]


@pytest.mark.parametrize("threads", [1, None])
@pytest.mark.parametrize("hurry_at", [0, 1, 3])
def test_haste_changes_no_row(tmp_path: Path, hurry_at: int, threads: int | None) -> None:
    path = finished(tmp_path / "s.duckdb", [10, 5_000, 3, 3_000], hurry_at=hurry_at, threads=threads)
    assert held(path)[0] == [*range(8_014)]


@pytest.mark.parametrize(
    ("people", "expected"),
    [(0, GROUP), (2_048, 2_048), (2_049, 4_096), (100_000, 100_352), (1_000_000, 122_880)],
)
def test_a_row_group_holds_about_as_many_rows_as_there_are_people(people: int, expected: int) -> None:
    assert draft._row_group(people) == expected
