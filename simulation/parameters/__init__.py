"""Scenarios: what may be set, how files and settings make one, and what is wrong with them.

The names below are what the rest of the package uses; frames and Polars load only when they are asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.homes import from_homes
from simulation.parameters.calendar_form import Effective, MonthDay
from simulation.parameters.provenance import Layer
from simulation.parameters.scenario import Scenario
from simulation.parameters.workforce.reduction_in_force import ReductionInForce

if TYPE_CHECKING:
    from simulation.parameters.difference import parameter_diff
    from simulation.parameters.effective import effective_parameters
    from simulation.parameters.levers import LEVERS, Lever, Levers, effective_levers
    from simulation.parameters.levers_file import levers_from, read_levers, write_levers
    from simulation.parameters.limits import Limits
    from simulation.parameters.overlay import parameters
    from simulation.parameters.places import shipped
    from simulation.parameters.record import Record
    from simulation.parameters.resolve import load_scenario
    from simulation.parameters.validate import Report, validate_files

__getattr__ = from_homes(
    __name__,
    {
        "LEVERS": "levers",
        "Lever": "levers",
        "Levers": "levers",
        "Limits": "limits",
        "Record": "record",
        "Report": "validate",
        "effective_levers": "levers",
        "effective_parameters": "effective",
        "levers_from": "levers_file",
        "load_scenario": "resolve",
        "parameter_diff": "difference",
        "parameters": "overlay",
        "read_levers": "levers_file",
        "shipped": "places",
        "validate_files": "validate",
        "write_levers": "levers_file",
    },
)

__all__ = [
    "LEVERS",
    "Effective",
    "Layer",
    "Lever",
    "Levers",
    "Limits",
    "MonthDay",
    "Record",
    "ReductionInForce",
    "Report",
    "Scenario",
    "effective_levers",
    "effective_parameters",
    "levers_from",
    "load_scenario",
    "parameter_diff",
    "parameters",
    "read_levers",
    "shipped",
    "validate_files",
    "write_levers",
]
