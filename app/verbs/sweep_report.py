"""What `planwise sweep` says: progress while it runs, then what became of every run and what is known."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from app.verbs.printing import clean, print_json, print_table, say, show, shown_path
from app.verbs.telling import metric_text

if TYPE_CHECKING:
    from simulation.sweep import Look, SweepProgress, SweepResult
    from simulation.sweep.driver import OnProgress


def report(result: SweepResult, *, as_json: bool) -> None:
    """Print what became of every run."""
    if as_json:
        runs = [run.model_dump(mode="json") for run in result.runs]
        seconds = {"seconds": result.seconds, "startup_seconds": result.startup_seconds}
        known = {"looks": [look.model_dump(mode="json") for look in result.looks]} if result.looks else {}
        print_json({"directory": result.directory, "runs": runs, **seconds, **known})
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
    if senders := sorted({run.sent_from for run in result.done if run.sent_from}):
        sent = sum(run.sent_from is not None for run in result.done)
        say(f"{sent} stores were sent back by machines that do not see this directory: {', '.join(senders)}")
    if result.warned:
        say(
            f"{len(result.warned)} of {len(result.runs)} runs carry data-quality warnings; compare names them"
        )
    for run in result.failed:
        say(f"failed after {run.attempts} attempt(s): {run.scenario}, seed {run.seed}: {run.error}")
    if not result.complete:
        say(f"{len(result.done)} of {len(result.runs)} runs are done; --resume does the rest")


@contextmanager
def progress() -> Iterator[OnProgress]:
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
            if progress.look is not None:
                bars.console.print(clean(look_text(progress.look)), markup=False, highlight=False)
            done = f"{progress.runs_done + progress.runs_failed} of {progress.runs_total} runs"
            bars.update(
                bar,
                completed=progress.fraction,
                description=done if progress.workers else "starting workers",
                note=_note(progress),
            )

        yield on_progress


def _line(progress: SweepProgress) -> None:
    if progress.look is not None:
        say(look_text(progress.look))
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


def look_text(look: Look) -> str:
    """Return what is known of a difference, and what follows."""
    what = f"{look.metric} {look.year}, {look.scenario} less {look.baseline}, after {look.pairs} seeds"
    if look.half_width is None:
        within = metric_text(look.metric, look.within)
        return f"{what}: nothing known; {_FOLLOWS[look.decision].format(needed='some', within=within)}"
    difference, width, within = (
        metric_text(look.metric, value) for value in (look.difference, look.half_width, look.within)
    )
    follows = _FOLLOWS[look.decision].format(needed=look.needed, within=within)
    return f"{what}: {difference} ± {width} at 95 %; {follows}"


_FOLLOWS: Final[Mapping[str, str]] = {
    "go on": "± {within} needs about {needed} more",
    "known": "± {within} is reached",
    "maximum": "± {within} would need about {needed} more, beyond the maximum",
    "no pairs": "the last seeds have no value in both, so more would not help",
}
