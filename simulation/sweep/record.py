"""``sweep.json``: what a sweep was begun with, so that a resumed one continues it and never something else.

Knows digests and names; not how they are made.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from simulation.errors import Problem, SweepError, WriteError
from simulation.parameters import Scenario
from simulation.parameters.canonical import plain
from simulation.sweep.inputs import Inputs
from simulation.sweep.plan import Seeds, SweepPlan
from simulation.sweep.seeds import format_seeds
from simulation.sweep.until import Until


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class ScenarioRecord(_Part):
    """One scenario of the sweep."""

    name: str
    digest: str
    title: str = ""
    plan_design_id: str
    years: tuple[int, int]


class CensusRecord(_Part):
    """The census of the sweep."""

    source: str
    digest: str
    rows: int
    as_of: str


class SweepRecord(_Part):
    """What a sweep was begun with."""

    format: Literal[1] = 1
    name: str
    begun: datetime = Field(default_factory=lambda: datetime.now(UTC))
    code_version: str
    census: CensusRecord
    scenarios: tuple[ScenarioRecord, ...]
    seeds: Seeds
    until: Until | None = None
    plan: Mapping[str, Any] | None = None
    """The plan as a sweep file would have it; none when it held objects."""

    @classmethod
    def of(cls, name: str, plan: SweepPlan, inputs: Inputs, code_version: str) -> SweepRecord:
        """Return the record of a plan whose inputs are gathered."""
        census = inputs.census
        return cls(
            name=name,
            code_version=code_version,
            census=CensusRecord(
                source=census.source, digest=census.digest, rows=census.frame.height, as_of=str(census.as_of)
            ),
            scenarios=tuple(_scenario_record(scenario) for scenario in inputs.scenarios.values()),
            seeds=plan.first_seeds,
            until=plan.until,
            plan=_portable(plan, name),
        )

    def write(self, path: Path) -> None:
        """Write the record whole or not at all.

        Raises:
            WriteError: the disk or the directory refuses.
        """
        part = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            part.write_text(self.model_dump_json(indent=2) + "\n", encoding="utf-8")
            part.replace(path)
        except OSError as error:
            part.unlink(missing_ok=True)
            problem = Problem(
                str(path), error.strerror or str(error), hint="make room, or choose another --out"
            )
            raise WriteError("the record of the sweep cannot be written", problems=[problem]) from error

    def joined(self, later: SweepRecord) -> SweepRecord:
        """Return the record with what a resumed sweep adds: scenarios and seeds."""
        known = {scenario.name for scenario in self.scenarios}
        added = tuple(scenario for scenario in later.scenarios if scenario.name not in known)
        seeds = tuple(dict.fromkeys([*self.seeds, *later.seeds]))
        return later.model_copy(
            update={"begun": self.begun, "scenarios": (*self.scenarios, *added), "seeds": seeds}
        )


def read_record(path: Path) -> SweepRecord:
    """Return the record of a sweep.

    Raises:
        SweepError: there is none, it is damaged, or of another version.
    """
    try:
        return SweepRecord.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        problem = Problem(str(path.parent), "no sweep.json", "a directory that `planwise sweep` made")
    except (OSError, ValueError, ValidationError) as error:
        found = str(error).splitlines()[0]
        problem = Problem(
            str(path), f"unreadable: {found}", hint="choose another name, or restore it from a backup"
        )
    raise SweepError("this is no sweep", problems=[problem])


def refuse_another(begun: SweepRecord, asked: SweepRecord) -> None:
    """Refuse to continue a sweep with other inputs than it was begun with.

    Raises:
        SweepError: says which inputs differ, by their digests.
    """
    problems = list(_differences(begun, asked))
    if problems:
        message = f"the sweep {begun.name!r} was begun with other inputs; resuming would mix two sweeps"
        raise SweepError(message, problems=problems)


def _differences(begun: SweepRecord, asked: SweepRecord) -> Iterator[Problem]:
    hint = "undo the change, or choose another name"
    before = {scenario.name: scenario for scenario in begun.scenarios}
    for scenario in asked.scenarios:
        if (old := before.get(scenario.name)) and old.digest != scenario.digest:
            found = _other_digest(scenario.digest, old.digest)
            yield Problem(f"scenario {scenario.name}", found, hint=hint)
    if begun.census.digest != asked.census.digest:
        found = _other_digest(asked.census.digest, begun.census.digest)
        yield Problem(f"census {asked.census.source}", found, hint=hint)
    if begun.code_version != asked.code_version:
        found = f"{asked.code_version}, but the sweep was begun with {begun.code_version}"
        yield Problem("code version", found, hint="finish it with that version, or choose another name")


def _other_digest(asked: str, begun: str) -> str:
    return f"its digest is {asked[:12]}, but the sweep was begun with {begun[:12]}"


def _scenario_record(scenario: Scenario) -> ScenarioRecord:
    return ScenarioRecord(
        name=scenario.name,
        digest=scenario.digest,
        title=scenario.title,
        plan_design_id=scenario.plan_design_id,
        years=(scenario.horizon.start_year, scenario.horizon.end_year),
    )


def _portable(plan: SweepPlan, name: str) -> dict[str, Any] | None:
    """Return the plan for a resume from any working directory, or nothing if it holds objects."""
    if any(isinstance(chosen, Scenario) for chosen in plan.scenarios):
        return None
    if not isinstance(plan.census, Path | None):
        return None
    fields = plan.model_dump(mode="json", exclude_none=True, exclude_defaults=True, by_alias=True)
    fields["name"] = name
    if plan.census:
        fields["census"] = str(plan.census.resolve())
    if "seeds" in plan.model_fields_set:
        fields["seeds"] = format_seeds(plan.seeds)
    if plan.design:
        fields["design"]["table"] = [plain(point) for point in plan.design.points.values()]
    for chosen in fields["scenarios"]:
        file = Path(chosen["scenario"]).expanduser()
        chosen["scenario"] = str(file.resolve()) if file.is_file() else chosen["scenario"]
    return fields
