"""The dashboard's server: routes, what lives as long as the process, start and stop.

`serve` is what `planwise serve` calls. Pages are built by `app.pages`; work is done by the runner process.
"""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tornado.web import RequestHandler

from app.jobs.supervisor import Supervisor
from app.log import begin as begin_log
from app.places import Places
from app.services import Services
from app.theme import STATIC
from app.workbook import Workbook
from simulation.errors import ClusterError, Problem

if TYPE_CHECKING:
    from panel.io.server import Server

    from app.pages.screen import Screen

SESSION_SECONDS: Final = 20
"""How long a tab that lost its connection may come back to its session; its state is in its address."""


class Health(RequestHandler):
    """``/healthz``: whether the server answers, has a runner, and how many pages it holds."""

    def initialize(self, services: Services, supervisor: Supervisor | None) -> None:
        """Take what is reported on."""
        self.services = services
        self.supervisor = supervisor

    def get(self) -> None:
        """Answer with one JSON object."""
        jobs = self.services.poller.snapshot.jobs
        self.write(
            {
                "status": "ok",
                "runner": self.supervisor.pid if self.supervisor else None,
                "runner_starts": self.supervisor.starts if self.supervisor else 0,
                "documents": len(self.services.documents),
                "jobs": len(jobs),
                "live_jobs": sum(job.live for job in jobs),
            }
        )


def _say(text: str) -> None:
    """Print at once, also where the output is a file that somebody waits on."""
    print(text, flush=True)  # noqa: T201 (the one line that the command is for)


def serve(  # noqa: PLR0913 (each is an option of `planwise serve`)
    port: int,
    data: Path,
    address: str = "127.0.0.1",
    *,
    runner: bool = True,
    show: bool = False,
    origins: Sequence[str] = (),
    session_seconds: float = SESSION_SECONDS,
    announce: Callable[[str], None] = _say,
) -> None:
    """Serve the dashboard until a signal comes.

    Args:
        port: the port to listen on; 0 for a free one.
        data: the data directory, made if it is missing.
        address: the address to listen on; only this machine by default.
        runner: whether to keep a runner process as well; false where one is a service of its own.
        show: whether to open a browser.
        origins: further ``host:port`` under which browsers may reach the server, as behind a proxy.
        session_seconds: how long a session outlives its connection.
        announce: told the address once the server listens.

    Raises:
        WriteError: the data directory cannot be used.
        ClusterError: the port cannot be listened on.
    """
    begin_log()
    places = Places.at(data)
    services = Services.at(places)
    supervisor = Supervisor(places) if runner else None
    try:
        server = _listen(services, supervisor, port, address, origins, session_seconds)
        if supervisor is not None:
            supervisor.start()
        announce(f"http://{_shown(address)}:{server.port}/")
        if show:
            server.io_loop.add_callback(partial(server.show, "/"))
        _until_signal(server)
    finally:
        if supervisor is not None:
            supervisor.stop()
        services.close()


def _listen(
    services: Services,
    supervisor: Supervisor | None,
    port: int,
    address: str,
    origins: Sequence[str],
    session_seconds: float,
) -> Server:
    from panel.io.server import get_server

    from app.pages.opening import answering

    milliseconds = round(session_seconds * 1000)
    try:
        port = port or _free_port(address)
        with answering(services, screens()):
            server: Server = get_server(
                pages(services),
                port=port,
                address=address,
                websocket_origin=[*_origins(address, port), *origins],
                index=None,
                static_dirs={"assets": str(STATIC)},
                extra_patterns=[
                    (r"/healthz", Health, {"services": services, "supervisor": supervisor}),
                    (r"/compliance\.xlsx", Workbook, {"services": services}),
                ],
                ico_path=str(STATIC / "icon.ico"),
                unused_session_lifetime_milliseconds=milliseconds,
                check_unused_sessions_milliseconds=milliseconds,
            )
    except OSError as error:
        problem = Problem(
            f"{address}:{port}", error.strerror or str(error), hint="choose another with --port"
        )
        raise ClusterError("the dashboard cannot listen", problems=[problem]) from error
    return server


def screens() -> dict[str, type[Screen]]:
    """Return the pages by their route."""
    from app.pages.compare import Compare
    from app.pages.compliance import Compliance
    from app.pages.overview import Overview
    from app.pages.sweeps import Sweeps
    from app.pages.time_machine import TimeMachine
    from app.pages.tuning import Tuning

    return {
        "/": Overview,
        "/tuning": Tuning,
        "/sweeps": Sweeps,
        "/compare": Compare,
        "/compliance": Compliance,
        "/time-machine": TimeMachine,
    }


def pages(services: Services) -> dict[str, Any]:
    """Return what makes each page, by its route."""
    from app.pages.shell import build

    def maker(screen: type[Screen]) -> Callable[[], Any]:
        return lambda: build(services, screen)

    return {path: maker(screen) for path, screen in screens().items()}


def _origins(address: str, port: int) -> list[str]:
    """Return the hosts whose pages may open a websocket: this machine's names, never ``*``."""
    local = ["localhost", "127.0.0.1"]
    if address in {"127.0.0.1", "localhost", "::1"}:
        names = local
    else:
        names = [*local, socket.gethostname(), socket.getfqdn(), *({address} - {"0.0.0.0", "::"})]  # noqa: S104
    return [f"{name}:{port}" for name in dict.fromkeys(names)]


def _free_port(address: str) -> int:
    """Return a port that is free now: the server must know its own before it says who may connect."""
    with socket.socket() as probe:
        probe.bind((address, 0))
        return int(probe.getsockname()[1])


def _shown(address: str) -> str:
    return "localhost" if address in {"127.0.0.1", "0.0.0.0", "::", "::1"} else address  # noqa: S104


def _until_signal(server: Server) -> None:
    """Run the loop until SIGINT or SIGTERM, then stop in order."""
    loop = server.io_loop

    def stop(*_: Any) -> None:
        loop.add_callback_from_signal(loop.stop)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    server.start()
    try:
        loop.start()
    finally:
        server.stop()
        for number, handler in before.items():
            signal.signal(number, handler)
