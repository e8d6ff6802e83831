from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from dataframely._rule import RuleFactory

from simulation.errors import InvariantError, ScenarioError
from simulation.evolve import evolve, open_year
from simulation.frames import PeopleFrame
from simulation.invariants import CHECKS, check
from simulation.phases import GENESIS, PHASES
from simulation.run import contexts, years_brought_forward
from simulation.state import KEYS, State
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


def _closed() -> tuple[State, State, dict[str, pl.DataFrame]]:
    saving = {"deferral_bp": 600, "roth_deferral_bp": 0, "balance_pre_tax_cents": 9_000_000}
    values = {"workforce.growth.rate": "20%", "plan.loans.take_up": "60%"}
    record = run_all(scenario_of(values), census_of(*[saving] * 60))
    opened = open_year(record[0].state, 2025)
    return opened, record[1].state, dict(record[1].events)


def _with_people(state: State, **columns: pl.Expr) -> State:
    return replace(state, people=state.people.with_columns(**columns))


def test_a_sound_year_breaks_no_promise() -> None:
    opened, closed, events = _closed()
    check(opened, closed, events, 2025)


@pytest.mark.parametrize("name", list(CHECKS))
def test_each_promise_is_noticed_when_it_is_broken(name: str) -> None:
    opened, closed, events = _closed()
    if name == "state keeps its contract":
        closed = _with_people(closed, job_level=pl.lit(6, dtype=pl.Int8))
    elif name.startswith("opening + hires"):
        events["hire"] = events["hire"][1:]
    elif name == "nobody leaves twice in a year":
        events["termination"] = pl.concat([events["termination"], events["termination"][:1]])
    elif name.startswith("pay is opening pay"):
        closed = _with_people(closed, compensation_cents=pl.col("compensation_cents") + 1)
    elif name.startswith("no event before"):
        late = events["hours"].with_columns(effective_date=pl.lit(date(2026, 1, 1)))
        closed = _with_people(closed, start_date=pl.col("start_date").dt.offset_by("1mo"))
        events["hours"] = late
    elif name.startswith("opening balance"):
        closed = _with_people(closed, balance_match_cents=pl.col("balance_match_cents") + 1)
    elif name.startswith("what is owed"):
        loans = closed.loans.with_columns(balance_cents=pl.col("balance_cents") + 1)
        closed = replace(closed, loans=loans)
    elif name.startswith("forfeitures are"):
        closed = _with_people(closed, forfeiture_account_cents=pl.col("forfeiture_account_cents") + 1)
    elif name.startswith("amounts by source"):
        events["fee"] = events["fee"].with_columns(amount_cents=pl.col("amount_cents") + 1)
    else:
        closed = _with_people(closed, employed_days=pl.col("employed_days") - 1)
    with pytest.raises(InvariantError, match="nothing is sealed") as caught:
        check(opened, closed, events, 2025)
    assert name in {problem.where for problem in caught.value.problems}


@pytest.mark.parametrize(
    "broken",
    [
        {"job_level": pl.lit(0, dtype=pl.Int8)},
        {"person": pl.lit(0, dtype=pl.Int32)},
        {"department": pl.lit(None, dtype=pl.String)},
        {"termination_reason": pl.lit("voluntary")},
        {"forfeited_match_cents": pl.lit(-1, dtype=pl.Int64)},
    ],
    ids="".join,
)
def test_every_kind_of_breach_of_the_contract_is_seen(broken: dict[str, pl.Expr]) -> None:
    opened, closed, events = _closed()
    find = CHECKS["state keeps its contract"]
    assert find(opened, closed, events, 2025).is_empty()
    assert find(opened, _with_people(closed, **broken), events, 2025).height


def test_the_contract_has_no_rule_that_a_quick_look_would_miss() -> None:
    kinds = {
        kind
        for name, column in PeopleFrame.columns().items()
        for kind in column.validation_rules(pl.col(name))
    }
    rules = {name for name, value in vars(PeopleFrame).items() if isinstance(value, RuleFactory)}
    assert (kinds, rules) == ({"nullability", "min", "max"}, {"reason_with_date"})
    assert PeopleFrame.primary_key() == list(KEYS)


def test_an_event_of_somebody_unknown_is_no_event_of_another() -> None:
    opened, closed, events = _closed()
    strange = events["hours"].with_columns(person=pl.lit(999, dtype=pl.Int32))[:1]
    with pytest.raises(InvariantError, match="no event before the first") as caught:
        check(opened, closed, events | {"hours": strange}, 2025)
    assert len(caught.value.problems) == 1


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
