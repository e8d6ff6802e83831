"""The catalogue: what it lists, finds and picks, and that its index may go at any time."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from simulation.catalogue import Action, Entry, RunCatalogue, Search, State
from simulation.catalogue import index as index_module
from simulation.errors import QueryError
from simulation.store import open_store
from simulation.store.manifest import user_name
from tests.stores import tampered

NIGHT = "sweeps/night/baseline/seed_1.duckdb"


def listed(root: Path, search: Search | None = None) -> list[str]:
    return sorted(entry.store for entry in RunCatalogue(root).search(search or Search()))


def entry_of(root: Path, store: str) -> Entry:
    return next(entry for entry in RunCatalogue(root).entries if entry.store == store)


@pytest.fixture
def no_file_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(root: Path, sources: list[object]) -> None:
        raise AssertionError(f"{len(sources)} files were read")

    monkeypatch.setattr("simulation.catalogue.reading.read_records", refuse)


class TestEntries:
    def test_sealed_and_failed_runs_are_there(self, root: Path) -> None:
        assert listed(root) == [
            "runs/alone/seed_7.duckdb",
            "sweeps/night/baseline/seed_1.duckdb",
            "sweeps/night/baseline/seed_2.duckdb",
            "sweeps/night/growth/seed_1.duckdb",
            "sweeps/night/growth/seed_2.duckdb",
        ]

    def test_what_when_by_whom_from_what_with_what_result(self, root: Path) -> None:
        entry = entry_of(root, NIGHT)
        with open_store(root / NIGHT) as store:
            manifest, summary = store.manifest, store.summary()
        assert (entry.scenario, entry.seed, entry.start_year, entry.end_year) == ("baseline", 1, 2025, 2025)
        assert (entry.started, entry.finished) == (manifest.started, manifest.finished)
        assert (entry.user, entry.host) == (user_name(), manifest.host)
        assert (entry.census_digest, entry.census_rows) == (manifest.census_digest, 80)
        assert entry.scenario_digest == manifest.scenario_digest
        assert (entry.digest, entry.events, entry.keep) == (manifest.digest, manifest.events, "summary")
        assert entry.bytes == (root / NIGHT).stat().st_size
        assert (entry.sweep, entry.state, entry.problem) == ("sweeps/night", State.SEALED, "")
        headcount = dict(summary.select("metric", "value").iter_rows())["headcount_end"]
        assert entry.result["headcount_end"] == headcount

    def test_a_failed_run_says_why_when_and_who_began_it(self, root: Path) -> None:
        entry = entry_of(root, "sweeps/night/growth/seed_2.duckdb")
        assert (entry.state, entry.problem, entry.user, entry.host) == (State.FAILED, "y", "ana", "desk")
        assert entry.finished is not None
        assert entry.finished.isoformat() == "2026-01-02T03:06:00"
        assert entry.key is None

    def test_the_latest_run_comes_first(self, root: Path) -> None:
        times = [entry.finished for entry in RunCatalogue(root).entries]
        assert times == sorted(times, reverse=True, key=str)

    def test_damaged_foreign_edited_and_future_stores_say_what_is_wrong(self, root: Path) -> None:
        folder = root / "runs" / "alone"
        whole = folder / "seed_7.duckdb"
        content = whole.read_bytes()
        (folder / "cut.duckdb").write_bytes(content[: len(content) // 2])
        (folder / "empty.duckdb").touch()
        (folder / "notes.duckdb").write_text("my notes, no store")
        for name, statement in {
            "future": "UPDATE run_manifest SET schema_version = 99, code_version = '9.9'",
            "edited": "UPDATE run_manifest SET seed = 8",
            "foreign": "DROP TABLE run_manifest",
        }.items():
            (root / name).mkdir()
            tampered(whole, root / name, statement)
        wrong = {
            Path(entry.store).parts[-2 if entry.store.endswith("seed_7.duckdb") else -1]: entry
            for entry in RunCatalogue(root).entries
            if entry.problem and entry.state is not State.FAILED
        }
        assert set(wrong) == {"cut.duckdb", "empty.duckdb", "notes.duckdb", "future", "edited", "foreign"}
        assert "not a DuckDB file" in wrong["notes.duckdb"].problem
        assert "an empty file" in wrong["empty.duckdb"].problem
        assert "schema version 99, written by PlanWise 9.9" in wrong["future"].problem
        assert "without a run manifest" in wrong["foreign"].problem
        assert (wrong["edited"].state, wrong["edited"].seed) == (State.EDITED, 8)
        assert {wrong[name].state for name in ("cut.duckdb", "future", "foreign")} == {State.UNREADABLE}

    def test_what_a_sweep_set_aside_is_told_apart(self, root: Path) -> None:
        store = root / NIGHT
        store.rename(store.with_name("seed_1.duckdb.damaged"))
        entry = entry_of(root, f"{NIGHT}.damaged")
        assert (entry.state, entry.seed) == (State.SET_ASIDE, 1)
        assert "of other inputs" in entry.problem

    def test_hidden_and_unfinished_files_are_none_of_it(self, root: Path) -> None:
        before = listed(root)
        hidden = (".seed_9.duckdb.host-1.tmp", ".hidden/seed_9.duckdb", "seed_9.duckdb.wal", "journal.jsonl")
        for place in (root / "runs" / name for name in hidden):
            place.parent.mkdir(exist_ok=True)
            shutil.copyfile(root / NIGHT, place)
        assert listed(root) == before

    def test_a_directory_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(QueryError, match="no such directory; name the data directory with --data"):
            RunCatalogue(tmp_path / "gone")


class TestIndex:
    def test_a_second_listing_reads_no_file(self, root: Path, request: pytest.FixtureRequest) -> None:
        first = RunCatalogue(root).entries
        request.getfixturevalue("no_file_is_read")
        assert RunCatalogue(root).entries == first

    @pytest.mark.parametrize("content", [None, b"", b"\xff\xfe garbage\n", b'{"format": 99}\n'])
    def test_an_index_that_is_gone_or_cannot_be_used_is_made_anew(
        self, root: Path, content: bytes | None
    ) -> None:
        first = RunCatalogue(root).entries
        if content is None:
            (root / index_module.NAME).unlink()
        else:
            (root / index_module.NAME).write_bytes(content)
        assert RunCatalogue(root).entries == first
        assert len(index_module.load(root)) == 5

    def test_an_index_that_is_wrong_is_put_right_by_a_rebuild(self, root: Path) -> None:
        first = RunCatalogue(root).entries
        index = root / index_module.NAME
        index.write_text(index.read_text().replace('"baseline"', '"forged"'))
        assert RunCatalogue(root).entries != first
        assert RunCatalogue(root).rebuild() == first
        assert RunCatalogue(root).entries == first

    def test_a_directory_that_takes_no_index_is_listed_all_the_same(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(path: Path, text: str, encoding: str) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "write_text", refuse)
        assert len(RunCatalogue(root).entries) == 5
        assert not (root / index_module.NAME).exists()


class TestSearch:
    @pytest.mark.parametrize(
        ("search", "found"),
        [
            (Search(scenario="baseline"), 2),
            (Search(scenario="b*"), 2),
            (Search(scenario="Baseline"), 0),
            (Search(tags=("board",)), 1),
            (Search(tags=("board", "other")), 0),
            (Search(until=date(2026, 1, 2)), 1),
            (Search(since=date(2026, 1, 2), until=date(2026, 1, 2)), 1),
            (Search(since=date(2026, 1, 3)), 3),
            (Search(archived=True), 1),
            (Search(archived=None), 5),
            (Search(), 4),
        ],
    )
    def test_all_conditions_have_to_hold(self, root: Path, search: Search, found: int) -> None:
        catalogue = RunCatalogue(root)
        catalogue.annotate(Action.TAG, catalogue.select([root / NIGHT]), by="ana", value="board")
        catalogue.annotate(Action.ARCHIVE, catalogue.select([root / "runs"]), by="ana")
        assert len(catalogue.search(search)) == found

    @pytest.mark.parametrize(("of", "found"), [("digest", 1), ("scenario_digest", 3), ("census_digest", 4)])
    def test_a_digest_is_that_of_log_scenario_or_census(self, root: Path, of: str, found: int) -> None:
        beginning = str(getattr(entry_of(root, NIGHT), of))[:12].upper()
        assert len(listed(root, Search(digest=beginning))) == found


class TestSelect:
    def test_a_path_a_directory_and_a_digest_name_runs(self, root: Path) -> None:
        catalogue = RunCatalogue(root)
        one = catalogue.select_one(root / NIGHT)
        assert catalogue.select([one.digest[:8]]) == [one]
        assert len(catalogue.select([root / "sweeps", root / NIGHT])) == 4
        assert len(catalogue.select([root])) == 5

    @pytest.mark.parametrize(
        ("word", "said"),
        [
            ("/etc", "lies outside of the data directory"),
            ("data/../other.duckdb", "lies outside of the data directory"),
            ("data/runs/alone/seed_8.duckdb", "did you mean 'runs/alone/seed_7.duckdb'"),
            ("data/empty", "no run in it"),
            ("ffffffffffff", "no run has a digest that begins so"),
        ],
    )
    def test_what_names_no_run_is_refused(
        self, root: Path, monkeypatch: pytest.MonkeyPatch, word: str, said: str
    ) -> None:
        monkeypatch.chdir(root.parent)
        (root / "empty").mkdir()
        with pytest.raises(QueryError, match=said):
            RunCatalogue(root).select([word])

    def test_a_link_to_a_store_elsewhere_is_itself_and_one_to_a_directory_is_outside(
        self, root: Path, tmp_path: Path
    ) -> None:
        elsewhere = tmp_path / "elsewhere"
        shutil.move(root / "runs", elsewhere)
        (root / "seed_7.duckdb").symlink_to(elsewhere / "alone" / "seed_7.duckdb")
        (root / "linked").symlink_to(elsewhere)
        assert RunCatalogue(root).select_one(root / "seed_7.duckdb").store == "seed_7.duckdb"
        with pytest.raises(QueryError, match="outside of the data directory"):
            RunCatalogue(root).select([root / "linked"])

    def test_one_digest_at_two_places_has_to_be_named_by_path(self, root: Path) -> None:
        shutil.copyfile(root / NIGHT, root / "copy.duckdb")
        digest = entry_of(root, NIGHT).digest
        with pytest.raises(QueryError, match=r"2 runs: .*; name one by its path"):
            RunCatalogue(root).select([digest])
        with pytest.raises(QueryError, match="4 runs; one is wanted"):
            RunCatalogue(root).select_one(root / "sweeps")
