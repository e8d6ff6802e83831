"""The digest of a scenario: what it is about and what it is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.parameters import Levers, Scenario, load_scenario
from simulation.parameters.canonical import digest_of, text_of
from simulation.parameters.levels import per_level

Write = Callable[[str, str], Path]


@pytest.mark.parametrize(
    "setting",
    [
        "name=other",
        "title=Other",
        "description=d",
        "seed=7",
        "output.keep=summary",
        "quality.drift.ks=0.1",
        "quality.drift.severity=hard",
        "workforce.growth.rate=3.00%",
    ],
)
def test_names_seed_output_and_spelling_are_not_in_the_digest(setting: str) -> None:
    assert load_scenario("baseline", set=[setting]).digest == Scenario().digest


@pytest.mark.parametrize(
    "setting",
    [
        "workforce.growth.rate=3.01%",
        "horizon.end_year=2030",
        "plan.match.true_up=false",
        "plan_design_id=other",
        "compensation.cola.effective=[1,0,0,0,0,0,0,0,0,0,0,0]",
        "workforce.reduction_in_force=[{date: 2026-05-01, count: 5}]",
    ],
)
def test_every_value_is_in_the_digest(setting: str) -> None:
    assert load_scenario("baseline", set=[setting]).digest != Scenario().digest


def test_levers_count_by_their_rows_and_not_by_their_path(write: Write) -> None:
    header = "fiscal_year,job_level,parameter,value\n"
    write("a.csv", header + "2026,1,cola_rate,0.02\n2040,1,cola_rate,0.02\n")
    write("b.csv", "value,parameter,job_level,fiscal_year\n2.0%,cola_rate,1,2026\n")
    write("c.csv", header + "2026,1,cola_rate,0.03\n")
    digests = [load_scenario("baseline", set=[f"compensation.levers={name}.csv"]).digest for name in "abc"]
    assert digests[0] == digests[1] != digests[2]
    assert Scenario().digest not in digests


def test_a_levers_file_lies_beside_the_file_that_names_it(write: Write) -> None:
    write("deep/levers.csv", "fiscal_year,job_level,parameter,value\n2026,1,cola_rate,0.02\n")
    write("deep/a.yaml", "extends: baseline\ncompensation: {levers: levers.csv}\n")
    write("b.yaml", "extends: deep/a.yaml\n")
    scenario = load_scenario("b.yaml")
    assert len(scenario.lever_rows.rows) == 1
    assert scenario.origin_of("compensation.cola.rate") == "comp_levers"
    assert scenario.stated_origin("compensation.cola.rate") == "baseline"
    assert load_scenario("b.yaml", set=["compensation.levers=null"]).lever_rows == Levers()


@given(st.permutations(list(per_level("1", "2", "3", "4", "5").items())))
def test_the_order_of_keys_is_not_in_a_digest(pairs: list[tuple[int, object]]) -> None:
    assert digest_of(dict(pairs)) == digest_of(dict(sorted(pairs)))


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "null"), (True, "true"), (5, "5"), ("a", "a"), ((1, 2), "[1,2]"), ({1: "é"}, '{"1":"é"}')],
)
def test_values_have_one_text(value: object, text: str) -> None:
    assert text_of(value) == text
