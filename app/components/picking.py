"""Markup whose parts can be picked: links that change what is shown, and still open in a tab of their own.

A part that can be picked is an ``<a data-pick="...">`` with the address that shows the same.
"""

from __future__ import annotations

from typing import Any, ClassVar

import param
from markupsafe import Markup
from panel.reactive import ReactiveHTML

from app.components.markup import style


class Picking(ReactiveHTML):
    """The pane; ``picked`` says which part was picked last."""

    shown = param.Dict(default={}, doc="The markup, as html: Panel strips attributes from a plain text.")
    picked = param.Dict(default={}, doc="The last pick: key, and a count of picks.")

    _template: ClassVar[str] = '<div id="content" class="picking"></div>'
    _scripts: ClassVar[dict[str, str | list[str]]] = {
        "render": """
            state.show = window.planwise.picking(content, (key, count) => { data.picked = {key, count} })
            state.show(data.shown)
        """,
        "shown": "state.show(data.shown)",
    }

    def __init__(self, **params: Any) -> None:
        """Take the parameters of a pane."""
        layout = {"sizing_mode": "stretch_width", "margin": 0, "stylesheets": [style()]}
        super().__init__(**{**layout, **params})  # type: ignore[no-untyped-call]

    def stand(self, html: Markup, *, reveal: bool = False) -> None:
        """Show markup; the part that has the focus keeps it. What is to be revealed is scrolled to."""
        if self.shown.get("html") != str(html):
            self.shown = {"html": str(html), "reveal": reveal}
