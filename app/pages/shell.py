"""A page for a session: its content and actions, its address, the tick that follows the jobs.

The frame around it is plain HTML and came before: `app.pages.opening`. It knows no page's content.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

import panel as pn
from bokeh.models import CustomJS
from panel.io.resources import LOCAL_DIST
from panel.viewable import Viewable
from panel_material_ui.base import MaterialComponent

from app import theme
from app.components.address import Address
from app.components.cards import row, stack
from app.components.states import notice
from app.pages.screen import Screen, Session
from app.services import Services

TICK_MILLISECONDS: Final = 400


def build(services: Services, screen_type: Callable[[Session], Screen]) -> Viewable:
    """Return a page for the session that asks for it, wired to its address and to the jobs."""
    pn.config.theme = "dark" if pn.state.cookies.get("planwise_theme") == "dark" else "default"  # type: ignore[misc]
    pn.config.browser_info = False
    MaterialComponent.param.theme_config.default = theme.THEME
    session = Session(services, Address(css_classes=["pw-unseen"]))
    screen = screen_type(session)
    complaints = screen.state.read(_query_of_request())
    session.notify(*(notice(text) for text in complaints))
    content = stack(session.notices, *screen.body())
    content.css_classes = ["pw-body"]
    actions = row(*screen.actions())
    actions.visible = bool(actions.objects)
    actions.css_classes = ["pw-actions"]
    document = pn.state.curdoc
    if document is not None:
        services.documents.add(document)
        # Panel says where its files are when it renders a page, which here begins before there is a session.
        document.template_variables["dist_url"] = LOCAL_DIST
        document.js_on_event("document_ready", CustomJS(code="window.planwise.ready()"))
        document.js_on_event("connection_lost", CustomJS(code="window.planwise.lost()"))
        for each in (actions, session.address):
            each.server_doc(document, location=False)
    _follow_address(screen, session)
    pn.state.onload(partial(_begin, screen, session))
    return content


def _query_of_request() -> str:
    """Return the arguments of the request as a query string, without those that Bokeh adds for itself."""
    arguments: Mapping[str, Sequence[bytes]] = pn.state.session_args
    pairs = [(name, values[-1].decode("utf-8", "replace")) for name, values in arguments.items() if values]
    return urlencode([(name, value) for name, value in pairs if not name.startswith("bokeh-")])


def _follow_address(screen: Screen, session: Session) -> None:
    """Keep the address bar and the state of the page the same, whichever moved."""
    following = {"back": False}

    def written(*changes: Any) -> None:
        if not following["back"]:
            step = any(change.name in screen.state.steps for change in changes)
            session.address.write(screen.state.query(), push=step)

    def visited(event: Any) -> None:
        following["back"] = True
        try:
            session.notify(*(notice(text) for text in screen.state.read(event.new.get("query", ""))))
        finally:
            following["back"] = False

    if screen.state.in_link:
        screen.state.param.watch(written, list(screen.state.in_link))
    session.address.param.watch(visited, "visited")


def _begin(screen: Screen, session: Session) -> None:
    """Start the page's work once its frame is on the screen."""
    screen.begin()

    def tick() -> None:
        snapshot = session.services.poller.snapshot
        if snapshot.revision != session.seen_revision:
            session.seen_revision = snapshot.revision
            screen.tick(snapshot)

    tick()
    pn.state.add_periodic_callback(tick, TICK_MILLISECONDS)
