"""The factories of the language's three rooms: a method an event type, each made from its payload model.

A method takes an ``Occasion`` (to whom, when, why) and the payload's fields by name; ``help`` shows them
with units and bounds.
"""

from __future__ import annotations

from typing import Final

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
from simulation.events.factory import EventFactory, event_of
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


class WorkforceEventFactory(EventFactory):
    """Workforce: who comes, goes and moves up, what they are paid and how long they work."""

    census = event_of(CensusPayload)
    hire = event_of(HirePayload)
    rehire = event_of(RehirePayload)
    termination = event_of(TerminationPayload)
    promotion = event_of(PromotionPayload)
    raise_ = event_of(RaisePayload)
    leave = event_of(LeavePayload)
    hours = event_of(HoursPayload)


class DCPlanEventFactory(EventFactory):
    """Defined contribution plan: who takes part, and what goes into, out of and between accounts."""

    eligibility = event_of(EligibilityPayload)
    enrollment = event_of(EnrollmentPayload)
    opt_out = event_of(OptOutPayload)
    deferral_change = event_of(DeferralChangePayload)
    escalation = event_of(EscalationPayload)
    contribution = event_of(ContributionPayload)
    vesting = event_of(VestingPayload)
    loan = event_of(LoanPayload)
    loan_repayment = event_of(LoanRepaymentPayload)
    loan_default = event_of(LoanDefaultPayload)
    withdrawal = event_of(WithdrawalPayload)
    distribution = event_of(DistributionPayload)
    rollover = event_of(RolloverPayload)
    investment_return = event_of(InvestmentReturnPayload)
    fee = event_of(FeePayload)


class PlanAdministrationEventFactory(EventFactory):
    """Plan administration: the forfeiture account, who is highly compensated, who comes near a limit."""

    forfeiture = event_of(ForfeiturePayload)
    restoration = event_of(RestorationPayload)
    forfeiture_use = event_of(ForfeitureUsePayload)
    hce_status = event_of(HceStatusPayload)
    compliance = event_of(CompliancePayload)


ROOMS: Final = (WorkforceEventFactory, DCPlanEventFactory, PlanAdministrationEventFactory)
"""Every factory; together they make each event type once."""
