"""Sweeps: what has run, what is running, how far it is, and how to stop, resume or open it.

It shows the job table; stores are asked only for the warnings that a job says they carry. A card repaints
only when its own job changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, ClassVar, Final

import panel as pn
import panel_material_ui as pmui
from markupsafe import Markup
from panel.viewable import Viewable

from app.components.cards import card, row, stack
from app.components.markup import markup, put
from app.components.progress import others_markup, sweep_markup
from app.components.quality import warnings_markup
from app.components.states import HOW_TO_BEGIN, empty
from app.jobs import Job, JobState, Snapshot
from app.pages.screen import Screen, Session
from app.results import with_stores
from app.services import Services
from app.state.sweeps import SweepsState
from app.work import Overtaken
from simulation.errors import PlanWiseError

_SIDE_BY_SIDE: Final = """
:host { display: grid; grid-template-columns: minmax(0, 1fr); grid-auto-flow: column; grid-auto-columns: auto;
  align-items: start; gap: 8px 16px; }
@media (max-width: 760px) { :host { grid-auto-flow: row; } }
"""


class SweepCard:
    """One sweep on the page, with the buttons that its state allows."""

    def __init__(self, job: Job, *, cancel: Callable[[Job], None], resume: Callable[[Job], None]) -> None:
        """Take the job, and what its buttons do with it."""
        self.job = job
        self._shown = markup()
        self.cancel = pmui.Button(
            label="Cancel",
            icon="stop",
            variant="outlined",
            size="small",
            color="error",
            margin=0,
            on_click=lambda _: cancel(self.job),
        )
        self.resume = pmui.Button(
            label="Resume",
            icon="play_arrow",
            variant="outlined",
            size="small",
            margin=0,
            on_click=lambda _: resume(self.job),
        )
        self._warnings = markup()
        self._warnings.visible = False
        self.view = card(row(self._shown, self.cancel, self.resume, rules=_SIDE_BY_SIDE), self._warnings)
        self.follow(job)

    def follow(self, job: Job) -> None:
        """Show a job as it is now."""
        self.job = job
        put(self._shown, sweep_markup(job))
        self.cancel.param.update(visible=job.live, disabled=job.cancel_asked)
        self.resume.visible = job.resumable

    def warn(self, warnings: Markup) -> None:
        """Show what soft gates of data quality found."""
        put(self._warnings, warnings)
        self._warnings.visible = bool(warnings)


class Sweeps(Screen):
    """The list of sweeps."""

    question: ClassVar[str] = "What has run, and what is running?"

    def __init__(self, session: Session) -> None:
        """Take the tab."""
        super().__init__(session)
        self._state = SweepsState()
        self._cards: dict[int, SweepCard] = {}
        self._warned: dict[int, int] = {}
        self._list = stack(gap=12)
        self._with_stores = with_stores(self.services.places.sweeps)
        self._others = markup()
        self._others_card = card(self._others)
        self._more = pmui.Button(label="Show more", variant="text", visible=False, on_click=self._show_more)
        self._doomed: Job | None = None
        self._confirm = self._dialog()
        self._state.param.watch(lambda _: self._paint(self.services.poller.snapshot), ["sweep", "show"])

    @property
    def state(self) -> SweepsState:
        """Which sweeps are shown."""
        return self._state

    def actions(self) -> Sequence[Viewable]:
        """Return the way to a new sweep."""
        return (pmui.Button(label="New sweep", icon="add", variant="contained", margin=0, href="tuning"),)

    def body(self) -> Sequence[Viewable]:
        """Return the list."""
        return (self._list, self._more, self._others_card, self._confirm)

    def tick(self, snapshot: Snapshot) -> None:
        """Repaint the cards whose jobs changed."""
        self._paint(snapshot)

    def _paint(self, snapshot: Snapshot) -> None:
        jobs = self._listed(snapshot)
        for job in jobs:
            card = self._cards.get(job.id)
            if card is None:
                self._cards[job.id] = SweepCard(job, cancel=self._ask, resume=self._resume)
            elif card.job != job:
                card.follow(job)
            if self._warned.get(job.id, 0) != job.progress.warned:
                self._warned[job.id] = job.progress.warned
                pn.state.execute(partial(self._warn, job))
        others = self._show_others(snapshot)
        nothing: list[Viewable] = [] if others else [markup(empty("No sweep yet", HOW_TO_BEGIN))]
        views: list[Viewable] = [self._cards[job.id].view for job in jobs] or nothing
        if self._list.objects != views and (jobs or not self._list.objects):
            self._list.objects = views
        self._more.visible = len(snapshot.jobs) > len(jobs)

    def _show_others(self, snapshot: Snapshot) -> list[str]:
        """Show the sweeps that lie here and are none of the newest jobs, and return their names."""
        launched = {job.name for job in snapshot.jobs}
        others = [name for name in self._with_stores if name not in launched]
        put(self._others, others_markup(others))
        self._others_card.visible = bool(others)
        return others

    async def _warn(self, job: Job) -> None:
        """Read in a thread which warnings a sweep's runs carry; one that cannot be read says so elsewhere."""
        with suppress(Overtaken, PlanWiseError):
            found = await self.session.newest().ask(_warnings, self.services, job)
            self.session.paint(partial(self._cards[job.id].warn, found))

    def _listed(self, snapshot: Snapshot) -> list[Job]:
        """Return the newest jobs, with the one that the link names first."""
        first = [job for job in snapshot.jobs if job.name == self._state.sweep]
        rest = [job for job in snapshot.jobs if job.name != self._state.sweep]
        return [*first, *rest][: self._state.show]

    def _show_more(self, _: Any) -> None:
        self._state.show = min(self._state.show * 2, 200)

    def _dialog(self) -> pmui.Dialog:
        keep = pmui.Button(label="Keep running", variant="text", on_click=lambda _: self._close())
        stop = pmui.Button(
            label="Cancel the sweep", variant="contained", color="error", on_click=lambda _: self._cancel()
        )
        self._sentence = pmui.Typography("", margin=(0, 0, 12, 0))
        return pmui.Dialog(
            self._sentence,
            row(keep, stop, rules=":host { justify-content: flex-end; }"),
            title="Cancel this sweep?",
            title_variant="h2",
            close_on_click=True,
        )

    def _ask(self, job: Job) -> None:
        self._doomed = job
        done = (
            "Finished runs are kept, and it can be resumed."
            if job.state is JobState.RUNNING
            else "It has not started."
        )
        self._sentence.object = f"{job.name} will stop. {done}"
        self._confirm.open = True

    def _close(self) -> None:
        self._confirm.open = False

    def _cancel(self) -> None:
        self._close()
        if self._doomed is not None:
            job = self._doomed
            self.session.attempt(lambda: self.services.table.cancel(job.id))
            self._paint(self.services.poller.refresh())

    def _resume(self, job: Job) -> None:
        self.session.attempt(lambda: self.services.table.resume(job.id))
        self._paint(self.services.poller.refresh())


def _warnings(services: Services, job: Job) -> Markup:
    data = services.results.read(services.places.sweep(job.name), job.order)
    return warnings_markup(data.warnings, data.sweep.runs.height)
