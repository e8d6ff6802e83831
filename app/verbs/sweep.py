"""``planwise sweep``: scenarios × seeds on Ray, with progress, Ctrl-C and ``--resume``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from app.verbs.options import SWEEPS, CensusFile, Json, Settings, Years, read_years
from app.verbs.printing import print_json, print_table, say, show, shown_path
from app.verbs.spreading import SpreadingCommand

if TYPE_CHECKING:
    from simulation.sweep import SweepPlan, SweepProgress, SweepResult
    from simulation.sweep.driver import OnProgress

EXAMPLE: Final = (
    "Example: planwise sweep --scenarios baseline high_growth --seeds 1-20 --years 2025-2029 --workers 2"
)


class Command(SpreadingCommand):
    """Takes ``--scenarios A B C``."""

    spreading: Final = {"--scenarios": lambda _: True}  # type: ignore[misc]


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
    json: Json = False,
) -> None:
    """Run every scenario with every seed, each into a sealed store of its own."""
    from simulation.sweep import run_sweep

    fields = {
        "scenarios": scenarios or None,
        "seeds": seeds,
        "census": census,
        "years": read_years(years),
        "name": name,
        "keep": keep,
        "block_size": block_size,
        "set": tuple(settings) if settings else None,
    }
    asked = _plan(plan, fields, resume=resume)
    if plan is not None and plan.is_dir():
        out = plan.resolve().parent
    if asked.census is None:
        say("no --census given: using the demo census")
    try:
        # Ray speaks on standard output when a worker dies; that is for the result alone.
        with _progress() as on_progress, redirect_stdout(sys.stderr):
            result = run_sweep(
                asked, out=out, workers=workers, address=address, resume=resume, on_progress=on_progress
            )
    except KeyboardInterrupt:
        say("interrupted: finished runs stay; --resume does the rest")
        raise
    _report(result, as_json=json)
    if not result.complete:
        raise typer.Exit(1)


def _plan(file: Path | None, fields: dict[str, Any], *, resume: bool) -> SweepPlan:
    from simulation.sweep import SweepPlan, read_plan

    if file is not None:
        if file.is_dir() and not resume:
            raise typer.BadParameter(f"{file} is a directory: continue its sweep with --resume")
        return read_plan(file, fields)
    if not fields["scenarios"]:
        raise typer.BadParameter("give a sweep file or --scenarios A B ...")
    return SweepPlan.of({key: value for key, value in fields.items() if value is not None})


def _report(result: SweepResult, *, as_json: bool) -> None:
    if as_json:
        runs = [run.model_dump(mode="json") for run in result.runs]
        seconds = {"seconds": result.seconds, "startup_seconds": result.startup_seconds}
        print_json({"directory": result.directory, "runs": runs, **seconds})
    else:
        rows = [
            (run.scenario, str(run.seed), run.status, run.seconds, run.warnings, (run.digest or "")[:12])
            for run in result.runs
        ]
        print_table(["scenario", "seed", "status", "seconds", "warnings", "digest"], rows)
        show(shown_path(result.directory))
    for run in result.done:
        if run.note:
            say(f"{run.scenario}, seed {run.seed}: {run.note}")
    if result.warned:
        say(
            f"{len(result.warned)} of {len(result.runs)} runs carry data-quality warnings; compare names them"
        )
    for run in result.failed:
        say(f"failed after {run.attempts} attempt(s): {run.scenario}, seed {run.seed}: {run.error}")
    if not result.complete:
        say(f"{len(result.done)} of {len(result.runs)} runs are done; --resume does the rest")


@contextmanager
def _progress() -> Iterator[OnProgress]:
    """Yield what shows progress: a bar on a terminal, else a line a run."""
    if not sys.stderr.isatty():
        yield _line
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[note]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        bar = bars.add_task("starting workers", total=1.0, note="")

        def on_progress(progress: SweepProgress) -> None:
            done = f"{progress.runs_done + progress.runs_failed} of {progress.runs_total} runs"
            bars.update(
                bar,
                completed=progress.fraction,
                description=done if progress.workers else "starting workers",
                note=_note(progress),
            )

        yield on_progress


def _line(progress: SweepProgress) -> None:
    if progress.last is None:
        return
    run = progress.last
    ended = progress.runs_done + progress.runs_failed
    line = f"{ended}/{progress.runs_total} {run.scenario} seed {run.seed} {run.status} {_note(progress)}"
    say(line.rstrip())


def _note(progress: SweepProgress) -> str:
    parts = [f"{progress.runs_failed} failed"] if progress.runs_failed else []
    parts += [f"{progress.eta:.0f} s left"] if progress.eta else []
    return ", ".join(parts)
