"""What accounts earn and what they cost: the glide path, its returns, fees."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from simulation.parameters.bands import banded, rows_of
from simulation.parameters.form import Money, Rate, Whole, choice
from simulation.parameters.record import Group, parameter

Returns = Annotated[
    Literal["deterministic", "historical", "none"], choice("deterministic", "historical", "none")
]


class GlideStep(Group):
    """The equity share of people from an age."""

    from_age: Whole = parameter(
        ...,
        title="From age",
        unit="completed years",
        description="First age of the step; it ends where the next one begins.",
        source="part of its table",
        ge=0,
        le=120,
    )
    equity_share: Rate = parameter(
        ...,
        title="Equity share",
        unit="share of the account",
        description="Share in equities; the rest is in bonds.",
        source="part of its table",
        ge=0,
        le=1,
    )


GlidePath = Annotated[tuple[GlideStep, ...], banded(GlideStep, from_zero=True)]


def _expected(default: str, title: str, description: str) -> Any:
    return parameter(
        Decimal(default),
        title=title,
        unit="rate a year",
        description=description,
        source="own standardisation: long-run nominal, before fees",
        ge="-0.2",
        le="0.3",
    )


def _volatility(default: str, title: str) -> Any:
    return parameter(
        Decimal(default),
        title=title,
        unit="rate a year",
        description="Standard deviation of the yearly return; used by the returns historical.",
        source="own standardisation: US markets since 1926, rounded",
        ge=0,
        le="0.6",
    )


class Accounts(Group):
    """Returns and fees of participants' accounts."""

    returns: Returns = parameter(
        "deterministic",
        title="Returns",
        unit="choice",
        description="deterministic: as expected; historical: drawn by seed and year; none: nothing earned.",
        source="own standardisation",
    )
    glide_path: GlidePath = parameter(
        rows_of(
            GlideStep,
            *((0, "0.9"), (40, "0.85"), (45, "0.78"), (50, "0.7"), (55, "0.62"), (60, "0.52"), (65, "0.42")),
            *((70, "0.32"),),
        ),
        title="Glide path",
        unit="share in equities by age",
        description="Equity share of accounts by age, as in target-date funds.",
        source="own standardisation: the shape of large target-date series",
    )
    equity_return: Rate = _expected("0.0700", "Return of equities", "Expected yearly return of equities.")
    bond_return: Rate = _expected("0.0400", "Return of bonds", "Expected yearly return of bonds.")
    equity_volatility: Rate = _volatility("0.1700", "Volatility of equities")
    bond_volatility: Rate = _volatility("0.0600", "Volatility of bonds")
    fee_rate: Rate = parameter(
        Decimal("0.0040"),
        title="Asset fee",
        unit="share of the balance a year",
        description="Yearly cost of funds and administration, taken from the balance.",
        source="own standardisation",
        ge=0,
        le="0.05",
    )
    fee_per_participant: Money = parameter(
        Decimal("60.00"),
        title="Fee per participant",
        unit="USD a year",
        description="Yearly recordkeeping fee of an account, at most what is in it.",
        source="own standardisation",
        ge=0,
        le=10_000,
    )
