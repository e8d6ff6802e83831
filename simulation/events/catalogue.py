"""The table of event types: payload model, frame columns, and which column is the event's amount.

Row order is the order in which a year's frames are written and digested. A new event type is a new row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import polars as pl

from simulation.events.accounts import (
    DistributionPayload,
    FeePayload,
    ForfeiturePayload,
    ForfeitureUsePayload,
    InvestmentReturnPayload,
    LoanDefaultPayload,
    LoanPayload,
    LoanRepaymentPayload,
    RestorationPayload,
    RolloverPayload,
    WithdrawalPayload,
)
from simulation.events.administration import CompliancePayload, HceStatusPayload
from simulation.events.dc_plan import (
    ContributionPayload,
    DeferralChangePayload,
    EligibilityPayload,
    EnrollmentPayload,
    EscalationPayload,
    OptOutPayload,
    VestingPayload,
)
from simulation.events.fields import Column, columns_of, implied_of
from simulation.events.payload import Payload
from simulation.events.workforce import (
    CensusPayload,
    HirePayload,
    HoursPayload,
    LeavePayload,
    PromotionPayload,
    RaisePayload,
    RehirePayload,
    TerminationPayload,
)


@dataclass(frozen=True, slots=True)
class EventType:
    """One kind of event: its name, its payload, its columns beyond the common ones, and what those imply."""

    name: str
    payload: type[Payload]
    columns: tuple[Column, ...]
    implied: Mapping[str, str]


def _row(name: str, payload: type[Payload]) -> tuple[str, EventType]:
    return name, EventType(name, payload, columns_of(payload), implied_of(payload))


EVENT_TYPES: Final[Mapping[str, EventType]] = MappingProxyType(
    dict(
        [
            _row("census", CensusPayload),
            _row("hire", HirePayload),
            _row("rehire", RehirePayload),
            _row("termination", TerminationPayload),
            _row("promotion", PromotionPayload),
            _row("raise", RaisePayload),
            _row("leave", LeavePayload),
            _row("hours", HoursPayload),
            _row("eligibility", EligibilityPayload),
            _row("enrollment", EnrollmentPayload),
            _row("opt_out", OptOutPayload),
            _row("deferral_change", DeferralChangePayload),
            _row("escalation", EscalationPayload),
            _row("contribution", ContributionPayload),
            _row("vesting", VestingPayload),
            _row("loan", LoanPayload),
            _row("loan_repayment", LoanRepaymentPayload),
            _row("loan_default", LoanDefaultPayload),
            _row("withdrawal", WithdrawalPayload),
            _row("distribution", DistributionPayload),
            _row("rollover", RolloverPayload),
            _row("investment_return", InvestmentReturnPayload),
            _row("fee", FeePayload),
            _row("forfeiture", ForfeiturePayload),
            _row("restoration", RestorationPayload),
            _row("forfeiture_use", ForfeitureUsePayload),
            _row("hce_status", HceStatusPayload),
            _row("compliance", CompliancePayload),
        ]
    )
)

DECIDED_COLUMNS: Final[Mapping[str, pl.DataType]] = MappingProxyType(
    {
        "seed": pl.UInt64(),
        "person": pl.Int32(),
        "employee_id": pl.String(),
        "effective_date": pl.Date(),
        "amount_cents": pl.Int64(),
        "cause_rule": pl.Categorical(),
        "cause_probability": pl.Float64(),
        "cause_draw": pl.Float64(),
    }
)
"""What an engine says of every event, beside the payload's columns; ``person`` is the employee's number."""

STAMPED_COLUMNS: Final[Mapping[str, pl.DataType]] = MappingProxyType(
    {"simulation_year": pl.Int32(), "phase": pl.Int16(), "event_sequence": pl.Int64()}
)
"""What the year adds when the events of all phases are put in their total order."""


def columns(event_type: str) -> dict[str, pl.DataType]:
    """Return the columns of one type's frame as an engine makes it, in canonical order."""
    own = {column.name: column.dtype for column in EVENT_TYPES[event_type].columns}
    return {**DECIDED_COLUMNS, **own}


def empty(event_type: str) -> pl.DataFrame:
    """Return a frame of one type without events."""
    return pl.DataFrame(schema=columns(event_type))
