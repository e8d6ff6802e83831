"""The Compliance page with a real browser and sealed stores: read, open a test, download, come back."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import polars as pl
import pytest
from playwright.sync_api import Locator, Page, expect

from simulation.census import generate_census
from tests.browser.conftest import Server, start
from tests.stores import make_stores

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("browser")

Tab = Callable[..., Page]


@pytest.fixture(scope="module")
def tested(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a sweep that no job made: two seeds of a scenario, one without a plan, one kept small."""
    server = start(tmp_path_factory.mktemp("compliance"), runner=False)
    place, census = server.places.sweeps / "by-hand", generate_census(120, seed=7)
    make_stores(place, seeds=[1, 2], census=census)
    make_stores(place, seeds=[1], name="bare", values={"plan.enabled": False}, census=census)
    make_stores(place, seeds=[1], name="brief", values={"output.keep": "summary"}, census=census)
    yield server
    server.stop()


def line(page: Page, test: str) -> Locator:
    """Return the line of a test for the scenario that has one."""
    section = page.locator("table.tests tbody").filter(has=page.get_by_role("heading", name=test, exact=True))
    return section.locator("tr.line").first


def test_the_table_says_outcomes_in_words_over_so_many_seeds(tested: Server, tab: Tab) -> None:
    page = tab(tested, "/compliance?sweep=by-hand")
    limit = line(page, "Elective deferral limit")
    expect(limit.locator(".chip")).to_have_text("✓pass")
    expect(limit).to_contain_text("of 2 seeds")
    expect(page.get_by_text("bare has no plan (plan.enabled): there is nothing to test.")).to_be_visible()
    expect(page.get_by_text("run it again with output.keep: full")).to_be_visible()


def test_an_open_test_stands_in_the_link_and_shows_the_people_page_by_page(tested: Server, tab: Tab) -> None:
    page = tab(tested, "/compliance?sweep=by-hand&year=2025")
    line(page, "Actual deferral percentage").get_by_role("link").click()
    opened = page.locator("tr.beneath")
    expect(opened).to_contain_text("Limit for the highly compensated")
    expect(opened).to_contain_text("IRC 401(k)(3)")
    expect(opened.locator("caption")).to_contain_text("1 to 25 of ")
    assert opened.locator("tbody tr").count() == 25
    opened.get_by_role("button", name="Next").click()
    expect(opened.locator("caption")).to_contain_text("26 to 50 of ")
    expect(page).to_have_url(re.compile("test=adp"))
    page.reload()
    expect(opened.locator("caption")).to_contain_text("26 to 50 of ")
    page.get_by_role("combobox", name="Seed").click()
    page.get_by_role("option", name="2").or_(page.get_by_role("menuitem", name="2")).click()
    expect(opened).to_contain_text("seed 2, 2025")
    page.go_back()
    expect(opened).to_contain_text("seed 1, 2025")
    line(page, "Actual deferral percentage").get_by_role("link").click()
    expect(opened).to_have_count(0)


@pytest.mark.parametrize("anonymous", [False, True])
def test_the_workbook_of_a_run_is_downloaded_with_names_or_without(
    tested: Server, tab: Tab, tmp_path: Path, anonymous: bool
) -> None:
    page = tab(tested, "/compliance?sweep=by-hand&year=2026&seed=2")
    button = page.get_by_role("link", name="Download workbook")
    if anonymous:
        page.get_by_label("Anonymise the workbook").check()
        expect(button).to_have_attribute(
            "href", r"compliance.xlsx?sweep=by-hand&scenario=baseline&seed=2&year=2026&anonymise=1"
        )
    with page.expect_download() as saving:
        button.click()
    saved = saving.value
    expected = f"plan-tests-by-hand-baseline-seed-2-2026{'-anonymised' * anonymous}.xlsx"
    assert saved.suggested_filename == expected
    saved.save_as(tmp_path / expected)
    overview = pl.read_excel(tmp_path / expected, sheet_name="Overview", read_options={"header_row": 2})
    assert set(overview["Year"]) == {2026}
    rows = pl.read_excel(
        io.BytesIO((tmp_path / expected).read_bytes()),
        sheet_name="Actual deferral percentage",
        has_header=False,
    )
    people = [row[2] for row in rows.rows() if str(row[0]) == "2026"]
    assert len(people) > 50
    assert all(person.startswith("P") == anonymous for person in people)


def test_a_sweep_whose_stores_kept_too_little_says_what_to_do(tested: Server, tab: Tab) -> None:
    make_stores(tested.places.sweeps / "brief-only", years=(2025, 2025), values={"output.keep": "summary"})
    page = tab(tested, "/compliance?sweep=brief-only")
    expect(page.get_by_role("alert")).to_contain_text("output.keep: full")


@pytest.mark.parametrize("width", [420, 1600])
def test_it_fits_narrow_and_wide_screens(tested: Server, tab: Tab, width: int) -> None:
    page = tab(
        tested,
        "/compliance?sweep=by-hand&test=coverage&scenario=baseline",
        viewport={"width": width, "height": 900},
    )
    expect(page.locator("tr.beneath dl.figures")).to_be_visible()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
