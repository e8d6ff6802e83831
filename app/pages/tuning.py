"""Tuning: move pay levers over a base scenario, see the effect at once, launch the sweep that proves it.

State and scenario are `app.state.tuning`'s; the preview is `app.preview`'s; the work is a job's.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, ClassVar, Final

import panel as pn
import panel_material_ui as pmui
from markupsafe import Markup
from panel.viewable import Viewable

from app.catalogue import Catalogue
from app.components.cards import FIELD, beside, card, chart_pane, form, stack
from app.components.levers import LeverSliders
from app.components.markup import markup, put
from app.components.states import failure
from app.components.tables import legend, preview_table
from app.figures.fan import FanChart, fan_info
from app.jobs import SweepSpec
from app.jobs.overlay import write_overlay
from app.pages.screen import Screen, Session
from app.places import checked_name
from app.preview import LINES, METRICS, Preview
from app.state.tuning import ALL_YEARS, TuningState
from app.state.url import link
from app.work import Overtaken
from simulation.errors import PlanWiseError, Problem, SweepError
from simulation.metrics import BY_NAME
from simulation.parameters import Scenario, load_scenario

TUNED: Final = "tuned"
HEIGHT: Final = 260
SETTLED: Final = 0.25
"""Seconds from a click until what was typed before it is here: Panel passes on a value later than a click."""
LARGEST_SEED: Final = 2**31 - 1
WHOLE: Final = re.compile(r"-?[0-9]{1,12}")
_SWEEP_HEAD: Final = Markup(
    '<h3 style="margin:0;font-size:.9375rem">The sweep</h3>'
    '<p class="muted">Base and tuned run on the same seeds, so that their difference is paired.</p>'
)
_ONE_LINE: Final = {"& .MuiToggleButton-root": {"whiteSpace": "nowrap"}}
_WIDE: Final = "@media (min-width: 761px) { :host { grid-column: span 2; } }"
_MOVES_PREVIEW: Final = ["base", "year", "levers", "growth", "turnover", "census", "seed_kind", "seed"]


class Tuning(Screen):
    """Sliders to the left, their effect to the right."""

    question: ClassVar[str] = "What would other levers do?"

    def __init__(self, session: Session) -> None:
        """Take the tab."""
        super().__init__(session)
        self._state = TuningState()
        self._catalogue = Catalogue(self.services.places)
        self._sliders = LeverSliders(self._state)
        self._ask = session.newest()
        self._last: Preview | None = None
        self._refused: dict[str, Problem] = {}
        self._launch = pmui.Button(
            label="Launch sweep", icon="play_arrow", variant="contained", margin=0, on_click=self._submit
        )
        self._reset = pmui.Button(
            label="Reset", variant="outlined", margin=0, on_click=lambda _: self._state.reset()
        )
        self._title = pmui.TextInput(label="Name of the sweep", placeholder="made from the time", **FIELD)
        self._metric = pmui.RadioButtonGroup(
            options={BY_NAME[name].title: name for name in METRICS},
            value=METRICS[1],
            size="small",
            margin=0,
            sx=_ONE_LINE,
        )
        self._said = markup(Markup('<div class="skeleton" style="height:20px"></div>'))
        self._chart = FanChart(height=HEIGHT)
        self._table = markup(Markup('<div class="skeleton" style="height:300px"></div>'))

    @property
    def state(self) -> TuningState:
        """What is moved."""
        return self._state

    def actions(self) -> Sequence[Viewable]:
        """Return the way back to the base, and the launch."""
        return (self._reset, self._launch)

    def body(self) -> Sequence[Viewable]:
        """Return controls and preview side by side, or below one another on a narrow screen."""
        controls = stack(self._start_card(), self._sliders.view, self._sweep_card(), gap=12)
        preview = card(
            markup(Markup('<h2 class="section">Effect</h2>')),
            self._said,
            self._metric,
            chart_pane(self._chart.figure),
            markup(legend(LINES)),
            self._table,
            look="@media (min-width: 1100px) { :host { position: sticky; top: 72px; } }",
        )
        return (beside(controls, preview, wide=7),)

    def begin(self) -> None:
        """Show the first preview, and follow what is moved."""
        self._state.param.watch(self._refresh, _MOVES_PREVIEW)
        self._metric.param.watch(lambda _: self._draw(), "value")
        pn.state.execute(self._refresh)

    async def _refresh(self, *_: Any) -> None:
        """Work out the preview in a thread and paint it, unless something newer was moved meanwhile."""
        self._reset.disabled = not self._state.is_moved()
        self._table.loading = True
        try:
            base, preview = await self._ask.ask(self._work_out)
        except Overtaken:
            return
        except PlanWiseError as error:
            self.session.notify(failure(error))
            self._table.loading = False
            return
        self._last = preview
        self.session.paint(partial(self._paint, base))

    def _paint(self, base: Scenario) -> None:
        self.session.notify()
        self._follow(base)
        self._draw()
        self._table.loading = False

    def _work_out(self) -> tuple[Scenario, Preview]:
        base = load_scenario(self._catalogue.scenario(self._state.base))
        census = self._catalogue.census(self._state.census)
        tuned = self._state.scenario(base)
        return base, self.services.previewer.preview(base, tuned, census, self._state.first_seed())

    def _follow(self, base: Scenario) -> None:
        """Let the widgets stand where the base and the state say."""
        years = {"All years": ALL_YEARS, **{str(year): year for year in base.horizon.years}}
        if self._years.options != years:
            self._years.options = years
        self._sliders.follow(base)

    def _draw(self) -> None:
        if self._last is None:
            return
        metric = BY_NAME[self._metric.value]
        put(
            self._said,
            Markup(
                '<p class="takeaway">Base against tuned on {}. A sweep over seeds gives the interval.</p>'
            ).format(self._last.said),
        )
        self._chart.show(fan_info(self._last.lines(metric.name), LINES), metric.unit)
        put(self._table, preview_table(self._last.frame))

    def _start_card(self) -> Viewable:
        scenarios, censuses = list(self._catalogue.scenarios()), list(self._catalogue.censuses())
        self._years = pmui.Select.from_param(
            self._state.param.year, label="Sliders set", options={"All years": 0}, **FIELD
        )
        fields = (
            pmui.Select.from_param(self._state.param.base, label="Base scenario", options=scenarios, **FIELD),
            pmui.Select.from_param(self._state.param.census, label="Census", options=censuses, **FIELD),
            self._years,
        )
        return card(form(*fields))

    def _sweep_card(self) -> Viewable:
        kind = pmui.RadioButtonGroup.from_param(
            self._state.param.seed_kind,
            options={"Seed 42": "42", "Own seed": "own", "Random": "random"},
            size="small",
            sx=_ONE_LINE,
            stylesheets=[_WIDE],
            **FIELD,
        )
        kind.param.watch(self._draw_a_seed, "value")
        seed = self._whole_number("seed", "First seed")
        seed.disabled = self._state.param.seed_kind.rx() != "own"
        count = self._whole_number("seeds", "Number of seeds")
        others = [name for name in self._catalogue.scenarios() if name != self._state.base]
        also = pmui.MultiChoice.from_param(self._state.param.also, label="Also run", options=others, **FIELD)
        return card(markup(_SWEEP_HEAD), form(kind, seed, count, also, self._title))

    def _whole_number(self, name: str, label: str) -> pmui.TextInput:
        """Return a field of the state that keeps what is no number or out of bounds, and says so.

        A field for text: one for numbers goes back to the last number without a word where it is given none.
        """
        parameter = self._state.param[name]
        low, high = parameter.bounds
        field = pmui.TextInput(label=label, value=str(parameter.default), description=parameter.doc, **FIELD)

        def typed(event: Any) -> None:
            text = event.new.strip()
            fits = WHOLE.fullmatch(text) is not None and low <= int(text) <= high
            field.param.update(error_state=not fits, helper_text="" if fits else f"{low} to {high}")
            if fits:
                self._refused.pop(name, None)
                self._state.param.update(**{name: int(text)})
            else:
                found = repr(text) if text else "nothing"
                self._refused[name] = Problem(label, found, f"a whole number from {low} to {high}")

        field.param.watch(typed, "value")
        self._state.param.watch(lambda event: field.param.update(value=str(event.new)), name)
        return field

    def _draw_a_seed(self, event: Any) -> None:
        if event.new == "random":
            self._state.seed = secrets.randbelow(LARGEST_SEED)

    async def _submit(self, _: Any) -> None:
        """Write the tuned scenario, queue the sweep, and go to where it can be watched."""
        if self._launch.disabled:
            return
        self._launch.disabled = True
        await asyncio.sleep(SETTLED)
        try:
            name = await self.session.newest().ask(self._queue)
        except PlanWiseError as error:
            self.session.notify(failure(error))
            self._launch.disabled = False
        else:
            self.session.address.leave(link("/sweeps", sweep=name))

    def _queue(self) -> str:
        state = self._state
        if self._refused:
            raise SweepError("the sweep was not launched", problems=list(self._refused.values()))
        name = checked_name(self._title.value.strip() or _made_name())
        if self.services.places.sweep(name).exists():
            problem = Problem("name", f"{name!r} is taken", hint="choose another name")
            raise SweepError("there is a sweep of that name", problems=[problem])
        base_path = self._catalogue.scenario(state.base)
        base = load_scenario(base_path)
        spec = SweepSpec(
            name=name,
            scenarios=(
                base_path,
                *(self._catalogue.scenario(other) for other in state.also if other != state.base),
            ),
            census=self._catalogue.census(state.census),
            seeds=state.all_seeds(),
            baseline=base.name,
        )
        if state.is_moved():
            self._submit_tuned(spec, base)
        else:
            self.services.table.submit(spec)
        self.services.poller.refresh()
        return name

    def _submit_tuned(self, spec: SweepSpec, base: Scenario) -> None:
        """Write the tuned scenario and queue it after its base; what is not queued leaves no file behind."""
        state, (base_path, *others) = self._state, spec.scenarios
        state.scenario(base)
        directory = self.services.places.inputs(spec.name)
        levers = state.levers_over(base)
        tuned = write_overlay(directory, TUNED, base=base_path, values=state.values(), levers=levers)
        try:
            self.services.table.submit(spec.model_copy(update={"scenarios": (base_path, tuned, *others)}))
        except Exception:
            shutil.rmtree(directory)
            raise


def _made_name() -> str:
    """Return a name from the server's time, to the millisecond: two tabs may launch in one second."""
    now = datetime.now(UTC).astimezone()
    return f"tuning-{now:%Y%m%d-%H%M%S}-{now.microsecond // 1000:03d}"
