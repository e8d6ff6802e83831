"""A store that nobody works on: whoever changes or removes it holds the lock of its sweep meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from simulation.errors import Problem, StoreError
from simulation.store.files import is_unowned, owner_of, unfinished
from simulation.sweep.directory import SweepDirectory, locked


@contextmanager
def at_rest(store: Path) -> Iterator[None]:
    """Hold a store still: nobody begins to write it, and nobody is about to.

    Raises:
        SweepError: its sweep is running.
        StoreError: somebody may be writing it; names who.
        WriteError: its directory cannot be written to.
    """
    sweep = sweep_of(store)
    if sweep is not None:
        with locked(SweepDirectory(sweep)):  # whoever left something half-written in it is dead
            yield
        return
    writers = [owner_of(draft) for draft in unfinished(store) if not is_unowned(draft)]
    if writers:
        hint = "wait until it is finished, or stop it"
        problem = Problem(str(store), f"{', '.join(writers)} may be writing it", hint=hint)
        raise StoreError("the run is not at rest", problems=[problem])
    yield


def sweep_of(store: Path) -> Path | None:
    """Return the directory of the sweep that a store lies in, if it lies in one."""
    sweep = store.parent.parent
    return sweep if SweepDirectory(sweep).record.is_file() else None
