"""A worked example of each event type, made by the factories: what the reference prints and tests try."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from simulation.events.envelope import SimulationEvent
from simulation.events.factories import ROOMS
from simulation.events.factory import Occasion, method_of

SCENARIO: Final = "baseline"
PLAN: Final = "standard"

_MADE: Final = datetime(2025, 1, 2, 9, 30, tzinfo=UTC)

_PLAN: Final = {"plan_id": PLAN}

_PERSON: Final = {
    "birth_date": "1988-03-14",
    "hire_date": "2019-06-03",
    "department": "Finance",
    "job_level": 2,
    "annual_compensation": "60000",
    "scheduled_hours": 2080,
}

_NO_SOURCES: Final = dict.fromkeys(("pre_tax", "roth", "match", "nonelective", "profit_sharing"), 0)


def _sources(**stated: str) -> dict[str, Any]:
    """Return a plan payload's money by source: what is stated, and none of the others."""
    return {**_PLAN, **_NO_SOURCES, **stated}


_PAYLOADS: Final[Mapping[str, tuple[date, Mapping[str, Any]]]] = {
    "census": (
        date(2024, 12, 31),
        {
            **_PERSON,
            "ownership": 0,
            "is_officer": False,
            "deferral": "0.06",
            "balance_pre_tax": "18000",
            "balance_roth": 0,
            "balance_match": "9000",
            "balance_nonelective": 0,
        },
    ),
    "hire": (date(2025, 6, 2), {**_PERSON, "hire_date": "2025-06-02", "slot": 17}),
    "rehire": (date(2026, 9, 1), {"annual_compensation": "61500", "service_date": "2020-12-02"}),
    "termination": (date(2025, 8, 29), {"reason": "voluntary"}),
    "promotion": (date(2025, 2, 1), {"from_level": 2, "to_level": 3, "raise_rate": "0.1"}),
    "raise": (
        date(2025, 7, 15),
        {
            "kind": "merit",
            "previous_compensation": "60000",
            "new_compensation": "61920",
            "rate": "0.032",
        },
    ),
    "leave": (date(2025, 4, 7), {"days": 42}),
    "hours": (date(2025, 12, 31), {"hours": 1840, "year_of_service": True}),
    "eligibility": (
        date(2025, 7, 1),
        {**_PLAN, "entry_date": "2025-07-01", "employer_entry_date": "2025-07-01"},
    ),
    "enrollment": (
        date(2025, 7, 1),
        {**_PLAN, "pre_tax_rate": "0.06", "roth_rate": 0, "method": "automatic"},
    ),
    "opt_out": (date(2025, 7, 1), _PLAN),
    "deferral_change": (
        date(2025, 10, 1),
        {**_PLAN, "pre_tax_rate": "0.05", "roth_rate": "0.03", "reason": "increase"},
    ),
    "escalation": (
        date(2026, 1, 1),
        {**_PLAN, "pre_tax_rate": "0.07", "roth_rate": 0, "refused": False},
    ),
    "contribution": (
        date(2025, 7, 11),
        {
            **_PLAN,
            "source": "employee_pre_tax",
            "kind": "regular",
            "pay_period": 14,
            "compensation": "2307.69",
        },
    ),
    "vesting": (
        date(2025, 12, 31),
        {
            **_PLAN,
            "credited_service": 3,
            "vested_match": "0.4",
            "vested_nonelective": "0.4",
            "vested_profit_sharing": "0.4",
        },
    ),
    "loan": (
        date(2025, 5, 9),
        {
            **_sources(pre_tax="5000"),
            "loan_number": 1,
            "interest_rate": "0.085",
            "payments": 60,
            "payment": "102.58",
        },
    ),
    "loan_repayment": (
        date(2025, 6, 9),
        {**_sources(pre_tax="102.58"), "loan_number": 1, "principal": "67.16", "interest": "35.42"},
    ),
    "loan_default": (
        date(2025, 8, 29),
        {**_PLAN, "loan_number": 1, "reason": "offset", "accrued_interest": "22.64"},
    ),
    "withdrawal": (date(2025, 9, 12), {**_sources(pre_tax="2400"), "reason": "hardship"}),
    "distribution": (date(2025, 11, 3), {**_sources(pre_tax="3100", match="850"), "reason": "cash_out"}),
    "rollover": (date(2025, 11, 3), {**_sources(pre_tax="31000", match="8500"), "reason": "elected"}),
    "investment_return": (
        date(2025, 12, 31),
        {**_sources(pre_tax="1141.2", match="570.6"), "rate": "0.0634"},
    ),
    "fee": (date(2025, 12, 31), _sources(pre_tax="54", match="27")),
    "forfeiture": (
        date(2025, 11, 3),
        {
            **_PLAN,
            "forfeited_from_source": "employer_match",
            "amount": "5400",
            "reason": "unvested_termination",
            "vested_percentage": "0.4",
        },
    ),
    "restoration": (
        date(2026, 9, 1),
        {**_PLAN, "restored_to_source": "employer_match", "amount": "5400"},
    ),
    "forfeiture_use": (date(2025, 12, 31), {**_PLAN, "use": "reduce_contributions", "amount": "312.5"}),
    "hce_status": (
        date(2026, 1, 1),
        {
            **_PLAN,
            "determination_method": "prior_year",
            "ytd_compensation": "168250.40",
            "annualized_compensation": "168250.40",
            "hce_threshold": "160000",
            "is_hce": True,
            "determination_date": "2026-01-01",
            "prior_year_hce": False,
        },
    ),
    "compliance": (
        date(2025, 10, 17),
        {
            **_PLAN,
            "compliance_type": "402g_limit_approach",
            "limit_type": "elective_deferral",
            "applicable_limit": "23500",
            "current_amount": "21200",
            "monitoring_date": "2025-10-17",
        },
    ),
}

_AMOUNTS: Final = {"contribution": Decimal("138.46"), "loan_default": Decimal("4772.64")}


def _examples() -> dict[str, SimulationEvent]:
    makers = {
        event_type: getattr(room(SCENARIO, PLAN), method_of(event_type))
        for event_type in _PAYLOADS
        for room in ROOMS
        if hasattr(room, method_of(event_type))
    }
    return {
        event_type: makers[event_type](
            Occasion("E000001", day, amount=_AMOUNTS.get(event_type), created_at=_MADE), **fields
        )
        for event_type, (day, fields) in _PAYLOADS.items()
    }


EXAMPLES: Final[Mapping[str, SimulationEvent]] = MappingProxyType(_examples())
"""One event a type, in the order of the catalogue."""
