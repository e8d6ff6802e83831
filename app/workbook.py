"""``/compliance.xlsx``: the workbook of one run's tests of one year, made in a thread and sent whole.

A route of its own, not a callback of the page: the browser saves it like any file, and the page stays live.
"""

from __future__ import annotations

import asyncio
import io
import re
from typing import Final, NamedTuple

from tornado.web import RequestHandler

from app.plan_tests import run_of
from app.services import Services
from simulation.errors import InputError, PlanWiseError, Problem
from simulation.export.anonymised import anonymised
from simulation.export.plan_tests import write_plan_tests

MOST_ROWS: Final = 20_000
"""Rows of working on a sheet, the most affected first: `planwise test-plan --export` writes all of them."""

KIND: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_OUTSIDE_NAMES: Final = re.compile(r"[^A-Za-z0-9._-]+")


class Asked(NamedTuple):
    """Which workbook: a run of a sweep, a year, and whether names are replaced."""

    sweep: str
    scenario: str
    seed: int
    year: int
    anonymise: bool

    @property
    def title(self) -> str:
        """What the workbook's first line says."""
        return f"Plan tests of {self.sweep}: {self.scenario}, seed {self.seed}, {self.year}"

    @property
    def filename(self) -> str:
        """What it is saved as."""
        hidden = "-anonymised" if self.anonymise else ""
        name = f"plan-tests-{self.sweep}-{self.scenario}-seed-{self.seed}-{self.year}{hidden}"
        return f"{_OUTSIDE_NAMES.sub('-', name)}.xlsx"


class Workbook(RequestHandler):
    """Sends a workbook, or says in a line why there is none."""

    def initialize(self, services: Services) -> None:
        """Take what it reads through."""
        self.services = services

    async def get(self) -> None:
        """Answer with the file."""
        loop = asyncio.get_running_loop()
        try:
            asked = self._asked()
            content = await loop.run_in_executor(self.services.pool, made, self.services, asked)
        except PlanWiseError as error:
            self.set_status(400)
            self.set_header("Content-Type", "text/plain; charset=utf-8")
            self.finish(str(error))
            return
        self.set_header("Content-Type", KIND)
        self.set_header("Content-Disposition", f'attachment; filename="{asked.filename}"')
        self.set_header("Cache-Control", "no-store")
        self.finish(content)

    def _asked(self) -> Asked:
        given = {name: self.get_query_argument(name, "") for name in ("sweep", "scenario", "seed", "year")}
        try:
            seed, year = int(given["seed"]), int(given["year"])
        except ValueError as error:
            problem = Problem("link", f"seed {given['seed']!r}, year {given['year']!r}", "whole numbers")
            raise InputError("this link names no workbook", problems=[problem]) from error
        hidden = self.get_query_argument("anonymise", "") == "1"
        return Asked(given["sweep"], given["scenario"], seed, year, hidden)


def made(services: Services, asked: Asked) -> bytes:
    """Return the workbook's bytes.

    Raises:
        PlanWiseError: there is no such sweep, run or year, or its store keeps too little.
    """
    data = services.results.read(services.places.sweep(asked.sweep))
    verdicts = services.plan_tests.working(run_of(data, asked.scenario, asked.seed), asked.year)
    book = io.BytesIO()
    write_plan_tests(anonymised(verdicts) if asked.anonymise else verdicts, book, asked.title, MOST_ROWS)
    return book.getvalue()
