"""Overview: where things stand: the latest sweep's key numbers and its headcount, and the newest sweeps.

A first visit has nothing to show, and offers the demo instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar, Final, NamedTuple

import panel as pn
import panel_material_ui as pmui
import polars as pl
from markupsafe import Markup
from panel.viewable import Viewable

from app.catalogue import DEMO_SCENARIOS, DEMO_SEEDS, Catalogue
from app.components.cards import card, chart_pane, stack
from app.components.markup import heading, markup, put
from app.components.progress import chip, facts, progress_bar, when
from app.components.quality import warnings_markup
from app.components.states import failure, refusal
from app.components.tables import legend, table
from app.components.tiles import tiles_info, tiles_markup
from app.figures.fan import FanChart, fan_info, fan_takeaway
from app.jobs import Job, JobState, RunState, Snapshot
from app.metrics import EVERYBODY, SUMMARY, key_metrics
from app.pages.screen import SKELETON, Screen, Session
from app.results import SweepData
from app.services import Services
from app.state.url import Linked, link
from app.work import Overtaken
from simulation.errors import PlanWiseError

HEADCOUNT: Final = SUMMARY["headcount_end"]
KEY: Final = key_metrics(EVERYBODY)
LISTED: Final = 8
CHART_HEIGHT: Final = 340
WELCOME: Final = Markup(
    "<p>PlanWise Navigator plays a workforce forward, year by year, under scenarios of your own.</p>"
    "<p>Every scenario runs with several random seeds, so that a difference between two of them comes with "
    "its uncertainty.</p>"
    "<p>The demo runs {} scenarios over {} seeds on a made-up census; it takes about a minute.</p>"
).format(len(DEMO_SCENARIOS), len(DEMO_SEEDS))


class Standing(NamedTuple):
    """The latest sweep with results, and what they say."""

    job: Job
    data: SweepData
    compared: pl.DataFrame

    @property
    def seen(self) -> tuple[int, int]:
        """What another reading would have to differ in to be worth painting."""
        return self.job.id, self.job.progress.count(RunState.DONE)

    @property
    def baseline(self) -> str:
        """The scenario that the others are compared with."""
        return self.data.scenarios[0]

    @property
    def headcount(self) -> pl.DataFrame:
        """The fan of closing headcounts."""
        values = self.data.values.filter(pl.col("metric") == HEADCOUNT.name)
        return fan_info(values, self.data.scenarios)

    def head(self) -> Markup:
        """Return the sweep's name, the way to its comparison, and its key numbers."""
        year, baseline = self.data.last_year, self.baseline
        own = self.data.values.filter(pl.col("scenario") == baseline)
        tiles = tiles_info(own, self.compared, KEY, self.data.scenarios, year)
        return Markup(
            '<div class="title-row"><h2 class="section">{} <small>{}</small></h2><a class="button" href="{}">'
            "Open comparison</a></div>{}{}"
        ).format(
            self.job.name,
            facts(self.job),
            link("compare", sweep=self.job.name),
            tiles_markup(tiles, year=year, baseline=baseline, seeds_of=self.data.seed_counts(baseline)),
            warnings_markup(self.data.warnings, self.data.sweep.runs.height),
        )

    def foot(self) -> Markup:
        """Return the key to the chart's lines, and what the chart says."""
        said = fan_takeaway(self.headcount, HEADCOUNT.unit, self.baseline)
        return Markup('{}<p class="takeaway">{}</p>').format(legend(self.data.scenarios), said)


def latest(snapshot: Snapshot) -> Job | None:
    """Return the newest sweep that has results."""
    return next((job for job in snapshot.jobs if _has_results(job)), None)


def read(services: Services, job: Job) -> Standing:
    """Return what a sweep says; what was read before is not read again.

    Raises:
        QueryError: its stores cannot be read.
    """
    results = services.results
    data = results.read(services.places.sweep(job.name), job.order)
    compared = results.compare(data, data.scenarios[0], [metric.name for metric in KEY])
    return Standing(job, data, compared.frame)


class Overview(Screen):
    """The first page."""

    question: ClassVar[str] = "Where do things stand?"

    def __init__(self, session: Session) -> None:
        """Take the tab; what the first answer showed is shown from the start."""
        super().__init__(session)
        self._state = Linked()
        self._ask = session.newest()
        self._demo = pmui.Button(label="Run the demo", variant="contained", margin=0, on_click=self._run_demo)
        self._chart = FanChart(height=CHART_HEIGHT)
        self._progress, self._head, self._foot, self._sweeps = (markup() for _ in range(4))
        self._waiting = markup(SKELETON)
        # The button is the page's only large component: it is left out where there is nothing to welcome to.
        welcome = [card(markup(_welcome()), self._demo)] if not session.services.poller.snapshot.jobs else []
        self._welcome = stack(*welcome)
        self._results = stack(
            self._head, card(markup(heading(HEADCOUNT.title)), chart_pane(self._chart.figure), self._foot)
        )
        self._running, self._recent = card(self._progress), card(self._sweeps)
        self._shown: tuple[int, int] | None = None
        self._refused = False
        self._asked: tuple[int, int] | None = None
        self._stand(self.services.poller.snapshot)

    @classmethod
    def has_widgets(cls, services: Services) -> bool:
        """Return whether the demo's button is there, which is on a first visit only."""
        return not services.poller.snapshot.jobs

    @classmethod
    def glimpse(cls, services: Services) -> Markup:
        """Return all of the page but the chart."""
        snapshot = services.poller.snapshot
        live = [job for job in snapshot.jobs if job.live]
        parts = [_in_card(_progress(live))] if live else []
        if not snapshot.jobs:
            parts.append(_in_card(_welcome()))
        job = latest(snapshot)
        if job is not None:
            try:
                parts.append(_results(read(services, job)))
            except PlanWiseError as error:
                parts.append(refusal(error))
        if snapshot.jobs:
            parts.append(_in_card(_recent(snapshot.jobs[:LISTED])))
        return Markup('<div class="stack">{}</div>').format(Markup("").join(parts))

    @property
    def state(self) -> Linked:
        """Nothing is chosen here."""
        return self._state

    def body(self) -> Sequence[Viewable]:
        """Return everything; what there is nothing to say with yet is not visible."""
        return (self._welcome, self._running, self._waiting, self._results, self._recent)

    def tick(self, snapshot: Snapshot) -> None:
        """Follow the jobs: what runs, what has run, and the latest that has results."""
        job = latest(snapshot)
        self._arrange(snapshot)
        if job is not None and self._asked != (job.id, job.progress.count(RunState.DONE)):
            self._asked = (job.id, job.progress.count(RunState.DONE))
            pn.state.execute(partial(self._show, job))

    def _stand(self, snapshot: Snapshot) -> None:
        """Show what is known, without waiting: the first answer has just read it."""
        job = latest(snapshot)
        if job is not None:
            try:
                self._paint(read(self.services, job))
            except PlanWiseError as error:
                self._refuse(error)
        self._arrange(snapshot)

    def _arrange(self, snapshot: Snapshot) -> None:
        """Show of the page what there is something to say with."""
        live = [job for job in snapshot.jobs if job.live]
        put(self._progress, _progress(live))
        put(self._sweeps, _recent(snapshot.jobs[:LISTED]))
        has_results = latest(snapshot) is not None
        self._welcome.visible = not snapshot.jobs
        self._running.visible = bool(live)
        self._waiting.visible = has_results and self._shown is None and not self._refused
        self._results.visible = has_results and self._shown is not None
        self._recent.visible = bool(snapshot.jobs)

    async def _show(self, job: Job) -> None:
        """Read the sweep in a thread, and paint its key numbers."""
        try:
            standing = await self._ask.ask(read, self.services, job)
        except Overtaken:
            return
        except PlanWiseError as error:
            self.session.paint(partial(self._refuse, error))
            return
        self.session.paint(partial(self._repaint, standing))

    def _refuse(self, error: PlanWiseError) -> None:
        """Say why the latest sweep is not shown; the page stays usable without it."""
        self._refused = True
        self.session.notify(failure(error))
        self._arrange(self.services.poller.snapshot)

    def _repaint(self, standing: Standing) -> None:
        if self._refused:
            self._refused = False
            self.session.notify()
        self._paint(standing)
        self._arrange(self.services.poller.snapshot)

    def _paint(self, standing: Standing) -> None:
        put(self._head, standing.head())
        self._chart.show(standing.headcount, HEADCOUNT.unit)
        put(self._foot, standing.foot())
        self._shown = self._asked = standing.seen

    async def _run_demo(self, _: Any) -> None:
        """Queue the demo; the tick shows it as it runs."""
        self._demo.disabled = True
        try:
            await self.session.newest().ask(self._queue_demo)
            self.tick(self.services.poller.refresh())
        except PlanWiseError as error:
            self.session.notify(failure(error))
        finally:
            self._demo.disabled = False

    def _queue_demo(self) -> None:
        self.services.table.submit(Catalogue(self.services.places).demo())


def _has_results(job: Job) -> bool:
    ended = not job.live
    return job.progress.count(RunState.DONE) > 0 and (ended or job.state is JobState.RUNNING)


def _welcome() -> Markup:
    return Markup('<div class="welcome">{}</div>').format(WELCOME)


def _progress(live: Sequence[Job]) -> Markup:
    return Markup("").join(progress_bar(job) for job in live)


def _results(standing: Standing) -> Markup:
    """Return key numbers and what the chart will say, with room for the chart."""
    chart = Markup('{}<div class="skeleton" style="height:{}px"></div>{}').format(
        heading(HEADCOUNT.title), CHART_HEIGHT, standing.foot()
    )
    return Markup('<div class="stack"><div>{}</div>{}</div>').format(standing.head(), _in_card(chart))


def _in_card(content: Markup) -> Markup:
    return Markup('<div class="card">{}</div>').format(content)


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
