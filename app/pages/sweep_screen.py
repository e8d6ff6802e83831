"""A page about one sweep: which there are to choose from, and what stands there while there is none to show.

Offered are the sweeps with finished runs, those of the command line after those that the page itself began.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar, Generic, TypeVar

import panel as pn
import panel_material_ui as pmui
from markupsafe import Markup
from panel.viewable import Viewable

from app.components.cards import FIELD, stack
from app.components.markup import markup, put
from app.components.states import HOW_TO_BEGIN, empty, failure, notice
from app.jobs import Job, RunState, Snapshot
from app.pages.screen import Screen, Session
from app.results import SweepData, with_stores
from app.state.sweep import OfSweep
from app.state.url import link
from app.work import Overtaken
from simulation.errors import PlanWiseError

A = TypeVar("A")


class SweepScreen(Screen, Generic[A]):
    """Choices above, an answer below; what is asked of the chosen sweep and how it shows, each page says."""

    no_sweep: ClassVar[str]
    """What stands there where there is no sweep to choose."""
    soon: ClassVar[Markup]
    """What stands there where one runs that has no finished run yet; it takes the address to watch it."""
    waiting: ClassVar[Markup] = Markup("")
    """What stands there until the first answer."""

    _choices: Viewable
    _results: Viewable

    def __init__(self, session: Session) -> None:
        """Take the tab."""
        super().__init__(session)
        self._answer: A | None = None
        self._ask = session.newest()
        self._sweep = pmui.Select(label="Sweep", options=[], **FIELD)
        self._setting = False
        self._seen: tuple[object, ...] = ()
        self._nothing = markup(empty(self.no_sweep, HOW_TO_BEGIN))
        self._waiting = markup(self.waiting)
        self._refusal = stack()
        self._refusal.visible = False

    @property
    @abstractmethod
    def state(self) -> OfSweep:
        """What is chosen on the page."""

    @abstractmethod
    def _work_out(self, name: str) -> A:
        """Return what the page asks of a sweep; this runs in a thread."""

    @abstractmethod
    def _paint(self, answer: A) -> None:
        """Show an answer."""

    def body(self) -> Sequence[Viewable]:
        """Return everything; what there is nothing to say with yet is not visible."""
        return (self._choices, self._refusal, self._nothing, self._waiting, self._results)

    def begin(self) -> None:
        """Follow the choices."""
        self.state.param.watch(self._refresh, list(self.state.in_link))

    def tick(self, snapshot: Snapshot) -> None:
        """Offer the sweeps that have results, and read again when the one on show has more of them."""
        finished = {job.name: job for job in snapshot.jobs if job.progress.count(RunState.DONE)}
        others = (name for name in with_stores(self.services.places.sweeps) if name not in finished)
        options = [*finished, *others]
        asked = self.state.sweep
        self._offer(self._sweep, options, asked or None)
        put(self._nothing, empty(self.no_sweep, self._how_to_begin(snapshot)))
        if asked and asked not in options:
            said = (
                f"No run of {asked} is finished yet"
                if snapshot.named(asked)
                else f"There is no sweep {asked!r} with finished runs"
            )
            instead = "; the newest that has some is shown." if options else "."
            self.session.notify(*self.session.notices, notice(f"{said}{instead}", severity="warning"))
            self.state.sweep = ""
        self._arrange()
        name = self._name()
        job = finished.get(name)
        seen = (name, job.id, job.progress.count(RunState.DONE), job.live) if job else (name,)
        if name and seen != self._seen:
            self._seen = seen
            self._renew()

    def _renew(self) -> None:
        """Read the sweep anew, for it has other runs than before."""
        pn.state.execute(self._refresh)

    async def _refresh(self, *_: Any) -> None:
        """Ask in a thread, and show the answer unless something newer was asked."""
        name = self._name()
        if not name:
            return
        self._await(name)
        try:
            answer = await self._ask.ask(self._work_out, name)
        except Overtaken:
            return
        except PlanWiseError as error:
            self.session.paint(partial(self._refuse, name, error))
            return
        self.session.paint(partial(self._show, answer))

    def _await(self, name: str) -> None:
        """Do what is to be done while an answer about a sweep is on its way."""

    def _show(self, answer: A) -> None:
        self._answer = answer
        self._refusal.visible = False
        self._paint(answer)
        self._arrange()

    def _refuse(self, name: str, error: PlanWiseError) -> None:
        """Say why a sweep is not shown; another one can be chosen."""
        self._answer = None
        self._refusal.param.update(objects=[failure(error)], visible=True)
        self._offer(self._sweep, self._sweep.options, name)
        self._arrange()

    def _arrange(self) -> None:
        """Show of the page what there is something to say with."""
        has_results, ready = bool(self._sweep.options), self._answer is not None
        self._choices.visible = has_results
        self._nothing.visible = not has_results
        self._waiting.visible = has_results and not ready and not self._refusal.visible
        self._results.visible = has_results and ready

    def _name(self) -> str:
        """Return the sweep that is looked at."""
        return self.state.sweep or next(iter(self._sweep.options), "")

    def _job(self, name: str) -> Job | None:
        """Return the job that makes a sweep, if one does."""
        return self.services.poller.snapshot.named(name)

    def _read(self, name: str) -> SweepData:
        """Return a sweep as its stores are now; it is called in a thread."""
        job = self._job(name)
        return self.services.results.read(self.services.places.sweep(name), job.order if job else ())

    def _missing(self, data: SweepData) -> list[str]:
        """Return what was finished and could not be read, a sentence each."""
        job = self._job(data.name)
        runs = job.progress.runs if job else ()
        return data.lost((run.scenario, run.seed) for run in runs if run.state is RunState.DONE)

    def _offer(self, widget: Any, options: Iterable[Any] | Mapping[str, Any], value: Any) -> None:
        """Let a choice offer options and stand where the state is; nobody chose that."""
        offered = dict(options) if isinstance(options, Mapping) else list(options)
        values = [*offered.values()] if isinstance(offered, dict) else offered
        self._set(widget, options=offered, value=value if value in values else next(iter(values), None))

    def _set(self, widget: Any, **values: Any) -> None:
        """Change a choice as nobody chose it."""
        self._setting = True
        try:
            widget.param.update(**values)
        finally:
            self._setting = False

    def _choosing(self, widget: Any, choose: Callable[[Any], None], said: str = "value") -> None:
        """Have something done with what a reader chooses."""

        def chosen(event: Any) -> None:
            if not self._setting and event.new is not None:
                choose(event.new)

        widget.param.watch(chosen, said)

    def _how_to_begin(self, snapshot: Snapshot) -> Markup:
        """Return what leads to something to look at: what runs already, or what may be run."""
        live = next((job.name for job in snapshot.jobs if job.live), None)
        return HOW_TO_BEGIN if live is None else self.soon.format(name=live, watch=link("sweeps", sweep=live))
