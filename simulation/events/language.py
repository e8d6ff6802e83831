"""Every payload as one discriminated union: what an event of the log may say."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import Field

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

AnyPayload: TypeAlias = Annotated[
    CensusPayload
    | HirePayload
    | RehirePayload
    | TerminationPayload
    | PromotionPayload
    | RaisePayload
    | LeavePayload
    | HoursPayload
    | EligibilityPayload
    | EnrollmentPayload
    | OptOutPayload
    | DeferralChangePayload
    | EscalationPayload
    | ContributionPayload
    | VestingPayload
    | LoanPayload
    | LoanRepaymentPayload
    | LoanDefaultPayload
    | WithdrawalPayload
    | DistributionPayload
    | RolloverPayload
    | InvestmentReturnPayload
    | FeePayload
    | ForfeiturePayload
    | RestorationPayload
    | ForfeitureUsePayload
    | HceStatusPayload
    | CompliancePayload,
    Field(discriminator="event_type"),
]
