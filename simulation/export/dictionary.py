"""The data dictionary: what every column of the relations that outside programs read means, and its unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

RELATIONS: Final[Mapping[str, str]] = {
    "fct_yearly_events": "One row an event, in the order in which they happened.",
    "fct_workforce_snapshot": "One row an employee who worked in the year, as of 31 December.",
    "fct_participant_balance_snapshots": "One row a participant and snapshot date.",
    "fct_year_summary": "One row a year and metric.",
    "fct_status_summary": "One row a year, detailed employment status and metric.",
    "fct_data_quality": "One row a year and gate that the data went through.",
    "int_effective_parameters": "One row a year, job level and parameter.",
    "run_manifest": "One row: what the run was made from, by what and when, and its digests.",
}
"""What is exported, and what a row of it is."""

MEANINGS: Final[Mapping[str, str]] = {
    "event_id": "The event's id, a function of the run and of the event's content.",
    "employee_id": "The census's id, or that of the requisition slot of a hire.",
    "scenario_id": "The scenario's name.",
    "plan_design_id": "The plan design's name.",
    "seed": "The seed of the run.",
    "simulation_year": "The calendar year; the one before the first holds the census.",
    "event_type": "What happened; docs/events.md describes each type.",
    "effective_date": "The day on which it happened.",
    "event_sequence": "The event's place in the total order of the run, from 1.",
    "phase": "The phase of the year that decided it; docs/model.md lists them.",
    "amount": "What the event is worth: new pay, a contribution, a loan; docs/events.md says which.",
    "event_payload": "The event's fields as JSON.",
    "cause": "The rule, and for a chance event its probability and draw, as JSON.",
    "created_at": "When the run was started (UTC).",
    "snapshot_date": "The day that the row describes.",
    "employment_status": "active or terminated.",
    "detailed_status_code": "Here before the year or new in it, and here at its end or not.",
    "job_level": "The job level, 1 the lowest; none where a value holds for all.",
    "department": "The department.",
    "hire_date": "The day of the first hire.",
    "age": "Completed years of age.",
    "tenure_years": "Completed years of service.",
    "age_band": "The band of ages.",
    "tenure_band": "The band of service.",
    "scheduled_hours": "Hours a year that the job is for.",
    "current_compensation": "The annual rate of pay on that day, or on the last day of work.",
    "prorated_annual_compensation": "What was paid for the days at work in the year.",
    "full_year_equivalent_compensation": "What would have been paid for all days of the year.",
    "is_eligible": "Whether they have entered the plan.",
    "is_enrolled": "Whether they defer pay.",
    "deferral_rate": "The share of pay that they defer.",
    "termination_date": "The last day of work, if they left.",
    "termination_reason": "Why they left.",
    "balance_pre_tax": "Pre-tax deferrals and their returns.",
    "balance_roth": "Roth deferrals and their returns.",
    "balance_match": "Employer match and its returns.",
    "balance_nonelective": "Nonelective contributions and their returns.",
    "balance_profit_sharing": "Profit sharing and its returns.",
    "total_balance": "All sources together.",
    "vested_percentage": "The vested share of the whole balance.",
    "vested_balance": "The vested part of the balance.",
    "loan_balance": "What is owed on plan loans.",
    "event_count_since_last_snapshot": "How many events moved the account since the snapshot before.",
    "metric": "The metric's name; docs/model.md defines them.",
    "value": "The number, exact; of a parameter, the value as text.",
    "gate": "The gate's name; docs/data_quality.md describes each.",
    "layer": "Where it looks.",
    "severity": "hard: a run that fails it is not sealed; soft: a warning.",
    "passed": "Whether the data went through.",
    "threshold": "What the value may be at most.",
    "rows": "How many rows it concerns.",
    "detail": "The first of them, or what was found.",
    "parameter": "The parameter's key.",
    "unit": "The parameter's unit.",
    "origin": "What set it: the baseline, an overlay, the levers, a setting, or a published limit.",
    "schema_version": "The version of the store's layout.",
    "start_year": "The first simulated year.",
    "end_year": "The last simulated year.",
    "keep": "Which events the store keeps.",
    "balance_snapshots": "How often balances are written down.",
    "scenario_digest": "The digest of the resolved scenario.",
    "scenario_json": "The resolved scenario.",
    "census_digest": "The digest of the census.",
    "census_as_of": "The day that the census describes.",
    "census_source": "The census's file.",
    "census_rows": "People in the census.",
    "code_version": "The release and a digest of the model's sources.",
    "dependency_versions": "Versions of Python and of the libraries that compute or keep numbers.",
    "digest": "The last link of the chain over all years.",
    "events": "Events of the run.",
    "years": "Events and digests of each year and relation.",
    "started": "When the run was started (UTC).",
    "finished": "When it was sealed (UTC).",
    "host": "The machine.",
    "user": "Who ran it.",
    "manifest_digest": "The digest of everything else in this row.",
}
"""What a column holds, by its name: one name means one thing in every relation."""

_UNITS: Final[Mapping[str, str]] = {
    "DECIMAL(18,6)": "US dollars",
    "DECIMAL(10,4)": "share of one",
    "DATE": "ISO date",
    "TIMESTAMP": "UTC",
}

_COUNTED: Final[Mapping[str, str]] = {
    "age": "years",
    "tenure_years": "years",
    "scheduled_hours": "hours a year",
    "census_rows": "people",
    "events": "events",
    "rows": "rows",
    "event_count_since_last_snapshot": "events",
    "value": "as the metric, gate or parameter says",
}


def dictionary(columns: Mapping[str, Mapping[str, str]]) -> pl.DataFrame:
    """Return one row a column of each relation, from their SQL types by relation and name."""
    rows = [
        (relation, RELATIONS[relation], name, kind, _unit(name, kind), MEANINGS[name])
        for relation, types in columns.items()
        for name, kind in types.items()
    ]
    names = ("relation", "row", "column", "type", "unit", "meaning")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def _unit(name: str, kind: str) -> str:
    return _COUNTED.get(name) or _UNITS.get(kind, "")
