from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from simulation.events import EVENT_TYPES, columns
from simulation.events.catalogue import DECIDED_COLUMNS, STAMPED_COLUMNS, EventType
from simulation.evolve import APPLY
from tests.populations import STANDS, census_of, run_all, scenario_of

NUMBERED = [
    "census",
    "hire",
    "rehire",
    "termination",
    "promotion",
    "raise",
    "leave",
    "hours",
    "eligibility",
    "enrollment",
    "opt_out",
    "deferral_change",
    "escalation",
    "contribution",
    "vesting",
    "loan",
    "loan_repayment",
    "loan_default",
    "withdrawal",
    "distribution",
    "rollover",
    "investment_return",
    "fee",
    "forfeiture",
    "restoration",
    "forfeiture_use",
    "hce_status",
    "compliance",
]
"""Types in the order of their numbers: stores keep these, so that the list only grows at its end."""

PAYLOADS = [pytest.param(kind, id=name) for name, kind in EVENT_TYPES.items()]


@pytest.mark.parametrize("kind", PAYLOADS)
def test_each_payload_field_has_one_column_named_for_its_unit(kind: EventType) -> None:
    fields = [name for name in kind.payload.model_fields if name not in {"event_type", *kind.implied}]
    assert [column.field for column in kind.columns] == fields
    for column in kind.columns:
        suffixes = {"_cents": pl.Int64(), "_bp": pl.Int32(), "": column.dtype}
        assert suffixes[column.name.removeprefix(column.field)] == column.dtype


@pytest.mark.parametrize("kind", PAYLOADS)
def test_each_payload_names_its_type(kind: EventType) -> None:
    assert kind.payload.model_fields["event_type"].default == kind.name


def test_a_type_keeps_its_number_for_ever() -> None:
    numbers = [kind.number for kind in EVENT_TYPES.values()]
    assert sorted(numbers) == [*range(len(NUMBERED))]
    assert {EVENT_TYPES[name].number: name for name in NUMBERED} == dict(enumerate(NUMBERED))
    assert max(numbers) < 64


def test_every_type_is_applied_by_evolve() -> None:
    assert set(APPLY) == set(EVENT_TYPES)


def test_no_payload_column_hides_a_common_one() -> None:
    common = {*DECIDED_COLUMNS, *STAMPED_COLUMNS}
    assert not [c.name for kind in EVENT_TYPES.values() for c in kind.columns if c.name in common]


def test_the_frames_of_a_run_have_exactly_the_declared_columns() -> None:
    people: list[dict[str, object]] = [{"hire_date": date(2015 + n % 9, 1 + n % 12, 1)} for n in range(199)]
    people.append({"hire_date": date(2015, 1, 1), "birth_date": date(1970, 1, 1), "ownership_bp": 1_000})
    values = {
        **STANDS,
        "workforce.rehire.rate": "90%",
        "plan.auto_enrollment.scope": "all_eligible",
        "plan.auto_enrollment.opt_out_rate": "20%",
        "plan.loans.take_up": "60%",
        "plan.loans.default_rate": "50%",
        "plan.distributions.hardship_rate": "20%",
    }
    records = run_all(scenario_of(values, years=(2025, 2028)), census_of(*people))
    seen = {event_type for record in records for event_type in record.events}
    assert seen == set(EVENT_TYPES)
    for record in records:
        for event_type, frame in record.events.items():
            assert dict(frame.schema) == {**columns(event_type), **STAMPED_COLUMNS}
            required = [column.name for column in EVENT_TYPES[event_type].columns if not column.nullable]
            assert not sum(frame.select(required).null_count().row(0))
