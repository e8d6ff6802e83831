"""A pool that the employer puts in after the year, and how it is shared out."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Final, Literal

from simulation.parameters.form import Flag, Form, Rate, Whole, choice, mistake
from simulation.parameters.plan.match import YEAR_OF_SERVICE
from simulation.parameters.plan.nonelective import level_parameter
from simulation.parameters.record import Conflict, Group, parameter

SharingFormula = Annotated[
    Literal["none", "pro_rata", "integrated", "new_comparability"],
    choice("none", "pro_rata", "integrated", "new_comparability"),
]
Residual = Annotated[Literal["remainders", "largest", "none"], choice("remainders", "largest", "none")]


class SharingGroup(Group):
    """An allocation group of new comparability: the people from a job level on."""

    from_level: Whole = parameter(
        ...,
        title="From level",
        unit="level",
        description="First job level of the group; it ends where the next one begins.",
        source="part of its table",
        ge=1,
        le=5,
    )
    rate: Rate = parameter(
        ...,
        title="Rate",
        unit="share of pay",
        description="Allocation to each member of the group.",
        source="part of its table",
        ge=0,
        le=1,
    )


GROUP_WORDS: Final = "a list of groups {from_level, rate}, ascending from level 1"


def _from_level_one(groups: tuple[SharingGroup, ...]) -> tuple[SharingGroup, ...]:
    levels = [group.from_level for group in groups]
    if levels != sorted(set(levels)) or levels[:1] != [1]:
        raise mistake(GROUP_WORDS, f"from_level is {', '.join(map(str, levels)) or 'missing'}")
    return groups


SharingGroups = Annotated[
    tuple[SharingGroup, ...],
    Form(
        GROUP_WORDS,
        lambda item: {"type": "array", "items": item},
        check=_from_level_one,
        row=SharingGroup,
    ),
]


class ProfitSharing(Group):
    """A pool after the year, shared out among the eligible."""

    formula: SharingFormula = parameter(
        "none",
        title="Profit-sharing formula",
        unit="choice",
        description=(
            "none; pro_rata: on pay; integrated: two steps with permitted disparity; new_comparability: "
            "a rate for each group, the pool being what they add up to."
        ),
        source="own standardisation; 26 CFR 1.401(a)(4)-2(b), 1.401(l)-2, 1.401(a)(4)-8(b)",
    )
    rate: Rate = parameter(
        Decimal("0.0300"),
        title="Pool",
        unit="share of eligible pay",
        description="The year's pool of the formulas pro_rata and integrated.",
        source="own standardisation; IRC 404(a)(3): at most 25 % is deductible",
        ge=0,
        le="0.25",
    )
    integration_level: Rate = level_parameter()
    groups: SharingGroups = parameter(
        (
            SharingGroup.model_validate({"from_level": 1, "rate": "0.05"}),
            SharingGroup.model_validate({"from_level": 5, "rate": "0.15"}),
        ),
        title="Allocation groups",
        unit="share of pay by group",
        description="Groups of the formula new_comparability, by job level.",
        source="own standardisation: the lowest a third of the highest, 26 CFR 1.401(a)(4)-8(b)(1)(vi)",
    )
    last_day: Flag = parameter(
        default=True,
        title="Last-day rule",
        unit="switch",
        description="Whether only people employed on the year's last day share in the pool.",
        source="own standardisation: usual",
    )
    minimum_hours: Whole = parameter(
        YEAR_OF_SERVICE,
        title="Hours for a share",
        unit="hours a year",
        description="Hours of service in the year that a share asks for; 0: none.",
        source="IRC 410(a)(3)(A): at most 1,000",
        ge=0,
        le=YEAR_OF_SERVICE,
    )
    residual: Residual = parameter(
        "remainders",
        title="Rounding residual",
        unit="choice",
        description=(
            "Who gets the cents by which rounded shares miss the pool: remainders: those who lost most by "
            "rounding down; largest: the largest share; none: nobody."
        ),
        source="own standardisation",
    )

    def conflicts(self) -> Iterator[Conflict]:
        """Yield groups that get nothing at all."""
        if self.formula == "new_comparability" and not any(group.rate for group in self.groups):
            yield Conflict(
                ("formula", "groups"), "every group has rate 0", "a rate above 0, or formula: none"
            )
