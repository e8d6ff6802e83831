"""What is chosen on the Compliance page."""

from __future__ import annotations

from typing import ClassVar

import param

from app.state.sweep import OfSweep


class ComplianceState(OfSweep):
    """A sweep, a plan year and a seed of it, and the test that is open: of a scenario, for a group."""

    in_link: ClassVar[tuple[str, ...]] = ("sweep", "year", "seed", "scenario", "test", "group", "page")
    steps: ClassVar[frozenset[str]] = frozenset({"sweep", "year", "seed", "test"})

    year = param.Integer(default=0, bounds=(0, 9999), doc="The plan year; 0: the last one.")
    seed = param.Integer(default=-1, bounds=(-1, None), doc="The seed whose outcomes stand; -1: the first.")
    scenario = param.String(default="", doc="The scenario of the open test, and of the workbook.")
    test = param.String(default="", doc="The test that is open; none: none.")
    group = param.String(default="", doc="The group of employees that it was made for; none: the first.")
    page = param.Integer(default=1, bounds=(1, None), doc="Which page of its people is shown.")
