"""Compare: one sweep's scenarios against their baseline, seed by seed; what is chosen stands in the link.

It reads through `app.results` only and shows what it is told; how differences are computed is not known here.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import ClassVar, NamedTuple

import panel_material_ui as pmui
import polars as pl
from markupsafe import Markup
from panel.viewable import Viewable

from app.components.cards import FIELD, beside, card, chart_pane, form, stack
from app.components.differences import difference_table
from app.components.markup import heading, markup, notes, put
from app.components.parameters import parameter_info, parameter_table
from app.components.quality import warnings_markup
from app.components.tables import legend
from app.components.tiles import tiles_info, tiles_markup
from app.figures.difference import DifferenceChart, difference_info, difference_takeaway
from app.figures.fan import FanChart, fan_info, fan_takeaway
from app.metrics import Shown, chosen, key_metrics, offered
from app.pages.screen import Session
from app.pages.sweep_screen import SweepScreen
from app.results import SweepData
from app.state.compare import STATUSES, CompareState
from app.verbs.files import csv_text


class Answer(NamedTuple):
    """What the page shows."""

    data: SweepData
    baseline: str
    shown: tuple[str, ...]
    metric: Shown
    values: pl.DataFrame
    compared: pl.DataFrame
    notes: tuple[str, ...]
    parameters: pl.DataFrame


class Compare(SweepScreen[Answer]):
    """Choices above, answers below."""

    question: ClassVar[str] = "How do the scenarios differ?"
    no_sweep: ClassVar[str] = "Nothing to compare yet"
    soon: ClassVar[Markup] = Markup(
        '{name} will stand here once a run is finished. <a href="{watch}">Watch it</a>'
    )
    waiting: ClassVar[Markup] = Markup(
        '<div class="skeleton" style="height:150px;margin-bottom:16px"></div>'
        '<div class="skeleton" style="height:400px"></div>'
    )

    def __init__(self, session: Session) -> None:
        """Take the tab."""
        super().__init__(session)
        self._state = CompareState()
        self._choices = self._make_choices()
        self._tiles = markup()
        self._fan, self._gaps = FanChart(), DifferenceChart()
        self._legend, self._takeaway, self._gap_said = (markup() for _ in range(3))
        self._table, self._notes, self._warnings = markup(), markup(), markup()
        self._fan_title, self._gap_title = markup(), markup()
        self._parameters = markup()
        self._download = pmui.FileDownload(
            label="Download CSV", icon="download", filename="comparison.csv", callback=self._csv,
            size="small", auto=True, margin=0,
        )  # fmt: skip
        self._results = stack(
            self._notes,
            self._warnings,
            self._tiles,
            self._legend,
            beside(
                card(self._fan_title, chart_pane(self._fan.figure), self._takeaway),
                card(self._gap_title, chart_pane(self._gaps.figure), self._gap_said),
                look=".pw-card { height: 100% !important; }",
            ),
            card(self._table, self._download),
            card(self._parameters),
        )

    @property
    def state(self) -> CompareState:
        """What is looked at."""
        return self._state

    def _work_out(self, name: str) -> Answer:
        state, results, data = self._state, self.services.results, self._read(name)
        baseline = state.baseline if state.baseline in data.scenarios else data.scenarios[0]
        wanted = {baseline, *(state.scenarios or data.scenarios)}
        shown = tuple(scenario for scenario in data.scenarios if scenario in wanted)
        metric = chosen(state.metric, state.status)
        names = dict.fromkeys([*(key.name for key in key_metrics(state.status)), metric.name])
        compared = results.compare(data, baseline, list(names), state.status)
        return Answer(
            data,
            baseline,
            shown,
            metric,
            results.of_status(data, state.status).filter(pl.col("scenario").is_in(shown)),
            compared.frame.filter(pl.col("scenario").is_in(shown)),
            (*_unknown(data, [state.baseline, *state.scenarios]), *self._missing(data), *compared.notes),
            parameter_info(results.parameters(data, baseline), shown),
        )

    def _paint(self, answer: Answer) -> None:
        self._stand(answer)
        year, order = answer.data.last_year, answer.data.scenarios
        own = answer.values.filter(pl.col("scenario") == answer.baseline)
        tiles = tiles_info(own, answer.compared, key_metrics(self._state.status), order, year)
        seeds_of = answer.data.seed_counts(answer.baseline)
        put(self._tiles, tiles_markup(tiles, year=year, baseline=answer.baseline, seeds_of=seeds_of))
        put(self._legend, legend(order, only=answer.shown))
        self._paint_charts(answer)
        put(self._table, difference_table(answer.compared, answer.metric, order))
        put(self._notes, notes(answer.notes))
        self._notes.visible = bool(answer.notes)
        warned = answer.data.warnings.filter(pl.col("scenario").is_in(answer.shown))
        runs = answer.data.sweep.runs.filter(pl.col("scenario").is_in(answer.shown))
        put(self._warnings, warnings_markup(warned, runs.height))
        self._warnings.visible = not warned.is_empty()
        put(self._parameters, parameter_table(answer.parameters, answer.baseline))

    def _paint_charts(self, answer: Answer) -> None:
        metric, order = answer.metric, answer.data.scenarios
        info = fan_info(answer.values.filter(pl.col("metric") == metric.name), order)
        self._fan.show(info, metric.unit)
        put(self._fan_title, heading(f"{metric.title}, by scenario"))
        put(self._takeaway, _sentence(fan_takeaway(info, metric.unit, answer.baseline)))
        gaps = difference_info(answer.compared, metric.name, order)
        self._gaps.show(gaps, metric.unit)
        put(self._gap_title, heading(f"{metric.title}, difference to {answer.baseline}"))
        put(self._gap_said, _sentence(difference_takeaway(gaps, metric.unit)))

    def _stand(self, answer: Answer) -> None:
        """Let the choices offer what the sweep has, and stand where the state is; nobody chose that."""
        others = [scenario for scenario in answer.data.scenarios if scenario != answer.baseline]
        metrics = {one.title: one.name for one in offered(self._state.status).values()}
        self._offer(self._sweep, self._sweep.options, answer.data.name)
        self._offer(self._baseline, answer.data.scenarios, answer.baseline)
        self._offer(self._metric, metrics, answer.metric.name)
        self._set(self._scenarios, options=others, value=[one for one in others if one in answer.shown])

    def _make_choices(self) -> Viewable:
        self._baseline = pmui.Select(label="Baseline", options=[], **FIELD)
        self._scenarios = pmui.MultiChoice(label="Scenarios", options=[], **FIELD)
        self._metric = pmui.Select(label="Metric", options=[], **FIELD)
        status = pmui.Select.from_param(self._state.param.status, label="People", options=STATUSES, **FIELD)
        for widget, choose in (
            (self._sweep, self._choose_sweep),
            (self._baseline, self._choose_baseline),
            (self._scenarios, self._choose_scenarios),
            (self._metric, self._choose_metric),
        ):
            self._choosing(widget, choose)
        return card(form(self._sweep, self._baseline, self._scenarios, self._metric, status))

    def _choose_sweep(self, name: str) -> None:
        self._state.param.update(sweep=name, baseline="", scenarios=[])

    def _choose_baseline(self, name: str) -> None:
        self._state.baseline = name

    def _choose_scenarios(self, names: list[str]) -> None:
        """Keep which scenarios are shown; all of them, or none, is what a link need not say."""
        others = len(self._scenarios.options)
        self._state.scenarios = [] if len(names) in {0, others} else names

    def _choose_metric(self, name: str) -> None:
        self._state.metric = name

    def _csv(self) -> io.StringIO:
        """Return the comparison as CSV; a text that a spreadsheet would run as a formula is kept from it."""
        return io.StringIO("" if self._answer is None else csv_text(self._answer.compared))


def _unknown(data: SweepData, named: Sequence[str]) -> list[str]:
    """Return which scenarios a link names that the sweep has no results of, a sentence each."""
    unknown = [name for name in dict.fromkeys(named) if name and name not in data.scenarios]
    return [f"This sweep has no results of a scenario {name!r}." for name in unknown]


def _sentence(text: str) -> Markup:
    return Markup('<p class="takeaway">{}</p>').format(text)
