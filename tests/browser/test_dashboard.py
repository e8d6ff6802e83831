"""The main path with a real browser, server and Ray: tune, launch, watch, compare, come back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Server

pytestmark = pytest.mark.xdist_group("browser")

Tab = Callable[..., Page]

SWEEP = 240_000
"""Milliseconds for a sweep and those before it: Ray starts for each."""


def card(page: Page, name: str) -> Locator:
    return page.locator(".pw-card").filter(has=page.get_by_role("heading", name=name, exact=True)).last


def test_tune_launch_watch_compare_reload(server: Server, tab: Tab) -> None:
    page = tab(server, "/tuning")
    merit = page.get_by_role("spinbutton", name="Merit by level, Level 2")
    expect(merit).to_have_value("3.5")
    merit.fill("6")
    merit.press("Enter")
    expect(page.get_by_text("base 3.5")).to_be_visible()
    expect(page.locator("tr", has_text="difference").nth(1)).to_contain_text("+")
    page.get_by_label("Name of the sweep").fill("more-merit")
    page.get_by_label("Number of seeds").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("2")
    page.get_by_role("button", name="Launch sweep").click()
    page.wait_for_url("**/sweeps?sweep=more-merit")
    expect(card(page, "more-merit").get_by_text("4 of 4 runs finished")).to_be_visible(timeout=SWEEP)
    card(page, "more-merit").get_by_role("link", name="Open comparison").click()
    page.wait_for_url("**/compare?sweep=more-merit")
    expect(page.get_by_text("2029, paired over 2 seeds")).to_be_visible()
    expect(page.get_by_role("cell", name="tuned").first).to_be_visible()
    page.reload()
    expect(page.get_by_text("2029, paired over 2 seeds")).to_be_visible()
    assert (server.places.inputs("more-merit") / "comp_levers.csv").exists()


def test_the_latest_sweep_stands_on_the_overview(server: Server, tab: Tab) -> None:
    page = tab(server)
    expect(page.get_by_role("heading", name="Closing headcount", level=3)).to_be_visible(timeout=SWEEP)
    expect(page.get_by_text("Newest sweeps")).to_be_visible()
    expect(page.get_by_role("link", name="demo", exact=True)).to_be_visible()


def test_two_browsers_see_a_sweep_that_one_of_them_cancels(server: Server, tab: Tab) -> None:
    demo = server.table.named("demo").spec
    server.table.submit(demo.model_copy(update={"name": "endless", "seeds": tuple(range(400))}))
    first, second = tab(server, "/sweeps?sweep=endless"), tab(server, "/sweeps?sweep=endless")
    for page in (first, second):
        expect(card(page, "endless").get_by_label(re.compile("baseline, seed 1: done"))).to_be_visible(
            timeout=SWEEP
        )
    card(first, "endless").get_by_role("button", name="Cancel").click()
    first.get_by_role("button", name="Cancel the sweep").click()
    for page in (first, second):
        expect(card(page, "endless").get_by_text("cancelled", exact=True)).to_be_visible()
        expect(card(page, "endless").get_by_role("button", name="Resume")).to_be_visible()
    first.reload()
    expect(card(first, "endless").get_by_text("cancelled", exact=True)).to_be_visible()


def compared(page: Page, title: str) -> None:
    expect(page.locator("caption", has_text=title)).to_be_visible()


def test_a_choice_stands_in_the_link_and_the_back_button_undoes_it(server: Server, tab: Tab) -> None:
    page = tab(server, "/sweeps")
    expect(card(page, "demo").get_by_text("9 of 9 runs finished")).to_be_visible(timeout=SWEEP)
    page.goto(f"{server.url}/compare?sweep=demo&metric=hires")
    compared(page, "Hires:")
    page.get_by_role("combobox", name="People").click()
    page.get_by_role("menuitem", name="New hire active").click()
    compared(page, "People:")
    expect(page).to_have_url(re.compile("status=new_hire_active"))
    page.go_back()
    compared(page, "Hires:")
    expect(page).not_to_have_url(re.compile("status"))
    page.go_forward()
    compared(page, "People:")


def test_dark_is_remembered_and_never_flashes_white(server: Server, tab: Tab) -> None:
    page = tab(server)
    page.get_by_label("Toggle theme").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.add_init_script(
        "addEventListener('DOMContentLoaded', () => {"
        "window.firstColour = getComputedStyle(document.body).backgroundColor })"
    )
    page.reload()
    expect(page.locator("html[data-pw-ready]")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("window.firstColour") == "rgb(15, 20, 26)"


def test_pages_that_were_left_are_not_kept(server: Server, tab: Tab) -> None:
    page = tab(server)
    for path in ["/", "/tuning", "/sweeps", "/compare"] * 4:
        page.goto(f"{server.url}{path}")
        page.locator("html[data-pw-ready]").wait_for()
    page.goto("about:blank")
    pause = page.context.new_page()
    for _ in range(100):
        if server.health()["documents"] <= 4:
            break
        pause.evaluate("new Promise(done => setTimeout(done, 200))")
    assert server.health()["documents"] <= 4
