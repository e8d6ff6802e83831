"""Who may defer, who shares in employer money, and from which day.

Values and what the law allows of them (IRC 410(a), 401(k)(2)(D) and (15)); dates are the engine's business.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from simulation.parameters.form import Flag, Form, Whole, choice, mistake
from simulation.parameters.record import Conflict, Group, parameter

ServiceMethod = Annotated[Literal["elapsed", "hours"], choice("elapsed", "hours")]
Entry = Annotated[
    Literal["immediate", "monthly", "quarterly", "semi_annual", "annual"],
    choice("immediate", "monthly", "quarterly", "semi_annual", "annual"),
]

CLASSES: Final = ("union", "temporary", "leased")
CLASS_WORDS: Final = f"a list of classes, each once: {', '.join(CLASSES)}"


def _each_once(classes: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(classes)) < len(classes):
        raise mistake(CLASS_WORDS)
    return tuple(one for one in CLASSES if one in classes)


ExcludedClass = Annotated[Literal["union", "temporary", "leased"], choice(*CLASSES)]
ExcludedClasses = Annotated[
    tuple[ExcludedClass, ...],
    Form(CLASS_WORDS, {"type": "array", "items": {"enum": list(CLASSES)}}, check=_each_once),
]


class Eligibility(Group):
    """Who may take part, and from when."""

    minimum_age: Whole = parameter(
        21,
        title="Minimum age",
        unit="completed years",
        description="Age at which an employee may enter.",
        source="IRC 410(a)(1)(A)(i): at most 21",
        ge=0,
        le=21,
    )
    service_months: Whole = parameter(
        0,
        title="Service to defer",
        unit="months",
        description="Service after which an employee may enter; 0 asks for none.",
        source="Vanguard 2024: 76 % of plans let people defer at once; IRC 401(k)(2)(D): at most 12",
        ge=0,
        le=12,
    )
    employer_service_months: Whole | None = parameter(
        None,
        title="Service for employer money",
        unit="months",
        description="Service after which employer contributions begin. null: as for deferrals.",
        source="Vanguard 2024: 65 % match at once; IRC 410(a)(1)(B): at most 12, or 24 if vested at once",
        ge=0,
        le=24,
    )
    service_method: ServiceMethod = parameter(
        "elapsed",
        title="Service for eligibility",
        unit="choice",
        description="elapsed: calendar time from hire; hours: twelve months with 1,000 hours.",
        source="own standardisation; 26 CFR 1.410(a)-7, 29 CFR 2530.202-2",
    )
    entry: Entry = parameter(
        "monthly",
        title="Entry dates",
        unit="choice",
        description=(
            "First day of the period on or after age and service are complete; immediate: that day itself."
        ),
        source="own standardisation",
    )
    excluded_classes: ExcludedClasses = parameter(
        ("leased",),
        title="Excluded classes",
        unit="list of classes",
        description="Employee classes of the census that may not take part.",
        source="own standardisation; leased employees are another firm's, IRC 414(n)",
    )
    long_term_part_time: Flag = parameter(
        default=True,
        title="Long-term part-time employees",
        unit="switch",
        description="Whether 500 hours in each of two years (three before 2025) let a part-timer defer.",
        source="IRC 401(k)(2)(D) and (15); SECURE 2.0 s.125",
    )

    @property
    def months_for_employer_money(self) -> int:
        """Return the months of service that employer contributions ask for."""
        return self.service_months if self.employer_service_months is None else self.employer_service_months

    def conflicts(self) -> Iterator[Conflict]:
        """Yield employer money before deferrals."""
        if self.months_for_employer_money < self.service_months:
            yield Conflict(
                ("employer_service_months", "service_months"),
                f"{self.months_for_employer_money} months for employer money, {self.service_months} to defer",
                "employer_service_months of at least service_months",
            )
