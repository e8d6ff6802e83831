"""What becomes of employer money that leavers have not earned."""

from __future__ import annotations

from typing import Annotated, Literal

from simulation.parameters.form import Flag, choice
from simulation.parameters.record import Group, parameter

Timing = Annotated[Literal["distribution", "five_breaks"], choice("distribution", "five_breaks")]
Use = Annotated[
    Literal["expenses", "reduce_contributions", "reallocate"],
    choice("expenses", "reduce_contributions", "reallocate"),
]


class Forfeitures(Group):
    """What becomes of employer money that leavers have not earned."""

    timing: Timing = parameter(
        "distribution",
        title="When it is forfeited",
        unit="choice",
        description=(
            "distribution: when the whole vested balance is paid out, else after five breaks; five_breaks: "
            "after five one-year breaks in a row, always."
        ),
        source="IRC 411(a)(6)(C), 411(a)(3)(D)",
    )
    deemed_cash_out: Flag = parameter(
        default=True,
        title="Deemed cash-out",
        unit="switch",
        description="Whether leavers with nothing vested count as paid out on the day they leave.",
        source="26 CFR 1.411(a)-7(d)(4); usual",
    )
    use: Use = parameter(
        "reduce_contributions",
        title="Use",
        unit="choice",
        description="What they pay for: plan expenses, employer contributions, or more for participants.",
        source="Prop. Reg. 1.401-7 (88 FR 12282); own standardisation",
    )
    restore_on_rehire: Flag = parameter(
        default=True,
        title="Restored on rehire",
        unit="switch",
        description="Whether a rehire before five breaks who pays the distribution back gets it restored.",
        source="26 CFR 1.411(a)-7(d)(4)(iv)",
    )
