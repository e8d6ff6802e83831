"""The first answer to a browser: the whole frame as plain HTML, and of the page what can be read already.

A session takes a few hundred milliseconds to build, and its scripts as long to load. The answer waits for
neither: the session is built while the browser reads the scripts, and is there when they ask for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import panel_material_ui as pmui
from bokeh.server.urls import per_app_patterns
from bokeh.util.token import generate_jwt_token, generate_session_id
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from panel.io.resources import Resources, bundle_resources
from panel.io.server import DocHandler
from tornado.ioloop import IOLoop

from app import theme
from app.components.markup import style
from app.pages.screen import Screen
from app.services import Services

HEAD_START: Final = 0.15
"""Seconds that the browser has to fetch scripts before the session is built: building blocks the loop."""

UNUSED: Final = ("bokeh-gl", "bokeh-mathjax")
"""Scripts of Bokeh that no page of ours needs."""

FOR_WIDGETS: Final = ("es-module-shims",)
"""Scripts that only panel-material-ui's components need."""

LATIN: Final = "U+0000-00FF, U+2000-206F, U+20AC, U+2212, U+2215"


class Route(NamedTuple):
    """A page's entry in the navigation: where it is, its name, the line of its icon on a square of 24."""

    path: str
    title: str
    icon: str


ROUTES: Final = (
    Route("/", "Overview", "M4 4h7v9H4zM13 4h7v5h-7zM13 11h7v9h-7zM4 15h7v5H4z"),
    Route(
        "/tuning",
        "Tuning",
        "M4 7h9M17 7h3M4 12h2M10 12h10M4 17h7M15 17h5M13 5h4v4h-4zM6 10h4v4H6zM11 15h4v4h-4z",
    ),
    Route("/sweeps", "Sweeps", "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z"),
    Route("/compare", "Compare", "M4 4v16h16M7 15l4-4 3 3 6-7M7 10l4-4 3 3"),
    Route("/compliance", "Compliance", "M12 3l7 3v5c0 4.5-3 8-7 10-4-2-7-5.5-7-10V6zM9 12l2 2 4-5"),
    Route("/time-machine", "Time machine", "M4.6 9a8 8 0 1 1-.6 3M4 4v5h5M12 8v4.5l3 2"),
)


class Scripts(NamedTuple):
    """What a page loads, as addresses on this server."""

    plain: tuple[str, ...]
    modules: tuple[str, ...] = ()
    """Scripts that are asked for by name later, and may be fetched before."""
    sheets: tuple[str, ...] = ()

    @classmethod
    def of(cls, resources: Any) -> Scripts:
        """Return what a server's pages load, from Bokeh's description of it."""
        bundle = bundle_resources([], Resources.from_bokeh(resources))
        module = pmui.Button._render_esm(server=True)  # noqa: SLF001 (its address, as it will be asked for)
        return cls(
            _without(UNUSED, (str(each.url) for each in bundle.js_files)),
            (str(module),),
            tuple(str(each.url) for each in bundle.css_files),
        )

    @property
    def without_widgets(self) -> Scripts:
        """What a page without panel-material-ui's components loads."""
        return Scripts(_without(FOR_WIDGETS, self.plain))


def _without(names: Iterable[str], addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple(address for address in addresses if not any(name in address for name in names))


def answer(route: Route, screen: type[Screen], glimpse: Markup, scripts: Scripts, token: str) -> str:
    """Return the page of a route as HTML, with the token that its session will be found by."""
    html: str = _template().render(
        routes=ROUTES,
        path=route.path,
        title=route.title,
        question=screen.question,
        glimpse=glimpse,
        scripts=scripts,
        faces=_faces(),
        light=theme.variables(theme.LIGHT),
        dark=theme.variables(theme.DARK),
        style=(theme.STATIC / "shell.css").read_text(encoding="utf-8"),
        pieces=style(),
        token=token,
    )
    return html


@contextmanager
def answering(services: Services, screens: Mapping[str, type[Screen]]) -> Iterator[None]:
    """Have servers that are made meanwhile give this first answer.

    Bokeh's table of handlers, which Panel changes the same way, is the only door to it.
    """
    routes = {route.path: route for route in ROUTES}
    made: dict[str, Scripts] = {}

    class Opening(DocHandler):
        """A page's first answer."""

        async def get(self, *_: Any, **__: Any) -> None:
            """Answer with HTML, and begin the session a little later."""
            path = self.request.path
            screen, loop = screens[path], asyncio.get_running_loop()
            glimpse = await loop.run_in_executor(services.pool, screen.glimpse, services)
            scripts = made.setdefault("all", made.get("all") or Scripts.of(self.application.resources()))
            if not screen.has_widgets(services):
                scripts = scripts.without_widgets
            session_id, token = self._ticket()
            self.set_header("Cache-Control", "no-store")
            self.set_header("Content-Type", "text/html; charset=utf-8")
            await self.finish(answer(routes[path], screen, glimpse, scripts, token))
            build = partial(
                self.application_context.create_session_if_needed, session_id, self.request, token
            )
            IOLoop.current().call_later(HEAD_START, build)

        def _ticket(self) -> tuple[Any, str]:
            """Return a new session's id, and the token that carries it with the request."""
            server = self.application
            session_id = generate_session_id(secret_key=server.secret_key, signed=server.sign_sessions)
            token = generate_jwt_token(
                session_id,
                secret_key=server.secret_key,
                signed=server.sign_sessions,
                expiration=server.session_token_expiration,
                extra_payload=dict(self._generate_token_payload()),
            )
            return session_id, token

    before = list(per_app_patterns)
    per_app_patterns[:] = [
        (pattern, Opening if handler is DocHandler else handler) for pattern, handler, *_ in before
    ]
    try:
        yield
    finally:
        per_app_patterns[:] = before


@cache
def _template() -> Any:
    return Environment(loader=FileSystemLoader(theme.STATIC), autoescape=True).get_template("shell.html")


@cache
def _faces() -> str:
    """Return the Latin letters of panel-material-ui's font; by itself it loads eighteen files for them."""
    dist = Path(pmui.__file__).parent / "dist"
    faces = (
        f"@font-face{{font-family:Roboto;font-weight:{weight};font-display:swap;unicode-range:{LATIN};"
        f"src:url(static/extensions/panel-material-ui/{found.name}) format('woff2')}}"
        for weight in (400, 700)
        for found in dist.glob(f"roboto-latin-{weight}-normal-*.woff2")
    )
    return "".join(faces)
