"""Single events: what a factory derives, what it refuses, and that the three make the whole language."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from simulation.events import (
    EVENT_TYPES,
    DCPlanEventFactory,
    Occasion,
    PlanAdministrationEventFactory,
    SimulationEvent,
    WorkforceEventFactory,
)
from simulation.events.description import notes_of
from simulation.events.examples import EXAMPLES
from simulation.events.factories import ROOMS
from simulation.events.factory import method_of

DAY = date(2025, 4, 1)
ON = Occasion("E1", DAY)
WORKFORCE = WorkforceEventFactory("baseline", "standard")
PLAN = DCPlanEventFactory("baseline", "standard")
ADMINISTRATION = PlanAdministrationEventFactory("baseline", "standard")

RAISE = {"kind": "merit", "previous_compensation": 100, "new_compensation": "103.2", "rate": "0.032"}

FORFEITURE = {
    "plan_id": "standard",
    "forfeited_from_source": "employer_match",
    "amount": "12.34",
    "reason": "break_in_service",
    "vested_percentage": "0.4",
}

HCE_STATUS = {
    "plan_id": "standard",
    "determination_method": "prior_year",
    "ytd_compensation": "170000",
    "annualized_compensation": "170000",
    "hce_threshold": "160000",
    "is_hce": True,
    "determination_date": "2025-01-01",
    "prior_year_hce": None,
}

COMPLIANCE = {
    "plan_id": "standard",
    "compliance_type": "415c_limit_approach",
    "limit_type": "annual_additions",
    "applicable_limit": "70000",
    "current_amount": "65000",
    "monitoring_date": "2025-04-01",
}


def _methods() -> dict[str, Callable[..., SimulationEvent]]:
    return {
        event_type: getattr(room, method_of(event_type))
        for event_type in EVENT_TYPES
        for room in ROOMS
        if method_of(event_type) in vars(room)
    }


def test_the_factories_make_each_event_type_in_one_place() -> None:
    made = [name for room in ROOMS for name in vars(room) if not name.startswith("__")]
    assert sorted(made) == sorted(map(method_of, EVENT_TYPES))


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_a_method_has_the_fields_of_its_payload_and_tells_their_units(event_type: str) -> None:
    method, notes = _methods()[event_type], notes_of(EVENT_TYPES[event_type].payload)
    signature = inspect.signature(method)
    assert list(signature.parameters) == ["self", "on", *(note.name for note in notes)]
    for note in notes:
        parameter = signature.parameters[note.name]
        assert (parameter.default is inspect.Parameter.empty) == note.required
        assert f"    {note.name}: {note.text} Unit: {note.unit}" in (method.__doc__ or "")
    assert "Raises:" in (method.__doc__ or "")


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_an_example_is_of_its_type_and_comes_back_from_json_as_it_was(event_type: str) -> None:
    example = EXAMPLES[event_type]
    assert example.event_type == event_type
    assert SimulationEvent.model_validate_json(example.model_dump_json()) == example


def test_an_id_follows_from_what_the_event_says() -> None:
    one, two = (WORKFORCE.raise_(ON, **RAISE) for _ in range(2))
    assert one.event_id == two.event_id


@pytest.mark.parametrize(
    "other",
    [
        WORKFORCE.raise_(ON, **{**RAISE, "kind": "market"}),
        WORKFORCE.raise_(Occasion("E2", DAY), **RAISE),
        WORKFORCE.raise_(Occasion("E1", date(2025, 4, 2)), **RAISE),
        WORKFORCE.raise_(Occasion("E1", DAY, sequence=2), **RAISE),
        WORKFORCE.raise_(Occasion("E1", DAY, rule="union contract"), **RAISE),
        WorkforceEventFactory("growth", "standard").raise_(ON, **RAISE),
        WorkforceEventFactory("baseline", "generous").raise_(ON, **RAISE),
    ],
)
def test_an_event_that_says_something_else_has_another_id(other: SimulationEvent) -> None:
    assert other.event_id != WORKFORCE.raise_(ON, **RAISE).event_id


def test_the_time_of_making_is_no_part_of_the_id() -> None:
    made = datetime(2020, 1, 1, tzinfo=UTC)
    old = WORKFORCE.raise_(Occasion("E1", DAY, created_at=made), **RAISE)
    assert old.created_at == made
    assert old.event_id == WORKFORCE.raise_(ON, **RAISE).event_id


def test_year_and_amount_follow_from_date_and_payload() -> None:
    event = WORKFORCE.raise_(ON, **RAISE)
    assert event.simulation_year == 2025
    assert str(event.amount) == "3.200000"
    assert str(event.model_dump(mode="json")["payload"]["new_compensation"]) == "103.200000"


@pytest.mark.parametrize(
    ("event_type", "amount"),
    [
        ("census", Decimal(60_000)),
        ("rehire", Decimal(61_500)),
        ("rollover", Decimal(39_500)),
        ("forfeiture", Decimal(5_400)),
        ("contribution", Decimal("138.46")),
        ("vesting", None),
    ],
)
def test_an_amount_is_derived_where_the_payload_says_it(event_type: str, amount: Decimal | None) -> None:
    assert EXAMPLES[event_type].amount == amount


def test_a_stochastic_event_carries_its_draw() -> None:
    on = Occasion("E1", DAY, rule="workforce.termination", probability=0.12, draw=0.07)
    cause = WORKFORCE.termination(on, reason="voluntary").cause
    assert (cause.rule, cause.probability, cause.draw) == ("workforce.termination", 0.12, 0.07)


class TestRefuses:
    def test_a_contribution_without_an_amount(self) -> None:
        fields = {"source": "employer_match", "kind": "regular", "pay_period": 1, "compensation": 0}
        with pytest.raises(ValueError, match="contribution needs the amount"):
            PLAN.contribution(ON, plan_id="standard", **fields)

    def test_an_amount_that_is_not_the_payload_s(self) -> None:
        with pytest.raises(ValueError, match=r"is 3\.200000, not 3"):
            WORKFORCE.raise_(Occasion("E1", DAY, amount=Decimal(3)), **RAISE)

    def test_the_payload_of_another_plan(self) -> None:
        with pytest.raises(ValueError, match="another plan than 'standard'"):
            PLAN.opt_out(ON, plan_id="generous")

    @pytest.mark.parametrize("missing", ["scenario_id", "plan_design_id"])
    def test_a_run_without_scenario_or_plan_design(self, missing: str) -> None:
        names = {"scenario_id": "s", "plan_design_id": "p", missing: ""}
        with pytest.raises(ValidationError, match=missing):
            WorkforceEventFactory(**names).termination(ON, reason="voluntary")

    @pytest.mark.parametrize(
        "wrong",
        [
            {"kind": "bonus"},
            {"new_compensation": 0},
            {"new_compensation": "1.0000001"},
            {"new_compensation": "1000000000000"},
            {"rate": "0.12345"},
            {"note": ""},
        ],
        ids=str,
    )
    def test_a_raise_that_means_nothing(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(ValidationError, match=next(iter(wrong))):
            WORKFORCE.raise_(ON, **{**RAISE, **wrong})

    @pytest.mark.parametrize(
        "wrong",
        [
            {"plan_id": ""},
            {"forfeited_from_source": "employee_roth"},
            {"amount": 0},
            {"amount": "-1"},
            {"amount": "0.0000001"},
            {"reason": "theft"},
            {"vested_percentage": "1.0001"},
            {"vested_percentage": "-0.0001"},
            {"vested_percentage": "0.33333"},
        ],
        ids=str,
    )
    def test_a_forfeiture_that_means_nothing(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(ValidationError, match=next(iter(wrong))):
            ADMINISTRATION.forfeiture(ON, **{**FORFEITURE, **wrong})

    def test_a_fee_that_gives_money_but_not_a_loss(self) -> None:
        sources = {"pre_tax": "-1", "roth": 0, "match": 0, "nonelective": 0, "profit_sharing": 0}
        with pytest.raises(ValidationError, match="pre_tax"):
            PLAN.fee(ON, plan_id="standard", **sources)
        assert PLAN.investment_return(ON, plan_id="standard", rate="-0.02", **sources).amount == -1

    @pytest.mark.parametrize(
        "wrong",
        [
            {"determination_method": "next_year"},
            {"ytd_compensation": "-1"},
            {"hce_threshold": "0.0000001"},
            {"is_hce": None},
            {"determination_date": "2025-02-30"},
        ],
        ids=str,
    )
    def test_a_status_that_means_nothing(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(ValidationError, match=next(iter(wrong))):
            ADMINISTRATION.hce_status(ON, **{**HCE_STATUS, **wrong})

    @pytest.mark.parametrize(
        "wrong",
        [
            {"compliance_type": "close"},
            {"limit_type": "sky"},
            {"applicable_limit": "-1"},
            {"current_amount": None},
            {"monitoring_date": "soon"},
        ],
        ids=str,
    )
    def test_a_finding_that_means_nothing(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(ValidationError, match=next(iter(wrong))):
            ADMINISTRATION.compliance(ON, **{**COMPLIANCE, **wrong})


@pytest.mark.parametrize(
    ("event_type", "fields", "choices"),
    [
        (
            "forfeiture",
            FORFEITURE,
            {
                "forfeited_from_source": {
                    "employer_match",
                    "employer_nonelective",
                    "employer_profit_sharing",
                },
                "reason": {"unvested_termination", "break_in_service"},
            },
        ),
        ("hce_status", HCE_STATUS, {"determination_method": {"prior_year", "current_year"}}),
        (
            "compliance",
            COMPLIANCE,
            {
                "compliance_type": {"402g_limit_approach", "415c_limit_approach", "catch_up_eligible"},
                "limit_type": {"elective_deferral", "annual_additions", "catch_up"},
            },
        ),
    ],
)
def test_the_fixed_payloads_have_exactly_the_fixed_fields(
    event_type: str, fields: dict[str, Any], choices: dict[str, set[str]]
) -> None:
    notes = {note.name: note for note in notes_of(EVENT_TYPES[event_type].payload)}
    assert list(notes) == list(fields)
    for name, fixed in choices.items():
        assert fixed <= set(notes[name].choices)
