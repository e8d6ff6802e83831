"""One real server with one real runner for all browser tests, and tabs that watch what they must not see.

A tab that speaks to another host, or whose console reports an error, fails the test that opened it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from app.catalogue import Catalogue
from app.jobs import JobTable
from app.places import Places
from simulation.census import generate_census, write_census
from tools.chromium import ready

ROOT = Path(__file__).parents[2]
PEOPLE = 250
PATIENCE = 60_000
"""Milliseconds until a visible result is given up on: a busy machine is no failure."""

FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
]
SERVE = (
    "import sys; from pathlib import Path; from app.main import serve;"
    "serve(0, Path(sys.argv[1]), runner=sys.argv[2] == 'runner', session_seconds=5,"
    " announce=lambda url: print(url, flush=True))"
)


@dataclass
class Server:
    """A dashboard in a process of its own."""

    process: subprocess.Popen[str]
    url: str
    places: Places
    table: JobTable = field(init=False)

    def __post_init__(self) -> None:
        self.table = JobTable(self.places.jobs)

    def health(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.url}/healthz") as answer:
            health: dict[str, Any] = json.load(answer)
        return health

    def stop(self) -> None:
        with self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)


def start(data: Path, *, runner: bool) -> Server:
    places = Places.at(data)
    write_census(generate_census(PEOPLE), places.census / "demo.parquet")
    command = [sys.executable, "-c", SERVE, str(data), "runner" if runner else "alone"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT)
    assert process.stdout is not None
    return Server(process, process.stdout.readline().strip().rstrip("/"), places)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server that sweeps, with the demo queued."""
    server = start(tmp_path_factory.mktemp("dashboard"), runner=True)
    demo = Catalogue(server.places).demo().model_copy(update={"seeds": (1, 2, 3)})
    server.table.submit(demo)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def new_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that nobody has used, without a runner: what is asked of it stays queued."""
    server = start(tmp_path_factory.mktemp("new"), runner=False)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(ready()), args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Watch:
    """What tabs did that they must not do."""

    host: str
    seen: list[str] = field(default_factory=list)

    def request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.netloc != self.host:
            self.seen.append(f"left the host: {request.url}")

    def console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.seen.append(f"console: {message.text}")


Open = Callable[..., Page]


@pytest.fixture
def tab(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Open a tab with a profile of its own on a page of a server, and wait until it is usable."""
    contexts, watches = [], []

    def opened(server: Server, path: str = "/", **profile: Any) -> Page:
        context = chromium.new_context(
            viewport=profile.pop("viewport", {"width": 1440, "height": 900}), **profile
        )
        context.set_default_timeout(PATIENCE)
        watch = Watch(urlsplit(server.url).netloc)
        page = context.new_page()
        page.on("request", watch.request)
        page.on("console", watch.console)
        page.on("pageerror", lambda error: watch.seen.append(f"error: {error}"))
        contexts.append(context)
        watches.append(watch)
        visit(page, f"{server.url}{path}")
        return page

    expect.set_options(timeout=PATIENCE)
    yield opened
    for context in contexts:
        context.close()
    assert [seen for watch in watches for seen in watch.seen] == []


def visit(page: Page, url: str) -> None:
    page.goto(url)
    usable(page)


def usable(page: Page) -> None:
    """Wait until the page's components are there: all of it works, its charts too."""
    page.locator("html[data-pw-ready]").wait_for()
