"""A page is built for each session, from its link, and goes when the session goes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import panel as pn
import pytest
from bokeh.document import Document
from panel.io.state import set_curdoc

from app.main import pages
from app.pages.opening import ROUTES
from app.places import Places
from app.services import Services
from simulation.census import generate_census, write_census


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    places = Places.at(tmp_path)
    write_census(generate_census(20), places.census / "demo.parquet")
    services = Services.at(places)
    yield services
    services.close()


def opened(services: Services, path: str) -> Document:
    """Build a page as a server does: while a loop runs."""

    async def build() -> Document:
        document = Document()
        with set_curdoc(document):
            pages(services)[path]().server_doc(document)
        return document

    return asyncio.run(build())


@pytest.mark.parametrize("path", [route.path for route in ROUTES])
def test_every_page_is_built_and_loads_from_this_server(services: Services, path: str) -> None:
    document = opened(services, path)
    assert document.template_variables["dist_url"].startswith("static/")
    assert document in services.documents


def test_no_page_is_held_by_the_process_wide_busy_flag(services: Services) -> None:
    before = len(pn.state.param.watchers["busy"]["value"])
    for route in ROUTES:
        opened(services, route.path)
    assert len(pn.state.param.watchers["busy"]["value"]) == before
