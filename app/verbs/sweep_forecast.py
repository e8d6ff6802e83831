"""What `planwise sweep --dry-run` says: the runs, the design's first points, time, disk and memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.verbs.printing import plain, print_json, print_table, say, show, shown_path

if TYPE_CHECKING:
    from simulation.sweep import Forecast

HEAD: Final = 10
"""Points of a design that are shown."""

_MINUTE: Final = 60
_HOUR: Final = 3600
_SIZES: Final = (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10))


def report_forecast(found: Forecast, *, as_json: bool) -> None:
    """Print what a sweep would do and cost."""
    if as_json:
        fits = {"disk_fits": found.disk_fits, "memory_fits": found.memory_fits}
        print_json(plain(found.model_dump(mode="json")) | fits)
        return
    show(f"{found.name}: {_runs(found)}")
    if found.points:
        _show_points(found)
    costs = [cost for cost in (found.cost, found.cost_at_most) if cost]
    workers = "1 worker" if found.workers == 1 else f"{found.workers} workers"
    memory = f"{size_text(found.memory_bytes)} for {workers}"
    rows = [
        ("time", *(time_text(cost.seconds) for cost in costs)),
        ("disk", *(size_text(cost.disk_bytes) for cost in costs)),
        ("memory", *(memory for _ in costs)),
    ]
    titles = ("{:,} runs", "at most {:,} runs")
    print_table(
        ["estimate", *(title.format(cost.runs) for title, cost in zip(titles, costs, strict=False))], rows
    )
    show(f"{size_text(found.disk_free)} of disk and {size_text(found.memory_available)} of memory are free")
    show(f"the directory would be {shown_path(found.directory)}; nothing was written there")
    say(found.basis)
    if not found.disk_fits:
        say("warning: the disk has not the room; use --keep lifecycle or summary, or another --out")
    if not found.memory_fits:
        say("warning: the memory that is free is too small for so many workers; use fewer --workers")


def size_text(size: int) -> str:
    """Return a number of bytes in the unit that suits it."""
    return next((f"{size / unit:,.1f} {name}" for name, unit in _SIZES if size >= unit), f"{size} B")


def time_text(seconds: float) -> str:
    """Return a duration as a person says it."""
    if seconds < 2 * _MINUTE:
        return f"{seconds:,.0f} s"
    return f"{seconds / _MINUTE:,.0f} min" if seconds < 2 * _HOUR else f"{seconds / _HOUR:,.1f} h"


def _runs(found: Forecast) -> str:
    scenarios, seeds = len(found.scenarios), found.seeds
    made = f"{scenarios:,} scenarios × {seeds:,} seeds = {found.runs_total:,} runs"
    return f"{made}, of which {found.runs_done:,} are done" if found.runs_done else made


def _show_points(found: Forecast) -> None:
    points = list((found.points or {}).items())
    keys = list(points[0][1])
    print_table(["point", *keys], [(name, *map(str, point.values())) for name, point in points[:HEAD]])
    if len(points) > HEAD:
        show(f"and {len(points) - HEAD:,} more points")
