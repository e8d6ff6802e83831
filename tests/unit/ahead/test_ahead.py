from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from simulation.ahead import Ahead, process, start
from simulation.ahead.order import order, ordered
from simulation.ahead.wire import Message, write
from simulation.ahead.years import lived, result
from simulation.census import Census, write_census
from simulation.cores import cores
from simulation.errors import ScenarioError
from simulation.parameters import Scenario
from simulation.run import Reached, begun, contexts, lives, tellings
from simulation.sealing import simulate
from simulation.state import State
from simulation.year import LivedYear
from tests.populations import scenario_of
from tests.stores import EVENTFUL, small_census

SEEDS = [1, 7]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return scenario_of(EVENTFUL, years=(2025, 2027))


@pytest.fixture(scope="module")
def census() -> Census:
    return small_census()


@pytest.fixture(scope="module")
def here(scenario: Scenario, census: Census) -> list[LivedYear]:
    return [*lives(scenario, census, SEEDS, Reached.by(begun(scenario, census, SEEDS)))]


@pytest.fixture
def ahead(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ahead]:
    monkeypatch.setattr(process, "worthwhile", lambda: True)
    start()
    with Ahead() as started:
        yield started


def years(scenario: Scenario, census: Census, ahead: Ahead) -> Iterator[LivedYear]:
    return lives(scenario, census, SEEDS, Reached.by(begun(scenario, census, SEEDS)), ahead.live)


def pid(ahead: Ahead) -> int:
    assert ahead._process is not None
    return ahead._process.pid


def assert_same(one: LivedYear, other: LivedYear) -> None:
    for when in ("opened", "closed"):
        for name in State.__slots__:
            assert_frame_equal(getattr(getattr(one, when), name), getattr(getattr(other, when), name))
    assert_frame_equal(one.next_sequence, other.next_sequence)
    assert len(one.batches) == len(other.batches)
    for (number, events), (other_number, other_events) in zip(one.batches, other.batches, strict=True):
        assert (number, [*events]) == (other_number, [*other_events])
        for event_type, frame in events.items():
            assert_frame_equal(frame, other_events[event_type])


def piped(message: Message) -> Message:
    pipe = io.BytesIO()
    write(message.parts(), pipe)
    pipe.seek(0)
    return Message.read(pipe)


def test_what_a_run_is_made_from_arrives_as_it_was(scenario: Scenario, census: Census) -> None:
    other, people, seeds = ordered(piped(order(scenario, census, SEEDS)))
    assert (other.digest, people.digest, seeds) == (scenario.digest, census.digest, SEEDS)


def test_a_year_arrives_as_it_was(scenario: Scenario, census: Census, here: list[LivedYear]) -> None:
    reached = Reached.by(begun(scenario, census, SEEDS))
    context = next(contexts(scenario, census, SEEDS))
    message = piped(result(here[0]))
    assert_same(lived(message, context, reached.state, reached.next_sequence), here[0])


@pytest.mark.parametrize("kept", [0, 1, 20, -1])
def test_a_message_that_breaks_off_is_no_message(scenario: Scenario, census: Census, kept: int) -> None:
    whole = b"".join(order(scenario, census, SEEDS).parts())
    with pytest.raises(EOFError):
        Message.read(io.BytesIO(whole[:kept]))


def test_years_of_another_process_are_those_lived_here(
    scenario: Scenario, census: Census, here: list[LivedYear], ahead: Ahead
) -> None:
    ahead.begin(scenario, census, SEEDS)
    for there, year in zip(years(scenario, census, ahead), here, strict=True):
        assert_same(there, year)
    assert ahead.sent == len(here)


def test_a_store_is_the_same_whoever_lived_its_years(
    scenario: Scenario, census: Census, ahead: Ahead, tmp_path: Path
) -> None:
    ahead.begin(scenario, census, [scenario.seed])
    there = simulate(scenario, census, out=tmp_path / "there", live=ahead.live)
    assert ahead.sent == len(scenario.horizon.years)
    assert there.digest == simulate(scenario, census, out=tmp_path / "here").digest


def test_what_a_killed_process_did_not_send_is_lived_here(
    scenario: Scenario, census: Census, here: list[LivedYear], ahead: Ahead
) -> None:
    os.kill(pid(ahead), signal.SIGKILL)
    ahead.begin(scenario, census, SEEDS)
    for there, year in zip(years(scenario, census, ahead), here, strict=True):
        assert_same(there, year)
    assert ahead.sent == 0


def test_a_run_that_goes_on_lives_its_years_here(
    scenario: Scenario, census: Census, here: list[LivedYear], ahead: Ahead
) -> None:
    ahead.begin(scenario, census, SEEDS)
    reached = Reached(here[0].context.year, here[0].closed, here[0].following)
    rest = [*lives(scenario, census, SEEDS, reached, ahead.live)]
    for there, year in zip(rest, here[1:], strict=True):
        assert_same(there, year)
    assert ahead.sent == 0


def test_a_process_that_was_told_nothing_is_not_waited_for(
    scenario: Scenario, census: Census, here: list[LivedYear], ahead: Ahead
) -> None:
    assert_same(next(years(scenario, census, ahead)), here[0])
    assert ahead.sent == 0


def test_an_error_is_met_here(census: Census, ahead: Ahead) -> None:
    early = scenario_of(EVENTFUL, years=(2020, 2021))
    ahead.begin(early, census, SEEDS)
    with pytest.raises(ScenarioError, match="before its census"):
        [*tellings(early, census, SEEDS, live=ahead.live)]


def test_the_process_that_was_started_is_taken_and_ends_with_its_block(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(process, "worthwhile", lambda: True)
    start()
    (started,) = process._waiting
    with Ahead() as ahead:
        assert pid(ahead) == started.pid
        assert process._waiting == []
        os.kill(started.pid, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(started.pid, 0)


def test_a_process_that_nobody_took_ends_with_the_one_that_started_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(process, "worthwhile", lambda: True)
    start()
    with process._waiting.pop() as started:
        assert started.stdin is not None
        started.stdin.close()  # as the end of a process does
        assert started.wait(60) != 0


def test_many_people_are_not_held_twice(
    monkeypatch: pytest.MonkeyPatch, scenario: Scenario, census: Census, ahead: Ahead
) -> None:
    monkeypatch.setattr(process, "_MOST_PEOPLE", census.headcount - 1)
    ahead.begin(scenario, census, SEEDS)
    assert [*years(scenario, census, ahead)]
    assert ahead.sent == 0


def test_where_no_process_can_be_started_all_is_done_here(
    monkeypatch: pytest.MonkeyPatch, scenario: Scenario, census: Census, here: list[LivedYear]
) -> None:
    monkeypatch.setattr(process, "worthwhile", lambda: True)
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    start()
    with Ahead() as ahead:
        ahead.begin(scenario, census, SEEDS)
        assert_same(next(years(scenario, census, ahead)), here[0])


@pytest.mark.parametrize(
    ("cores", "asked", "loaded", "expected"),
    [(2, "", False, True), (1, "", False, False), (2, "1", False, False), (2, "", True, False)],
)
def test_a_process_is_worth_while_where_it_saves_time(
    monkeypatch: pytest.MonkeyPatch, *, cores: int, asked: str, loaded: bool, expected: bool
) -> None:
    monkeypatch.setattr(process, "cores", lambda: cores)
    monkeypatch.setenv("PLANWISE_DUCKDB_THREADS", asked)
    if not loaded:
        monkeypatch.delitem(sys.modules, "polars")
    assert process.worthwhile() is expected


WATCHED = """
from simulation.ahead import process
ended = process.Ahead.__exit__
process.Ahead.__exit__ = lambda self, *how: (print("sent", self.sent), ended(self, *how))[1]
from app.__main__ import console
console()
"""


@pytest.mark.parametrize(("more", "sent"), [([], 3 if cores() > 1 else 0), (["--resume"], 0)])
def test_a_command_has_its_years_lived_beside_it(tmp_path: Path, more: list[str], sent: int) -> None:
    census = tmp_path / "census.parquet"
    write_census(small_census(), census)
    words = ["simulate", "baseline", "--census", str(census), "--years", "2025-2027", "--out", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, *words, *more],
        check=True, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert f"sent {sent}" in done.stdout.splitlines()
