from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.populations import QUIET, census_of, events_of, metric, run_all, scenario_of

COLA = "compensation.cola.rate"
MERIT = "compensation.merit.by_level"
BAND = {level: {"minimum": 50_000, "midpoint": 60_000, "maximum": 62_000} for level in range(1, 6)}
TABLE: dict[str, Any] = {
    **QUIET,
    "compensation.bands.source": "table",
    "compensation.bands.index_with_cola": False,
    "compensation.bands.table": BAND,
}
FREE = {**QUIET, "compensation.bands.allow_exceed": True}


def _merit(rate: str) -> dict[str, Any]:
    return {MERIT: dict.fromkeys(range(1, 6), rate)}


def _raises(values: dict[str, Any], *people: dict[str, Any]) -> list[tuple[str, date, int, int]]:
    records = run_all(scenario_of(values), census_of(*(people or ({},))))
    columns = ("kind", "effective_date", "previous_compensation_cents", "new_compensation_cents")
    return events_of(records, "raise").select(columns).rows()


def test_cola_and_merit_are_two_raises_on_their_days_one_upon_the_other() -> None:
    assert _raises({**FREE, COLA: "1.5%", **_merit("3.2%")}) == [
        ("cola", date(2025, 1, 1), 6_000_000, 6_090_000),
        ("merit", date(2025, 4, 1), 6_090_000, 6_284_880),
    ]


def test_pay_of_the_year_is_each_days_rate_rounded_once() -> None:
    records = run_all(scenario_of({**FREE, **_merit("3.2%")}), census_of({}))
    # 90 days at 60,000 and 275 at 61,920: (90 x 60,000 + 275 x 61,920) / 365 = 61,446.5753...
    assert [str(value) for value in metric(records, "total_compensation")] == ["61446.58000000"]


def test_a_leaver_in_march_gets_no_april_raise() -> None:
    values = {**FREE, **_merit("3.2%")}
    values["workforce.reduction_in_force"] = [{"date": "2025-03-03", "count": 1}]
    records = run_all(scenario_of(values), census_of({}))
    assert events_of(records, "raise").is_empty()
    # 62 days to 3 March at 60,000 a year.
    assert [str(value) for value in metric(records, "total_compensation")] == ["10191.78000000"]


def test_a_raise_on_the_last_day_is_still_given() -> None:
    values = {**FREE, **_merit("3.2%")}
    values["workforce.reduction_in_force"] = [{"date": "2025-04-01", "count": 1}]
    assert len(_raises(values)) == 1


def test_bands_hold_a_raise_at_their_maximum_and_cut_nobody() -> None:
    over = {"compensation_cents": 7_000_000}
    assert _raises({**TABLE, **_merit("5%")}, {}, over) == [("merit", date(2025, 4, 1), 6_000_000, 6_200_000)]


def test_pay_exceeds_its_band_when_the_scenario_lets_it() -> None:
    values = {**TABLE, **_merit("5%"), "compensation.bands.allow_exceed": True}
    assert _raises(values) == [("merit", date(2025, 4, 1), 6_000_000, 6_300_000)]


def test_a_part_timers_band_is_that_of_the_hours() -> None:
    half = {"scheduled_hours": 1040, "compensation_cents": 3_050_000}
    assert _raises({**TABLE, **_merit("5%")}, half) == [("merit", date(2025, 4, 1), 3_050_000, 3_100_000)]


def test_a_market_adjustment_goes_part_of_the_way_to_the_midpoint_and_never_beyond() -> None:
    values = {**TABLE, "compensation.market.share_of_gap": "50%", "compensation.market.effective": "07-01"}
    below, above = {"compensation_cents": 5_200_000}, {"compensation_cents": 6_100_000}
    assert _raises(values, below, above) == [("market", date(2025, 7, 1), 5_200_000, 5_600_000)]


def test_merit_of_a_recent_hire_is_prorated_by_days_served() -> None:
    recent = {"hire_date": date(2024, 10, 1)}
    # 182 of 365 days: 3.2 % becomes 1.60 %, to the basis point.
    assert _raises({**FREE, **_merit("3.2%")}, recent) == [("merit", date(2025, 4, 1), 6_000_000, 6_096_000)]


def test_merit_is_not_prorated_when_the_scenario_says_so() -> None:
    values = {**FREE, **_merit("3.2%"), "compensation.merit.prorate_new_hires": False}
    assert _raises(values, {"hire_date": date(2024, 10, 1)})[0][3] == 6_192_000


@pytest.mark.parametrize(("rating", "expected"), [(1, 0), (3, 6_192_000), (None, 6_192_000)])
def test_merit_follows_the_rating_where_there_is_one(rating: int | None, expected: int) -> None:
    raised = _raises({**FREE, **_merit("3.2%")}, {"performance_rating": rating})
    assert [new for *_, new in raised] == ([expected] if expected else [])


def test_merit_rates_are_scaled_to_the_budget_of_opening_payroll() -> None:
    values = {**FREE, MERIT: {1: "4%", 2: "2%", 3: "2%", 4: "2%", 5: "2%"}, "compensation.merit.budget": "3%"}
    low = {"job_level": 1, "compensation_cents": 4_000_000}
    high = {"job_level": 3, "compensation_cents": 8_000_000}
    raised = [new - old for _, _, old, new in _raises(values, low, high)]
    # 4 % of 40,000 and 2 % of 80,000 cost 3,200; the budget is 3,600: rates become 4.5 % and 2.25 %.
    assert raised == [180_000, 180_000]


def test_a_drawn_effective_date_spreads_raises_over_its_months() -> None:
    values = {**FREE, **_merit("3%"), "compensation.merit.effective": [0] * 5 + [1, 1] + [0] * 5}
    days = {day for _, day, _, _ in _raises(values, *[{}] * 50)}
    assert {day.month for day in days} == {6, 7}
    assert len(days) > 10
