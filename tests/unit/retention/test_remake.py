"""A run made again from its manifest is the run that was sealed, or it is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simulation.census import Census, generate_census, write_census
from simulation.errors import CensusError, RunError, SweepError, WriteError
from simulation.parameters import load_scenario
from simulation.retention import census_of, reduce, remake
from simulation.retention import remake as remaking
from simulation.sealing import simulate
from simulation.store import open_store, verify
from simulation.store.manifest import Manifest
from simulation.store.relations import LEXICONS, TABLES
from simulation.sweep.directory import SweepDirectory, locked
from tests.stores import make_stores, small_census, tampered

LEVERS = "fiscal_year,job_level,parameter,value\n2025,2,cola_rate,0.05\n"


@pytest.fixture(scope="module")
def census() -> Census:
    return small_census()


def manifest_of(store: Path) -> Manifest:
    with open_store(store) as opened:
        return opened.manifest


def same_rows(one: Path, other: Path) -> bool:
    tables = [*LEXICONS, *(relation.name for relation in TABLES)]
    with open_store(one) as a, open_store(other) as b:
        return all(a.sql(f"FROM {table}").equals(b.sql(f"FROM {table}")) for table in tables)


@pytest.mark.parametrize("keep", ["lifecycle", "summary"])
def test_a_reduced_run_comes_back_whole_row_by_row(tmp_path: Path, census: Census, keep: str) -> None:
    whole, store = (make_stores(tmp_path / name)[0].store for name in ("whole", "mine"))
    reduce(store, keep)
    remade = remake(store, census)
    assert same_rows(store, whole)
    assert verify(store).ok
    assert (remade.store, remade.manifest.keep, remade.differences) == (store, "full", ())
    assert remade.manifest.digest == manifest_of(whole).digest
    assert [path.name for path in store.parent.iterdir()] == [store.name]


def test_origins_levers_and_settings_come_back_with_it(tmp_path: Path, census: Census) -> None:
    (tmp_path / "levers.csv").write_text(LEVERS)
    (tmp_path / "mine.yaml").write_text(
        "extends: [high_growth, plans/qaca]\ncompensation: {levers: levers.csv}\n"
        "output: {keep: summary, balance_snapshots: month_end}\n"
    )
    scenario = load_scenario(tmp_path / "mine.yaml", set=["workforce.growth.rate=0.02"], years=(2025, 2025))
    store = simulate(scenario, census, out=tmp_path, seed=3).store
    with open_store(store) as opened:
        told = opened.parameters()
    assert {"comp_levers", "--set"} < set(told["origin"])
    remake(store, census)
    with open_store(store) as opened:
        assert opened.parameters().equals(told)
        assert opened.events("raise").height > 0


def test_it_goes_beside_the_reduced_one_where_that_is_asked_for(tmp_path: Path, census: Census) -> None:
    store = make_stores(tmp_path)[0].store
    reduce(store, "summary")
    out = tmp_path / "new" / "whole.duckdb"
    assert remake(store, census, out=out).store == out
    assert (manifest_of(store).keep, manifest_of(out).keep) == ("summary", "full")
    with pytest.raises(WriteError, match="there is a file of that name"):
        remake(store, census, out=out)


def test_another_census_is_refused_before_anything_is_run(tmp_path: Path) -> None:
    store = make_stores(tmp_path)[0].store
    with pytest.raises(CensusError, match=r"digest \w{12}; allowed: digest \w{12}"):
        remake(store, generate_census(81, seed=7))


def test_a_run_that_comes_out_otherwise_says_where_and_which_versions_differ(
    tmp_path: Path, census: Census, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = make_stores(tmp_path)[0].store
    reduce(store, "summary")
    content = store.read_bytes()
    usual = remaking.__globals__["restored"]

    def otherwise(text: str, digest: str) -> object:
        return usual(text, digest).changed({"workforce.promotion.rate": "0.1"})

    monkeypatch.setitem(remaking.__globals__, "restored", otherwise)
    monkeypatch.setitem(remaking.__globals__, "code_version", lambda: "9.9+src.other")
    with pytest.raises(RunError, match="came out otherwise") as raised:
        remake(store, census)
    said = str(raised.value)
    assert "first in 2024" in said or "first in 2025" in said
    assert "code version: made with" in said
    assert "here 9.9+src.other" in said
    assert store.read_bytes() == content
    assert [path.name for path in store.parent.iterdir()] == [store.name]


def test_another_code_version_that_makes_the_same_run_is_told(
    tmp_path: Path, census: Census, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = make_stores(tmp_path, years=(2025, 2025))[0].store
    monkeypatch.setitem(remaking.__globals__, "code_version", lambda: "9.9+src.other")
    (difference,) = remake(store, census).differences
    assert difference.startswith("code version: made with ")
    assert difference.endswith("here 9.9+src.other")


def test_a_damaged_log_is_mended_and_an_edited_manifest_is_not_believed(
    tmp_path: Path, census: Census
) -> None:
    store = make_stores(tmp_path)[0].store
    (tmp_path / "a").mkdir()
    damaged = tampered(store, tmp_path / "a", "DELETE FROM event_hire")
    remake(damaged, census)
    assert verify(damaged).ok
    (tmp_path / "b").mkdir()
    edited = tampered(store, tmp_path / "b", "UPDATE run_manifest SET seed = 2")
    with pytest.raises(Exception, match="the manifest was edited"):
        remake(edited, census)


def test_a_running_sweep_is_left_alone(tmp_path: Path, census: Census) -> None:
    store = make_stores(tmp_path / "sweep")[0].store
    directory = SweepDirectory(tmp_path / "sweep")
    directory.record.write_text("{}")
    with locked(directory):
        for work in (lambda: remake(store, census), lambda: reduce(store, "summary")):
            with pytest.raises(SweepError, match="already running"):
                work()
    assert reduce(store, "summary").after == "summary"


class TestCensus:
    @pytest.fixture
    def places(self, tmp_path: Path) -> tuple[Path, Path]:
        """Return a store of a census of its own, and the data directory."""
        census = Census(small_census().frame, small_census().as_of, "payroll.csv")
        store = make_stores(tmp_path / "data" / "sweeps" / "s", years=(2025, 2025), census=census)[0].store
        return store, tmp_path / "data"

    def test_it_is_found_by_its_digest_in_the_data_directory(self, places: tuple[Path, Path]) -> None:
        store, data = places
        write_census(small_census(), data / "census" / "renamed.parquet")
        (data / "census" / "broken.parquet").write_text("no census")
        manifest = manifest_of(store)
        assert census_of(manifest, store, data).digest == manifest.census_digest

    def test_it_is_found_where_the_sweep_had_it(self, places: tuple[Path, Path], tmp_path: Path) -> None:
        store, data = places
        file = write_census(small_census(), tmp_path / "elsewhere.parquet")
        record = {
            "name": "s", "begun": "2026-01-01T00:00:00Z", "code_version": "1", "scenarios": [], "seeds": [1],
            "census": {"source": "payroll.csv", "digest": "x", "rows": 80, "as_of": "2024-12-31"},
            "plan": {"census": str(file)},
        }  # fmt: skip
        (data / "sweeps" / "s" / "sweep.json").write_text(json.dumps(record))
        assert census_of(manifest_of(store), store, data).frame.height == 80

    def test_one_that_was_generated_is_generated_again(self, tmp_path: Path) -> None:
        store = make_stores(tmp_path, years=(2025, 2025))[0].store
        assert census_of(manifest_of(store), store, tmp_path).digest == small_census().digest

    @pytest.mark.parametrize("named", [True, False])
    def test_what_was_compared_is_said_where_none_is_it(
        self, places: tuple[Path, Path], tmp_path: Path, named: bool
    ) -> None:
        store, data = places
        other = write_census(generate_census(81, seed=7), data / "census" / "other.parquet")
        manifest = manifest_of(store)
        with pytest.raises(CensusError, match="not here") as raised:
            census_of(manifest, store, data, other if named else None)
        said = str(raised.value)
        assert f"payroll.csv, 80 employees as of 2024-12-31: digest {manifest.census_digest[:12]}" in said
        assert f"{other}: digest" in said
        assert "--census" in said
