"""A cluster without workers is waited for, but not for ever."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from simulation.errors import ClusterError
from simulation.sweep.attendance import DESERTED_SECONDS, Attendance


class Cluster:
    """So many cores at each moment."""

    def __init__(self, *moments: tuple[float, float]) -> None:
        self._moments: Iterator[tuple[float, float]] = iter(moments)
        self._now = 0.0

    def cores(self) -> float:
        self._now, cores = next(self._moments)
        return cores

    def clock(self) -> float:
        return self._now


def test_it_gives_up_when_there_have_been_no_workers_for_long() -> None:
    cluster = Cluster((0, 4), (10, 0), (20, 0), (10 + DESERTED_SECONDS, 0))
    attendance = Attendance(cluster.cores, cluster.clock)
    for _ in range(3):
        attendance.check()
    with pytest.raises(ClusterError, match="no workers left") as caught:
        attendance.check()
    assert "--resume" in str(caught.value)


def test_a_machine_that_comes_back_in_time_begins_a_new_wait() -> None:
    cluster = Cluster((0, 0), (DESERTED_SECONDS - 1, 0), (DESERTED_SECONDS, 2), (1000, 0), (1001, 0))
    attendance = Attendance(cluster.cores, cluster.clock)
    for _ in range(5):
        attendance.check()
