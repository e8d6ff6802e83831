"""Common random numbers across plan designs: what a design does not touch is the same life."""

from __future__ import annotations

import pytest

from simulation.census import generate_census
from tests.populations import events_of, run_all, scenario_of

YEARS = (2025, 2027)
LIVES = ("hire", "rehire", "termination", "promotion", "raise", "leave", "hours")
CHOICES = ("eligibility", "enrollment", "opt_out", "escalation", "deferral_change")


@pytest.mark.parametrize(
    ("design", "same"),
    [
        (
            {"plan.match.tiers": [{"up_to": "6%", "rate": "75%"}], "plan.deferral.match_response_share": 0},
            CHOICES,
        ),
        ({"plan.vesting.match": "immediate"}, CHOICES),
        ({"plan.auto_enrollment.default_rate": "3%"}, ("eligibility", "opt_out")),
        ({"plan.enabled": False}, ()),
    ],
)
def test_another_design_changes_no_life(design: dict[str, object], same: tuple[str, ...]) -> None:
    census = generate_census(400, seed=3)
    before, after = (run_all(scenario_of(values, years=YEARS), census) for values in ({}, design))
    apart = ["event_sequence"]
    for event_type in (*LIVES, *same):
        one, other = (events_of(records, event_type).drop(apart) for records in (before, after))
        assert one.equals(other), event_type
