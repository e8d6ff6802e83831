"""The shipped plan designs: sparse, named alike everywhere, and what they say they are."""

from __future__ import annotations

from decimal import Decimal

import pytest

from simulation.parameters import load_scenario, shipped
from simulation.parameters.plan.loans import Loans

DESIGNS = [name for name in shipped() if name.startswith("plans/")]

ASKED = {
    "match_50_of_6",
    "tiered",
    "stretch",
    "safe_harbor_basic",
    "safe_harbor_enhanced",
    "qaca",
    "service_graded",
    "points",
    "nonelective_flat",
    "nonelective_graded",
    "integrated_profit_sharing",
    "new_comparability",
    "no_plan",
}


def test_every_design_that_was_asked_for_ships() -> None:
    assert {name.removeprefix("plans/") for name in DESIGNS} == ASKED


@pytest.mark.parametrize("name", DESIGNS)
def test_a_design_names_itself_and_touches_nothing_but_the_plan(name: str) -> None:
    design, baseline = load_scenario(name), load_scenario("baseline").flat()
    assert design.name == design.plan_design_id == name.removeprefix("plans/")
    changed = {key for key, value in design.flat().items() if value != baseline[key]}
    own = {"name", "title", "description", "extends", "plan_design_id"}
    assert all(key.startswith("plan.") for key in changed - own)


def test_no_two_designs_are_the_same() -> None:
    digests = [load_scenario(name).digest for name in (*DESIGNS, "baseline", "richer_match")]
    assert len(set(digests)) == len(digests)


@pytest.mark.parametrize(("share", "term", "chance"), [("0.13", 5, "0.0299"), ("0", 5, "0"), ("0.5", 1, "1")])
def test_new_loans_keep_the_asked_share_of_people_in_debt(share: str, term: int, chance: str) -> None:
    loans = Loans.model_validate({"take_up": share, "term_years": term})
    assert round(loans.origination_rate, 4) == Decimal(chance)
