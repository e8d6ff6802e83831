"""Many sliders in one pane: a row a subject, a cell a level, each with its number beside it.

One model instead of dozens: twenty-seven separate slider widgets take half a second to build and to draw. The
cells are the browser's own inputs, so keyboard and screen reader work as everywhere.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import param
from panel.reactive import ReactiveHTML

from app.components.markup import style


@dataclass(frozen=True, slots=True)
class Cell:
    """One slider: its reach, the bounds that the number beside it may take, and where the base stands."""

    key: str
    label: str
    value: float | None
    base: float | None
    start: float
    end: float
    low: float
    high: float
    step: float
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class SliderRow:
    """A subject and its sliders."""

    title: str
    hint: str
    unit: str
    cells: tuple[Cell, ...]


class SliderGrid(ReactiveHTML):
    """The pane; ``moved`` says which cell was let go at which value."""

    rows = param.List(default=[], doc="What is shown, as plain values.")
    moved = param.Dict(default={}, doc="The last move: key, value, and a count of moves.")

    _template: ClassVar[str] = '<div id="grid" class="sliders"></div>'
    _scripts: ClassVar[dict[str, str | list[str]]] = {
        "render": """
            state.moves = 0
            const tell = (key, value) => { data.moved = {key, value, count: ++state.moves} }
            state.show = window.planwise.sliders(grid, tell)
            state.show(data.rows)
        """,
        "rows": "state.show(data.rows)",
    }

    def __init__(self, **params: Any) -> None:
        """Take the parameters of a pane."""
        layout = {"sizing_mode": "stretch_width", "margin": 0, "stylesheets": [style()]}
        super().__init__(**{**layout, **params})  # type: ignore[no-untyped-call]

    def stand(self, rows: list[SliderRow]) -> None:
        """Show rows; a cell that stays where it was keeps its focus."""
        plain = [asdict(row) for row in rows]
        if plain != self.rows:
            self.rows = plain
