"""Required minimum distributions and small balances."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from simulation.rules.cash_out import cash_out_limit_cents, treatment
from simulation.rules.minimum_distribution import (
    applicable_age_months,
    divisor_tenths,
    first_distribution_year,
    minimum_distribution_cents,
    required_beginning_date,
)
from tests.golden.days import day, iso, value
from tests.golden.money import basis_points, cents, column, fraction, money, row, shortest
from tests.golden.registry import Inputs, Results, topic

LATEST = 2026


@topic("rmd")
def distribution(inputs: Inputs) -> Results:
    """Answer the distribution by the divisor given, or by that of an age."""
    given = inputs.get("divisor")
    divisor = int(fraction(given) * 10) if given else int(divisor_tenths(inputs["age"])[0])
    required = minimum_distribution_cents(row(inputs["prior_year_end_balance"]), divisor)
    return {"rmd": money(required), "divisor": shortest(fraction(str(divisor)) / 10)}


@topic("rmd_age")
def age(inputs: Inputs) -> Results:
    """Answer the applicable age by year of birth."""
    years = inputs["birth_year"]
    ages = [_applicable_age(year) for year in (years if isinstance(years, list) else [years])]
    return {"applicable_age": ages if isinstance(years, list) else ages[0]}


def _applicable_age(birth_year: int) -> int | float:
    months: int = value(applicable_age_months(pl.lit(date(birth_year, 7, 1))))
    whole, rest = divmod(months, 12)
    return whole + rest / 12 if rest else whole


@topic("rmd_start")
def start(inputs: Inputs) -> Results:
    """Answer the first distribution year and the required beginning date."""
    left = inputs.get("retires") or (None if inputs.get("still_employed") else inputs["birth_date"])
    owned = pl.lit(basis_points(inputs.get("ownership", "0")))
    first = first_distribution_year(day(inputs["birth_date"]), day(left), owned)
    return {
        "first_distribution_year": value(first),
        "required_beginning_date": iso(required_beginning_date(first)),
    }


@topic("mandatory_cashout")
def cash_out(inputs: Inputs) -> Results:
    """Answer what becomes of vested balances on termination."""
    given = inputs["vested_balance"]
    lawful = cash_out_limit_cents(int(str(inputs.get("year", LATEST))[:4]))
    limit = cents(inputs["plan_limit"]) if "plan_limit" in inputs else lawful
    treatments = treatment(column([given] if isinstance(given, str) else given), min(limit, lawful))
    return {"treatment": np.asarray(treatments).tolist() if isinstance(given, list) else str(treatments[0])}
