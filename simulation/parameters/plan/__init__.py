"""The design of the retirement plan: who takes part, what is paid in, owned, earned, lent and paid out.

Values, and which of them do not go together; what the engines do with them is said in their method notes.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulation.parameters.form import Date, Flag
from simulation.parameters.plan.accounts import Accounts
from simulation.parameters.plan.auto_enrollment import AutoEnrollment
from simulation.parameters.plan.deferral import Deferral
from simulation.parameters.plan.distributions import Distributions
from simulation.parameters.plan.eligibility import Eligibility
from simulation.parameters.plan.enrollment import Enrollment
from simulation.parameters.plan.escalation import Escalation
from simulation.parameters.plan.forfeitures import Forfeitures
from simulation.parameters.plan.lawful import RULES
from simulation.parameters.plan.loans import Loans
from simulation.parameters.plan.match import Match
from simulation.parameters.plan.nonelective import Nonelective
from simulation.parameters.plan.partial_termination import PartialTermination
from simulation.parameters.plan.profit_sharing import ProfitSharing
from simulation.parameters.plan.testing import Testing
from simulation.parameters.plan.vesting import Vesting
from simulation.parameters.record import Conflict, Group, parameter


class Plan(Group):
    """The design of the retirement plan."""

    enabled: Flag = parameter(
        default=True,
        title="Plan",
        unit="switch",
        description="Whether there is a plan at all; without one the rest of the design is idle.",
        source="own standardisation",
    )
    established: Date | None = parameter(
        None,
        title="Established",
        unit="date",
        description="When the plan began, for mandatory automatic enrolment. null: before 29 December 2022.",
        source="the employer's own; IRC 414A(c)(2)",
    )
    eligibility: Eligibility = Eligibility()
    auto_enrollment: AutoEnrollment = AutoEnrollment()
    enrollment: Enrollment = Enrollment()
    deferral: Deferral = Deferral()
    escalation: Escalation = Escalation()
    match: Match = Match()
    nonelective: Nonelective = Nonelective()
    profit_sharing: ProfitSharing = ProfitSharing()
    vesting: Vesting = Vesting()
    forfeitures: Forfeitures = Forfeitures()
    accounts: Accounts = Accounts()
    loans: Loans = Loans()
    distributions: Distributions = Distributions()
    partial_termination: PartialTermination = PartialTermination()
    testing: Testing = Testing()

    def conflicts(self) -> Iterator[Conflict]:
        """Yield what no plan may be, rule by rule; a design that is switched off may be anything."""
        for rule in RULES if self.enabled else ():
            yield from rule(self)


__all__ = [
    "Accounts",
    "AutoEnrollment",
    "Deferral",
    "Distributions",
    "Eligibility",
    "Enrollment",
    "Escalation",
    "Forfeitures",
    "Loans",
    "Match",
    "Nonelective",
    "PartialTermination",
    "Plan",
    "ProfitSharing",
    "Testing",
    "Vesting",
]
