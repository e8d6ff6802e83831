"""Measurement of the dashboard's first page, with a real server and a real browser."""

from __future__ import annotations

import time

from playwright.sync_api import Browser, sync_playwright

from app.catalogue import Catalogue
from app.jobs.table import JobState
from tests.benchmarks.benchmark import Samples
from tests.benchmarks.workshop import Workshop
from tests.browser.conftest import FLAGS, Server, start, visit
from tools.chromium import ready

VISITS = 7
PATIENCE_SECONDS = 180


def first_page(shop: Workshop) -> Samples:
    """Seconds until the first page shows the latest sweep, on a warm server, to a browser new to it."""
    server = start(shop.new_place(), runner=True)
    try:
        _run_demo(server)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=ready(), args=FLAGS)
            _visit(browser, server)
            return [_visit(browser, server) for _ in range(VISITS)]
    finally:
        server.stop()


def _run_demo(server: Server) -> None:
    """Have the demo run to its end, so that the page has numbers and a chart to show."""
    demo = Catalogue(server.places).demo().model_copy(update={"seeds": (1, 2, 3)})
    job = server.table.submit(demo)
    give_up = time.monotonic() + PATIENCE_SECONDS
    while server.table.get(job).live:
        if time.monotonic() > give_up:
            raise TimeoutError(f"the demo did not end within {PATIENCE_SECONDS} s")
        time.sleep(0.2)
    if (state := server.table.get(job).state) is not JobState.DONE:
        raise RuntimeError(f"the demo ended as {state}: {server.table.get(job).error}")


def _visit(browser: Browser, server: Server) -> float:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    begun = time.perf_counter()
    visit(page, f"{server.url}/")
    page.get_by_role("heading", name="Closing headcount", level=2).wait_for()
    seconds = time.perf_counter() - begun
    context.close()
    return seconds
