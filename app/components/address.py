"""The browser's address bar, as a pane: the server writes the query string, the back button writes it back.

Panel's own location pushes an entry for every change and does not follow the back button. This one is plain
markup with a script that ships with Panel, so nothing is fetched from outside.
"""

from __future__ import annotations

from typing import Any, ClassVar

import param
from panel.reactive import ReactiveHTML


class Address(ReactiveHTML):
    """An invisible pane that holds the query string of the page."""

    wanted = param.Dict(default={}, doc="What the server wants the query to be: query, push.")
    left = param.String(default="", doc="The page that the browser was sent to.")
    visited = param.Dict(
        default={}, doc="Where the back or forward button led to: query, and a count of such moves."
    )

    _template: ClassVar[str] = '<div id="address" hidden></div>'
    _scripts: ClassVar[dict[str, str | list[str]]] = {
        "render": """
            state.moves = 0
            state.listen = () => {
              state.moves += 1
              data.visited = {query: window.location.search.slice(1), moves: state.moves}
            }
            window.addEventListener("popstate", state.listen)
        """,
        "remove": "window.removeEventListener('popstate', state.listen)",
        "left": "window.location.assign(data.left)",
        "wanted": "window.planwise.go(data.wanted.query, data.wanted.push)",
    }

    def __init__(self, **params: Any) -> None:
        """Take the parameters of a pane; it has no size."""
        super().__init__(**{"width": 0, "height": 0, "margin": 0, **params})  # type: ignore[no-untyped-call]

    def write(self, query: str, *, push: bool = False) -> None:
        """Write a query string; `push` for a step that the back button undoes, else the step is rewritten."""
        self.wanted = {"query": query, "push": push}

    def leave(self, address: str) -> None:
        """Send the browser to another page, as ``/sweeps?sweep=demo``."""
        self.left = address
