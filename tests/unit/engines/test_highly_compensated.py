from __future__ import annotations

from datetime import date
from typing import Any, Final

import pytest

from simulation.engines import highly_compensated
from simulation.evolve import evolve, open_year
from tests.accounts import equal_one_by_one
from tests.plan_years import hired, raised, the_year
from tests.populations import QUIET, census_of, events_of, run_all, scenario_of

# The threshold of 2024, which plan year 2025 looks at, is 155,000; that of 2025 is 160,000.
HIGH: Final = {"prior_year_compensation_cents": 155_000_01}
CURRENT: Final = {"plan.testing.hce_method": "current_year"}
ELECTED: Final = {"plan.testing.top_paid_election": True}


def determined(*people: dict[str, Any], **values: Any) -> list[str]:
    """Return who is highly compensated."""
    found = highly_compensated.decide(*the_year(census_of(*people), (), values))
    return found["hce_status"]["employee_id"].to_list()


def test_pay_has_to_exceed_the_threshold_of_the_year_before() -> None:
    assert determined(HIGH, {"prior_year_compensation_cents": 155_000_00}) == ["E1"]


def test_the_event_says_what_was_compared() -> None:
    found = highly_compensated.decide(*the_year(census_of(HIGH)))["hce_status"]
    columns = ("ytd_compensation_cents", "annualized_compensation_cents", "hce_threshold_cents")
    assert found.select(columns).rows() == [(155_000_01, 155_000_01, 155_000_00)]
    assert found.select("is_hce", "determination_method", "effective_date").rows() == [
        (True, "prior_year", date(2025, 1, 1))
    ]


def test_an_owner_has_more_than_five_percent_whatever_the_pay() -> None:
    assert determined({"ownership_bp": 501}, {"ownership_bp": 500}) == ["E1"]


def test_the_family_of_an_owner_owns_as_much() -> None:
    # E3 adds 300 of his own to the 300 of E2: 6 %; the owner is not held to own what the family has.
    people = ({"family_of": "E2"}, {"ownership_bp": 300}, {"ownership_bp": 300, "family_of": "E2"})
    assert determined(*people) == ["E3"]
    assert determined({"family_of": "E2"}, {"ownership_bp": 5_000}) == ["E1", "E2"]


def test_what_the_census_does_not_state_is_the_rate_of_who_was_there_all_the_year_before() -> None:
    pay = {"compensation_cents": 200_000_00}
    there, later = ({**pay, "hire_date": on} for on in (date(2024, 1, 1), date(2024, 1, 2)))
    assert determined(there, later) == ["E1"]


def test_a_raise_of_this_year_was_no_pay_of_the_year_before() -> None:
    people = census_of({"compensation_cents": 150_000_00})
    stated = [raised("E1", date(2025, 2, 1), 150_000_00, 190_000_00)]
    assert highly_compensated.decide(*the_year(people, stated))["hce_status"].is_empty()


def test_a_new_hire_is_not_unless_pay_of_the_year_itself_decides() -> None:
    terms = {
        "birth_date": date(1980, 1, 1),
        "department": "Operations",
        "job_level": 5,
        "annual_compensation_cents": 900_000_00,
        "scheduled_hours": 2_080,
        "employee_class": "regular",
        "hire_date": date(2025, 7, 1),
    }
    found = {}
    for method, values in (("prior", {}), ("current", CURRENT)):
        context, state = the_year(census_of({}), (), values)
        state = evolve(state, hired(state, "N1", date(2025, 7, 1), terms), 2025)
        found[method] = highly_compensated.decide(context, state)["hce_status"]["employee_id"].to_list()
    assert found == {"prior": [], "current": ["N1"]}


def test_pay_of_the_year_itself_is_compared_with_its_own_threshold() -> None:
    people = ({"compensation_cents": 160_000_00}, {"compensation_cents": 160_001_00})
    assert determined(*people, **CURRENT) == ["E2"]
    found = highly_compensated.decide(*the_year(census_of(*people), (), CURRENT))["hce_status"]
    assert found.select("hce_threshold_cents", "effective_date").rows() == [(160_000_00, date(2025, 12, 31))]


def test_under_the_election_only_the_top_paid_fifth_is() -> None:
    # A fifth of ten are two; the owner is besides.
    high = [{"prior_year_compensation_cents": 200_000_00 + n} for n in range(4)]
    plain = [{"prior_year_compensation_cents": 60_000_00}] * 5
    people = (*high, *plain, {"ownership_bp": 600, "prior_year_compensation_cents": 10_000_00})
    assert determined(*people) == ["E1", "E10", "E2", "E3", "E4"]
    assert determined(*people, **ELECTED) == ["E10", "E3", "E4"]


@pytest.mark.parametrize(
    "other",
    [
        {"birth_date": date(2004, 1, 1)},
        {"hire_date": date(2024, 7, 1)},
        {"scheduled_hours": 909},
    ],
    ids=["under 21", "under six months", "under 17.5 hours a week"],
)
def test_who_may_be_left_out_makes_the_fifth_smaller(other: dict[str, Any]) -> None:
    # A fifth of seven rounds to one, of eight to two.
    high = [{"prior_year_compensation_cents": 200_000_00 + n} for n in range(2)]
    plain: list[dict[str, Any]] = [{"prior_year_compensation_cents": 60_000_00}] * 5
    last = {"prior_year_compensation_cents": 60_000_00}
    assert determined(*high, *plain, last, **ELECTED) == ["E1", "E2"]
    assert determined(*high, *plain, {**last, **other}, **ELECTED) == ["E2"]


def test_who_is_no_longer_highly_compensated_is_told_so_once() -> None:
    scenario = scenario_of({**QUIET, "plan.enabled": True}, years=(2025, 2027))
    people = census_of({"compensation_cents": 100_000_00, **HIGH}, {})
    told = events_of(run_all(scenario, people), "hce_status")
    assert told.select("employee_id", "simulation_year", "is_hce", "prior_year_hce").rows() == [
        ("E1", 2025, True, None),
        ("E1", 2026, False, True),
    ]


def test_an_owner_who_left_the_year_before_still_counts_for_the_family() -> None:
    people = ({"ownership_bp": 5_000}, {"family_of": "E1"})
    gone = ("termination", "E1", date(2025, 3, 31), {"reason": "voluntary"})
    _, state = the_year(census_of(*people), [gone])
    context, _ = the_year(census_of(*people, as_of=date(2025, 12, 31)), year=2026)
    found = highly_compensated.decide(context, open_year(state, 2026))["hce_status"]
    assert found["employee_id"].to_list() == ["E2"]


def test_who_left_since_is_in_the_top_paid_group_of_the_year_that_decides() -> None:
    # A fifth of five is one: E1, who left last year.
    pays = (400_000_00, 300_000_00, 50_000_00, 50_000_00, 50_000_00)
    people = [{"compensation_cents": pay} for pay in pays]
    gone = ("termination", "E1", date(2025, 12, 30), {"reason": "voluntary"})
    _, state = the_year(census_of(*people), [gone])
    context, _ = the_year(census_of(*people, as_of=date(2025, 12, 31)), (), ELECTED, year=2026)
    assert highly_compensated.decide(context, open_year(state, 2026))["hce_status"].is_empty()


def test_a_batch_of_seeds_is_determined_as_each_alone() -> None:
    people = census_of(HIGH, {"ownership_bp": 5_000}, {"family_of": "E2"}, {})
    assert equal_one_by_one(highly_compensated.decide, people, [], ELECTED)


def test_without_a_plan_nobody_is() -> None:
    assert highly_compensated.decide(*the_year(census_of(HIGH), (), {"plan.enabled": False})) == {}
