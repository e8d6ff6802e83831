from __future__ import annotations

from itertools import pairwise

import pytest

from simulation.store.checkpointing import COMMIT_SECONDS, SECONDS_VARIABLE, Checkpointing, Pace


@pytest.mark.parametrize("seconds", [0.0, 1.0, 30.0])
def test_commits_are_at_least_so_many_seconds_apart_and_never_later_than_the_next_year(
    seconds: float,
) -> None:
    times = [0.0, 0.5, 1.0, 1.5, 29.0, 30.5, 31.5, 95.0, 95.5]
    told = iter(times)
    pace = Pace(seconds, lambda: next(told))
    asked = {at: pace.due() for at in times[1:]}
    commits = [0.0, *(at for at, due in asked.items() if due)]
    assert all(later - earlier >= seconds for earlier, later in pairwise(commits))
    for at, due in asked.items():
        last = max(commit for commit in commits if commit < at)
        assert due == (at - last >= seconds)


def test_a_run_of_three_seconds_commits_nothing() -> None:
    told = iter([0.0, 0.6, 1.2, 1.8, 2.4, 3.0])
    pace = Pace(COMMIT_SECONDS, lambda: next(told))
    assert not any(pace.due() for _ in range(5))


@pytest.mark.parametrize(("asked", "due"), [("0", True), ("1000", False), ("soon", False)])
def test_a_process_may_be_told_how_often(monkeypatch: pytest.MonkeyPatch, asked: str, due: bool) -> None:
    monkeypatch.setenv(SECONDS_VARIABLE, asked)
    assert Checkpointing().pace().due() is due
    assert Checkpointing(seconds=0).pace().due()
