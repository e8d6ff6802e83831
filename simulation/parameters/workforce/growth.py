"""How many people there are to be at each year's end. Knows targets, not who fills them."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from simulation.parameters.form import Form, Rate, Whole, choice, mistake
from simulation.parameters.record import Group, parameter

PATH_WORDS = "year: headcount pairs, such as {2026: 1050}, each headcount at least 1"


FIRST_YEAR, LAST_YEAR = 2000, 2150


def _years_and_people(path: dict[int, Any]) -> dict[int, Any]:
    if not all(FIRST_YEAR <= year <= LAST_YEAR and headcount >= 1 for year, headcount in path.items()):
        raise mistake(PATH_WORDS)
    return dict(sorted(path.items()))


HeadcountPath = Annotated[
    dict[int, Whole],
    Form(
        PATH_WORDS,
        {
            "type": "object",
            "patternProperties": {"^2[01][0-9]{2}$": {"type": "integer", "minimum": 1}},
            "additionalProperties": False,
        },
        check=_years_and_people,
    ),
]


class Growth(Group):
    """The headcount that hiring aims at."""

    rate: Rate = parameter(
        Decimal("0.0300"),
        title="Headcount growth",
        unit="rate a year",
        description="Growth of headcount from one year end to the next; 0 replaces leavers only.",
        source="own standardisation",
        ge="-0.5",
        le=1,
    )
    mode: Annotated[Literal["exact", "expected"], choice("exact", "expected")] = parameter(
        "exact",
        title="Growth is met",
        unit="choice",
        description="exact: every year ends on the target; expected: on average over seeds.",
        source="own standardisation",
    )
    headcount_path: HeadcountPath | None = parameter(
        None,
        title="Headcount path",
        unit="employees by year",
        description="Headcount at the end of some years, in place of the rate; other years grow by the rate.",
        source="the employer's own",
    )
