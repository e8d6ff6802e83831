"""What the scenarios assume differently: each value that is not the baseline's."""

from __future__ import annotations

from typing import Any, Final

from simulation.export.assumptions import parameter_info, titled, value_text
from simulation.export.report.blocks import Column, Section, Table, Text
from simulation.export.report.facts import Facts
from simulation.query import parameter_changes

LONGEST: Final = 160
"""Letters of a value that are shown; a table of hazards has thousands."""


def assumed(facts: Facts) -> Section:
    """Return the section."""
    return Section("assumed", "What the scenarios assume differently", (_table(facts),))


def _table(facts: Facts) -> Table | Text:
    if len(facts.names) == 1:
        return Text("There is one scenario; each run's workbook holds every value that it used.")
    changes = parameter_info(parameter_changes(facts.sweep, facts.base), facts.names)
    if changes.is_empty():
        return Text("Nothing: only the seeds differ.")
    columns = (
        Column("Scenario"), Column("Assumption"), Column("Levels"), Column("Years"),
        Column(facts.base, is_number=True), Column("Its value", is_number=True), Column("Set by"),
    )  # fmt: skip
    rows = tuple(_row(row) for row in changes.to_dicts())
    return Table(f"Every value that is not that of {facts.base}; all others are shared.", columns, rows)


def _row(row: dict[str, Any]) -> tuple[str, ...]:
    title, unit = titled(row["parameter"])
    base, own = (_cut(value_text(row[name], unit)) for name in ("baseline_value", "scenario_value"))
    named = f"{title} ({row['parameter']})" if title else row["parameter"]
    return row["scenario"], named, row["levels"] or "all", row["years"], base, own, row["origin"] or ""


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text):,} letters)"
