"""What is doubtful about the data: the warnings of soft gates, gathered over the seeds."""

from __future__ import annotations

from simulation.export.report.blocks import Column, Section, Table, Text
from simulation.export.report.facts import Facts
from simulation.export.report.written import counted
from simulation.quality.warnings import by_scenario, sentences


def quality(facts: Facts) -> Section:
    """Return the section."""
    warnings = facts.sweep.warnings()
    title = "Warnings of data quality"
    if warnings.is_empty():
        return Section("quality", title, (Text("None: the data of every run went through every gate."),))
    rows = [
        (
            row["scenario"], str(row["simulation_year"]), row["gate"], counted(row["runs"], "run"),
            f"{row['value']:.3f}", f"{row['threshold']:.3f}", row["detail"] or "",
        )
        for row in by_scenario(warnings).to_dicts()
    ]  # fmt: skip
    columns = (
        Column("Scenario"), Column("Year"), Column("Gate"), Column("Carried by"),
        Column("Farthest", is_number=True), Column("Threshold", is_number=True), Column("Where"),
    )  # fmt: skip
    said = " ".join(f"{line[:1].upper()}{line[1:]}." for line in sentences(warnings))
    return Section("quality", title, (Text(said), Table("Every gate that warns.", columns, tuple(rows))))
