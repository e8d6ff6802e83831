from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from simulation.errors import ScenarioError
from simulation.evolve import evolve, open_year
from simulation.phases import GENESIS, PHASES
from simulation.run import contexts, years_brought_forward
from tests.populations import QUIET, census_of, run_all, scenario_of

ORDER = [
    (10, "reduction in force"),
    (20, "termination"),
    (30, "rehire"),
    (40, "hiring"),
    (50, "exit in the year of hire"),
    (60, "promotion"),
    (70, "compensation"),
    (80, "leave"),
    (90, "hours"),
    (95, "highly compensated"),
    (97, "key employee"),
    (100, "eligibility"),
    (105, "restoration"),
    (110, "enrollment"),
    (115, "escalation"),
    (120, "deferral change"),
    (125, "catch-up"),
    (130, "contribution"),
    (135, "profit sharing"),
    (150, "loan"),
    (155, "loan repayment"),
    (160, "withdrawal"),
    (170, "vesting"),
    (175, "loan default"),
    (180, "investment return"),
    (185, "forfeiture use"),
    (186, "top-heavy minimum"),
    (187, "fee"),
    (190, "payout"),
    (195, "forfeiture"),
]


def test_the_order_of_phases_is_the_model() -> None:
    # Another order is another model: stored runs would not repeat. Change this table on purpose only.
    assert [(phase.number, phase.name) for phase in PHASES] == ORDER


def test_each_phase_gives_its_reason_and_comes_after_genesis() -> None:
    assert all(phase.reason.endswith(".") and phase.number > GENESIS for phase in PHASES)


def test_a_phase_decides_and_leaves_the_state_as_it_was() -> None:
    census, scenario = census_of(*[{}] * 60), scenario_of()
    state = open_year(run_all(scenario, census)[0].state, 2025)
    context = next(contexts(scenario, census, [42]))
    for phase in PHASES:
        before = state.people.clone()
        events = phase.decide(context, state)
        assert state.people.equals(before)
        state = evolve(state, events, 2025)


def test_events_stand_in_total_order_numbered_without_a_gap() -> None:
    records = run_all(scenario_of(years=(2025, 2026)), census_of(*[{}] * 80), seeds=[1, 2])
    keys = ("seed", "event_sequence", "effective_date", "phase", "person")
    rows = pl.concat([frame.select(keys) for record in records for frame in record.events.values()])
    for seed in (1, 2):
        mine = rows.filter(pl.col("seed") == seed).sort("event_sequence")
        assert mine["event_sequence"].to_list() == list(range(1, mine.height + 1))
        order = mine.select("effective_date", "phase", "person").rows()
        assert order == sorted(order)


def test_a_census_taken_after_the_first_year_opens_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"2026 or later.*--years 2026-2030"):
        run_all(scenario_of(), census_of({}, as_of=date(2025, 6, 30)))


def test_one_person_lives_through_fifty_years() -> None:
    young = {"birth_date": date(2000, 2, 29), "hire_date": date(2024, 2, 29)}
    records = run_all(
        scenario_of({**QUIET, "workforce.growth.rate": 0}, years=(2025, 2074)), census_of(young)
    )
    assert records[-1].state.people["years_of_service"].to_list() == [50]


@pytest.mark.parametrize(
    ("as_of", "years"), [(date(2024, 12, 31), 0), (date(2025, 1, 1), 0), (date(2016, 12, 31), 8)]
)
def test_years_that_nobody_lives_through_are_counted(as_of: date, years: int) -> None:
    person = {"birth_date": date(1980, 1, 1), "hire_date": date(2010, 1, 1)}
    assert years_brought_forward(scenario_of(), census_of(person, as_of=as_of)) == years
