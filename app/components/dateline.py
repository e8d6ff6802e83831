"""A day of a run, chosen on a line, by steps or typed: one pane of the browser's own inputs.

The browser moves it at once and tells the server whenever that has answered; what stands there is never
written back while the reader moves it, so that a late answer does not pull the slider.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import param
from panel.reactive import ReactiveHTML

from app.components.markup import style


class DateLine(ReactiveHTML):
    """The pane; ``moved`` says where the reader moved it."""

    line = param.Dict(default={}, doc="The days: first, last, value, and a count of changes by the server.")
    answers = param.Integer(default=0, doc="How often the page has answered a move.")
    moved = param.Dict(default={}, doc="The last move: value, and a count of moves.")

    _template: ClassVar[str] = '<div id="place" class="dateline" role="group" aria-label="Day"></div>'
    _scripts: ClassVar[dict[str, str | list[str]]] = {
        "render": """
            state.moves = 0
            const tell = (value) => { data.moved = {value, count: ++state.moves} }
            state.here = window.planwise.dateline(place, tell)
            state.here.show(data.line)
        """,
        "line": "state.here.show(data.line)",
        "answers": "state.here.answered()",
    }

    def __init__(self, **params: Any) -> None:
        """Take the parameters of a pane."""
        layout = {"sizing_mode": "stretch_width", "margin": 0, "stylesheets": [style()]}
        super().__init__(**{**layout, **params})  # type: ignore[no-untyped-call]

    def answer(self) -> None:
        """Say that what was asked last is on the page: the next day may be asked for."""
        self.answers += 1

    def stand(self, first: date, last: date, day: date) -> None:
        """Stand at a day of so many, unless that is where the reader has put it."""
        days = {"first": first.isoformat(), "last": last.isoformat()}
        known = self.moved.get("value") or self.line.get("value")
        if {name: self.line.get(name) for name in days} != days or known != day.isoformat():
            self.line = {**days, "value": day.isoformat(), "turn": self.line.get("turn", 0) + 1}
            self.moved = {}
