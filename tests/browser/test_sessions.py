"""A hundred visits leave nothing behind."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from typing import TYPE_CHECKING

import pytest
from tornado.httpclient import AsyncHTTPClient
from tornado.websocket import websocket_connect

if TYPE_CHECKING:
    from tests.browser.conftest import Server

pytestmark = pytest.mark.xdist_group("browser")

VISITS = 100
PAGES = ("/", "/tuning", "/sweeps", "/compare")
FREED_SECONDS = 60


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
    asyncio.run(visits(new_server.url))
    give_up = time.monotonic() + FREED_SECONDS
    pause = threading.Event()
    while new_server.health()["documents"] > 4 and time.monotonic() < give_up:
        pause.wait(0.5)
    assert new_server.health()["documents"] <= 4
