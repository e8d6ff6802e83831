"""The frame of every page: header, navigation, breadcrumbs, theme, address, the tick that follows the jobs.

It knows the browser and no page's content.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

import panel as pn
import panel_material_ui as pmui
from bokeh.models import CustomJS
from panel.io.resources import LOCAL_DIST
from panel.viewable import Viewable
from panel_material_ui.template.base import Page

from app import theme
from app.components.address import Address
from app.components.states import notice
from app.pages.screen import Screen, Session
from app.services import Services

TICK_MILLISECONDS: Final = 400
SIDEBAR_PIXELS: Final = 208
CONTENT_PIXELS: Final = 1760


class Route(NamedTuple):
    """A page's entry in the navigation."""

    path: str
    title: str
    icon: str


ROUTES: Final = (
    Route("/", "Overview", "space_dashboard"),
    Route("/tuning", "Tuning", "tune"),
    Route("/sweeps", "Sweeps", "grid_view"),
    Route("/compare", "Compare", "stacked_line_chart"),
)

_FRAME: Final = {
    "& .header": {
        "backgroundColor": "background.paper",
        "backgroundImage": "none",
        "color": "text.primary",
        "boxShadow": "none",
        "borderBottom": "1px solid",
        "borderColor": "divider",
    },
    "& .header .title": {
        "color": "text.primary",
        "fontSize": "1.0625rem",
        "fontWeight": 650,
        "whiteSpace": "nowrap",
    },
    "& .sidebar.MuiDrawer-paper, & .MuiDrawer-paper": {
        "backgroundColor": "background.paper",
        "backgroundImage": "none",
    },
    "& main": {"backgroundColor": "background.default"},
}


def build(services: Services, route: Route, screen_type: Callable[[Session], Screen]) -> Page:
    """Return a page for the session that asks for it, wired to its address and to the jobs."""
    dark = pn.state.cookies.get("planwise_theme") == "dark"
    pn.config.theme = "dark" if dark else "default"  # type: ignore[misc]
    document = pn.state.curdoc
    if document is not None:
        services.documents.add(document)
        document.template_variables.update(_template_variables(dark=dark))
    session = Session(services, Address())
    screen = screen_type(session)
    complaints = screen.state.read(_query_of_request())
    session.notices.objects = [notice(text) for text in complaints]
    page = _frame(route, screen, session, dark=dark)
    if document is not None:
        document.js_on_event("document_ready", CustomJS(code="window.planwise.ready()"))
    _follow_address(screen, session)
    pn.state.onload(partial(_begin, screen, session))
    return page


def _frame(route: Route, screen: Screen, session: Session, *, dark: bool) -> Page:
    page = Page(
        title="PlanWise Navigator",
        meta_title=f"{route.title} · PlanWise Navigator",
        favicon=theme.STATIC / "icon.svg",
        template=theme.STATIC / "shell.html",
        theme_config=theme.THEME,
        dark_theme=dark,
        header=[session.address],
        sidebar=[_navigation(route)],
        sidebar_width=SIDEBAR_PIXELS,
        sidebar_resizable=False,
        sidebar_open=pn.state.cookies.get("planwise_narrow") != "1",
        busy_indicator=None,
        main_width=CONTENT_PIXELS,
        main=[_main(route, screen, session)],
        sx=_FRAME,
    )
    _let_go_of_busy(page)
    return page


def _let_go_of_busy(page: Page) -> None:
    """Remove the page's watchers of the process-wide busy flag.

    Page (panel-material-ui 0.16.6) watches ``pn.state.busy`` and never lets go, so every visit would stay in
    memory for good. The flag tells of all sessions together, which is nothing to show to one person anyway.
    """
    for names, watcher in page._param__private.ref_watchers:  # noqa: SLF001 (there is no public way)
        if names == ("busy",) and watcher.inst is pn.state:
            pn.state.param.unwatch(watcher)


def _main(route: Route, screen: Screen, session: Session) -> Viewable:
    crumbs: list[dict[str, Any]] = [{"label": "PlanWise", "href": "/"}, {"label": route.title}]
    head = pmui.Row(
        pmui.Typography(screen.question, variant="h1", margin=(0, 0, 0, 0), sizing_mode="stretch_width"),
        *screen.actions(),
        sizing_mode="stretch_width",
        sx={
            "alignItems": "center",
            "flexWrap": "wrap",
            "gap": "12px",
            "& > :first-of-type": {"minWidth": "16rem"},
        },
    )
    return pmui.Column(
        pmui.Breadcrumbs(items=crumbs, active=1, margin=(0, 0, 0, 0), sx={"fontSize": "0.8125rem"}),
        head,
        session.notices,
        *screen.body(),
        sizing_mode="stretch_width",
        sx={"padding": {"xs": "16px", "sm": "20px 32px 48px"}, "gap": "16px"},
    )


def _navigation(active: Route) -> Viewable:
    items = [{"label": route.title, "icon": route.icon, "href": route.path} for route in ROUTES]
    return pmui.MenuList(
        items=items, active=ROUTES.index(active), dense=False, margin=(8, 8), sizing_mode="stretch_width"
    )


def _template_variables(*, dark: bool) -> dict[str, Any]:
    """Return what the page's template is filled with.

    ``dist_url`` is Panel's own: it sets it when it renders the page, too late for a session that begins with
    the websocket (the tab was away for long), which would then load from a CDN.
    """
    return {
        "assets": "assets",
        "dist_url": LOCAL_DIST,
        "html_attrs": f'data-pw-theme="{"dark" if dark else "light"}"',
        "palette_light": theme.variables(theme.LIGHT),
        "palette_dark": theme.variables(theme.DARK),
    }


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
            session.notices.objects = [notice(text) for text in screen.state.read(event.new.get("query", ""))]
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
