"""Writers of seeds that live the same years: a year is told and coded once, then written seed by seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from simulation.background import Background
from simulation.store.coding import Coder

if TYPE_CHECKING:
    from simulation.store.writer import StoreWriter
    from simulation.year import YearRecord


class Batch:
    """Takes the records of the seeds of its writers, which have all come equally far."""

    def __init__(self, writers: Sequence[StoreWriter]) -> None:
        """Take the writers, which belong to this batch from now on."""
        self._writers = {writer.identity.seed: writer for writer in writers}
        lexicons = {seed: writer.lexicons for seed, writer in self._writers.items()}
        self._coder = Coder(writers[0].identity, lexicons)
        self._pen = Background(waiting=1, alone=writers[0].alone)
        for writer in writers:
            writer.batch = self

    def write_later(self, telling: Callable[[], YearRecord]) -> None:
        """Take what makes a year's record: it is called, and written, while the caller makes the next one.

        What it raises comes out of a later call, at the latest out of ``finish``.
        """
        self._pen.give(self._write, telling)

    def finish(self) -> None:
        """Wait until every year is written."""
        self._pen.finish()

    def abandon(self) -> None:
        """Write nothing that has not begun; never fails."""
        self._pen.abandon()

    def _write(self, telling: Callable[[], YearRecord]) -> None:
        for seed, year in self._coder.code(telling()):
            self._writers[seed].take(year)
