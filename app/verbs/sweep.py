"""``planwise sweep``: scenarios × seeds on Ray, with progress, Ctrl-C and ``--resume``."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from app.verbs.options import SWEEPS, CensusFile, Json, Settings, Years, read_years
from app.verbs.printing import say
from app.verbs.spreading import SpreadingCommand, is_no_path

if TYPE_CHECKING:
    from simulation.sweep import SweepPlan

EXAMPLE: Final = (
    "Example: planwise sweep --scenarios baseline high_growth --seeds 1-20 --years 2025-2029 --workers 2"
)


class Command(SpreadingCommand):
    """Takes ``--scenarios A B C`` and ``--between A B``."""

    spreading: Final = {"--scenarios": lambda _: True, "--between": is_no_path}  # type: ignore[misc]


def sweep(  # noqa: PLR0913 (each is an option)
    plan: Annotated[
        Path | None,
        typer.Argument(metavar="[SWEEP.yaml]", help="A sweep file, or the directory of a sweep to --resume."),
    ] = None,
    *,
    scenarios: Annotated[
        list[str] | None, typer.Option(metavar="A B ...", help="Scenario files or names of shipped ones.")
    ] = None,
    seeds: Annotated[str | None, typer.Option(metavar="SEEDS", help="42, 1-20 or 1,5,9-12.")] = None,
    census: CensusFile = None,
    years: Years = None,
    name: Annotated[
        str | None, typer.Option(help="Names the directory; by default the scenarios do.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Worker processes; by default one a core.")
    ] = None,
    block_size: Annotated[
        int | None,
        typer.Option(
            min=1, max=256, help="Seeds that a worker runs at once; by default more for small workforces."
        ),
    ] = None,
    address: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="A running Ray cluster to work on instead.")
    ] = None,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the sweep's directory goes.")] = SWEEPS,
    resume: Annotated[
        bool, typer.Option("--resume", help="Do what is missing of a sweep begun before.")
    ] = False,
    keep: Annotated[
        str | None, typer.Option(metavar="full|lifecycle|summary", help="How much each store keeps.")
    ] = None,
    settings: Settings = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would run and what it would cost; run nothing.")
    ] = False,
    until: Annotated[
        str | None,
        typer.Option(metavar="METRIC", help="Add seeds until a difference in this metric is known."),
    ] = None,
    within: Annotated[
        str | None, typer.Option(metavar="X", help="How closely: plus or minus this at 95 %.")
    ] = None,
    between: Annotated[
        list[str] | None, typer.Option(metavar="A B", help="Which scenarios; by default the only two.")
    ] = None,
    max_seeds: Annotated[int | None, typer.Option(min=2, help="Stop after so many seeds anyway.")] = None,
    json: Json = False,
) -> None:
    """Run every scenario with every seed, each into a sealed store of its own."""
    from app.verbs.sweep_forecast import report_forecast
    from app.verbs.sweep_report import progress, report
    from simulation.sweep import run_sweep, sweep_forecast

    fields = {
        "scenarios": scenarios or None,
        "seeds": seeds,
        "census": census,
        "years": read_years(years),
        "name": name,
        "keep": keep,
        "block_size": block_size,
        "set": tuple(settings) if settings else None,
        "until": _given(metric=until, within=within, between=between or None, maximum=max_seeds),
    }
    asked = _plan(plan, fields, resume=resume)
    if plan is not None and plan.is_dir():
        out = plan.resolve().parent
    if asked.census is None:
        say("no --census given: using the demo census")
    if dry_run:
        report_forecast(sweep_forecast(asked, out=out, workers=workers, resume=resume), as_json=json)
        return
    try:
        # Ray speaks on standard output when a worker dies; that is for the result alone.
        with progress() as on_progress, redirect_stdout(sys.stderr):
            result = run_sweep(
                asked, out=out, workers=workers, address=address, resume=resume, on_progress=on_progress
            )
    except KeyboardInterrupt:
        say("finished runs stay; --resume does the rest")
        raise
    report(result, as_json=json)
    if not result.complete:
        raise typer.Exit(1)


def _given(**fields: Any) -> dict[str, Any] | None:
    """Return the fields that are given, or nothing."""
    return {name: value for name, value in fields.items() if value is not None} or None


def _plan(file: Path | None, fields: dict[str, Any], *, resume: bool) -> SweepPlan:
    from simulation.sweep import SweepPlan, read_plan

    if file is not None:
        if file.is_dir() and not resume:
            raise typer.BadParameter(f"{file} is a directory: continue its sweep with --resume")
        return read_plan(file, fields)
    if not fields["scenarios"]:
        raise typer.BadParameter("give a sweep file or --scenarios A B ...")
    return SweepPlan.of({key: value for key, value in fields.items() if value is not None})
