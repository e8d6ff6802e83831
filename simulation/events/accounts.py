"""Money that moves in, out of and between participants' accounts after it was contributed."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import Field

from simulation.events.fields import Amount, Money, PlanId, Rate, Share
from simulation.events.payload import Payload
from simulation.events.sources import EmployerSource


class ForfeitureReason(StrEnum):
    """When employer money was forfeited.

    The plan event schema names the first two. A permissible withdrawal (IRC 414(w)) is a third: who takes
    automatic deferrals back in the plan's window loses the match on them, vested or not.
    """

    UNVESTED_TERMINATION = "unvested_termination"
    BREAK_IN_SERVICE = "break_in_service"
    PERMISSIBLE_WITHDRAWAL = "permissible_withdrawal"


class ForfeitureUse(StrEnum):
    """What forfeitures pay for."""

    EXPENSES = "expenses"
    REDUCE_CONTRIBUTIONS = "reduce_contributions"
    REALLOCATE = "reallocate"


class WithdrawalReason(StrEnum):
    """Why money was paid out to somebody in service."""

    HARDSHIP = "hardship"
    IN_SERVICE = "in_service"
    PERMISSIBLE = "permissible"
    REQUIRED_MINIMUM = "required_minimum"


class DistributionReason(StrEnum):
    """Why money was paid out to somebody who had left."""

    CASH_OUT = "cash_out"
    FORCED = "forced"
    DEATH = "death"
    REQUIRED_MINIMUM = "required_minimum"


class RolloverReason(StrEnum):
    """Why money went to another plan or an IRA."""

    ELECTED = "elected"
    FORCED = "forced"


class LoanEnd(StrEnum):
    """Why a loan ended without being repaid."""

    OFFSET = "offset"
    DEFAULT = "default"


class BySource(Payload):
    """Money by source, in dollars; the event's amount is the sum."""

    pre_tax: Money = Field(ge=0, description="Of pre-tax deferrals.")
    roth: Money = Field(ge=0, description="Of Roth deferrals.")
    match: Money = Field(ge=0, description="Of match.")
    nonelective: Money = Field(ge=0, description="Of nonelective money.")
    profit_sharing: Money = Field(ge=0, description="Of profit sharing.")

    @property
    def implied_amount(self) -> Decimal:
        """Return the sum over the sources."""
        return self.pre_tax + self.roth + self.match + self.nonelective + self.profit_sharing


class LoanPayload(BySource):
    """A loan was paid out of an account; the sources say what it was taken from."""

    event_type: Literal["loan"] = "loan"
    plan_id: PlanId
    loan_number: Annotated[int, Field(ge=1)] = Field(description="n-th loan of this participant.")
    interest_rate: Rate = Field(description="Nominal rate a year.")
    payments: Annotated[int, Field(ge=1)] = Field(description="Level payments to come.")
    payment: Money = Field(gt=0, description="Each of them; the last may differ by cents.")


class LoanRepaymentPayload(BySource):
    """A payment on a loan went back into the account: principal and interest."""

    event_type: Literal["loan_repayment"] = "loan_repayment"
    plan_id: PlanId
    loan_number: Annotated[int, Field(ge=1)] = Field(description="n-th loan of this participant.")
    principal: Money = Field(ge=0, description="What was owed, repaid.")
    interest: Money = Field(ge=0, description="Interest since the payment before.")


class LoanDefaultPayload(Payload):
    """What was still owed (the event's amount) became a distribution: by offset at exit, or deemed."""

    event_type: Literal["loan_default"] = "loan_default"
    plan_id: PlanId
    loan_number: Annotated[int, Field(ge=1)] = Field(description="n-th loan of this participant.")
    reason: LoanEnd = Field(description="How it ended.")
    accrued_interest: Money = Field(ge=0, description="Interest since the last payment, part of the amount.")


class WithdrawalPayload(BySource):
    """Money was paid out to somebody in service."""

    event_type: Literal["withdrawal"] = "withdrawal"
    plan_id: PlanId
    reason: WithdrawalReason = Field(description="Why.")


class DistributionPayload(BySource):
    """Money was paid out to a former employee or a beneficiary."""

    event_type: Literal["distribution"] = "distribution"
    plan_id: PlanId
    reason: DistributionReason = Field(description="Why.")


class RolloverPayload(BySource):
    """Money of a former employee went to another plan or an IRA."""

    event_type: Literal["rollover"] = "rollover"
    plan_id: PlanId
    reason: RolloverReason = Field(description="Why.")


class InvestmentReturnPayload(BySource):
    """What an account earned (lost, if negative) in the year, on what was in it day by day."""

    event_type: Literal["investment_return"] = "investment_return"
    pre_tax: Money = Field(description="On pre-tax deferrals.")
    roth: Money = Field(description="On Roth deferrals.")
    match: Money = Field(description="On match.")
    nonelective: Money = Field(description="On nonelective money.")
    profit_sharing: Money = Field(description="On profit sharing.")
    plan_id: PlanId
    rate: Rate = Field(description="Return of the year of the account's mix.")


class FeePayload(BySource):
    """What an account paid for investment and recordkeeping."""

    event_type: Literal["fee"] = "fee"
    plan_id: PlanId


class ForfeiturePayload(Payload):
    """Employer money that a leaver had not earned went to the forfeiture account."""

    event_type: Literal["forfeiture"] = "forfeiture"
    plan_id: PlanId
    forfeited_from_source: EmployerSource = Field(description="Which employer money.")
    amount: Amount
    reason: ForfeitureReason = Field(description="When employer money is lost.")
    vested_percentage: Share = Field(description="Vested share of that source at the time.")


class RestorationPayload(Payload):
    """A rehire got forfeited money back out of the forfeiture account."""

    event_type: Literal["restoration"] = "restoration"
    plan_id: PlanId
    restored_to_source: EmployerSource = Field(description="Which employer money.")
    amount: Amount


class ForfeitureUsePayload(Payload):
    """The forfeiture account paid: a fee, an employer contribution of this person's, or a share for them.

    A share goes to the profit-sharing source.
    """

    event_type: Literal["forfeiture_use"] = "forfeiture_use"
    plan_id: PlanId
    use: ForfeitureUse = Field(description="What was paid.")
    amount: Amount


ACCOUNT_EVENTS: Final = (
    "contribution",
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
)
"""The event types that move an account or a loan."""
