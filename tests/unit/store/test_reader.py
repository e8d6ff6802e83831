from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pytest

from simulation.errors import QueryError, StoreError
from simulation.events import EVENT_TYPES, columns
from simulation.events.catalogue import STAMPED_COLUMNS
from simulation.store import open_store
from tests.populations import run_all, scenario_of
from tests.stores import EVENTFUL, make_stores, small_census, tampered

HOLD = (
    "import duckdb, sys; database = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
)
"""Opens a file for writing until its input ends."""


def test_events_come_back_as_the_engines_made_them(sealed: Path) -> None:
    records = run_all(scenario_of({"name": "baseline", **EVENTFUL}, years=(2025, 2026)), small_census(), [1])
    with open_store(sealed) as store:
        for record in records:
            for event_type, frame in record.events.items():
                expected = frame.select("seed", *store.events(event_type).columns[1:])
                assert store.events(event_type, record.year).equals(expected), event_type
        assert {name for record in records for name in record.events} == set(EVENT_TYPES)


def test_an_event_type_without_events_has_its_columns(sealed: Path) -> None:
    with open_store(sealed) as store:
        assert store.events("hire", 2024).schema == {**columns("hire"), **STAMPED_COLUMNS}


def test_all_events_come_in_the_order_in_which_they_happened(sealed: Path) -> None:
    with open_store(sealed) as store:
        log = store.events()
        assert log["event_sequence"].to_list() == list(range(1, store.manifest.events + 1))
        assert log["effective_date"].is_sorted()
        assert store.events(year=2026)["simulation_year"].unique().to_list() == [2026]


def test_the_small_relations_are_there(sealed: Path) -> None:
    with open_store(sealed) as store:
        assert set(store.summary()["simulation_year"]) == {2025, 2026}
        assert {"workforce.growth.rate"} <= set(store.parameters()["parameter"])
        assert set(store.snapshot_rows(2025)["snapshot_date"]) == {date(2025, 12, 31)}
        assert store.snapshot_rows().height > store.snapshot_rows(2025).height


def test_parameters_of_a_query_are_no_sql(sealed: Path) -> None:
    with open_store(sealed) as store:
        asked = "x'; DROP TABLE employee; --"
        assert store.sql("SELECT ? AS said", [asked])["said"].to_list() == [asked]
        assert store.sql("SELECT $said AS said", {"said": asked})["said"].to_list() == [asked]


def test_batches_have_every_row_of_a_query_once(sealed: Path) -> None:
    query = "SELECT employee_id, amount_cents FROM event_contribution WHERE simulation_year = $year"
    with open_store(sealed) as store:
        people, cents = zip(*store.batches(query, {"year": 2025}), strict=True)
        whole = store.sql(query, {"year": 2025})
        none = list(store.batches(query, {"year": 1999}))
    assert np.concatenate(people).tolist() == whole["employee_id"].to_list()
    assert np.concatenate(cents).tolist() == whole["amount_cents"].to_list()
    assert sum(len(codes) for codes, _ in none) == 0


def test_an_unknown_event_type_names_the_nearest(sealed: Path) -> None:
    with open_store(sealed) as store, pytest.raises(QueryError, match="did you mean 'termination'"):
        store.events("terminaton")


@pytest.mark.parametrize("ask", ["events", "snapshot_rows"])
def test_what_was_not_kept_is_said(tmp_path: Path, ask: str) -> None:
    run = make_stores(tmp_path, values={"output.keep": "summary"})[0]
    with open_store(run.store) as store, pytest.raises(QueryError, match=r"output\.keep: full"):
        store.events("hire") if ask == "events" else store.snapshot_rows()


def test_a_mistake_in_a_query_is_not_blamed_on_the_store(sealed: Path) -> None:
    with open_store(sealed) as store, pytest.raises(duckdb.BinderException):
        store.sql("SELECT wages FROM fct_year_summary")


class TestRefusals:
    """Files that are no store that this version can read."""

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "an empty file"),
            (b"employee_id,pay\nE1,5\n", "not a DuckDB file"),
            (b"DUCK", "not a"),
        ],
    )
    def test_a_foreign_file(self, tmp_path: Path, content: bytes, said: str) -> None:
        path = tmp_path / "seed_1.duckdb"
        path.write_bytes(content)
        with pytest.raises(StoreError, match=said):
            open_store(path)

    def test_a_missing_file(self, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match="No such file") as caught:
            open_store(tmp_path / "seed_1.duckdb")
        assert caught.value.exit_code == 2

    def test_a_directory(self, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match="cannot be read"):
            open_store(tmp_path)

    def test_a_database_of_something_else(self, tmp_path: Path) -> None:
        path = tmp_path / "sales.duckdb"
        with duckdb.connect(str(path)) as database:
            database.execute("CREATE TABLE sales (amount INTEGER)")
        with pytest.raises(StoreError, match="without a run manifest"):
            open_store(path)

    @pytest.mark.parametrize(
        ("statement", "said"),
        [
            ("UPDATE run_manifest SET schema_version = 99", "schema version 99"),
            ("DELETE FROM run_manifest", "of 0 rows"),
            ("UPDATE run_manifest SET scenario_id = NULL", "scenario_id"),
            ("ALTER TABLE run_manifest ADD COLUMN extra INTEGER", "extra"),
            ("ALTER TABLE run_manifest DROP COLUMN digest", "digest"),
        ],
    )
    def test_a_manifest_that_is_not_understood(
        self, sealed: Path, tmp_path: Path, statement: str, said: str
    ) -> None:
        with pytest.raises(StoreError, match=said):
            open_store(tampered(sealed, tmp_path, statement))

    @pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 0.95])
    def test_a_store_that_was_cut(self, sealed: Path, tmp_path: Path, share: float) -> None:
        path = tmp_path / "seed_1.duckdb"
        path.write_bytes(sealed.read_bytes()[: int(sealed.stat().st_size * share)])
        with pytest.raises(StoreError, match="damaged"):  # noqa: SIM117  opening or reading, either may notice
            with open_store(path) as store:
                store.events()

    def test_a_store_that_another_program_writes_to(self, sealed: Path, tmp_path: Path) -> None:
        copy = tampered(sealed, tmp_path)
        command = [sys.executable, "-c", HOLD, str(copy)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            with pytest.raises(StoreError, match="locked"):
                open_store(copy)
            holder.communicate()
        open_store(copy).close()


class TestConfinement:
    """A file from elsewhere may hold views of anybody's making."""

    def test_a_view_reaches_no_other_file(self, sealed: Path, tmp_path: Path) -> None:
        secret = tmp_path / "secret.csv"
        secret.write_text("word\nsesame\n")
        copy = tampered(sealed, tmp_path, f"CREATE VIEW spy AS FROM read_csv('{secret}')")
        with open_store(copy) as store, pytest.raises((duckdb.Error, StoreError)) as caught:
            store.sql("FROM spy")
        assert "sesame" not in str(caught.value)

    def test_sql_reads_no_python_variable(self, sealed: Path) -> None:
        frame = pl.DataFrame({"word": ["sesame"]})
        with open_store(sealed) as store, pytest.raises(duckdb.CatalogException):
            store.sql("FROM frame")
        assert frame.height == 1

    def test_nothing_can_be_written(self, sealed: Path) -> None:
        with open_store(sealed) as store, pytest.raises(duckdb.Error, match="read-only"):
            store.sql("DELETE FROM event_hire")
