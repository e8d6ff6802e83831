"""``planwise simulate``: one run, in this process, and its year summary."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from app.verbs.options import RUNS, CensusFile, Json, ScenarioName, Settings, Years, read_years
from app.verbs.printing import plain, print_json, print_table, say, show, shown_path

if TYPE_CHECKING:
    import polars as pl

    from simulation.census import Census
    from simulation.parameters.horizon import Horizon

EXAMPLE: Final = (
    "Example: planwise simulate baseline --years 2025-2029 --seed 42 --set workforce.growth.rate=0.03"
)


def simulate(  # noqa: PLR0913 (each is an option)
    scenario: ScenarioName,
    *,
    census: CensusFile = None,
    years: Years = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Instead of the scenario's own seed.")] = None,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the store goes.")] = RUNS,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on after the last year that a killed run committed.")
    ] = False,
    settings: Settings = None,
    json: Json = False,
) -> None:
    """Run one scenario with one seed and seal its store. No Ray."""
    from simulation.ahead import Ahead

    with Ahead() as ahead:
        from simulation.parameters import load_scenario

        resolved = load_scenario(scenario, set=settings or [], years=read_years(years))
        people = the_census(census)
        chosen = resolved.seed if seed is None else seed
        if not resume:  # years that are committed already are not lived again
            ahead.begin(resolved, people, [chosen])

        from simulation.quality.warnings import sentence
        from simulation.run import years_brought_forward
        from simulation.sealing import simulate as run
        from simulation.store import Checkpointing

        if gap := years_brought_forward(resolved, people):
            brought = f"its people are brought forward {gap} years unchanged"
            say(f"note: the census is of {people.as_of}; {brought}")
        place = out.expanduser().resolve()
        command = _command(scenario, census, resolved.horizon, chosen, place, settings or [])
        checkpointing = Checkpointing(resume=resume, command=command, tell=say)
        result = run(resolved, people, seed=chosen, out=place, checkpointing=checkpointing, live=ahead.live)
    if json:
        print_json(
            {
                "store": result.store,
                "digest": result.digest,
                "events": result.events,
                "seconds": round(result.seconds, 3),
                "seed": result.seed,
                "scenario": result.scenario,
                "summary": summary_by_year(result.summary),
                "warnings": result.warnings.rename({"simulation_year": "year"}).to_dicts(),
            }
        )
        return
    print_summary(result.summary)
    say(f"{result.scenario}, seed {result.seed}: {result.events:,} events in {result.seconds:.1f} s")
    for warning in result.warnings.to_dicts():
        say(f"warning: data quality, {sentence(warning)}")
    show(shown_path(result.store))


def _command(
    scenario: str, census: Path | None, horizon: Horizon, seed: int, out: Path, settings: list[str]
) -> tuple[str, ...]:
    """Return the words that resume this run, typed in any directory."""
    file = Path(scenario).expanduser()
    options = {
        "--census": (census or _demo_census()).expanduser().resolve(),
        "--years": f"{horizon.start_year}-{horizon.end_year}",
        "--seed": seed,
        "--out": out,
    }
    words = ["planwise", "simulate", str(file.resolve()) if file.is_file() else scenario]
    words += [word for name, value in options.items() for word in (name, str(value))]
    words += [word for setting in settings for word in ("--set", setting)]
    return (*words, "--resume")


def the_census(path: Path | None) -> Census:
    """Return the census of a file, or the demo census and say so."""
    from simulation.census import read_census

    if path is not None:
        return read_census(path)
    say("no --census given: using the demo census")
    return read_census(_demo_census())


def _demo_census() -> Path:
    from simulation.parameters.places import demo_census

    return demo_census()


def summary_by_year(summary: pl.DataFrame) -> list[dict[str, Any]]:
    """Return one object a year: the year and every metric of it."""
    years: dict[int, dict[str, Any]] = {}
    for year, metric, value in (
        summary.select("simulation_year", "metric", "value").sort("simulation_year").rows()
    ):
        years.setdefault(year, {"year": year})[metric] = plain(value)
    return list(years.values())


def print_summary(summary: pl.DataFrame) -> None:
    """Write a row a metric and a column a year."""
    from app.verbs.telling import metric_text

    years = summary_by_year(summary)
    metrics = [name for name in years[0] if name != "year"] if years else []
    rows = [[metric, *(metric_text(metric, year.get(metric)) for year in years)] for metric in metrics]
    print_table(["metric", *(str(year["year"]) for year in years)], rows)
