"""Every number of the worked examples in docs/method/ on what a plan's administrator finds, computed anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from simulation.engines import (
    catch_up,
    contribution,
    highly_compensated,
    key_employee,
    top_heavy,
)
from simulation.evolve import evolve
from tests.accounts import paid_in
from tests.method_notes import money, results
from tests.plan_years import Decide, Stated, enrolled, hired, in_plan, the_year
from tests.populations import PERSON, census_of

MONTHLY = {"payroll.frequency": "monthly"}


def found(decide: Decide, people: Sequence[Mapping[str, Any]], year: int, *events: Stated) -> pl.DataFrame:
    """Return the findings of an engine about some people, by person."""
    told = decide(*the_year(census_of(*people), events, year=year))
    return next(iter(told.values())).sort("person", maintain_order=True)


def test_highly_compensated_employees() -> None:
    census = census_of(
        {"prior_year_compensation_cents": 155_000_00},
        {"prior_year_compensation_cents": 155_000_01},
        {"ownership_bp": 501},
        {"family_of": "E3", "prior_year_compensation_cents": 40_000_00},
        {"ownership_bp": 500},
    )
    context, state = the_year(census)
    terms = {
        **{name: PERSON[name] for name in ("birth_date", "job_level", "department", "employee_class")},
        "hire_date": date(2025, 2, 1),
        "service_date": date(2025, 2, 1),
        "annual_compensation_cents": 400_000_00,
        "scheduled_hours": 2_080,
    }
    state = evolve(state, hired(state, "H1", date(2025, 2, 1), terms), 2025)
    said = highly_compensated.decide(context, state)["hce_status"]
    told = dict.fromkeys(said.filter("is_hce")["employee_id"], "yes")
    everybody = ("E1", "E2", "E3", "E4", "E5", "H1")
    assert results("highly_compensated") == [
        money(said["hce_threshold_cents"][0]),
        *(told.get(employee, "no") for employee in everybody),
    ]


def test_key_employees() -> None:
    people = [
        {"is_officer": True, "prior_year_compensation_cents": 220_000_00},
        {"is_officer": True, "prior_year_compensation_cents": 220_000_01},
        {"ownership_bp": 150, "prior_year_compensation_cents": 150_000_00},
        {"ownership_bp": 150, "prior_year_compensation_cents": 150_000_01},
        {"ownership_bp": 501},
    ]
    key = found(key_employee.decide, people, 2025)
    told = dict.fromkeys(key["employee_id"], "key")
    assert results("key_employee") == [
        money(key["applicable_limit_cents"][0]),
        *(told.get(f"E{n}", "not key") for n in range(1, 6)),
    ]


def test_catch_up() -> None:
    people = [
        {"birth_date": date(1976, 12, 31), "prior_year_compensation_cents": 150_000_00},
        {"birth_date": date(1964, 1, 1), "prior_year_compensation_cents": 150_000_01},
        {"birth_date": date(1977, 1, 1), "prior_year_compensation_cents": 200_000_00},
    ]
    told = found(catch_up.decide, people, 2026, *(in_plan(f"E{n}", date(2026, 1, 1)) for n in (1, 2, 3)))
    limits = dict(
        told.filter(compliance_type="catch_up_eligible")
        .select("employee_id", "applicable_limit_cents")
        .rows()
    )
    roth = told.filter(compliance_type="roth_catch_up_required")
    assert results("catch_up") == [
        *(money(limits[employee]) if employee in limits else "none" for employee in ("E1", "E2", "E3")),
        money(roth["applicable_limit_cents"][0]),
        ", ".join(roth["employee_id"]),
    ]


def test_limit_watch() -> None:
    events = [in_plan("E1"), enrolled("E1", date(2025, 1, 1), 1_000)]
    context, state = the_year(census_of({"compensation_cents": 240_000_00}), events, MONTHLY)
    told = contribution.decide(context, state)["compliance"].sort("effective_date")
    expected = [
        f"{kind}, {on:%-d %B}, {money(cents)}"
        for kind, on, cents in told.select(
            "compliance_type", "effective_date", "current_amount_cents"
        ).iter_rows()
    ]
    assert results("limit_watch") == [money(told["applicable_limit_cents"][0]), *expected]


def test_top_heavy_minimum() -> None:
    census = census_of(
        {
            "is_officer": True,
            "prior_year_compensation_cents": 250_000_00,
            "balance_pre_tax_cents": 700_000_00,
        },
        {"balance_pre_tax_cents": 400_000_00},
        {"compensation_cents": 40_000_00},
    )
    last = date(2025, 12, 31)
    events = [
        *(in_plan(f"E{n}") for n in (1, 2, 3)),
        paid_in("E1", last, 1_200_00),
        paid_in("E2", last, 1_000_00, "employer_match"),
    ]
    context, state = the_year(census, events)
    state = evolve(state, key_employee.decide(context, state), 2025)
    told = top_heavy.decide(context, state)["compliance"].sort("person")
    paid = top_heavy.decide(context, state)["contribution"].sort("person")
    assert results("top_heavy_minimum") == [
        " and ".join(map(money, told["applicable_limit_cents"])),
        " and ".join(map(money, told["current_amount_cents"])),
        " and ".join(map(money, paid["amount_cents"])),
    ]
