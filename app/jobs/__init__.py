"""Jobs: sweeps that outlive the page, the browser and the server that asked for them."""

from __future__ import annotations

from app.jobs.poller import Poller, Snapshot
from app.jobs.spec import JobProgress, RunCell, RunState, SweepSpec
from app.jobs.table import Job, JobState, JobTable

__all__ = [
    "Job",
    "JobProgress",
    "JobState",
    "JobTable",
    "Poller",
    "RunCell",
    "RunState",
    "Snapshot",
    "SweepSpec",
]
