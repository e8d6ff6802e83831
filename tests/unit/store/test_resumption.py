from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from simulation.errors import InvariantError, WriteError
from simulation.store import Checkpointing, RunIdentity, StoreWriter, checkpoint, find_checkpoints, verify
from simulation.store.checkpoint import Facts, read_facts, state_path, states
from simulation.store.draft import Draft
from simulation.store.files import NOBODY, hand_over, temporary_path
from simulation.store.resumption import take_up
from tests.interruptions import eventful, run_until
from tests.stores import small_census
from tests.unit.store.test_writer import DEAD

REACHED = 2026
STORE = "seed_1.duckdb"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have each year committed before the next one begins."""
    monkeypatch.setenv("PLANWISE_DUCKDB_THREADS", "1")


@pytest.fixture(scope="session")
def interrupted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a directory with a run that was interrupted after its second year."""
    folder = tmp_path_factory.mktemp("interrupted")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLANWISE_DUCKDB_THREADS", "1")
        run_until(eventful(), small_census(), {1: folder / STORE}, REACHED)
    return folder


@pytest.fixture(scope="session")
def expected(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the digest of that run, uninterrupted."""
    stores = {1: tmp_path_factory.mktemp("single") / STORE}
    return run_until(eventful(), small_census(), stores, None, Checkpointing())[1][0].digest


@pytest.fixture
def store(interrupted: Path, tmp_path: Path) -> Path:
    """Return where the store of a copy of the interrupted run is to be."""
    for file in interrupted.iterdir():
        shutil.copyfile(file, tmp_path / file.name)
    return tmp_path / STORE


@pytest.fixture
def identity(store: Path) -> RunIdentity:
    return facts_of(store).identity


def draft_of(store: Path) -> Path:
    return temporary_path(store, NOBODY)


def facts_of(store: Path) -> Facts:
    return read_facts(states(draft_of(store))[0])


def everything_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def resumed(store: Path) -> tuple[list[int], str, list[str]]:
    """Go on with a run; return the years that were lived, the digest, and what was told."""
    told: list[str] = []
    chosen = Checkpointing(resume=True, seconds=0, tell=told.append)
    years, (run,) = run_until(eventful(), small_census(), {1: store}, None, chosen)
    assert verify(run.store).ok
    assert everything_in(store.parent) == [STORE]
    return years, run.digest, told


def test_a_run_goes_on_after_its_last_committed_year(store: Path, expected: str) -> None:
    assert resumed(store) == ([2027, 2028], expected, [f"{store}: going on after {REACHED}"])


def test_without_being_asked_a_run_begins_anew_and_the_old_years_go(store: Path, expected: str) -> None:
    years, (run,) = run_until(eventful(), small_census(), {1: store}, None, Checkpointing())
    assert (years[0], run.digest) == (2024, expected)
    assert everything_in(store.parent) == [STORE]


def truncate_draft(store: Path) -> None:
    os.truncate(draft_of(store), draft_of(store).stat().st_size // 2)


def overwrite_draft(store: Path) -> None:
    with draft_of(store).open("r+b") as file:
        file.seek(200_000)
        file.write(b"\x5a" * (draft_of(store).stat().st_size - 300_000))


def truncate_state(store: Path) -> None:
    state = states(draft_of(store))[0]
    os.truncate(state, state.stat().st_size // 2)


def change_state(store: Path) -> None:
    state = states(draft_of(store))[0]
    content = bytearray(state.read_bytes())
    content[len(content) // 2] ^= 0xFF
    state.write_bytes(content)


def lose_state(store: Path) -> None:
    states(draft_of(store))[0].unlink()


def mix_years(store: Path) -> None:
    """Give the draft the rows of a year more, as if state and rows were of two commits."""
    tell(store, "INSERT INTO fct_year_summary SELECT scenario_id, seed, 2027, metric, value "
         "FROM fct_year_summary WHERE simulation_year = 2026")  # fmt: skip
    state = states(draft_of(store))[0]
    state.rename(state_path(draft_of(store), 3))


def lose_a_row(store: Path) -> None:
    tell(
        store, "DELETE FROM event_hours WHERE event_sequence = (SELECT max(event_sequence) FROM event_hours)"
    )


def change_a_cent(store: Path) -> None:
    tell(store, "UPDATE event_raise SET amount_cents = amount_cents + 1 WHERE simulation_year = 2026")


def tell(store: Path, statement: str) -> None:
    with duckdb.connect(str(draft_of(store))) as database:
        database.execute(statement)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (truncate_draft, "damaged"),
        (overwrite_draft, "damaged"),
        (truncate_state, "state is damaged or missing"),
        (change_state, "state is damaged or missing"),
        (lose_state, "state is damaged or missing"),
        (mix_years, "rows are damaged"),
        (lose_a_row, "rows are damaged"),
        (change_a_cent, "rows are damaged"),
    ],
)
def test_a_damaged_checkpoint_is_said_and_the_run_begins_anew(
    store: Path, identity: RunIdentity, spoil: Callable[[Path], None], said: str
) -> None:
    spoil(store)
    told: list[str] = []
    assert take_up(store, identity, told.append) is None
    (line,) = told
    assert line.startswith(f"{store}: started from the beginning")
    assert said in line
    assert "\n" not in line
    assert everything_in(store.parent) == []


def test_a_run_whose_checkpoint_is_damaged_ends_the_same(store: Path, expected: str) -> None:
    truncate_state(store)
    years, digest, (said,) = resumed(store)
    assert (years[0], digest) == (2024, expected)
    assert "damaged" in said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"scenario_digest": "f" * 64}, "another scenario ("),
        ({"scenario_json": "{" + " " * 99 + "}"}, "another wording or quality threshold of the scenario ("),
        ({"scenario_id": "high_growth"}, "another scenario's name (baseline, here high_growth)"),
        ({"census_digest": "f" * 64}, "another census ("),
        ({"seed": 2}, "another seed (1, here 2)"),
        ({"end_year": 2030}, "another last year (2028, here 2030)"),
        ({"keep": "summary"}, "another output.keep (full, here summary)"),
        ({"balance_snapshots": "weekly"}, "another output.balance_snapshots (year_end, here weekly)"),
    ],
)
def test_the_checkpoint_of_another_run_is_never_gone_on_with(
    store: Path, identity: RunIdentity, change: dict[str, Any], said: str
) -> None:
    told: list[str] = []
    assert take_up(store, identity.model_copy(update=change), told.append) is None
    assert said in told[0]
    assert everything_in(store.parent) == []


def test_where_the_census_lies_makes_no_other_run(store: Path, identity: RunIdentity) -> None:
    moved = identity.model_copy(update={"census_source": "elsewhere.parquet"})
    assert take_up(store, moved, lambda _: None) is not None


def test_a_checkpoint_of_other_code_is_shown_as_lost(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [one.resumable for one in find_checkpoints(store.parent)] == [True]
    monkeypatch.setattr(checkpoint, "code_version", lambda: "9.9")
    (one,) = find_checkpoints(store.parent)
    assert not one.resumable
    assert one.obstacle is not None
    assert one.obstacle.startswith("another code version (")
    told: list[str] = []
    assert take_up(store, facts_of(store).identity, told.append) is None
    assert "it was begun with another code version (" in told[0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schema_version": 1}, "another schema version (1, here "),
        ({"dependency_versions": {"polars": "0.1"}}, "another polars (0.1, here "),
    ],
)
def test_a_checkpoint_of_another_version_says_so(store: Path, change: dict[str, Any], said: str) -> None:
    assert said in "; ".join(facts_of(store).model_copy(update=change).obstacles())


def test_what_a_living_process_writes_is_left_to_it(store: Path, identity: RunIdentity) -> None:
    living = f"{socket.gethostname()}-{os.getppid()}"
    hand_over(draft_of(store), temporary_path(store, living))
    before = everything_in(store.parent)
    told: list[str] = []
    assert take_up(store, identity, told.append) is None
    assert living in told[0]
    assert everything_in(store.parent) == before
    (one,) = find_checkpoints(store.parent)
    assert (one.running, one.resumable, one.year) == (True, False, REACHED)
    assert living in (one.obstacle or "")


def test_what_a_dead_process_left_is_gone_on_with(store: Path, identity: RunIdentity) -> None:
    hand_over(draft_of(store), temporary_path(store, f"{socket.gethostname()}-{DEAD}"))
    found = take_up(store, identity, lambda _: None)
    assert found is not None
    assert found.checkpoint.reached.year == REACHED


def test_of_two_who_want_a_draft_one_gets_it(store: Path) -> None:
    one, other = (temporary_path(store, name) for name in ("a-1", "b-2"))
    assert hand_over(draft_of(store), one)
    assert not hand_over(draft_of(store), other)
    assert {path.name.rpartition(".tmp")[0] for path in store.parent.iterdir()} == {one.stem}


def test_a_state_that_a_kill_kept_from_following_its_draft_is_found(store: Path, expected: str) -> None:
    draft_of(store).rename(temporary_path(store, f"{socket.gethostname()}-{DEAD}"))
    assert resumed(store)[:2] == ([2027, 2028], expected)


def test_a_draft_without_a_commit_is_no_checkpoint(tmp_path: Path, identity: RunIdentity) -> None:
    path = tmp_path / "other" / STORE
    path.parent.mkdir()
    with duckdb.connect(str(draft_of(path))):
        pass
    state_path(draft_of(path), 0).touch()
    told: list[str] = []
    assert take_up(path, identity, told.append) is None
    assert "no year was committed" in told[0]
    assert everything_in(path.parent) == []


@pytest.mark.parametrize("moment", ["finish", "publish"])
def test_a_kill_between_the_last_year_and_the_name_costs_no_year(
    store: Path, expected: str, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Draft, moment, die)
        with pytest.raises(KeyboardInterrupt):
            run_until(eventful(), small_census(), {1: store})
    assert resumed(store)[:2] == ([], expected)


def leave(store: Path, identity: RunIdentity, error: BaseException) -> None:
    with StoreWriter(store, identity, checkpointing=Checkpointing(resume=True, seconds=0)):
        raise error


@pytest.mark.parametrize("error", [KeyboardInterrupt(), GeneratorExit(), MemoryError()])
def test_who_is_interrupted_leaves_the_committed_years(
    store: Path, identity: RunIdentity, expected: str, error: BaseException
) -> None:
    with pytest.raises(type(error)):
        leave(store, identity, error)
    assert [one.year for one in find_checkpoints(store.parent) if one.resumable] == [REACHED]
    assert resumed(store)[1] == expected


def test_a_full_disk_leaves_the_committed_years_and_says_so(store: Path, identity: RunIdentity) -> None:
    with pytest.raises(WriteError, match="committed years stay"):
        leave(store, identity, OSError(28, "No space left on device"))
    assert [one.year for one in find_checkpoints(store.parent) if one.resumable] == [REACHED]


def test_a_run_that_broke_a_promise_leaves_nothing(store: Path, identity: RunIdentity) -> None:
    with pytest.raises(InvariantError):
        leave(store, identity, InvariantError("headcount"))
    assert everything_in(store.parent) == []


def test_a_run_without_a_commit_leaves_nothing(tmp_path: Path, identity: RunIdentity) -> None:
    path = tmp_path / "other" / STORE
    with StoreWriter(path, identity, checkpointing=Checkpointing(seconds=1000)):
        pass
    assert everything_in(path.parent) == []
