"""How a plan is tested: who is highly compensated, which years are compared, how a failure is put right."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from simulation.parameters.form import Flag, Rate, choice
from simulation.parameters.record import Group, parameter

HceMethod = Annotated[Literal["prior_year", "current_year"], choice("prior_year", "current_year")]
TestingYear = Annotated[Literal["current", "prior"], choice("current", "prior")]
Excludable = Annotated[
    Literal["together", "separately", "left_out"], choice("together", "separately", "left_out")
]
Correction = Annotated[Literal["refund", "qnec"], choice("refund", "qnec")]


class Testing(Group):
    """How a plan is tested."""

    hce_method: HceMethod = parameter(
        "prior_year",
        title="Year of HCE pay",
        unit="choice",
        description="prior_year: the lookback year, as the law has it; current_year: pay of the year itself.",
        source="IRC 414(q)(1)(B): the preceding year",
    )
    top_paid_election: Flag = parameter(
        default=False,
        title="Top-paid election",
        unit="switch",
        description="Whether only the top-paid fifth counts as highly compensated by pay.",
        source="IRC 414(q)(1)(B)(ii), (3)",
    )
    adp_year: TestingYear = parameter(
        "current",
        title="Year of the ADP test",
        unit="choice",
        description="Whether the others' average of this year or of the year before sets the limit.",
        source="IRC 401(k)(3)(A): prior year unless current is elected",
    )
    acp_year: TestingYear = parameter(
        "current",
        title="Year of the ACP test",
        unit="choice",
        description="Whether the others' average of this year or of the year before sets the limit.",
        source="IRC 401(m)(2)(A): prior year unless current is elected",
    )
    excludable: Excludable = parameter(
        "together",
        title="Otherwise excludable",
        unit="choice",
        description=(
            "Participants under 21 or with less than a year of service: tested together with the rest, "
            "separately, or the non-highly compensated among them left out."
        ),
        source="IRC 401(k)(3)(F), 410(b)(4)(B)",
    )
    correction: Correction = parameter(
        "refund",
        title="Correction",
        unit="choice",
        description="How a failed ADP or ACP test is put right: refund to the highest, qnec to the others.",
        source="Reg. 1.401(k)-2(b)(1)(i)",
    )
    approach: Rate = parameter(
        Decimal("0.9000"),
        title="Approach to a limit",
        unit="share of the limit",
        description="From which share of 402(g) or 415(c) an event says that somebody comes near the limit.",
        source="own standardisation",
        ge="0.5",
        le=1,
    )
