"""Compliance: which tests of the plan pass, scenario by scenario, whom they hit, what putting it right costs.

It reads through `app.results` and `app.plan_tests` only; how a plan is tested is not known here.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar, Final, NamedTuple

import panel as pn
import panel_material_ui as pmui
from markupsafe import Markup
from panel.viewable import Viewable

from app.components.cards import FIELD, card, form, stack
from app.components.markup import markup, notes, put
from app.components.picking import Picking
from app.components.states import empty, failure
from app.components.verdicts import Line, Section, opened, overview, pages_of, sections, takeaway
from app.pages.screen import Session
from app.pages.sweep_screen import SweepScreen
from app.plan_tests import TestedSweep, run_of
from app.results import SweepData
from app.state.compliance import ComplianceState
from app.state.url import link
from app.work import Overtaken
from simulation.compliance import Verdict
from simulation.errors import PlanWiseError

NO_PLAN: Final = "No scenario of this sweep has a plan"
HOW_TO_PLAN: Final = Markup(
    "There is nothing to test. Run a scenario whose <code>plan.enabled</code> is true: "
    '<a href="tuning">Tuning</a> starts from the shipped ones.'
)
READING: Final = Markup('<p class="muted" role="status">Reading the people behind it …</p>')
SKELETON: Final = Markup(
    '<p class="muted" role="status">{}</p><div class="skeleton" style="height:420px"></div>'
)
BETWEEN_SIGNS: Final = 0.25
"""Seconds between two signs of progress."""


class Answer(NamedTuple):
    """A sweep, and what the tests of its runs found."""

    data: SweepData
    tested: TestedSweep
    missing: tuple[str, ...]


class Standing(NamedTuple):
    """What of an answer stands on the page."""

    year: int
    seed: int
    shown: list[Section]

    def line(self, state: ComplianceState) -> Line | None:
        """Return the line that is open, if there is such a line."""
        lines = (line for part in self.shown for line in part.lines)
        wanted = (line for line in lines if (line.test, line.scenario) == (state.test, state.scenario))
        return next((line for line in wanted if state.group in {"", line.group}), None)


class Compliance(SweepScreen[Answer]):
    """Choices above, the tests below, one of them opened beneath its line."""

    question: ClassVar[str] = "Does the plan pass?"
    no_sweep: ClassVar[str] = "Nothing to test yet"
    soon: ClassVar[Markup] = Markup(
        'Tests will stand here once a run is finished. <a href="{watch}">Watch it</a>'
    )

    def __init__(self, session: Session) -> None:
        """Take the tab."""
        super().__init__(session)
        self._state = ComplianceState()
        self._ask_open = session.newest()
        self._standing: Standing | None = None
        self._verdict: tuple[Line, Verdict] | None = None
        self._asked = 0
        self._choices = self._make_choices()
        self._download = markup(sizing_mode=None)
        self._notes, self._said = markup(), markup()
        self._table = Picking()
        self._table.param.watch(self._picked, "picked")
        self._results = stack(self._notes, card(self._said, self._table))

    @property
    def state(self) -> ComplianceState:
        """What is looked at."""
        return self._state

    def actions(self) -> Sequence[Viewable]:
        """Return the download of the chosen run's workbook."""
        return (self._download,)

    def begin(self) -> None:
        """Follow the choices."""
        self._state.param.watch(self._follow, list(self._state.in_link))

    async def _follow(self, *changes: Any) -> None:
        """Do what a change of the choices asks for, and no more."""
        changed = {change.name for change in changes}
        if "sweep" in changed:
            await self._refresh()
        elif changed - {"page"}:
            if self._answer is not None:
                self._stand(self._answer)
            await self._open()
        else:
            self._paint_table()

    def _await(self, name: str) -> None:
        self._asked += 1
        if self._answer is not None and self._answer.data.name != name:
            self._answer = self._standing = self._verdict = None
        self._refusal.visible = False
        put(self._waiting, SKELETON.format("Reading the sweep …"))
        self._arrange()

    def _work_out(self, name: str) -> Answer:
        """Read the sweep and test its runs, until something newer is asked."""
        turn, said = self._asked, 0.0
        data = self._read(name)

        def told(done: int, total: int) -> None:
            nonlocal said
            if turn != self._asked:
                raise Overtaken
            if time.monotonic() - said >= BETWEEN_SIGNS:
                said = time.monotonic()
                sign = SKELETON.format(f"Testing the plan: {done:,} of {total:,} runs done")
                self.session.paint(partial(put, self._waiting, sign))

        tested = self.services.plan_tests.of_sweep(data, told)
        return Answer(data, tested, tuple(self._missing(data)))

    def _paint(self, answer: Answer) -> None:
        self._stand(answer)
        pn.state.execute(self._open)

    def _refuse(self, name: str, error: PlanWiseError) -> None:
        self._standing = None
        put(self._download, "")
        super()._refuse(name, error)

    def _stand(self, answer: Answer) -> None:
        """Put what is chosen of an answer on the page."""
        data, tested = answer.data, answer.tested
        years, seeds = data.values["simulation_year"].unique().sort().to_list(), data.sweep.seeds
        year = self._state.year if self._state.year in years else years[-1]
        seed = self._state.seed if self._state.seed in seeds else seeds[0]
        shown = sections(tested.found, tested.rates, data.scenarios, year=year, seed=seed)
        self._standing = Standing(year, seed, shown)
        self._offer(self._sweep, self._sweep.options, data.name)
        self._offer(self._year, years, year)
        self._offer(self._seed, seeds, seed)
        self._offer(self._scenario, list(data.scenarios), self._scenario_of(data))
        put(self._said, Markup('<p class="takeaway">{}</p>').format(takeaway(shown, year=year, seed=seed)))
        said = [
            *answer.missing,
            *(f"{name}: {reason}" for name, reason in tested.refused.items()),
            *(
                f"{name} has no plan (plan.enabled): there is nothing to test."
                for name in tested.without_plan(data.scenarios)
            ),
        ]
        put(self._notes, notes(said))
        self._notes.visible = bool(said)
        self._paint_table()
        self._link_download()

    def _scenario_of(self, data: SweepData) -> str:
        return self._state.scenario if self._state.scenario in data.scenarios else data.scenarios[0]

    async def _open(self) -> None:
        """Read the working of the line that the state names, in a thread, and show it beneath."""
        if self._answer is None or self._standing is None:
            return
        line = self._standing.line(self._state)
        if line is None:
            self._verdict = None
            self._paint_table()
            return
        year, seed = self._standing.year, self._standing.seed
        try:
            verdict = await self._ask_open.ask(self._working, self._answer.data, line, year, seed)
        except Overtaken:
            return
        except PlanWiseError as error:
            self.session.paint(partial(self.session.notify, failure(error)))
            return
        self.session.paint(partial(self._show_open, line, verdict))

    def _working(self, data: SweepData, line: Line, year: int, seed: int) -> Verdict | None:
        """Return the verdict of a line; this runs in a thread. None where that seed was not run."""
        if line.outcome is None:
            return None
        verdicts = self.services.plan_tests.working(run_of(data, line.scenario, seed), year)
        return next(one for one in verdicts if (one.test, one.group) == (line.test, line.group))

    def _show_open(self, line: Line, verdict: Verdict | None) -> None:
        self._verdict = None if verdict is None else (line, verdict)
        self._paint_table()

    def _paint_table(self) -> None:
        """Draw the tests, with what is open; the table is one piece of markup, replaced whole."""
        if self._answer is None or self._standing is None:
            return
        standing, name = self._standing, self._answer.data.name
        line = standing.line(self._state)
        links = {
            one.key: link(
                "compliance", sweep=name, year=str(standing.year), seed=str(standing.seed),
                scenario=one.scenario, test=one.test, group=one.group,
            )
            for part in standing.shown for one in part.lines
        }  # fmt: skip
        self._table.stand(overview(standing.shown, links, line.key if line else "", self._beneath(line)))
        self._table.visible = bool(standing.shown)

    def _beneath(self, line: Line | None) -> Markup:
        if line is None or self._standing is None:
            return Markup("")
        if self._verdict is None or self._verdict[0] != line:
            return READING
        run = f"{line.scenario}, seed {self._standing.seed}, {self._standing.year}"
        return opened(line, self._verdict[1], self._state.page, run)

    def _picked(self, event: Any) -> None:
        """Open a line, close the one that is open, or turn the page of its people."""
        picked = json.loads(event.new["key"])
        if picked[0] == "page" and self._verdict is not None:
            self._state.page = min(max(1, int(picked[1])), pages_of(self._verdict[1].rows))
            return
        test, scenario, group = picked
        line = self._standing.line(self._state) if self._standing else None
        if line is not None and line.key == event.new["key"]:
            self._state.param.update(test="", group="", page=1)
        else:
            self._state.param.update(test=test, scenario=scenario, group=group, page=1)

    def _arrange(self) -> None:
        super()._arrange()
        if self._answer is not None and self._answer.tested.found.is_empty():
            put(self._nothing, empty(NO_PLAN, HOW_TO_PLAN))
            self._nothing.visible, self._results.visible = self._choices.visible, False

    def _link_download(self) -> None:
        if self._answer is None or self._standing is None:
            return
        hidden = {"anonymise": "1"} if self._anonymise.value else {}
        address = link(
            "compliance.xlsx",
            sweep=self._answer.data.name,
            scenario=self._scenario_of(self._answer.data),
            seed=str(self._standing.seed),
            year=str(self._standing.year),
            **hidden,
        )
        put(self._download, Markup('<a class="button" href="{}">Download workbook</a>').format(address))

    def _make_choices(self) -> Viewable:
        self._year = pmui.Select(label="Plan year", options=[], **FIELD)
        self._seed = pmui.Select(label="Seed", options=[], **FIELD)
        self._scenario = pmui.Select(label="Workbook of", options=[], **FIELD)
        self._anonymise = pmui.Checkbox(
            label="Anonymise the workbook", value=False, align=("start", "center"), **FIELD
        )
        for widget, choose in (
            (self._sweep, self._choose_sweep),
            (self._year, partial(self._choose, "year")),
            (self._seed, partial(self._choose, "seed")),
            (self._scenario, self._choose_scenario),
        ):
            self._choosing(widget, choose)
        self._anonymise.param.watch(lambda _: self._link_download(), "value")
        return card(form(self._sweep, self._year, self._seed, self._scenario, self._anonymise))

    def _choose_sweep(self, name: str) -> None:
        self._state.param.update(sweep=name, year=0, seed=-1, scenario="", test="", group="", page=1)

    def _choose(self, name: str, value: int) -> None:
        self._state.param.update(**{name: value, "page": 1})

    def _choose_scenario(self, name: str) -> None:
        """Take whose workbook is downloaded; an open test of another scenario closes."""
        self._state.param.update(scenario=name, test="", group="", page=1)
