from __future__ import annotations

import json

import pytest

from app.verbs.telling import _WORDS, cause_text, event_text, metric_text
from simulation.events import EVENT_TYPES
from simulation.events.examples import EXAMPLES


@pytest.mark.parametrize(
    ("metric", "value", "text"),
    [
        ("headcount_end", 10_300.0, "10,300"),
        ("headcount_end", 10_300.25, "10,300.2"),
        ("total_compensation", 686_382_900.0, "686,382,900.00"),
        ("termination_rate", 0.2467, "24.67%"),
        ("new_hire_termination_rate", None, ""),
        ("a metric of a later version", 3.0, "3"),
    ],
)
def test_a_metric_is_shown_in_its_unit(metric: str, value: float | None, text: str) -> None:
    assert metric_text(metric, value) == text


def test_every_event_type_has_words() -> None:
    assert set(_WORDS) == set(EVENT_TYPES)


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        (
            {
                "event_type": "raise",
                "kind": "cola",
                "previous_compensation": "100.000000",
                "new_compensation": "101.500000",
                "rate": "0.0150",
            },
            "cola: 100.00 → 101.50 (asked 1.50%)",
        ),
        ({"event_type": "promotion", "from_level": 1, "to_level": 2, "raise_rate": "0.09"}, "level 1 → 2"),
        ({"event_type": "termination", "reason": "retirement"}, "retirement"),
        ({"event_type": "hours", "hours": 1618, "year_of_service": True}, "1,618 hours, a year of service"),
        (
            EXAMPLES["hce_status"].payload.model_dump(mode="json"),
            "highly compensated, prior year: 168,250.40 against 160,000.00",
        ),
        (
            EXAMPLES["compliance"].payload.model_dump(mode="json"),
            "402g limit approach: 21,200.00 against 23,500.00",
        ),
        ({"event_type": "of a later version", "days": 3}, "days 3"),
    ],
)
def test_an_event_is_told_in_a_line(payload: dict[str, object], text: str) -> None:
    assert event_text(json.dumps(payload)) == text


def test_a_cause_tells_its_draw_against_its_chance() -> None:
    drawn = {"rule": "workforce.termination.voluntary", "probability": 0.25, "draw": 0.125}
    assert cause_text(json.dumps(drawn)) == "workforce.termination.voluntary (drew 0.1250 of 0.2500)"
    assert cause_text(json.dumps({**drawn, "probability": None, "draw": None})) == drawn["rule"]
