"""The table of event types: number, payload model, frame columns, and which column is the event's amount.

Row order is the order in which a year's frames are written and digested. A new event type is a new row, with
the next number: that of another says the same in every store, wherever its row stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

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


class EventType(NamedTuple):
    """One kind of event: its name, its payload, its columns beyond the common ones, and what those imply.

    ``number``, from 0 to 63, is its bit where a number says which types there are.
    """

    number: int
    name: str
    payload: type[Payload]
    columns: tuple[Column, ...]
    implied: Mapping[str, str]


def _row(number: int, name: str, payload: type[Payload]) -> tuple[str, EventType]:
    return name, EventType(number, name, payload, columns_of(payload), implied_of(payload))


EVENT_TYPES: Final[Mapping[str, EventType]] = MappingProxyType(
    dict(
        [
            _row(0, "census", CensusPayload),
            _row(1, "hire", HirePayload),
            _row(2, "rehire", RehirePayload),
            _row(3, "termination", TerminationPayload),
            _row(4, "promotion", PromotionPayload),
            _row(5, "raise", RaisePayload),
            _row(6, "leave", LeavePayload),
            _row(7, "hours", HoursPayload),
            _row(8, "eligibility", EligibilityPayload),
            _row(9, "enrollment", EnrollmentPayload),
            _row(10, "opt_out", OptOutPayload),
            _row(11, "deferral_change", DeferralChangePayload),
            _row(12, "escalation", EscalationPayload),
            _row(13, "contribution", ContributionPayload),
            _row(14, "vesting", VestingPayload),
            _row(15, "loan", LoanPayload),
            _row(16, "loan_repayment", LoanRepaymentPayload),
            _row(17, "loan_default", LoanDefaultPayload),
            _row(18, "withdrawal", WithdrawalPayload),
            _row(19, "distribution", DistributionPayload),
            _row(20, "rollover", RolloverPayload),
            _row(21, "investment_return", InvestmentReturnPayload),
            _row(22, "fee", FeePayload),
            _row(23, "forfeiture", ForfeiturePayload),
            _row(24, "restoration", RestorationPayload),
            _row(25, "forfeiture_use", ForfeitureUsePayload),
            _row(26, "hce_status", HceStatusPayload),
            _row(27, "compliance", CompliancePayload),
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
