"""Our own markup in a page: one pane, one style sheet, everything escaped.

`markupsafe.Markup.format` escapes what is put in; no other way to make markup is used, so a scenario called
``<script>`` is shown as such.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import panel as pn
from markupsafe import Markup

from app.theme import STATIC


@cache
def style() -> str:
    """Return the style sheet of our own markup."""
    return (STATIC / "pieces.css").read_text(encoding="utf-8")


def markup(html: Markup | str = "", **layout: Any) -> pn.pane.HTML:
    """Return a pane with markup; a plain text is escaped."""
    layout = {"sizing_mode": "stretch_width", "margin": 0, **layout}
    return pn.pane.HTML(str(Markup.escape(html)), stylesheets=[style()], **layout)


def put(pane: pn.pane.HTML, html: Markup | str) -> None:
    """Show other markup in a pane, if it is other."""
    text = str(Markup.escape(html))
    if pane.object != text:
        pane.object = text


def heading(text: str) -> Markup:
    """Return the heading of a part of a page."""
    return Markup('<h2 class="section">{}</h2>').format(text)


def notes(texts: Iterable[str]) -> Markup:
    """Return what a reader should know about what is shown."""
    items = Markup("").join(Markup("<li>{}</li>").format(text) for text in texts)
    return Markup('<ul class="notes">{}</ul>').format(items) if items else Markup("")
