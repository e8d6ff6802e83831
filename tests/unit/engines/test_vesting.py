from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from simulation.census import generate_census
from simulation.engines import vesting
from tests.accounts import equal_one_by_one, left, vested
from tests.plan_years import Stated, in_plan, the_year
from tests.populations import census_of

CREDITED: Stated = ("hours", "E1", date(2025, 12, 31), {"hours": 2_080, "year_of_service": True})
HALF_TIME: Stated = ("hours", "E1", date(2025, 12, 31), {"hours": 600, "year_of_service": False})
ELAPSED: dict[str, Any] = {"plan.vesting.service_method": "elapsed"}


def owned(events: list[Stated], values: dict[str, Any], **person: Any) -> tuple[int, int] | None:
    """Return E1's credited service and vested match in basis points, if there is an event."""
    context, state = the_year(census_of(person), [in_plan("E1"), *events], values)
    found = vesting.decide(context, state)["vesting"]
    return found.select("credited_service", "vested_match_bp").rows()[0] if found.height else None


def test_the_worked_example_of_the_method_note() -> None:
    # Two years with 1,000 hours at the census, a third in 2025: graded 2 to 6, 20 % x 2 = 40 %.
    context, state = the_year(census_of({"hire_date": date(2022, 3, 1)}), [in_plan("E1"), CREDITED])
    told = vesting.decide(context, state)["vesting"]
    assert told.select("effective_date", "credited_service", "vested_match_bp").rows() == [
        (date(2025, 12, 31), 3, 4_000)
    ]


@pytest.mark.parametrize(
    ("hired", "last", "service"),
    [
        (date(2023, 3, 1), None, 2),
        (date(2023, 3, 1), date(2025, 2, 28), 1),
        (date(2023, 3, 1), date(2025, 3, 1), 2),
        (date(2024, 2, 29), date(2025, 2, 28), 0),
        (date(2024, 2, 29), date(2025, 3, 1), 1),
    ],
)
def test_elapsed_time_counts_completed_years_on_the_last_day(
    hired: date, last: date | None, service: int
) -> None:
    gone = [left("E1", last)] if last else []
    found = owned(gone, {**ELAPSED, "plan.vesting.match": "cliff2"}, hire_date=hired)
    assert found == (service, 10_000 if service >= 2 else 0)


def test_five_hundred_hours_are_a_year_for_long_term_part_timers_only() -> None:
    # 500 hours in each of four years, and in 2025.
    part_time = {"hire_date": date(2020, 12, 1), "scheduled_hours": 600}
    deferral_only: Stated = ("eligibility", "E1", date(2025, 1, 1), {"entry_date": date(2025, 1, 1)})
    values = {"plan.vesting.match": "cliff3"}
    context, state = the_year(census_of(part_time), [deferral_only, HALF_TIME], values)
    assert vesting.decide(context, state)["vesting"]["credited_service"].to_list() == [5]
    assert owned([HALF_TIME], values, **part_time) == (0, 0)


@pytest.mark.parametrize(
    ("person", "events", "values", "share"),
    [
        ({"birth_date": date(1960, 12, 31)}, [], {}, 10_000),
        ({"birth_date": date(1961, 1, 1)}, [], {}, 0),
        ({"birth_date": date(1960, 6, 2)}, [left("E1", date(2025, 6, 1))], {}, 0),
        ({}, [left("E1", date(2025, 6, 1), "death")], {}, 10_000),
        ({}, [left("E1", date(2025, 6, 1), "disability")], {}, 10_000),
        ({}, [left("E1", date(2025, 6, 1), "disability")], {"plan.vesting.full_at_disability": False}, 0),
        ({}, [left("E1", date(2025, 6, 1), "death")], {"plan.vesting.full_at_death": False}, 0),
    ],
)
def test_age_death_and_disability_vest_everything(
    person: dict[str, Any], events: list[Stated], values: dict[str, Any], share: int
) -> None:
    found = owned(events, {**ELAPSED, **values}, hire_date=date(2024, 12, 1), **person)
    assert found is not None
    assert found[1] == share


@pytest.mark.parametrize(("dismissed", "share"), [(1, 0), (2, 10_000)])
def test_a_fifth_of_the_participants_dismissed_are_a_partial_termination(dismissed: int, share: int) -> None:
    # Two of ten are 20 %; those who quit in that year gain nothing by it.
    census = census_of(*[{"hire_date": date(2024, 12, 1)}] * 10)
    went = [left(f"E{n}", date(2025, 5, 1), "layoff" if n == 1 else "involuntary") for n in range(1, 3)]
    quits = [left("E9", date(2025, 5, 1))]
    events = [*(in_plan(f"E{n}") for n in range(1, 11)), *went[:dismissed], *quits]
    context, state = the_year(census, events)
    told = vesting.decide(context, state)["vesting"].sort("person")
    shares = dict(told.select("employee_id", "vested_match_bp").iter_rows())
    assert shares["E1"] == share
    assert shares["E9"] == 0


def test_what_is_owned_is_not_taken_back() -> None:
    assert owned([vested("E1", 10_000)], ELAPSED, hire_date=date(2024, 12, 1)) == (5, 10_000)


def test_service_before_18_can_be_left_out() -> None:
    # Hired at 16, 18 on 1 June 2024: 2022 and 2023 closed before; 2024 and 2025 count.
    person = {"birth_date": date(2006, 6, 1), "hire_date": date(2022, 6, 1)}
    values = {"plan.vesting.exclude_service_before_18": True}
    assert owned([CREDITED], values, **person) == (1, 0)
    assert owned([CREDITED], {}, **person) == (3, 4_000)
    assert owned([CREDITED], {**ELAPSED, **values}, **person) == (1, 0)


def test_only_a_change_or_a_beginning_is_told() -> None:
    known = ("vesting", "E1", date(2025, 1, 1), {"credited_service": 7, **dict.fromkeys(SHARES, 10_000)})
    context, state = the_year(census_of({}, {}), [in_plan("E1", date(2024, 7, 1)), known])
    assert vesting.decide(context, state)["vesting"]["employee_id"].to_list() == ["E1"]
    later = context.scenario.changed({"horizon.start_year": 2024})
    again = type(context)(
        **{name: getattr(context, name) for name in context.__slots__} | {"scenario": later}
    )
    assert vesting.decide(again, state)["vesting"].is_empty()


SHARES = ("vested_match_bp", "vested_nonelective_bp", "vested_profit_sharing_bp")


def test_people_outside_the_plan_are_passed_over() -> None:
    context, state = the_year(census_of({}, {"balance_match_cents": 1}))
    assert vesting.decide(context, state)["vesting"]["employee_id"].to_list() == ["E2"]


def test_a_batch_of_seeds_vests_as_each_seed_alone() -> None:
    census = generate_census(200)
    names = census.frame["employee_id"].to_list()
    events = [
        *(in_plan(name) for name in names[:20]),
        *(left(name, date(2025, 5, 1), "layoff") for name in names[:9]),
    ]
    assert equal_one_by_one(vesting.decide, census, events, {})
    context, state = the_year(census, events)
    assert vesting.decide(context, state)["vesting"].select(pl.col("vested_match_bp").max()).item() == 10_000
