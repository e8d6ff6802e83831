from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest
from dataframely._rule import RuleFactory

from simulation.errors import InvariantError
from simulation.frames import PeopleFrame
from simulation.genesis import genesis
from simulation.quality.gates import HARD_GATES, KEPT_GATES, TAKEN_GATES, TOLD_GATES
from simulation.quality.inspect import inspect_census, inspect_kept, inspect_year
from simulation.quality.subjects import Kept, Taken, Told
from simulation.state import KEYS
from tests.populations import census_of
from tests.unit.quality.told import kept_year, told_year, with_events, with_people

NEXT_YEAR = date(2026, 1, 1)


@pytest.fixture(scope="module")
def told() -> Told:
    return told_year()


@pytest.fixture(scope="module")
def kept(told: Told) -> Kept:
    return kept_year(told)


def plus_one(name: str) -> dict[str, pl.Expr]:
    return {name: pl.col(name) + 1}


def on(told: Told, kind: str, day: date) -> Told:
    return with_events(told, kind, told.events[kind].with_columns(effective_date=pl.lit(day)))


SPOILT: dict[str, Callable[[Told], Told]] = {
    "state_contract": lambda told: with_people(told, job_level=pl.lit(6, dtype=pl.Int8)),
    "employee_ids": lambda told: with_people(told, employee_id=pl.lit("E1")),
    "headcount": lambda told: with_events(told, "hire", told.events["hire"][1:]),
    "employed_days": lambda told: with_people(told, employed_days=pl.col("employed_days") - 1),
    "raise_chain": lambda told: with_people(told, **plus_one("compensation_cents")),
    "event_numbers": lambda told: with_events(
        told, "raise", told.events["raise"].with_columns(event_sequence=pl.lit(70, dtype=pl.Int64))
    ),
    "event_people": lambda told: with_events(
        told, "hours", told.events["hours"].with_columns(person=pl.lit(999, dtype=pl.Int32))
    ),
    "event_days": lambda told: on(told, "fee", NEXT_YEAR),
    "after_hire": lambda told: on(told, "fee", date(2018, 2, 28)),
    "inside_employment": lambda told: on(told, "hours", NEXT_YEAR),
    "one_exit": lambda told: with_events(
        told, "termination", pl.concat([told.events["termination"], told.events["termination"][:1]])
    ),
    "after_entry": lambda told: with_people(told, entry_date=pl.lit(date(2025, 7, 1))),
    "accounts": lambda told: with_people(told, **plus_one("balance_match_cents")),
    "loan_ledger": lambda told: replace(
        told, closed=replace(told.closed, loans=told.closed.loans.with_columns(**plus_one("balance_cents")))
    ),
    "forfeiture_account": lambda told: with_people(told, **plus_one("forfeiture_account_cents")),
    "amounts_by_source": lambda told: with_events(
        told, "fee", told.events["fee"].with_columns(**plus_one("amount_cents"))
    ),
    "deferral_limit": lambda told: with_people(told, year_roth_cents=pl.lit(23_500_01, dtype=pl.Int64)),
    "additions_limit": lambda told: with_people(told, year_match_cents=pl.lit(70_000_01, dtype=pl.Int64)),
    "election_limit": lambda told: with_people(told, roth_deferral_bp=pl.lit(9_401, dtype=pl.Int32)),
    "loan_limit": lambda told: with_events(
        told, "loan", told.events["loan"].with_columns(amount_cents=pl.lit(50_000_01))
    ),
}
"""How each promise of a year is broken."""


def twice(rows: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([rows, rows[:1]])


def without_first(rows: pl.DataFrame) -> pl.DataFrame:
    return rows[1:]


SPOILT_KEPT: dict[str, Callable[[Kept], Kept]] = {
    "snapshot_keys": lambda kept: replace(kept, snapshot=twice(kept.snapshot)),
    "snapshot_rows": lambda kept: replace(kept, snapshot=without_first(kept.snapshot)),
    "status_rows": lambda kept: replace(kept, totals=kept.totals.with_columns(**plus_one("value"))),
    "balance_keys": lambda kept: replace(kept, balances=twice(kept.balances)),
    "balance_rows": lambda kept: replace(kept, balances=kept.balances[:-1]),
    "summary_contract": lambda kept: replace(kept, summary=twice(kept.summary)),
    "summary_counts": lambda kept: replace(
        kept, summary=kept.summary.with_columns(pl.lit(7, dtype=pl.Decimal(28, 8)).alias("value"))
    ),
}
"""How each promise of what is kept is broken."""


def test_every_gate_has_a_name_of_its_own_and_is_broken_in_some_test() -> None:
    names = [gate.name for gate in HARD_GATES]
    assert len(set(names)) == len(names)
    assert {*SPOILT} == {gate.name for gate in TOLD_GATES}
    assert {*SPOILT_KEPT} == {gate.name for gate in KEPT_GATES}


def test_a_sound_year_passes_every_gate(told: Told, kept: Kept) -> None:
    held = pl.concat([inspect_year(told), inspect_kept(kept)])
    hard = held.filter(pl.col("severity") == "hard")
    assert hard["gate"].to_list() == [gate.name for gate in HARD_GATES if gate not in TAKEN_GATES]
    assert hard["passed"].all()
    assert hard["rows"].sum() == 0


@pytest.mark.parametrize("name", SPOILT)
def test_a_broken_promise_of_a_year_is_noticed_by_its_gate(told: Told, name: str) -> None:
    spoilt = SPOILT[name](told)
    gate = next(gate for gate in TOLD_GATES if gate.name == name)
    assert gate.offending(told).is_empty()
    assert gate.offending(spoilt).height
    with pytest.raises(InvariantError, match="nothing is sealed") as caught:
        inspect_year(spoilt)
    assert name in {problem.where for problem in caught.value.problems}
    assert caught.value.context["year"] == 2025


@pytest.mark.parametrize("name", SPOILT_KEPT)
def test_a_broken_promise_of_what_is_kept_is_noticed_by_its_gate(kept: Kept, name: str) -> None:
    spoilt = SPOILT_KEPT[name](kept)
    with pytest.raises(InvariantError, match="nothing is sealed") as caught:
        inspect_kept(spoilt)
    assert name in {problem.where for problem in caught.value.problems}


@pytest.mark.parametrize(("field", "gate"), [("census", "census_rows"), ("state", "census_rows")])
def test_a_census_that_is_not_what_was_taken_in_is_noticed(field: str, gate: str) -> None:
    census = census_of({}, {})
    start = genesis(census.frame, census.as_of, 2024, [1])
    taken = Taken(census.frame, 1, start.events, start.state)
    assert inspect_census(taken, 2024, [1])["passed"].all()
    fewer: dict[str, Any] = {
        "census": census.frame[1:],
        "state": replace(start.state, people=start.state.people[1:]),
    }
    with pytest.raises(InvariantError, match=r"rows of the census") as caught:
        inspect_census(replace(taken, **{field: fewer[field]}), 2024, [1])
    assert [problem.where for problem in caught.value.problems] == [gate]


def test_an_id_that_stands_twice_in_the_census_is_named() -> None:
    census = census_of({}, {})
    start = genesis(census.frame, census.as_of, 2024, [1])
    same = census.frame.with_columns(employee_id=pl.lit("E1"))
    with pytest.raises(InvariantError, match="first employees E1") as caught:
        inspect_census(Taken(same, 1, start.events, start.state), 2024, [1])
    assert [problem.where for problem in caught.value.problems] == [TAKEN_GATES[0].name]


def test_ten_of_those_who_break_a_promise_are_named_and_the_others_counted(told: Told) -> None:
    spoilt = with_people(told, **plus_one("balance_match_cents"))
    with pytest.raises(InvariantError) as caught:
        inspect_year(spoilt)
    said = next(str(problem) for problem in caught.value.problems if problem.where == "accounts")
    people = told.closed.people["employee_id"]
    shown = ", ".join(people.head(10))
    assert said.endswith(f"first employees {shown} and {people.len() - 10} more")
    assert f"{people.len()} rows break it" in said


SPOILT_SEED: dict[str, Callable[[Kept], Kept]] = {
    "snapshot_keys": lambda kept: replace(kept, snapshot=pl.concat([kept.snapshot, kept.snapshot[-1:]])),
    "snapshot_rows": lambda kept: replace(kept, snapshot=kept.snapshot[:-1]),
    "status_rows": lambda kept: replace(
        kept, totals=kept.totals.with_columns(value=pl.col("value") + (pl.col("seed") == 3).cast(pl.Int8))
    ),
    "balance_keys": lambda kept: replace(kept, balances=pl.concat([kept.balances, kept.balances[-1:]])),
    "balance_rows": lambda kept: replace(kept, balances=kept.balances[:-1]),
    "summary_contract": lambda kept: replace(kept, summary=pl.concat([kept.summary, kept.summary[-1:]])),
    "summary_counts": lambda kept: replace(kept, summary=kept.summary.filter(seed=1)),
}
"""How each promise of what is kept of seeds 1 and 3 is broken for seed 3 alone."""


@pytest.mark.parametrize("name", SPOILT_KEPT)
def test_the_seed_of_a_batch_that_breaks_a_promise_is_named(name: str) -> None:
    kept = kept_year(told_year(seeds=(1, 3)))
    assert inspect_kept(kept)["passed"].all()
    with pytest.raises(InvariantError) as caught:
        inspect_kept(SPOILT_SEED[name](kept))
    hints = {problem.where: problem.hint for problem in caught.value.problems}
    assert hints[name].startswith("first ")
    assert hints[name].endswith(" with seed 3")


def test_each_seed_of_a_batch_has_its_results() -> None:
    held = inspect_year(told_year(seeds=(3, 1)))
    assert held.group_by("seed").len().sort("seed").rows() == [(1, 30), (3, 30)]


def test_event_numbers_of_a_batch_are_looked_at_seed_by_seed() -> None:
    told = told_year(seeds=(3, 1))
    swapped = told.events["raise"].with_columns(
        event_sequence=pl.when(pl.col("seed") == 3)
        .then(pl.col("event_sequence") + 1)
        .otherwise("event_sequence")
    )
    gate = next(gate for gate in TOLD_GATES if gate.name == "event_numbers")
    assert gate.offending(told).is_empty()
    assert gate.offending(with_events(told, "raise", swapped))["seed"].unique().to_list() == [3]
    strange = told.events["fee"].with_columns(seed=pl.lit(2, dtype=pl.UInt64))
    assert 2 in gate.offending(with_events(told, "fee", strange))["seed"]


@pytest.mark.parametrize(
    "broken",
    [
        {"job_level": pl.lit(0, dtype=pl.Int8)},
        {"person": pl.lit(0, dtype=pl.Int32)},
        {"job_level": pl.lit("3")},
        {"department": pl.lit(None, dtype=pl.String)},
        {"termination_reason": pl.lit("voluntary")},
        {"forfeited_match_cents": pl.lit(-1, dtype=pl.Int64)},
    ],
    ids="".join,
)
def test_every_kind_of_breach_of_the_contract_is_seen(told: Told, broken: dict[str, pl.Expr]) -> None:
    gate = TOLD_GATES[0]
    assert gate.offending(told).is_empty()
    assert gate.offending(with_people(told, **broken)).height


def test_the_contract_has_no_rule_that_a_quick_look_would_miss() -> None:
    kinds = {
        kind
        for name, column in PeopleFrame.columns().items()
        for kind in column.validation_rules(pl.col(name))
    }
    rules = {name for name, value in vars(PeopleFrame).items() if isinstance(value, RuleFactory)}
    assert (kinds, rules) == ({"nullability", "min", "max"}, {"reason_with_date"})
    assert PeopleFrame.primary_key() == list(KEYS)


def test_the_top_heavy_minimum_may_exceed_what_may_be_added(told: Told) -> None:
    gate = next(gate for gate in TOLD_GATES if gate.name == "additions_limit")
    given = told.events["contribution"][:1]
    minimum = given.with_columns(
        kind=pl.lit("top_heavy", dtype=given["kind"].dtype), amount_cents=pl.lit(90_000_00, dtype=pl.Int64)
    )
    extra = pl.when(pl.col("person") == given["person"][0]).then(90_000_00).otherwise(0)
    more = with_people(told, year_nonelective_cents=pl.col("year_nonelective_cents") + extra)
    assert gate.offending(more)["employee_id"].to_list() == given["employee_id"].to_list()
    paid = pl.concat([told.events["contribution"], minimum])
    assert gate.offending(with_events(more, "contribution", paid)).is_empty()
