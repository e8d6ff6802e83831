"""The Time machine page in a real browser over sealed stores: move through days, find people, read lives."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, expect

from simulation.census import generate_census
from simulation.query import history, snapshot
from simulation.store import open_store
from tests.browser.conftest import Server, start
from tests.stores import make_stores

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("browser")

Tab = Callable[..., Page]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with sweeps that no job made: one whole, one that kept too little."""
    server = start(tmp_path_factory.mktemp("time-machine"), runner=False)
    census = generate_census(120, seed=7)
    make_stores(server.places.sweeps / "by-hand", seeds=[1, 2], census=census)
    make_stores(server.places.sweeps / "summary-only", values={"output.keep": "summary"}, census=census)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def store(server: Server) -> Path:
    return server.places.sweeps / "by-hand" / "baseline" / "seed_1.duckdb"


def headcount(page: Page) -> Locator:
    """Return the tile's number."""
    return page.locator(".tile").filter(has_text="Headcount").locator(".value")


def people_on(store: Path, day: date) -> str:
    return f"{snapshot(store, day).height:,}"


def test_a_sweep_that_no_page_launched_stands_among_the_sweeps(server: Server, tab: Tab) -> None:
    page = tab(server, "/sweeps")
    expect(page.get_by_text("No sweep yet")).to_have_count(0)
    by_hand = page.locator(".sweep-head").filter(has_text="by-hand")
    by_hand.get_by_role("link", name="Open comparison").click()
    expect(page).to_have_url(re.compile(r"/compare\?sweep=by-hand"))
    expect(page.get_by_text("Closing headcount").first).to_be_visible()


def test_the_day_moves_by_keys_steps_and_typing_and_the_numbers_follow(
    server: Server, tab: Tab, store: Path
) -> None:
    page = tab(server, "/time-machine?sweep=by-hand&date=2026-01-01")
    expect(headcount(page)).to_have_text(people_on(store, date(2026, 1, 1)))
    slider = page.get_by_role("slider", name="Date on the run's years")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect(headcount(page)).to_have_text(people_on(store, date(2025, 12, 31)))
    expect(page).to_have_url(re.compile("date=2025-12-31"))
    page.get_by_role("button", name="One month earlier").click()
    expect(headcount(page)).to_have_text(people_on(store, date(2025, 11, 30)))
    page.get_by_label("Date", exact=True).fill("2026-06-30")
    expect(headcount(page)).to_have_text(people_on(store, date(2026, 6, 30)))
    expect(slider).to_have_attribute("aria-valuetext", "2026-06-30")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="One year later").click()
    expect(headcount(page)).to_have_text(people_on(store, date(2026, 12, 31)))
    expect(page.get_by_role("button", name="One day later")).to_be_disabled()


def test_run_day_and_person_stand_in_the_link_for_a_reload_and_for_a_second_browser(
    server: Server, tab: Tab, store: Path
) -> None:
    who = snapshot(store, date(2026, 6, 30))["employee_id"][0]
    page = tab(server, "/time-machine?sweep=by-hand&seed=1&date=2026-06-30")
    page.get_by_role("link", name=who).click()
    life = page.get_by_role("heading", name=f"{who} on 2026-06-30")
    expect(life).to_be_visible()
    expect(page).to_have_url(re.compile(f"person={who}"))
    for other in (page, tab(server, page.url.removeprefix(server.url))):
        other.reload()
        expect(other.get_by_role("heading", name=f"{who} on 2026-06-30")).to_be_visible()
        expect(headcount(other)).to_have_text(people_on(store, date(2026, 6, 30)))
    page.get_by_role("link", name=who).click()
    expect(life).to_have_count(0)
    page.go_back()
    expect(life).to_be_visible()


def test_a_life_is_told_event_by_event_with_causes_in_words(server: Server, tab: Tab, store: Path) -> None:
    with open_store(store) as opened:
        who = opened.events()["employee_id"].mode()[0]
    events = history(store, who)
    page = tab(server, f"/time-machine?sweep=by-hand&person={who}")
    table = page.locator("table.timeline")
    expect(table.locator("caption")).to_have_text(f"1 to 20 of {events.height} events, oldest first")
    expect(table.locator("tbody tr").first).to_contain_text("the census")
    pages = -(-events.height // 20)
    page.get_by_role("button", name="Last").last.click()
    expect(table.locator("caption")).to_contain_text(f" of {events.height} events")
    expect(table.locator("tbody tr")).to_have_count(events.height - (pages - 1) * 20)
    expect(table.locator("tbody tr").last).to_contain_text(str(events["effective_date"][-1]))


def test_people_are_found_by_id_and_status_and_sent_a_page_at_a_time(server: Server, tab: Tab) -> None:
    page = tab(server, "/time-machine?sweep=by-hand&date=2024-12-31")
    rows = page.locator("table.lives tbody tr")
    expect(page.locator("table.lives caption")).to_have_text("1 to 15 of 120, by id")
    expect(rows).to_have_count(15)
    page.get_by_role("button", name="Next").first.click()
    expect(rows.first).to_contain_text("E000016")
    page.get_by_label("Search by id").fill("e00011")
    expect(page.locator("table.lives caption")).to_have_text("1 to 10 of 10, by id")
    expect(page).to_have_url(re.compile("text=e00011"))
    page.get_by_label("Search by id").fill("nobody")
    expect(page.get_by_text("Nobody fits.")).to_be_visible()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("sweep=by-hand&person=E00000X", "the nearest ids are"),
        ("sweep=by-hand&date=2031-01-01", "The run has no day 2031-01-01: it reaches from 2024-12-31"),
        ("sweep=by-hand&date=2026-02-30", "The run has no day 2026-02-30"),
        ("sweep=by-hand&seed=9", "was not run with seed 9; seed 1 is shown"),
        ("sweep=by-hand&scenario=other", "no scenario 'other'; baseline is shown"),
        ("sweep=by-hand&date=soon", "The link's date is not usable"),
        ("sweep=nobody", "There is no sweep 'nobody'"),
        ("sweep=summary-only", "output.keep: full"),
    ],
)
def test_what_a_link_asks_for_and_is_not_there_is_said(
    server: Server, tab: Tab, query: str, said: str
) -> None:
    page = tab(server, f"/time-machine?{query}")
    expect(page.get_by_text(said)).to_be_visible()
    expect(page.get_by_text("Traceback")).to_have_count(0)


def test_a_store_that_is_deleted_meanwhile_is_refused_and_another_run_can_be_chosen(
    server: Server, tab: Tab
) -> None:
    sweep = server.places.sweeps / "short-lived"
    shutil.copytree(server.places.sweeps / "by-hand", sweep)
    page = tab(server, "/time-machine?sweep=short-lived&date=2026-06-30")
    expect(headcount(page)).to_be_visible()
    shutil.rmtree(sweep)
    page.reload()
    expect(page.get_by_text("There is no sweep 'short-lived'")).to_be_visible()
    expect(headcount(page)).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [420, 1600])
def test_it_fits_narrow_and_wide_screens(server: Server, tab: Tab, width: int, theme: str) -> None:
    page = tab(
        server,
        "/time-machine?sweep=by-hand&person=E000003",
        viewport={"width": width, "height": 900},
        color_scheme=theme,
    )
    expect(page.locator("table.timeline")).to_be_visible()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
