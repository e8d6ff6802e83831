"""Tables in bands of completed service or of age: a rate or a multiplier from each start on.

Knows the shape of these tables and what makes them whole, not what they are used for.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, TypeVar

from simulation.parameters.form import Form, Multiplier, Rate, Whole, mistake
from simulation.parameters.record import Group, parameter

Row = TypeVar("Row", bound=Group)

STANDARD: Final = "part of its table"


def _years() -> Any:
    return parameter(
        ...,
        title="From years",
        unit="completed years",
        description="First completed year of service of the band; it ends where the next one begins.",
        source=STANDARD,
        ge=0,
        le=70,
    )


def _age() -> Any:
    return parameter(
        ...,
        title="From age",
        unit="completed years",
        description="First age of the band; it ends where the next one begins.",
        source=STANDARD,
        ge=0,
        le=120,
    )


def _chance() -> Any:
    return parameter(
        ...,
        title="Rate",
        unit="rate a year",
        description="Chance within a year.",
        source=STANDARD,
        ge=0,
        le=1,
    )


def _factor() -> Any:
    return parameter(
        ...,
        title="Multiplier",
        unit="multiplier",
        description="Multiplies the rate of the people in the band.",
        source=STANDARD,
        ge=0,
        le=10,
    )


class ServiceRate(Group):
    """A rate for people from so many completed years of service."""

    from_years: Whole = _years()
    rate: Rate = _chance()


class AgeRate(Group):
    """A rate for people from an age."""

    from_age: Whole = _age()
    rate: Rate = _chance()


class ServiceMultiplier(Group):
    """A multiplier for people from so many completed years of service."""

    from_years: Whole = _years()
    multiplier: Multiplier = _factor()


class AgeMultiplier(Group):
    """A multiplier for people from an age."""

    from_age: Whole = _age()
    multiplier: Multiplier = _factor()


def banded(row: type[Group], *, from_zero: bool) -> Form:
    """Return the form of a list of ascending bands, the first from 0 where nobody may fall below it."""
    start, value = row.model_fields
    words = f"a list of bands {{{start}, {value}}}, ascending{' from 0' if from_zero else ''}"

    def check(rows: tuple[Group, ...]) -> tuple[Group, ...]:
        starts = [getattr(one, start) for one in rows]
        if starts != sorted(set(starts)) or (from_zero and starts[:1] != [0]):
            raise mistake(words, f"{start} is {', '.join(map(str, starts)) or 'missing'}")
        return rows

    return Form(words, lambda item: {"type": "array", "items": item}, check=check, row=row)


ServiceRates = Annotated[tuple[ServiceRate, ...], banded(ServiceRate, from_zero=True)]
AgeRates = Annotated[tuple[AgeRate, ...], banded(AgeRate, from_zero=False)]
ServiceMultipliers = Annotated[tuple[ServiceMultiplier, ...], banded(ServiceMultiplier, from_zero=True)]
AgeMultipliers = Annotated[tuple[AgeMultiplier, ...], banded(AgeMultiplier, from_zero=True)]


def rows_of(row: type[Row], *pairs: tuple[int, str]) -> tuple[Row, ...]:
    """Return a table of bands from pairs of a start and a value."""
    start, value = row.model_fields
    return tuple(row.model_validate({start: first, value: second}) for first, second in pairs)
