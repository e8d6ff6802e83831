"""The report as a document: its sections in the order in which they are read."""

from __future__ import annotations

from simulation.export.report.again import again
from simulation.export.report.asked import asked, when
from simulation.export.report.assumed import assumed
from simulation.export.report.blocks import Document
from simulation.export.report.facts import Asked, Facts
from simulation.export.report.headline import headline
from simulation.export.report.quality import quality
from simulation.export.report.verdicts import verdicts
from simulation.export.report.written import counted
from simulation.export.report.years import definitions, figures, values
from simulation.query import Sweep

SECTIONS = (headline, asked, figures, assumed, verdicts, quality, definitions, again, values)
"""What matters first, first; what proves it, last."""


def document(sweep: Sweep, told: Asked, baseline: str | None = None, *, with_tests: bool = True) -> Document:
    """Return what the report of runs says.

    Args:
        sweep: the runs.
        told: what was asked for, by whoever knows.
        baseline: what the others are compared with; by default the one named so, or the first.
        with_tests: whether the plan of every run is tested.

    Raises:
        QueryError: there is no such baseline.
    """
    facts = Facts.of(sweep, told, baseline, with_tests=with_tests)
    scenarios, runs = counted(len(facts.names), "scenario"), counted(sweep.runs.height, "run")
    line = f"{scenarios}, {facts.years[0]}–{facts.years[-1]}, {runs}; report of {when(told.made)}"
    return Document(told.title, line, tuple(section(facts) for section in SECTIONS))
