"""Two hundred visits leave nothing behind, and a sweep outlives the process that runs it."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect
from tornado.httpclient import AsyncHTTPClient
from tornado.websocket import websocket_connect

from app.jobs import JobState

if TYPE_CHECKING:
    from tests.browser.conftest import Server

pytestmark = pytest.mark.xdist_group("browser")

VISITS = 200
PAGES = ("/", "/tuning", "/sweeps", "/compare")
FREED_SECONDS = 60
SWEEP = 240_000


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


def test_two_hundred_visits_are_forgotten(new_server: Server) -> None:
    asyncio.run(visits(new_server.url))
    give_up = time.monotonic() + FREED_SECONDS
    while new_server.health()["documents"] > 4 and time.monotonic() < give_up:
        pass
    assert new_server.health()["documents"] <= 4


def test_a_sweep_goes_on_when_its_runner_is_killed(server: Server, tab: Callable[..., Page]) -> None:
    demo = server.table.named("demo").spec
    job = server.table.submit(demo.model_copy(update={"name": "killed", "seeds": tuple(range(12))}))
    page = tab(server, "/sweeps?sweep=killed")
    card = page.locator(".pw-card").filter(has=page.get_by_role("heading", name="killed", exact=True)).last
    expect(card.get_by_label("baseline, seed 0: done")).to_be_visible(timeout=SWEEP)
    os.kill(server.health()["runner"], signal.SIGKILL)
    expect(card.get_by_text("36 of 36 runs finished")).to_be_visible(timeout=SWEEP)
    assert server.table.get(job).attempt == 2
    assert server.table.get(job).state is JobState.DONE
