"""The executor on Ray: a bounded number of blocks in flight, each a stream of steps from one worker process.

Knows tasks and Ray; what a task does comes with it. Ray's own retries are off, so that every attempt is
counted and reported here.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from simulation.errors import ClusterError, Problem, RunError
from simulation.sweep.attempt import Attempt
from simulation.sweep.cluster import cluster
from simulation.sweep.executor import POLL_SECONDS, Watcher, explained
from simulation.sweep.task import Block, RunTask, Work
from simulation.sweep.waiting import Waiting

AHEAD: Final = 2
"""Blocks in flight a worker: one at work and one waiting, so that no worker ever waits for the driver."""


UNLIMITED: Final = 2**31
"""As many workers as the cluster has room for."""


@dataclass(frozen=True, slots=True)
class RayExecutor:
    """Runs tasks on `workers` processes of this machine, or on the cluster at an address."""

    workers: int
    address: str | None = None

    def run(
        self, tasks: Iterable[RunTask], inputs: Any, work: Work, watcher: Watcher, *, largest: int = 1
    ) -> None:
        """Run every task.

        Raises:
            ClusterError: Ray does not start, nothing answers at the address, or its workers cannot run this.
        """
        with cluster(self.workers, self.address) as slots:
            workers = min(self.workers, slots)
            waiting = Waiting(tasks, largest=largest, workers=workers)
            fleet = _Fleet(waiting, inputs, work, watcher, limit=AHEAD * workers)
            try:
                if fleet.warmed_up(workers):
                    watcher.ready(workers)
                    fleet.run()
            finally:
                fleet.abandon()

    @contextlib.contextmanager
    def kept(self) -> Iterator[None]:
        """Keep Ray for the runs that follow.

        Raises:
            ClusterError: Ray does not start, or nothing answers at the address.
        """
        with cluster(self.workers, self.address):
            yield


class _Fleet:
    """The blocks in flight, and the runs that wait."""

    def __init__(self, waiting: Waiting, inputs: Any, work: Work, watcher: Watcher, *, limit: int) -> None:
        import ray

        self._waiting = waiting
        self._in_flight: dict[Any, Attempt] = {}
        self._watcher = watcher
        self._limit = limit
        self._shared = ray.put((work, inputs))
        self._remote = ray.remote(num_cpus=1, max_retries=0)(_steps)

    def warmed_up(self, workers: int) -> bool:
        """Have each worker import the program and unpack the inputs; false if told to stop meanwhile.

        Raises:
            ClusterError: a worker cannot.
        """
        import ray

        cold = [ray.remote(num_cpus=1)(_warm_up).remote([self._shared]) for _ in range(workers)]
        while cold:
            if self._watcher.cancelled():
                return False
            warm, cold = ray.wait(cold, timeout=POLL_SECONDS)
            try:
                ray.get(warm)
            except ray.exceptions.RayError as error:
                hint = "install the same PlanWise on every machine of the cluster"
                problem = Problem("worker", explained(_cause(error)).strip().splitlines()[-1], hint=hint)
                raise ClusterError("the workers cannot run PlanWise", problems=[problem]) from error
        return True

    def run(self) -> None:
        """Work until nothing is left or the watcher says stop."""
        import ray

        while self._waiting or self._in_flight:
            if self._watcher.cancelled():
                return
            self._fill()
            streams = list(self._in_flight)
            ready, _ = ray.wait(streams, num_returns=1, timeout=POLL_SECONDS, fetch_local=False)
            for stream in ready:
                self._advance(stream)

    def abandon(self) -> None:
        """Free the workers of what is still in flight: their processes end at once."""
        import ray

        for stream in self._in_flight:
            with contextlib.suppress(ray.exceptions.RayError, ValueError, TypeError):
                ray.cancel(stream, force=True)
        self._in_flight.clear()

    def _fill(self) -> None:
        while self._waiting and len(self._in_flight) < self._limit:
            attempt = self._waiting.take()
            # The reference travels inside a list: Ray would replace a bare one by a copy for every task.
            self._in_flight[self._remote.remote(attempt.block, [self._shared])] = attempt

    def _advance(self, stream: Any) -> None:
        """Take the next step of a stream that has one."""
        import ray

        attempt = self._in_flight[stream]
        try:
            step = ray.get(next(stream))
        except StopIteration:
            del self._in_flight[stream]
            self._waiting.put_back(attempt.ended(self._watcher))
        except ray.exceptions.RayError as error:
            del self._in_flight[stream]
            self._waiting.put_back(attempt.failed(_cause(error), self._watcher))
        else:
            if step is None:
                attempt.started(self._watcher)
            else:
                attempt.heard(step, self._watcher)


_shared_here: dict[str, tuple[Work, Any]] = {}
"""In a worker: what the tasks of the sweep at hand share, unpacked once."""


def _warm_up(box: list[Any]) -> None:
    _unpacked(box[0])


def _steps(block: Block, box: list[Any]) -> Iterator[Any]:
    """Yield None when a worker takes the block, then the steps of the work. Runs in a worker."""
    yield None
    work, inputs = _unpacked(box[0])
    yield from work(block, inputs)


def _unpacked(reference: Any) -> tuple[Work, Any]:
    import ray

    key = reference.hex()
    if key not in _shared_here:
        _shared_here.clear()
        _shared_here[key] = ray.get(reference)
    return _shared_here[key]


def _cause(error: Any) -> BaseException:
    """Return what the work raised, or, when its process is gone, that."""
    cause = getattr(error, "cause", None)
    if isinstance(cause, BaseException):
        return cause
    hint = "most often memory: fewer workers, or a smaller population"
    return RunError("the worker process died", problems=[Problem("", type(error).__name__, hint=hint)])
