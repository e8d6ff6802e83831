"""What is chosen on the Compare page."""

from __future__ import annotations

from typing import Any, ClassVar, Final

import param

from app.metrics import EVERYBODY, POPULATION, SUMMARY
from app.state.sweep import OfSweep

STATUSES: Final = {
    "Everybody": EVERYBODY,
    "Continuous active": "continuous_active",
    "Experienced termination": "experienced_termination",
    "New hire active": "new_hire_active",
    "New hire termination": "new_hire_termination",
}


class CompareState(OfSweep):
    """A sweep, its baseline, the scenarios that are set against it, and what of them is looked at."""

    in_link: ClassVar[tuple[str, ...]] = ("sweep", "baseline", "scenarios", "metric", "status")
    steps: ClassVar[frozenset[str]] = frozenset(in_link)

    baseline = param.String(
        default="", doc="What the others are compared with; none: the sweep's first scenario."
    )
    scenarios = param.List(default=[], item_type=str, doc="The scenarios shown; none named: all of them.")
    metric: Any = param.Selector(
        default="total_compensation", objects=list({**SUMMARY, **POPULATION}), doc="The metric of the charts."
    )
    status: Any = param.Selector(
        default=EVERYBODY, objects=list(STATUSES.values()), doc="Whose numbers are shown."
    )
