"""``planwise runs`` and ``planwise checkpoints remove``: what a person types and what comes of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from simulation.store import open_store, verify
from simulation.store.files import NOBODY, temporary_path
from simulation.sweep.directory import SweepDirectory, locked
from tests.commands import Ended, Planwise, commands
from tests.stores import make_stores, tampered

ONE = "data/sweeps/night/baseline/seed_1.duckdb"
ALONE = "data/runs/alone/seed_7.duckdb"


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data directory with a sweep of two seeds and a single run."""
    root = tmp_path_factory.mktemp("made") / "data"
    make_stores(root / "sweeps" / "night", seeds=(1, 2), years=(2025, 2025))
    make_stores(root / "runs", seeds=(7,), name="alone", years=(2025, 2025))
    (root / "sweeps" / "night" / "sweep.json").write_text("{}")
    failed = {
        "at": "2026-01-01T00:00:00+00:00",
        "what": "failed",
        "scenario": "baseline",
        "seed": 3,
        "error": "x",
    }
    (root / "sweeps" / "night" / "journal.jsonl").write_text(json.dumps(failed) + "\n")
    return root


@pytest.fixture
def planwise(
    made: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Planwise:
    """Return what runs a command in this process, beside a data directory of its own."""
    shutil.copytree(made, tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    return commands(capsys)


def stores(ended: Ended) -> list[str]:
    assert ended.code == 0, ended.error
    return [Path(run["store"]).name for run in ended.document]


def test_list_shows_every_run_and_what_is_wrong(planwise: Planwise) -> None:
    Path("data/runs/notes.duckdb").write_text("my notes")
    ended = planwise("runs", "list")
    assert ended.code == 0
    assert all(word in ended.out for word in ("alone", "seed_7.duckdb", "failed", "unreadable", "full"))
    assert "runs/notes.duckdb: not a DuckDB file" in ended.error
    (first, *_) = planwise("runs", "list", "--json").document
    promised = {
        "store", "state", "problem", "bytes", "scenario", "seed", "digest", "scenario_digest",
        "census_digest", "started", "finished", "user", "host", "code_version", "keep", "result", "sweep",
        "tags", "note", "archived",
    }  # fmt: skip
    assert promised <= set(first)
    assert Path(first["store"]).is_file()


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ("--scenario alone", 1),
        ("--scenario a*", 1),
        ("--since 2026-01-02", 3),
        ("--until 2026-01-01", 1),
        ("--since 2026-01-01 --until 2026-01-01 --scenario baseline", 1),
        ("--digest 00000000", 0),
        ("--tag board", 2),
        ("--tag board --tag none", 0),
        ("--archived", 1),
        ("", 3),
    ],
)
def test_list_searches(planwise: Planwise, options: str, found: int) -> None:
    planwise("runs", "tag", "board", "data/sweeps/night/baseline/seed_1.duckdb", ALONE)
    planwise("runs", "archive", "data/sweeps/night/baseline/seed_2.duckdb")
    if "2026-01-02" in options:
        planwise("runs", "unarchive", "data/sweeps/night/baseline/seed_2.duckdb")
    assert len(stores(planwise("runs", "list", *options.split(), "--json"))) == found


def test_an_empty_list_says_so_and_names_the_nearest(planwise: Planwise, tmp_path: Path) -> None:
    ended = planwise("runs", "list", "--scenario", "basline")
    assert (ended.code, ended.out) == (0, "")
    assert "no such runs; there are 4 runs" in ended.error
    assert "did you mean 'baseline'?" in ended.error
    (tmp_path / "none").mkdir()
    assert "no runs in" in planwise("runs", "list", "--data", "none").error


def test_show_tells_a_run_by_path_or_digest(planwise: Planwise) -> None:
    (run,) = planwise("runs", "list", "--scenario", "alone", "--json").document
    planwise("runs", "note", "checked", ALONE)
    told = planwise("runs", "show", run["digest"][:10])
    assert all(
        said in told.out for said in (run["digest"], "seed 7", "headcount_end", "checked", run["user"])
    )
    document = planwise("runs", "show", ALONE, "--json").document
    assert [year["year"] for year in document["summary"]] == [2025]
    assert document["dropped"] == {}
    assert [(one["what"], one["value"]) for one in document["history"]] == [("note", "checked")]
    failed = planwise("runs", "show", "data/sweeps/night/baseline/seed_3.duckdb")
    assert "failed: x" in failed.out


def test_words_are_shown_and_taken_back(planwise: Planwise) -> None:
    assert [run["tags"] for run in planwise("runs", "tag", "board", "data/runs", "--json").document] == [
        ["board"]
    ]
    assert "board, note: hello, put away" in (
        planwise("runs", "note", "hello", ALONE), planwise("runs", "archive", ALONE)
    )[1].out  # fmt: skip
    for words in (("untag", "board"), ("note", ""), ("unarchive",)):
        ended = planwise("runs", *words, ALONE)
    assert "nothing said" in ended.out


def test_keep_and_remake_are_there_and_back(planwise: Planwise) -> None:
    with open_store(ALONE) as store:
        digest, raises = store.manifest.digest, store.events("raise")
    planwise("runs", "tag", "board", ALONE)
    ended = planwise("runs", "keep", "summary", "data/runs", "data/sweeps", "--json")
    assert ended.code == 0
    assert {(one["before"], one["after"]) for one in ended.document["kept"]} == {("full", "summary")}
    assert all(one["bytes_after"] < one["bytes_before"] for one in ended.document["kept"])
    assert verify(ALONE).ok
    assert "keeps summary already" in planwise("runs", "keep", "summary", ALONE).out
    assert planwise("runs", "show", ALONE, "--json").document["dropped"]["event_raise"] == raises.height

    remade = planwise("runs", "remake", ALONE, "--json")
    assert remade.code == 0, remade.error
    assert remade.document["digest"] == digest
    with open_store(ALONE) as store:
        assert store.events("raise").equals(raises)
    (run,) = planwise("runs", "list", "--scenario", "alone", "--json").document
    assert (run["tags"], run["keep"], run["digest"]) == (["board"], "full", digest)
    history = planwise("runs", "show", ALONE, "--json").document["history"]
    assert [one["what"] for one in history] == ["remade", "reduced", "tag"]


def test_keep_goes_on_after_a_store_that_it_cannot_use(planwise: Planwise, tmp_path: Path) -> None:
    (tmp_path / "data" / "bad").mkdir()
    tampered(Path(ALONE), tmp_path / "data" / "bad", "UPDATE run_manifest SET seed = 1")
    ended = planwise("runs", "keep", "summary", "data", "--json")
    assert ended.code == 2
    assert len(ended.document["kept"]) == 3
    assert [one["store"] for one in ended.document["failed"]] == ["bad/seed_7.duckdb"]


def test_delete_asks_and_says_what_went(planwise: Planwise, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("data/runs/alone/seed_7.weekly.parquet").write_text("snapshots")
    refused = planwise("runs", "delete", ALONE)
    assert refused.code == 2
    assert "--yes: not given" in refused.error
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("typer.confirm", lambda *_, **__: False)
    assert planwise("runs", "delete", ALONE).code == 1
    assert Path(ALONE).exists()
    ended = planwise("runs", "delete", ALONE, "--yes")
    assert ended.code == 0
    assert "1 runs removed: 2 files" in ended.out
    assert "removed data/runs/alone/seed_7.weekly.parquet" in ended.error
    assert not Path("data/runs/alone").exists()
    assert stores(planwise("runs", "list", "--scenario", "alone", "--json")) == []


def test_delete_takes_a_whole_sweep_and_leaves_what_is_not_its_own(planwise: Planwise) -> None:
    Path("data/sweeps/night/baseline/notes.txt").write_text("mine")
    ended = planwise("runs", "delete", "data/sweeps", "--yes", "--json")
    assert ended.document["runs"] == 2
    assert {Path(file).name for file in ended.document["files"]} == {
        "seed_1.duckdb", "seed_2.duckdb", "sweep.json", "journal.jsonl",
    }  # fmt: skip
    assert "data/sweeps/night stays with what is in it: baseline" in ended.error
    assert stores(planwise("runs", "list", "--json")) == ["seed_7.duckdb"]


def test_a_running_sweep_is_never_touched(planwise: Planwise) -> None:
    with locked(SweepDirectory(Path("data/sweeps/night"))):
        for verb in (["delete"], ["keep", "summary"], ["remake"]):
            ended = planwise("runs", *verb, ONE, *(["--yes"] if verb == ["delete"] else []))
            assert ended.code == 2
            assert "already running" in ended.error
    assert verify(ONE).ok


def test_rebuild_makes_the_catalogue_anew_and_keeps_what_was_said(planwise: Planwise) -> None:
    planwise("runs", "tag", "board", ALONE)
    Path("data/catalogue.jsonl").write_text("garbage\n")
    assert planwise("runs", "rebuild", "--json").document["runs"] == 4
    assert stores(planwise("runs", "list", "--tag", "board", "--json")) == ["seed_7.duckdb"]
    assert "4 runs in" in planwise("runs", "rebuild").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("list --since yesterday", "2025-12-31"),
        ("list --data gone", "no such directory"),
        ("show gone.duckdb", "outside of the data directory"),
        ("show data/runs/gone.duckdb", "no run of the catalogue"),
        ("show data/sweeps", "one is wanted"),
        ("show ffffffff", "no run has a digest that begins so"),
        ("tag two\twords data/runs", "no tag"),
        ("tag -- - data/runs", "no tag"),
        ("tag board", "Missing argument"),
        ("tag board data/sweeps/night/baseline/seed_3.duckdb", "without a manifest"),
        (f"note {'x' * 2001} data/runs", "allowed are 2,000"),
        ("keep full data/runs", "summary"),
        ("keep summary data/sweeps/night/baseline/seed_3.duckdb", "it failed: x"),
        ("remake data/sweeps", "one is wanted"),
        ("remake data/runs --census gone.parquet", "gone.parquet"),
        ("remake data/sweeps/night/baseline/seed_3.duckdb", "it failed: x"),
        ("delete / --yes", "outside of the data directory"),
        ("delete data/../.. --yes", "outside of the data directory"),
        ("delete data/sweeps/night/baseline/seed_3.duckdb --yes", "it failed: x"),
    ],
)
def test_bad_input_is_exit_code_2_and_says_what(planwise: Planwise, arguments: str, said: str) -> None:
    ended = planwise("runs", *arguments.split(" "))
    assert ended.code == 2
    assert said in ended.error + ended.out
    assert "Traceback" not in ended.error


def test_text_from_a_store_steers_no_terminal(planwise: Planwise, tmp_path: Path) -> None:
    (tmp_path / "data" / "bad").mkdir()
    tampered(
        Path(ALONE), tmp_path / "data" / "bad", "UPDATE run_manifest SET scenario_id = chr(27) || '[31mred'"
    )
    ended = planwise("runs", "list")
    assert "red" in ended.out
    assert "\x1b" not in ended.out + ended.error


class TestCheckpointsRemove:
    @pytest.fixture
    def store(self, tmp_path: Path) -> Path:
        """Return the store that a half-done run was to become; its state cannot be read."""
        store = tmp_path / "half" / "baseline" / "seed_9.duckdb"
        store.parent.mkdir(parents=True)
        draft = temporary_path(store, NOBODY)
        draft.write_text("rows")
        draft.with_name(f"{draft.name}.1").write_text("state")
        return store

    @pytest.mark.parametrize("named", ["store", "directory"])
    def test_it_goes_when_somebody_means_it(self, planwise: Planwise, store: Path, named: str) -> None:
        place = store if named == "store" else store.parent.parent
        assert planwise("checkpoints", "remove", place).code == 2
        assert planwise("checkpoints", "list", "half", "--json").document
        ended = planwise("checkpoints", "remove", place, "--yes")
        assert (ended.code, ended.out) == (0, "1 half-done runs removed\n")
        assert planwise("checkpoints", "list", "half", "--json").document == []
        assert not store.parent.exists()

    def test_one_that_is_written_and_one_that_is_not_there_are_refused(
        self, planwise: Planwise, store: Path
    ) -> None:
        for file in list(store.parent.iterdir()):
            file.rename(file.with_name(file.name.replace(NOBODY, "another.host-1")))
        ended = planwise("checkpoints", "remove", store, "--yes", "--json")
        assert ended.code == 2
        assert "another.host-1 may still be writing it" in ended.error
        assert len(list(store.parent.iterdir())) == 2
        assert "no half-done run" in planwise("checkpoints", "remove", "data", "--yes").error
