"""What a server process has once and every session uses: places, job table, poller, threads, read door.

It is handed to the pages; they import no singleton, so a test gives them others.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import WeakSet

from app.jobs import JobTable, Poller
from app.moments import Moments
from app.places import Places
from app.plan_tests import PlanTests
from app.preview import Previewer
from app.results import Results
from app.work import make_pool

if TYPE_CHECKING:
    from bokeh.document import Document


@dataclass(frozen=True, slots=True)
class Services:
    """The shared parts of one server process."""

    places: Places
    table: JobTable
    poller: Poller
    pool: ThreadPoolExecutor
    results: Results = field(default_factory=Results)
    plan_tests: PlanTests = field(default_factory=PlanTests)
    moments: Moments = field(default_factory=Moments)
    previewer: Previewer = field(default_factory=Previewer)
    documents: WeakSet[Document] = field(default_factory=WeakSet)
    """Every page that is still in memory: one that stays after its browser left is a leak."""

    @classmethod
    def at(cls, places: Places) -> Services:
        """Return services over a data directory, with the poller watching."""
        table = JobTable(places.jobs)
        poller = Poller(table)
        poller.start()
        return cls(places, table, poller, make_pool())

    def close(self) -> None:
        """Stop the threads."""
        self.poller.stop()
        self.pool.shutdown(wait=False, cancel_futures=True)
