"""Tiers of a match: whole, without gap or overlap, and as the rules want them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from simulation.errors import ScenarioError
from simulation.parameters import Scenario, load_scenario
from simulation.parameters.plan import Match
from simulation.parameters.plan.match_tiers import tiers_of


@pytest.mark.parametrize(
    ("tiers", "told"),
    [
        ("[{up_to: 3%, rate: 1}, {above: 4%, up_to: 5%, rate: 0.5}]", "the tiers leave a gap"),
        ("[{up_to: 3%, rate: 1}, {above: 2%, up_to: 5%, rate: 0.5}]", "the tiers overlap"),
        ("[{above: 1%, up_to: 3%, rate: 1}]", "the tiers leave a gap"),
        ("[{up_to: 3%, rate: 1}, {up_to: 3%, rate: 0.5}]", "up_to is 0.0300, 0.0300"),
        ("[{up_to: 5%, rate: 1}, {up_to: 3%, rate: 0.5}]", "up_to is 0.0500, 0.0300"),
        ("[{up_to: 0, rate: 1}]", "up_to is 0.0000"),
        ("[{up_to: 3%, rate: 1}, {up_to: 6%, rate: -0.5}]", "(from 0 to 5)"),
        ("[{up_to: 3%, rate: 600}]", "(from 0 to 5)"),
        ("[{up_to: 3%, rates: 1}]", "did you mean 'rate'?"),
    ],
)
def test_tiers_that_overlap_leave_a_gap_or_take_back_are_refused(tiers: str, told: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario("baseline", set=[f"plan.match.tiers={tiers}"])
    assert told in " ".join(map(str, caught.value.problems))


def test_a_tier_begins_where_the_one_before_it_ends_whether_it_says_so_or_not() -> None:
    said = "plan.match.tiers=[{above: 0, up_to: 3%, rate: 1}, {above: 3%, up_to: 5%, rate: 0.5}]"
    unsaid = "plan.match.tiers=[{up_to: 3%, rate: 1}, {up_to: 5%, rate: 0.5}]"
    scenarios = [load_scenario("baseline", set=[one]) for one in (said, unsaid)]
    assert scenarios[0].digest == scenarios[1].digest == Scenario().digest
    assert [tier.above for tier in scenarios[1].plan.match.tiers] == [0, Decimal("0.03")]


@pytest.mark.parametrize("key", ["service_tiers=[{from_years", "points_tiers=[{from_points"])
def test_a_match_by_service_or_points_is_for_everybody(key: str) -> None:
    with pytest.raises(ScenarioError, match="ascending from 0"):
        load_scenario("baseline", set=[f"plan.match.{key}: 5, up_to: 6%, rate: 1}}]"])


def test_the_rules_get_tables_in_basis_points() -> None:
    match = Match()
    assert match.tables_bp == (((300, 10_000), (500, 5_000)),)
    assert match.starts == (0,)
    by_service = match.model_copy(update={"formula": "service"})
    assert by_service.tables_bp == (((600, 2_500),), ((600, 5_000),), ((600, 10_000),))
    assert by_service.starts == (0, 3, 10)
    assert match.model_copy(update={"formula": "points"}).starts == (0, 45, 65)
    assert match.model_copy(update={"tiers": ()}).tables_bp == ((),)


def test_tiers_are_made_of_pairs() -> None:
    first, second = tiers_of(("0.03", "1"), ("0.05", "0.5"))
    assert (first.above, first.up_to) == (Decimal(0), Decimal("0.03"))
    assert (second.above, second.rate) == (first.up_to, Decimal("0.5"))
