"""What the verification of a store found, for a person and for a program."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict


class Finding(BaseModel):
    """Something that is not as it was sealed, and where."""

    model_config = ConfigDict(frozen=True)

    check: str
    found: str
    year: int | None = None
    event_sequence: int | None = None
    employee_id: str | None = None
    event_type: str | None = None

    def __str__(self) -> str:
        """Return the finding as one line for a person."""
        place = {"year": self.year, "event": self.event_sequence, "employee": self.employee_id}
        parts = [f"{name} {value}" for name, value in place.items() if value is not None]
        if self.event_type:
            parts.append(self.event_type)
        return f"{self.check}: {self.found}" + (f" ({', '.join(parts)})" if parts else "")


class VerifyReport(BaseModel):
    """The verdict on a store; ``findings`` are in the order in which they were met, the first year first."""

    model_config = ConfigDict(frozen=True)

    store: Path
    ok: bool
    digest: str
    events: int
    checks: tuple[str, ...]
    findings: tuple[Finding, ...]
    warnings: tuple[str, ...] = ()
    """What soft gates of data quality found when the run was made; it has nothing to do with the seal."""

    @property
    def first(self) -> Finding | None:
        """Return the earliest finding that names a year, or else any."""
        dated = [finding for finding in self.findings if finding.year is not None]
        return min(dated, key=place_of) if dated else next(iter(self.findings), None)

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain values, with the first finding by itself."""
        first = self.first.model_dump(mode="json") if self.first else None
        return {**self.model_dump(mode="json"), "first": first}

    def __str__(self) -> str:
        """Return the report for a person: one line, and one a finding, the first one first."""
        if self.ok:
            said = f"as it was sealed; {len(self.checks)} checks over {self.events:,} events"
            lines = [f"{self.store}: {said}, digest {self.digest[:12]}", *self.warnings]
            return "\n  - warning: ".join(lines)
        others = [finding for finding in self.findings if finding is not self.first]
        lines = [f"first {self.first}", *map(str, others)]
        return "\n  - ".join([f"{self.store}: NOT as it was sealed", *lines])


def place_of(finding: Finding) -> tuple[int, bool, int]:
    """Return what findings are ordered by: year, then event, those without an event last."""
    sequence = finding.event_sequence
    return finding.year or 0, sequence is None, sequence or 0
