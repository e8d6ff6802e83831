"""Time machine: a run as it stood on any day: its people, the plan and the accounts, and anybody's life.

It reads through `app.results` and `app.moments` only; how a day is folded from events is not known here.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any, ClassVar, Final, NamedTuple

import panel_material_ui as pmui
import polars as pl
from markupsafe import Markup
from panel.viewable import Viewable

from app.components.cards import FIELD, beside, card, chart_pane, form, stack
from app.components.dateline import DateLine
from app.components.life import account_legend, person_facts, timeline
from app.components.markup import heading, markup, notes, put
from app.components.moment import accounts, flows, people_by_group, tiles
from app.components.people import page_of, people_table
from app.components.picking import Picking
from app.components.states import empty, refusal
from app.figures.account import AccountChart, account_info, account_takeaway
from app.moments import Facts, Life, Span, Wanted
from app.pages.screen import Session
from app.pages.sweep_screen import SweepScreen
from app.plan_tests import run_of
from app.results import SweepData
from app.state.time_machine import STATUSES, TimeMachineState
from app.state.url import link
from simulation.errors import PlanWiseError

PICK: Final = "Pick somebody from the list to read everything that happened to them, and why."
ALL: Final = "All"


class Answer(NamedTuple):
    """A run on a day, and what of it is shown."""

    data: SweepData
    scenario: str
    seed: int
    span: Span
    day: date
    now: Facts
    start: Facts
    happened: pl.DataFrame
    people: pl.DataFrame
    """One page of those who were found."""
    found: int
    person: dict[str, Any] | None
    life: Life | PlanWiseError | None
    missing: tuple[str, ...]


class TimeMachine(SweepScreen[Answer]):
    """Choices and the day above, the run as it stood then below; one life beside the list of people."""

    question: ClassVar[str] = "How did things stand on that day?"
    no_sweep: ClassVar[str] = "No run to look into yet"
    soon: ClassVar[Markup] = Markup(
        'A day can be looked at once a run is finished. <a href="{watch}">Watch it</a>'
    )
    waiting: ClassVar[Markup] = Markup(
        '<p class="muted" role="status">Folding the events up to that day …</p>'
        '<div class="skeleton" style="height:110px;margin-bottom:16px"></div>'
        '<div class="skeleton" style="height:360px"></div>'
    )

    def __init__(self, session: Session) -> None:
        """Take the tab."""
        super().__init__(session)
        self._state = TimeMachineState()
        self._data: SweepData | None = None
        self._reveal = False
        self._line = DateLine()
        self._choices = self._make_choices()
        self._filters = self._make_filters()
        self._tiles, self._groups, self._accounts, self._flows = (markup() for _ in range(4))
        self._people, self._events, self._who = Picking(), Picking(), Picking()
        self._account_title, self._account_said = markup(heading("Account")), markup()
        self._chart = AccountChart()
        self._account = stack(self._account_title, chart_pane(self._chart.figure), self._account_said, gap=8)
        self._life = card(self._who, self._account, self._events)
        for table in (self._people, self._events):
            table.param.watch(self._picked, "picked")
        self._notes = markup()
        self._results = stack(
            self._notes,
            self._tiles,
            card(self._groups),
            beside(card(self._accounts), card(self._flows)),
            beside(card(markup(heading("People")), self._filters, self._people), self._life, wide=6),
        )

    @property
    def state(self) -> TimeMachineState:
        """What is looked at."""
        return self._state

    def _renew(self) -> None:
        self._data = None
        super()._renew()

    def _work_out(self, name: str) -> Answer:
        """Read the day; this runs in a thread."""
        state, moments = self._state, self.services.moments
        data = self._known(name)
        scenario = state.scenario if state.scenario in data.scenarios else data.scenarios[0]
        seeds = sorted(data.seeds_of(scenario))
        seed = state.seed if state.seed in seeds else seeds[0]
        run = run_of(data, scenario, seed)
        span = moments.span(run)
        day = span.within(state.day)
        moment = moments.at(run, day)
        found = Wanted(state.text, state.status, state.department, state.level).of(moment.people)
        person = moment.people.filter(pl.col("employee_id") == state.person)
        return Answer(
            data, scenario, seed, span, day, moment.facts, moments.facts(run, span.first),
            moments.happened(run, day), page_of(found, state.page), found.height,
            next(person.iter_rows(named=True), None), self._life_of(partial(moments.life, run)),
            tuple(self._missing(data)),
        )  # fmt: skip

    def _known(self, name: str) -> SweepData:
        """Return the sweep; it is read again only when it has more runs than before."""
        if self._data is None or self._data.name != name:
            self._data = self._read(name)
        return self._data

    def _life_of(self, read: Callable[[str], Life]) -> Life | PlanWiseError | None:
        """Return the life that is open, or why there is none: the rest of the page stands all the same."""
        if not self._state.person:
            return None
        try:
            return read(self._state.person)
        except PlanWiseError as error:
            return error

    def _refuse(self, name: str, error: PlanWiseError) -> None:
        self._data = None
        super()._refuse(name, error)
        self._line.answer()

    def _paint(self, answer: Answer) -> None:
        self._stand(answer)
        first = answer.span.first
        said = [*answer.missing, *_elsewhere(self._state, answer)]
        put(self._notes, notes(said))
        self._notes.visible = bool(said)
        put(self._tiles, tiles(answer.now, answer.start, first))
        put(self._groups, people_by_group(answer.now, answer.start))
        put(self._accounts, accounts(answer.now, answer.start, first, answer.span.credited))
        put(self._flows, flows(answer.happened, first, answer.day))
        address = partial(self._address, answer)
        self._people.stand(
            people_table(answer.people, answer.found, self._state.page, self._state.person, address)
        )
        self._paint_life(answer)
        self._line.answer()

    def _paint_life(self, answer: Answer) -> None:
        life = answer.life
        known = isinstance(life, Life)
        self._account.visible = self._events.visible = known
        if isinstance(life, Life):
            self._who.stand(person_facts(life.employee_id, answer.person, answer.day), reveal=self._reveal)
            info = account_info(life.account, answer.span.first, answer.span.last)
            self._chart.show(info, answer.day)
            put(self._account_said, account_legend(info, account_takeaway(info, answer.day)))
            self._events.stand(timeline(life.events, self._state.events, answer.day))
        else:
            self._who.stand(empty("A life", PICK) if life is None else refusal(life))
        self._reveal = False

    def _stand(self, answer: Answer) -> None:
        """Let the choices offer what the run has, and stand where the state is; nobody chose that."""
        self._offer(self._sweep, self._sweep.options, answer.data.name)
        self._offer(self._scenario, list(answer.data.scenarios), answer.scenario)
        self._offer(self._seed, sorted(answer.data.seeds_of(answer.scenario)), answer.seed)
        # Where the state is by now, not where the answer is: the reader may have moved on.
        self._line.stand(*answer.span, answer.span.within(self._state.day))
        departments = [name for name, _ in answer.now.counts["department"]]
        levels = [int(name) for name, _ in answer.now.counts["job_level"]]
        self._offer(
            self._department, {ALL: "", **{name: name for name in departments}}, self._state.department
        )
        self._offer(self._level, {ALL: 0, **{f"Level {level}": level for level in levels}}, self._state.level)
        self._offer(self._status, STATUSES, self._state.status)
        self._set(self._text, value=self._state.text, value_input=self._state.text)

    def _address(self, answer: Answer, who: str) -> str:
        return link(
            "time-machine", sweep=answer.data.name, scenario=answer.scenario, seed=str(answer.seed),
            date=answer.day.isoformat(), person=who,
        )  # fmt: skip

    def _picked(self, event: Any) -> None:
        """Open a life, close the one that is open, or turn a page."""
        what, value, *_ = json.loads(event.new["key"])
        if what == "person":
            self._reveal = True
            self._state.param.update(person="" if value == self._state.person else value, events=1)
        else:
            self._state.param.update(**{what: max(1, int(value))})

    def _arrange(self) -> None:
        super()._arrange()
        self._line.visible = self._results.visible

    def _make_choices(self) -> Viewable:
        self._scenario = pmui.Select(label="Scenario", options=[], **FIELD)
        self._seed = pmui.Select(label="Seed", options=[], **FIELD)
        for widget, choose in (
            (self._sweep, self._choose_sweep),
            (self._scenario, partial(self._choose, "scenario")),
            (self._seed, partial(self._choose, "seed")),
        ):
            self._choosing(widget, choose)
        self._line.param.watch(self._moved, "moved")
        return card(form(self._sweep, self._scenario, self._seed), self._line)

    def _make_filters(self) -> Viewable:
        self._text = pmui.TextInput(label="Search by id", **FIELD)
        self._status = pmui.Select(label="Status", options=STATUSES, **FIELD)
        self._department = pmui.Select(label="Department", options={ALL: ""}, **FIELD)
        self._level = pmui.Select(label="Level", options={ALL: 0}, **FIELD)
        for name, widget, said in (
            ("text", self._text, "value_input"),
            ("status", self._status, "value"),
            ("department", self._department, "value"),
            ("level", self._level, "value"),
        ):
            self._choosing(widget, partial(self._choose, name), said)
        return stack(form(self._text, self._status), form(self._department, self._level), gap=4)

    def _choose_sweep(self, name: str) -> None:
        self._state.param.update(sweep=name, scenario="", seed=-1, date="", person="", page=1, events=1)

    def _choose(self, name: str, value: Any) -> None:
        self._state.param.update(**{name: value, "page": 1})

    def _moved(self, event: Any) -> None:
        if event.new.get("value"):
            self._state.date = event.new["value"]


def _elsewhere(state: TimeMachineState, answer: Answer) -> list[str]:
    """Return what a link asked for and is not shown, one sentence each."""
    first, last = answer.span.first, answer.span.last
    return [
        *(
            [f"The run has no day {state.date}: it reaches from {first} to {last}. {answer.day} is shown."]
            if state.date and state.day != answer.day
            else []
        ),
        *(
            [f"This sweep has no scenario {state.scenario!r}; {answer.scenario} is shown."]
            if state.scenario not in {"", answer.scenario}
            else []
        ),
        *(
            [f"{answer.scenario} was not run with seed {state.seed}; seed {answer.seed} is shown."]
            if state.seed not in {-1, answer.seed}
            else []
        ),
    ]
