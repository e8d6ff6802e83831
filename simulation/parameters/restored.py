"""A scenario as the manifest of a run tells it, and out of it again: values and lever rows, no files."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from simulation.errors import Problem, ScenarioError
from simulation.parameters.canonical import plain
from simulation.parameters.effective import stated_origins
from simulation.parameters.levers import Levers
from simulation.parameters.overlay import nest
from simulation.parameters.scenario import Scenario

if TYPE_CHECKING:
    import polars as pl

DESIGNS_KEPT: Final = 16
"""Scenarios that are kept: the seeds of a sweep share theirs, and reading one costs as much as a test."""


def told(scenario: Scenario) -> str:
    """Return every value of a scenario and the lever rows of its years, as JSON."""
    levers = scenario.lever_rows.content(scenario.horizon.years)
    return json.dumps(
        plain({"values": scenario.flat(), "levers": levers}), sort_keys=True, ensure_ascii=False
    )


@lru_cache(maxsize=DESIGNS_KEPT)
def restored(scenario_json: str, digest: str) -> Scenario:
    """Return the scenario that a manifest describes.

    Raises:
        ScenarioError: this version does not know a value, or reads another scenario out of them.
    """
    said = json.loads(scenario_json)
    rows = {(year, level, lever): Decimal(value) for year, level, lever, value in said["levers"]}
    try:
        scenario = Scenario.model_validate(nest(said["values"])).with_levers(Levers(rows))
    except ValidationError as error:
        places = ", ".join(".".join(map(str, problem["loc"])) for problem in error.errors())
        raise _unknown(f"values that are not known: {places}") from error
    if scenario.digest != digest:
        raise _unknown(f"digest {digest[:12]}, here {scenario.digest[:12]}")
    return scenario


def retraced(scenario: Scenario, told: pl.DataFrame) -> Scenario:
    """Return a scenario with the origins of its values as the effective parameters of its run tell them."""
    traced = scenario.model_copy()
    provenance = replace(scenario._provenance, origins=stated_origins(told))  # noqa: SLF001 - of one making
    traced._provenance = provenance  # noqa: SLF001 - as above
    return traced


def _unknown(found: str) -> ScenarioError:
    problem = Problem("scenario of the run", found, hint="use the version that made the run, or run it again")
    return ScenarioError("the run's scenario is of another version", problems=[problem])
