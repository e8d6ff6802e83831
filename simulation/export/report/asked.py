"""What was asked: the scenarios, the years and seeds, the census, by whom and when, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

import polars as pl

from simulation.export.report.blocks import Block, Column, Notice, Section, Table
from simulation.export.report.blocks import Facts as Told
from simulation.export.report.facts import Facts
from simulation.export.report.written import MISSING, counted, listed

MOST_FAILURES: Final = 5
"""Failed runs that are named one by one."""


def asked(facts: Facts) -> Section:
    """Return the section."""
    return Section("asked", "What was asked", (*_unfinished(facts), _facts(facts), _scenarios(facts)))


def when(moment: datetime | None) -> str:
    """Return a moment of UTC to the minute."""
    return MISSING if moment is None else f"{moment:%Y-%m-%d %H:%M} UTC"


def seeds_text(seeds: list[int]) -> str:
    """Return seeds as people write them: ``1–20``, ``1, 5, 9``."""
    if len(seeds) > 2 and seeds == [*range(seeds[0], seeds[-1] + 1)]:  # noqa: PLR2004
        return f"{seeds[0]}–{seeds[-1]}"
    return listed([str(seed) for seed in seeds], 20)


def _unfinished(facts: Facts) -> Iterator[Block]:
    told, done = facts.asked, facts.runs_done
    if facts.left_out:
        yield Notice(
            f"{counted(facts.left_out, 'scenario')} more were run than this report tells of: it holds "
            f"{facts.base} and the first of the others. planwise compare --export writes all of them."
        )
    if told.runs_asked is not None and done < told.runs_asked:
        state = "This sweep is still running" if told.is_running else "This sweep is not finished"
        missing = listed([f"{name} seed {seed}" for name, seed in told.missing])
        yield Notice(
            f"{state}: {done:,} of {told.runs_asked:,} runs are done, and everything below rests on these. "
            f"Missing: {missing}."
        )
    if told.failed:
        named = [f"{name} seed {seed}: {why}" for (name, seed), why in told.failed.items()]
        more = f" And {len(named) - MOST_FAILURES:,} more." if len(named) > MOST_FAILURES else ""
        yield Notice(f"{counted(len(named), 'run')} failed. {' '.join(named[:MOST_FAILURES])}{more}")
    if facts.sweep.problems:
        yield Notice(f"Not read: {' '.join(map(str, facts.sweep.problems))}")


def _facts(facts: Facts) -> Told:
    runs, told = facts.sweep.runs, facts.asked
    users = runs.select(pl.concat_str("user", pl.lit(" on "), "host")).to_series().unique().sort().to_list()
    rows = {
        "Scenarios": f"{len(facts.names)}, compared with {facts.base}"
        if len(facts.names) > 1
        else facts.base,
        "Years": f"{facts.years[0]}–{facts.years[-1]}",
        "Seeds": "; ".join(_seeds(facts)),
        "Runs": counted(facts.runs_done, "run") + (f" of {told.runs_asked:,}" if told.runs_asked else ""),
        "Events": f"{runs['events'].sum():,}",
        **_census(runs),
        "Begun": when(told.begun or min(runs["started"].to_list())),
        "Last run finished": when(max(runs["finished"].to_list())),
        "Run by": listed(users),
        "Run with": listed([f"PlanWise {version}" for version in runs["code_version"].unique().sort()]),
        "This report": f"made {when(told.made)} by {told.made_by}",
    }
    return Told(tuple(rows.items()))


def _seeds(facts: Facts) -> Iterator[str]:
    """Yield the seeds once if all scenarios have the same, else scenario by scenario."""
    known = {tuple(seeds) for seeds in facts.seeds.values()}
    if len(known) == 1:
        seeds = [*known.pop()]
        yield (
            f"{seeds_text(seeds)} ({counted(len(seeds), 'seed')} a scenario)"
            if len(seeds) > 1
            else str(seeds[0])
        )
    else:
        yield from (f"{name}: {seeds_text(seeds)}" for name, seeds in facts.seeds.items())


def _census(runs: pl.DataFrame) -> dict[str, str]:
    """Return what the runs start from; several censuses are several lines."""
    known = runs.unique("census_digest", maintain_order=True).to_dicts()
    said = [
        f"{row['census_source']}: {counted(row['census_rows'], 'person', 'people')} on {row['census_as_of']}"
        for row in known
    ]
    return {
        "Census": "; ".join(said),
        "Census digest": "; ".join(row["census_digest"] for row in known),
    }


def _scenarios(facts: Facts) -> Table:
    rows = [
        (
            name,
            values.get("title") or name,
            values.get("description") or MISSING,
            values.get("plan_design_id") or MISSING,
        )
        for name, values in ((name, facts.told[name]["values"]) for name in facts.names)
    ]
    heads = ("Scenario", "Title", "What it assumes", "Plan")
    return Table("The scenarios, in their authors' words.", tuple(map(Column, heads)), tuple(rows))
