"""What is chosen on the Time machine page."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar, Final

import param

from app.state.sweep import OfSweep

STATUSES: Final = {"Everybody": "", "Active": "active", "Terminated": "terminated"}


class TimeMachineState(OfSweep):
    """A run, a day of it, whom of its people the table lists, and the person whose life is open."""

    in_link: ClassVar[tuple[str, ...]] = (
        *("sweep", "scenario", "seed", "date"),
        *("text", "status", "department", "level", "page"),
        *("person", "events"),
    )
    steps: ClassVar[frozenset[str]] = frozenset({"sweep", "scenario", "seed", "person"})

    scenario = param.String(default="", doc="The scenario; none: the sweep's first.")
    seed = param.Integer(default=-1, bounds=(-1, None), doc="The seed; -1: the first.")
    date = param.String(
        default="", regex=r"^(\d{4}-\d{2}-\d{2})?$", doc="The day, as 2027-06-30; none: the run's last."
    )
    text = param.String(default="", doc="A part of the ids of the people listed; none: all.")
    status: Any = param.Selector(
        default="active", objects=list(STATUSES.values()), doc="The employment status of the people listed."
    )
    department = param.String(default="", doc="Their department; none: all.")
    level = param.Integer(default=0, bounds=(0, None), doc="Their job level; 0: all.")
    page = param.Integer(default=1, bounds=(1, None), doc="Which page of them is shown.")
    person = param.String(default="", doc="The employee whose life is open; none: nobody's.")
    events = param.Integer(default=1, bounds=(1, None), doc="Which page of the events of that life is shown.")

    @property
    def day(self) -> dt.date | None:
        """The day that is asked for; none: the run's last, or a text that is no day."""
        return parsed_day(self.date)


def parsed_day(text: str) -> dt.date | None:
    """Return a day as a link writes it; nothing for another text."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
