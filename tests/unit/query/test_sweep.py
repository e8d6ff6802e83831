from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pytest

from simulation.errors import Problem, QueryError
from simulation.query import index as index_module
from simulation.query import open_sweep
from simulation.query.federation import Extract, extracts
from simulation.query.index import INDEX_NAME, Index
from simulation.query.sweep import Places, Sweep
from tests.stores import make_stores


@pytest.fixture
def own(directory: Path, tmp_path: Path) -> Path:
    """A copy of the sweep that a test may change."""
    return Path(shutil.copytree(directory, tmp_path / "own", ignore=shutil.ignore_patterns(INDEX_NAME)))


@pytest.fixture
def no_store_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(paths: list[Path]) -> None:
        raise AssertionError(f"{len(paths)} stores were read")

    monkeypatch.setattr(index_module, "extracts", refuse)


def test_a_directory_is_its_runs(directory: Path) -> None:
    sweep = open_sweep(directory)
    assert sweep.scenarios == ["baseline", "growth"]
    assert sweep.seeds == [1, 2, 3, 4]
    assert sweep.runs.select("scenario", "seed").rows() == [
        ("baseline", 1),
        ("baseline", 2),
        ("baseline", 3),
        ("growth", 2),
        ("growth", 3),
        ("growth", 4),
    ]
    assert sweep.problems == ()


@pytest.mark.parametrize("how", ["str", "scenario", "store", "stores", "both"])
def test_runs_are_found_in_whatever_is_given(directory: Path, how: str) -> None:
    stores = sorted(directory.glob("*/*.duckdb"))
    places: dict[str, tuple[Places, int]] = {
        "str": (str(directory), 6),
        "scenario": (directory / "growth", 3),
        "store": (stores[0], 1),
        "stores": (stores[:4], 4),
        "both": ([directory, stores[0]], 6),
    }
    given, runs = places[how]
    assert open_sweep(given).runs.height == runs


def test_values_are_those_of_the_stores(directory: Path) -> None:
    sweep = open_sweep(directory)
    with sweep.open("growth", 3) as store:
        own = pl.col("scenario") == "growth", pl.col("seed") == 3
        columns = ["simulation_year", "metric", "value"]
        assert sweep.summaries().filter(*own).select(columns).equals(store.summary().select(columns))
        columns = ["simulation_year", "job_level", "parameter", "value", "unit", "origin"]
        assert sweep.parameters().filter(*own).select(columns).equals(store.parameters().select(columns))


def test_an_unknown_run_is_refused(directory: Path) -> None:
    with pytest.raises(QueryError, match="scenarios baseline, growth; seeds 1, 2, 3, 4"):
        open_sweep(directory).open("growth", 1)


def test_nothing_is_said_to_be_nothing(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="no sealed store") as caught:
        open_sweep([tmp_path, tmp_path / "gone"])
    assert len(caught.value.problems) == 2


def test_different_runs_of_one_name_and_seed_are_refused(own: Path, tmp_path: Path) -> None:
    make_stores(tmp_path / "other", seeds=[1], values={"workforce.growth.rate": "0.1"})
    with pytest.raises(QueryError, match="share a scenario name and a seed"):
        open_sweep([own, tmp_path / "other"])


def test_unfinished_and_set_aside_stores_are_not_seen(own: Path) -> None:
    source = own / "growth" / "seed_2.duckdb"
    for name in (".seed_9.duckdb.host-1.tmp", "seed_9.duckdb.damaged", "seed_x.duckdb", "seed_9.duckdb.wal"):
        shutil.copyfile(source, source.with_name(name))
    assert open_sweep(own).runs.height == 6


class TestIndex:
    def test_a_second_opening_reads_no_store(self, own: Path, request: pytest.FixtureRequest) -> None:
        first = open_sweep(own)
        request.getfixturevalue("no_store_is_read")
        second = open_sweep(own)
        assert second.runs.equals(first.runs)
        assert second.summaries().equals(first.summaries())
        assert second.status_totals().equals(first.status_totals())
        assert second.parameters().equals(first.parameters())
        assert second.parameters().height > 100

    def test_whoever_made_it_a_store_is_where_the_asker_finds_it(
        self, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(own.parent)
        assert open_sweep(own.name).runs["store"].str.starts_with(f"{own.name}/").all()
        monkeypatch.chdir(tmp_path)
        again = open_sweep(own)
        assert again.runs["store"].str.starts_with(f"{own}/").all()
        with again.open("growth", 2) as store:
            assert store.manifest.seed == 2

    @pytest.mark.parametrize("files", [(), (b"not parquet",)])
    def test_parameters_come_from_the_stores_where_no_index_file_has_them(
        self, directory: Path, files: tuple[bytes, ...]
    ) -> None:
        sweep = open_sweep(directory)
        assert Sweep(Index(sweep.index.frame, files=files)).parameters().equals(sweep.parameters())

    def test_an_opened_sweep_keeps_its_parameters_whoever_replaces_the_index(self, own: Path) -> None:
        expected = open_sweep(own).parameters()
        sweep = open_sweep(own)
        (own / INDEX_NAME).write_bytes(b"something else")
        assert sweep.parameters().equals(expected)

    def test_a_store_that_came_is_read_alone(self, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        late = own / "growth" / "seed_4.duckdb"
        content = late.read_bytes()
        late.unlink()
        open_sweep(own)
        late.write_bytes(content)
        read: list[Path] = []

        def noted(paths: list[Path]) -> Iterator[Extract | Problem]:
            read.extend(paths)
            return extracts(paths)

        monkeypatch.setattr(index_module, "extracts", noted)
        assert open_sweep(own).runs.height == 6
        assert read == [late]

    def test_a_store_that_went_is_forgotten(self, own: Path) -> None:
        open_sweep(own)
        (own / "growth" / "seed_4.duckdb").unlink()
        assert open_sweep(own).seeds == [1, 2, 3]

    def test_a_store_that_changed_is_read_again(self, own: Path) -> None:
        open_sweep(own)
        changed = own / "growth" / "seed_4.duckdb"
        changed.unlink()
        shutil.copyfile(own / "growth" / "seed_3.duckdb", changed)
        with open_sweep(own).open("growth", 3) as store:
            assert store.manifest.seed == 3
        assert open_sweep(own).seeds == [1, 2, 3]

    @pytest.mark.parametrize("content", [b"", b"not parquet", None])
    def test_an_index_that_cannot_be_used_is_made_anew(self, own: Path, content: bytes | None) -> None:
        if content is None:
            pl.DataFrame({"key": ["of another layout"]}).write_parquet(own / INDEX_NAME)
        else:
            (own / INDEX_NAME).write_bytes(content)
        expected = open_sweep(own).runs
        assert pl.read_parquet(own / INDEX_NAME).height == expected.height == 6

    def test_a_directory_that_takes_no_index_is_read_all_the_same(
        self, own: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(path: Path, content: bytes) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "write_bytes", refuse)
        assert open_sweep(own).runs.height == 6
        assert not (own / INDEX_NAME).exists()

    def test_sessions_that_open_it_at_once_leave_a_whole_index(self, own: Path) -> None:
        with ThreadPoolExecutor(4) as pool:
            opened = list(pool.map(open_sweep, [own] * 8))
        assert {sweep.runs.height for sweep in opened} == {6}
        assert pl.read_parquet(own / INDEX_NAME).height == 6
        assert not list(own.glob(".*.tmp"))

    def test_a_damaged_store_does_not_hide_the_others(self, own: Path) -> None:
        cut = own / "growth" / "seed_3.duckdb"
        content = cut.read_bytes()
        cut.unlink()
        cut.write_bytes(content[: len(content) // 2])
        foreign = own / "growth" / "seed_5.duckdb"
        foreign.write_text("my notes")
        sweep = open_sweep(own)
        assert sweep.runs.height == 5
        assert {problem.where for problem in sweep.problems} == {str(cut), str(foreign)}

    def test_many_stores_are_read_in_batches(self, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("simulation.query.federation.BATCH", 2)
        assert open_sweep(own).summaries().equals(open_sweep(list(own.glob("*/*.duckdb"))).summaries())

    def test_a_name_never_becomes_sql(self, tmp_path: Path) -> None:
        folder = tmp_path / "it's; DROP TABLE x --"
        make_stores(folder, seeds=[1], name="baseline")
        assert open_sweep(folder).scenarios == ["baseline"]


def test_a_directory_of_sweeps_names_them(own: Path) -> None:
    with pytest.raises(QueryError, match="it holds the sweeps own: name one of them"):
        open_sweep(own.parent)
