"""The executor on Ray: a bounded number of blocks in flight, each a stream of steps from one worker process.

Knows tasks and Ray; what a task does comes with it. Ray's own retries are off, so that every attempt is
counted and reported here.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from simulation.errors import ClusterError, PlanWiseError, Problem, RunError
from simulation.sweep.afar import Anywhere
from simulation.sweep.arrival import Arrivals
from simulation.sweep.attempt import Attempt
from simulation.sweep.attendance import Attendance
from simulation.sweep.cluster import cluster, cores
from simulation.sweep.executor import POLL_SECONDS, Watcher, explained
from simulation.sweep.probe import Probe
from simulation.sweep.task import Block, RunTask, StorePiece, Work
from simulation.sweep.versions import refuse_other, versions
from simulation.sweep.waiting import Waiting

AHEAD: Final = 2
"""Blocks in flight a worker: one at work and one waiting, so that no worker ever waits for the driver."""

STEPS_AHEAD: Final = 16
"""Steps that a block may be ahead of the driver: a store's pieces wait in its worker's machine, not here."""

UNLIMITED: Final = 2**31
"""As many workers as the cluster has room for."""


@dataclass(frozen=True, slots=True)
class RayExecutor:
    """Runs tasks on `workers` processes of this machine, or on the cluster at an address."""

    workers: int
    address: str | None = None
    directory: Path | None = None
    """Where the stores belong: a worker that does not see it sends its stores back."""

    def run(
        self, tasks: Iterable[RunTask], inputs: Any, work: Work, watcher: Watcher, *, largest: int = 1
    ) -> None:
        """Run every task.

        Raises:
            ClusterError: Ray does not start, nothing answers at the address, or its workers cannot run this.
        """
        laid = Probe.laid(self.directory) if self.directory else contextlib.nullcontext()
        with laid as probe, cluster(self.workers, self.address) as slots:
            workers = min(self.workers, slots)
            waiting = Waiting(tasks, largest=largest, workers=workers)
            fleet = _Fleet(waiting, inputs, Anywhere(work, probe), watcher, limit=AHEAD * workers)
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


@dataclass(frozen=True, slots=True)
class _Flight:
    """A block in flight, and its stores that are on their way back."""

    attempt: Attempt
    arrivals: Arrivals

    @classmethod
    def of(cls, attempt: Attempt) -> _Flight:
        return cls(attempt, Arrivals({task.seed: task.store for task in attempt.block}))


class _Fleet:
    """The blocks in flight, and the runs that wait."""

    def __init__(
        self, waiting: Waiting, inputs: Any, work: Anywhere, watcher: Watcher, *, limit: int
    ) -> None:
        import ray

        self._waiting = waiting
        self._in_flight: dict[Any, _Flight] = {}
        self._watcher = watcher
        self._limit = limit
        self._shared = ray.put((work, inputs, versions()))
        options: dict[str, Any] = {"num_cpus": 1, "max_retries": 0}
        options["_generator_backpressure_num_objects"] = STEPS_AHEAD
        self._remote = ray.remote(**options)(_steps)

    def warmed_up(self, workers: int) -> bool:
        """Have each worker import the program and unpack the inputs; false if told to stop meanwhile.

        A worker that dies of it, for want of memory perhaps, refutes nothing: the runs will tell, each with
        its own attempts and its own error.

        Raises:
            ClusterError: a worker cannot, or there is none.
        """
        import ray

        attendance = Attendance(cores)
        warm_up = ray.remote(num_cpus=1, max_retries=0)(_warm_up)
        cold = [warm_up.remote([self._shared]) for _ in range(workers)]
        while cold:
            if self._watcher.cancelled():
                return False
            warm, cold = ray.wait(cold, timeout=POLL_SECONDS)
            if not warm:
                attendance.check()
            try:
                ray.get(warm)
            except ray.exceptions.RayError as error:
                cause = _raised(error)
                if cause is None:
                    continue
                if isinstance(cause, ClusterError):
                    raise cause from error
                hint = "install the same PlanWise on every machine of the cluster"
                problem = Problem("worker", explained(cause).strip().splitlines()[-1], hint=hint)
                raise ClusterError("the workers cannot run PlanWise", problems=[problem]) from error
        return True

    def run(self) -> None:
        """Work until nothing is left or the watcher says stop.

        Raises:
            ClusterError: the machines are gone, and none comes back.
        """
        import ray

        attendance = Attendance(cores)
        while self._waiting or self._in_flight:
            if self._watcher.cancelled():
                return
            self._fill()
            streams = list(self._in_flight)
            ready, _ = ray.wait(streams, num_returns=1, timeout=POLL_SECONDS, fetch_local=False)
            for stream in ready:
                self._advance(stream)
            if not ready:
                attendance.check()

    def abandon(self) -> None:
        """Free the workers of what is still in flight: their processes end at once."""
        import ray

        for stream in list(self._in_flight):
            with contextlib.suppress(ray.exceptions.RayError, ValueError, TypeError):
                ray.cancel(stream, force=True)
            self._landed(stream)

    def _fill(self) -> None:
        while self._waiting and len(self._in_flight) < self._limit:
            attempt = self._waiting.take()
            # The reference travels inside a list: Ray would replace a bare one by a copy for every task.
            self._in_flight[self._remote.remote(attempt.block, [self._shared])] = _Flight.of(attempt)

    def _advance(self, stream: Any) -> None:
        """Take the next step of a stream that has one."""
        import ray

        flight = self._in_flight[stream]
        try:
            step = ray.get(next(stream))
        except StopIteration:
            self._landed(stream)
            self._waiting.put_back(flight.attempt.ended(self._watcher))
        except ray.exceptions.RayError as error:
            self._landed(stream)
            self._waiting.put_back(flight.attempt.failed(_cause(error), self._watcher))
        else:
            if step is None:
                flight.attempt.started(self._watcher)
            elif isinstance(step, StorePiece):
                self._receive(stream, step)
            else:
                flight.attempt.heard(step, self._watcher)

    def _receive(self, stream: Any, piece: StorePiece) -> None:
        """Take a piece of a store; a run whose store cannot be kept has failed, whatever its worker says."""
        import ray

        try:
            self._in_flight[stream].arrivals.take(piece)
        except PlanWiseError as error:
            ray.cancel(stream, force=True)
            attempt = self._landed(stream)
            self._waiting.put_back(attempt.failed(error, self._watcher))

    def _landed(self, stream: Any) -> Attempt:
        """Return the block of a stream that nobody listens to any more; nothing half-sent is left of it."""
        flight = self._in_flight.pop(stream)
        flight.arrivals.abandon()
        return flight.attempt


_shared_here: dict[str, tuple[Anywhere, Any]] = {}
"""In a worker: what the tasks of the sweep at hand share, unpacked once."""


def _warm_up(box: list[Any]) -> None:
    _unpacked(box[0])


def _steps(block: Block, box: list[Any]) -> Iterator[Any]:
    """Yield None when a worker takes the block, then the steps of the work. Runs in a worker."""
    yield None
    work, inputs = _unpacked(box[0])
    yield from work(block, inputs)


def _unpacked(reference: Any) -> tuple[Anywhere, Any]:
    import ray

    key = reference.hex()
    if key not in _shared_here:
        _shared_here.clear()
        work, inputs, asked = ray.get(reference)
        refuse_other(asked)
        _shared_here[key] = work, inputs
    return _shared_here[key]


def _raised(error: Any) -> BaseException | None:
    """Return what the work raised; nothing if its process is gone."""
    cause = getattr(error, "cause", None)
    return cause if isinstance(cause, BaseException) else None


def _cause(error: Any) -> BaseException:
    """Return what the work raised, or, when its process is gone, that."""
    if (cause := _raised(error)) is not None:
        return cause
    hint = "most often memory: fewer workers, or a smaller population"
    return RunError("the worker process died", problems=[Problem("", type(error).__name__, hint=hint)])
