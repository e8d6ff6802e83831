"""A hundred visits leave nothing behind, and a sweep outlives the process that runs it."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tornado.httpclient import AsyncHTTPClient
from tornado.websocket import websocket_connect

from app.jobs import JobState, RunState, SweepSpec
from simulation.parameters.places import shipped_directory
from tests.browser.conftest import Server, start
from tests.waiting import until

pytestmark = pytest.mark.xdist_group("browser")

VISITS = 100
PAGES = ("/", "/tuning", "/sweeps", "/compare", "/compliance", "/time-machine")
FREED_SECONDS = 60
SWEEP = 240_000
YEARS = (2025, 2026)


async def visits(url: str) -> None:
    """Read pages and hold their sessions for a moment, as a browser does."""
    client = AsyncHTTPClient()
    for index in range(VISITS):
        path = PAGES[index % len(PAGES)]
        html = (await client.fetch(f"{url}{path}")).body.decode()
        found = re.search(r'"token": "([^"]+)"', html)
        assert found is not None
        address = f"{url.replace('http', 'ws', 1)}{path.rstrip('/')}/ws"
        socket = await websocket_connect(address, subprotocols=["bokeh", found[1]])
        await socket.read_message()
        socket.close()


def test_a_hundred_visits_are_forgotten(new_server: Server) -> None:
    # In a thread of its own: the browser's driver may have an event loop at work in this one.
    with ThreadPoolExecutor(max_workers=1) as visitor:
        visitor.submit(asyncio.run, visits(new_server.url)).result()
    until(lambda: new_server.health()["documents"] <= 4, seconds=FREED_SECONDS)


def hold_after_a_run(server: Server, job: int) -> None:
    """Stop the runner, which a signal can still kill, as soon as it has reported a run of a job."""
    until(lambda: server.table.get(job).progress.count(RunState.DONE), seconds=SWEEP / 1000)
    os.kill(server.health()["runner"], signal.SIGSTOP)


def test_a_sweep_goes_on_when_its_runner_is_killed(tmp_path: Path, tab: Callable[..., Page]) -> None:
    server = start(tmp_path, runner=True)
    scenarios = tuple(shipped_directory() / f"{name}.yaml" for name in ("baseline", "cost_control"))
    census = server.places.census / "demo.parquet"
    # One worker runs without Ray, which would have to start twice, and one scenario after the other.
    spec = SweepSpec(name="lost", scenarios=scenarios, census=census, seeds=(0, 1, 2), years=YEARS, workers=1)
    job = server.table.submit(spec)
    try:
        hold_after_a_run(server, job)  # the sweep cannot end before the page shows it
        page = tab(server, "/sweeps?sweep=lost")
        expect(page.get_by_label("baseline, seed 0: done")).to_be_visible(timeout=SWEEP)
        os.kill(server.health()["runner"], signal.SIGKILL)
        expect(page.get_by_text("6 of 6 runs finished")).to_be_visible(timeout=SWEEP)
        assert (server.table.get(job).attempt, server.table.get(job).state) == (2, JobState.DONE)
    finally:
        server.stop()
