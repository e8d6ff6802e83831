"""Loans from accounts: who takes them, on which terms, and what happens to them at an exit."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from simulation.parameters.bands import AgeMultiplier, AgeMultipliers, rows_of
from simulation.parameters.form import Flag, Money, Rate, Whole, choice
from simulation.parameters.plan.incomes import chance
from simulation.parameters.record import Group, parameter

HighestBalance = Annotated[
    Literal["outstanding_then", "cumulative"], choice("outstanding_then", "cumulative")
]
OnExit = Annotated[Literal["offset", "repay"], choice("offset", "repay")]


class Loans(Group):
    """Loans from participants' accounts."""

    enabled: Flag = parameter(
        default=True,
        title="Loans",
        unit="switch",
        description="Whether participants may borrow from their accounts.",
        source="own standardisation: most plans",
    )
    take_up: Rate = parameter(
        Decimal("0.1300"),
        title="Participants with a loan",
        unit="share of participants",
        description="Share in debt in the long run; the chance of a new loan follows from it and the term.",
        source="Vanguard 2024: 13 %; Fidelity 2024: 17.8 %",
        ge=0,
        le="0.6",
    )
    age_multiplier: AgeMultipliers = parameter(
        rows_of(AgeMultiplier, (0, "0.55"), (30, "1.1"), (40, "1.25"), (50, "1.1"), (60, "0.6")),
        title="Loans by age",
        unit="multiplier",
        description="Multiplies the chance of a new loan for people from an age.",
        source="EBRI 2016: 7 % in their twenties against 18 % of all",
    )
    mean_amount: Money = parameter(
        Decimal("10250.00"),
        title="Mean amount",
        unit="USD",
        description="Mean amount asked for; what the law and the account allow is lent.",
        source="T. Rowe Price: mean loan balance 10,250",
        ge=0,
        le=50_000,
    )
    interest_rate: Rate = parameter(
        Decimal("0.0850"),
        title="Interest",
        unit="rate a year",
        description="Nominal yearly rate, compounded by pay period; paid into the borrower's own account.",
        source="own standardisation: prime rate and one point; IRC 72(p), 29 CFR 2550.408b-1",
        ge=0,
        le="0.25",
    )
    term_years: Whole = parameter(
        5,
        title="Term",
        unit="years",
        description="Years of level repayment by payroll.",
        source="IRC 72(p)(2)(B): at most 5",
        ge=1,
        le=5,
    )
    maximum_loans: Whole = parameter(
        1,
        title="Loans at a time",
        unit="loans",
        description="Most loans that a participant may have at the same time.",
        source="own standardisation",
        ge=1,
        le=5,
    )
    highest_balance: HighestBalance = parameter(
        "outstanding_then",
        title="Highest balance",
        unit="choice",
        description=(
            "Reading of the highest balance of the last year in IRC 72(p)(2)(A): outstanding_then: the most "
            "owed at one time; cumulative: all that was lent in that time."
        ),
        source="IRS memo TEGE-04-0417-0016: both are accepted",
    )
    default_rate: Rate = chance(
        Decimal("0.0050"),
        "Defaults",
        "rate a year",
        "Chance within a year that a borrower in service stops paying; then a deemed distribution.",
        "own standardisation; 26 CFR 1.72(p)-1",
    )
    on_exit: OnExit = parameter(
        "offset",
        title="At an exit",
        unit="choice",
        description="offset: what is owed is a distribution; repay: former employees go on paying.",
        source="26 CFR 1.72(p)-1, Q&A-13: offset is usual",
    )

    @property
    def origination_rate(self) -> Decimal:
        """Return the chance a year that a participant without a loan takes one, at multiplier 1.

        In the long run as many loans begin as end, a term's share of those in debt each year:
        (1 - take_up) x chance = take_up / term.
        """
        return min(Decimal(1), self.take_up / (self.term_years * (1 - self.take_up)))
