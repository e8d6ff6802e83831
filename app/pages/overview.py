"""Overview: where things stand: the latest sweep's key numbers and its headcount, and the newest sweeps.

A first visit has nothing to show, and offers the demo instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar, Final

import panel as pn
import panel_material_ui as pmui
import polars as pl
from markupsafe import Markup
from panel.viewable import Viewable

from app.catalogue import DEMO_SCENARIOS, DEMO_SEEDS, Catalogue
from app.components.cards import card, chart_pane, stack
from app.components.markup import heading, markup, put
from app.components.progress import chip, facts, progress_bar, when
from app.components.states import failure
from app.components.tables import legend, table
from app.components.tiles import tiles_info, tiles_markup
from app.figures.fan import FanChart, fan_info, fan_takeaway
from app.jobs import Job, JobState, RunState, Snapshot
from app.metrics import EVERYBODY, SUMMARY, key_metrics
from app.pages.screen import Screen, Session
from app.results import Compared, SweepData
from app.state.url import Linked, link
from app.work import Overtaken
from simulation.errors import PlanWiseError

HEADCOUNT: Final = SUMMARY["headcount_end"]
KEY: Final = key_metrics(EVERYBODY)
WAITING: Final = Markup('<div class="skeleton" style="height:520px"></div>')
LISTED: Final = 8
WELCOME: Final = Markup(
    "<p>PlanWise Navigator plays a workforce forward, year by year, under scenarios of your own.</p>"
    "<p>Every scenario runs with several random seeds, so that a difference between two of them comes with "
    "its uncertainty.</p>"
    "<p>The demo runs {} scenarios over {} seeds on a made-up census; it takes about a minute.</p>"
).format(len(DEMO_SCENARIOS), len(DEMO_SEEDS))


class Overview(Screen):
    """The first page."""

    question: ClassVar[str] = "Where do things stand?"

    def __init__(self, session: Session) -> None:
        """Take the tab."""
        super().__init__(session)
        self._state = Linked()
        self._ask = session.newest()
        self._shown: tuple[object, ...] = ()
        self._demo = pmui.Button(
            label="Run the demo", icon="play_arrow", variant="contained", on_click=self._run_demo
        )
        self._compare = pmui.Button(
            label="Open comparison",
            icon="stacked_line_chart",
            variant="contained",
            href="compare",
            visible=False,
        )
        self._title = markup()
        self._tiles = markup()
        self._waiting = markup(WAITING)
        self._painted = False
        self._chart = FanChart()
        self._legend, self._takeaway, self._sweeps = markup(), markup(), markup()
        self._welcome = card(markup(Markup('<div class="welcome">{}</div>').format(WELCOME)), self._demo)
        self._results = stack(
            self._title,
            self._tiles,
            card(
                markup(heading(HEADCOUNT.title)), chart_pane(self._chart.figure), self._legend, self._takeaway
            ),
        )
        self._progress = markup()
        self._running = card(self._progress)
        self._recent = card(self._sweeps)

    @property
    def state(self) -> Linked:
        """Nothing is chosen here."""
        return self._state

    def actions(self) -> Sequence[Viewable]:
        """Return the way to the comparison of the sweep that is shown."""
        return (self._compare,)

    def body(self) -> Sequence[Viewable]:
        """Return everything; what there is nothing to say with yet is not visible."""
        return (self._welcome, self._running, self._waiting, self._results, self._recent)

    def tick(self, snapshot: Snapshot) -> None:
        """Follow the jobs: what runs, what has run, and the latest that has results."""
        live = [job for job in snapshot.jobs if job.live]
        latest = self._arrange(snapshot)
        put(self._progress, Markup("").join(progress_bar(job) for job in live))
        put(self._sweeps, _recent(snapshot.jobs[:LISTED]))
        self._compare.visible = latest is not None
        if latest is not None and self._shown != (latest.id, latest.progress.count(RunState.DONE)):
            self._shown = (latest.id, latest.progress.count(RunState.DONE))
            self._compare.href = link("compare", sweep=latest.name).lstrip("/")
            pn.state.execute(partial(self._show, latest))

    def _arrange(self, snapshot: Snapshot) -> Job | None:
        """Show of the page what there is something to say with; return the latest sweep with results."""
        latest = next((job for job in snapshot.jobs if _has_results(job)), None)
        self._welcome.visible = not snapshot.jobs
        self._running.visible = any(job.live for job in snapshot.jobs)
        self._waiting.visible = latest is not None and not self._painted
        self._results.visible = latest is not None and self._painted
        self._recent.visible = bool(snapshot.jobs)
        return latest

    async def _show(self, job: Job) -> None:
        """Read the sweep in a thread, and paint its key numbers."""
        try:
            data, compared = await self._ask.ask(self._work_out, job)
        except Overtaken:
            return
        except PlanWiseError as error:
            self.session.notices.objects = [failure(error)]
            return
        self.session.paint(partial(self._paint, job, data, compared.frame))

    def _work_out(self, job: Job) -> tuple[SweepData, Compared]:
        results = self.services.results
        data = results.read(self.services.places.sweep(job.name), job.order)
        names = [metric.name for metric in KEY]
        return data, results.compare(data, data.scenarios[0], names)

    def _paint(self, job: Job, data: SweepData, comparison: pl.DataFrame) -> None:
        baseline, year = data.scenarios[0], data.last_year
        put(self._title, Markup('<h2 class="section">{} <small>{}</small></h2>').format(job.name, facts(job)))
        own = data.values.filter(pl.col("scenario") == baseline)
        tiles = tiles_info(own, comparison, KEY, data.scenarios, year)
        put(self._tiles, tiles_markup(tiles, year=year, baseline=baseline, runs=data.pairs(baseline)))
        info = fan_info(data.values.filter(pl.col("metric") == HEADCOUNT.name), data.scenarios)
        self._chart.show(info, HEADCOUNT.unit)
        put(self._legend, legend(data.scenarios))
        said = fan_takeaway(info, HEADCOUNT.unit, baseline)
        put(self._takeaway, Markup('<p class="takeaway">{}</p>').format(said))
        self._painted = True
        self._arrange(self.services.poller.snapshot)

    async def _run_demo(self, _: Any) -> None:
        """Queue the demo; the tick shows it as it runs."""
        self._demo.disabled = True
        try:
            await self.session.newest().ask(self._queue_demo)
            self.tick(self.services.poller.refresh())
        except PlanWiseError as error:
            self.session.notices.objects = [failure(error)]
        finally:
            self._demo.disabled = False

    def _queue_demo(self) -> None:
        self.services.table.submit(Catalogue(self.services.places).demo())


def _has_results(job: Job) -> bool:
    ended = not job.live
    return job.progress.count(RunState.DONE) > 0 and (ended or job.state is JobState.RUNNING)


def _recent(jobs: Sequence[Job]) -> Markup:
    rows = [
        [
            Markup('<a href="{}">{}</a>').format(link("sweeps", sweep=job.name), job.name),
            chip(job.state),
            facts(job),
            when(job.submitted_at),
        ]
        for job in jobs
    ]
    head = (("Sweep", False), ("State", False), ("What", False), ("Submitted", False))
    return table("Newest sweeps", head, rows)
