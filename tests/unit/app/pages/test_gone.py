"""What a page says when stores are gone, links are wrong or names are taken; it stays usable."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.components.address import Address
from app.jobs import JobProgress, JobState, RunCell, RunState, SweepSpec
from app.pages.compare import Compare
from app.pages.overview import Overview
from app.pages.screen import Session
from app.pages.tuning import Tuning
from app.places import Places
from app.services import Services
from simulation.census import generate_census, write_census
from simulation.errors import SweepError
from simulation.parameters import Scenario
from simulation.sweep import SweepPlan, run_sweep

NAMES = ("small", "large")
SEEDS = (1, 2)


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    years = {"horizon.start_year": 2025, "horizon.end_year": 2025}
    scenarios = tuple(Scenario().changed({**years, "name": name}) for name in NAMES)
    plan = SweepPlan(name="pair", scenarios=scenarios, seeds=SEEDS, census=generate_census(30))
    return run_sweep(plan, out=tmp_path_factory.mktemp("sweeps"), workers=1).directory


@pytest.fixture
def services(tmp_path: Path, swept: Path) -> Iterator[Services]:
    """A server whose two newest sweeps are done: ``kept``, and ``gone`` after it."""
    places = Places.at(tmp_path)
    census = write_census(generate_census(20), places.census / "demo.parquet")
    services = Services.at(places)
    runs = tuple(RunCell(scenario=name, seed=seed, state=RunState.DONE) for name in NAMES for seed in SEEDS)
    for name in ("kept", "gone"):
        shutil.copytree(swept, places.sweeps / name)
        files = tuple(tmp_path / f"{scenario}.yaml" for scenario in NAMES)
        spec = SweepSpec(name=name, scenarios=files, census=census, seeds=SEEDS, baseline="small")
        job = services.table.submit(spec)
        services.table.claim()
        services.table.report(job, JobProgress(runs=runs))
        services.table.finish(job, JobState.DONE)
    services.poller.refresh()
    yield services
    services.close()


def session(services: Services) -> Session:
    return Session(services, Address())


def compared(services: Services, query: str) -> Compare:
    """Return the page of a link, once it has read what the link asks for."""

    async def opened() -> Compare:
        page = Compare(session(services))
        page.state.read(query)
        painted = asyncio.Event()
        for part in (page._results, page._refusal):
            part.param.watch(lambda event: painted.set() if event.new else None, "visible")
        page.tick(services.poller.snapshot)
        await asyncio.wait_for(painted.wait(), 60)
        return page

    return asyncio.run(opened())


def test_a_run_whose_store_is_gone_is_named_above_what_is_left(services: Services) -> None:
    (services.places.sweep("gone") / "large" / "seed_2.duckdb").unlink()
    page = compared(services, "sweep=gone&baseline=nobody&scenarios=large,other")
    said = page._notes.object
    assert "large seed 2" in said
    assert "no results of a scenario &#39;nobody&#39;" in said
    assert "&#39;other&#39;" in said
    assert "mean of 2 seeds; below it the differences, paired over 1 seed" in page._tiles.object
    assert page._results.visible


def test_a_sweep_whose_stores_are_gone_is_refused_and_another_can_be_chosen(services: Services) -> None:
    shutil.rmtree(services.places.sweep("gone"))
    page = compared(services, "")
    assert "The results of &#39;gone&#39; are gone" in page._refusal.objects[0].object
    assert (page._choices.visible, page._refusal.visible) == (True, True)
    assert (page._waiting.visible, page._results.visible) == (False, False)

    async def choose() -> None:
        page._sweep.value = "kept"
        await page._refresh()

    asyncio.run(choose())
    assert (page.state.sweep, page._refusal.visible, page._results.visible) == ("kept", False, True)


def test_a_sweep_that_no_job_made_is_offered_after_those_of_jobs(services: Services, swept: Path) -> None:
    shutil.copytree(swept, services.places.sweeps / "by-hand")
    page = compared(services, "sweep=by-hand")
    assert page._sweep.options == ["gone", "kept", "by-hand"]
    assert (page.state.sweep, page._results.visible) == ("by-hand", True)
    assert not page.session.notices


def told(known: Session) -> str:
    """Return the one notice of a page."""
    (notice,) = known.notices
    return str(getattr(notice, "object", ""))


@pytest.mark.parametrize("name", ["nobody", "../kept", "<b>"])
def test_a_link_to_a_sweep_that_is_not_there_shows_the_newest_and_says_so(
    services: Services, name: str
) -> None:
    page = compared(services, f"sweep={name}")
    assert "There is no sweep" in told(page.session)
    assert page.state.sweep == ""
    assert page._results.visible


def test_the_overview_says_that_the_newest_results_are_gone(services: Services) -> None:
    shutil.rmtree(services.places.sweep("gone"))
    page = Overview(session(services))
    assert "are gone" in told(page.session)
    assert (page._waiting.visible, page._recent.visible) == (False, True)
    first = Overview.glimpse(services)
    assert "are gone" in first
    assert "skeleton" not in first


def test_a_name_that_is_taken_is_refused_and_leaves_no_file(services: Services) -> None:
    page = Tuning(session(services))
    page.body()
    page.state.move("merit_base", 2, 600)
    services.places.sweep("by-hand").mkdir()
    for taken in ("by-hand", "KEPT"):
        page._title.value = taken
        with pytest.raises(SweepError, match="there is a sweep of that name"):
            page._queue()
        assert not services.places.inputs(taken).exists()
    page._title.value = ""
    first, second = page._queue(), page._queue()
    assert first != second
    assert services.table.named(first).spec.scenarios[1] == services.places.inputs(first) / "tuned.yaml"
