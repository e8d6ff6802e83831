"""How a sweep stands, as markup: state, bar, times, and a grid of its runs.

Every state has a sign and a word besides its colour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from markupsafe import Markup

from app.jobs import Job, JobState, RunCell, RunState
from app.state.url import link
from app.theme import duration, seeds

SIGNS: Final[Mapping[JobState, str]] = {
    JobState.QUEUED: "◷",
    JobState.RUNNING: "▶",
    JobState.DONE: "✓",
    JobState.FAILED: "✕",
    JobState.CANCELLED: "■",
    JobState.INTERRUPTED: "⏸",
}
RUN_SIGNS: Final[Mapping[RunState, str]] = {
    RunState.WAITING: "·",
    RunState.RUNNING: "▶",
    RunState.DONE: "✓",
    RunState.FAILED: "✕",
}


def chip(state: JobState) -> Markup:
    """Return a job's state as a chip."""
    return Markup('<span class="chip {}"><span aria-hidden="true">{}</span><span>{}</span></span>').format(
        state, SIGNS[state], state
    )


def sweep_markup(job: Job) -> Markup:
    """Return everything there is to see of a sweep in one card."""
    return Markup("{}{}{}{}").format(_head(job), _bar(job), _error(job), _runs(job))


def others_markup(names: Sequence[str]) -> Markup:
    """Return sweeps that are none of the newest jobs: what is known of them are their stores."""
    rows = (
        Markup('<div class="sweep-head"><h2>{}</h2><a href="{}">Open comparison</a></div>').format(
            name, link("compare", sweep=name)
        )
        for name in names
    )
    return Markup('{}<p class="sweep-facts">run from the command line, or long ago</p>').format(
        Markup("").join(rows)
    )


def progress_bar(job: Job) -> Markup:
    """Return a sweep's name, state and bar, without its runs."""
    return Markup("{}{}").format(_head(job), _bar(job))


def when(seconds: float | None) -> str:
    """Return a moment as the server's local time."""
    if seconds is None:
        return ""
    return datetime.fromtimestamp(seconds, UTC).astimezone().strftime("%d %b %Y, %H:%M")


def facts(job: Job) -> str:
    """Return what a sweep is made of, in one line."""
    scenarios = len(job.spec.scenarios)
    years = f", {job.spec.years[0]}–{job.spec.years[1]}" if job.spec.years else ""
    return f"{scenarios} scenario{'s' * (scenarios != 1)} × {seeds(len(job.spec.seeds))}{years}"


def _head(job: Job) -> Markup:
    openable = job.progress.count(RunState.DONE) > 0
    compare = (
        Markup('<a href="{}">Open comparison</a>').format(link("compare", sweep=job.name)) if openable else ""
    )
    return Markup(
        '<div class="sweep-head"><h2>{}</h2>{}{}</div><p class="sweep-facts">{} · {} · submitted {}</p>'
    ).format(job.name, chip(job.state), compare, facts(job), job.spec.census.name, when(job.submitted_at))


def _bar(job: Job) -> Markup:
    progress = job.progress
    share = 1.0 if job.state is JobState.DONE else progress.fraction
    label = f"{progress.count(RunState.DONE)} of {progress.total} runs finished"
    return Markup(
        '<div class="bar {}" role="progressbar" aria-valuemin="0" aria-valuemax="100" aria-valuenow="{}" '
        'aria-label="{}"><div style="width:{:.1f}%"></div></div>'
        '<div class="bar-facts"><span>{}</span><span class="muted">{}</span></div>'
    ).format(job.state, round(share * 100), label, share * 100, _said(job, label), _times(job))


def _said(job: Job, label: str) -> str:
    if job.state is JobState.QUEUED:
        return "waiting for the runner"
    if job.state is JobState.RUNNING and job.cancel_asked:
        return f"{label}; stopping"
    if job.state is JobState.RUNNING and not job.progress.total:
        return job.progress.note or "starting"
    failed = job.progress.count(RunState.FAILED)
    said = f"{label}, {failed} failed" if failed else label
    return f"{said}; {job.progress.note}" if job.state is JobState.RUNNING and job.progress.note else said


def _times(job: Job) -> str:
    parts = [f"elapsed {duration(job.progress.seconds)}"] if job.progress.seconds >= 1 else []
    if job.state is JobState.RUNNING and job.progress.eta_seconds is not None and not job.cancel_asked:
        parts.append(f"about {duration(job.progress.eta_seconds)} left")
    return " · ".join(parts)


def _error(job: Job) -> Markup:
    return Markup('<pre class="error" role="alert">{}</pre>').format(job.error) if job.error else Markup("")


def _runs(job: Job) -> Markup:
    if not job.progress.runs:
        return Markup("")
    rows: dict[str, list[RunCell]] = {}
    for run in job.progress.runs:
        rows.setdefault(run.scenario, []).append(run)
    body = Markup("").join(
        Markup('<div class="name">{}</div><div class="cells">{}</div>').format(
            name, Markup("").join(map(_cell, cells))
        )
        for name, cells in rows.items()
    )
    opened = Markup(" open") if job.live or job.state is JobState.FAILED else ""
    return Markup(
        '<details{}><summary>Runs by scenario and seed</summary><div class="runs">{}</div></details>'
    ).format(opened, body)


def _cell(run: RunCell) -> Markup:
    years = f", year {run.years_done} of {run.years}" if run.state is RunState.RUNNING and run.years else ""
    label = f"{run.scenario}, seed {run.seed}: {run.state}{years}{': ' + run.message if run.message else ''}"
    return Markup('<span class="cell {}" role="img" title="{}" aria-label="{}">{} {}</span>').format(
        run.state, label, label, RUN_SIGNS[run.state], run.seed
    )
